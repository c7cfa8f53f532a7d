use super::*;
use proptest::prelude::*;

fn of(descr: &str, raw: &[u8]) -> Entries {
    let count = raw.len() / Kind::parse(descr).unwrap().width;
    read(&write(descr, false, &[count], raw)[..]).unwrap().entries
}

fn refused(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

#[test]
fn every_type_keeps_its_values() {
    assert_eq!(of("|u1", &[0, 255]), Entries::Bytes(vec![0, 255]));
    assert_eq!(of("|i1", &[1, 255]), Entries::Integers(vec![1, -1]));
    assert_eq!(of("<u2", &[1, 0, 255, 255]), Entries::Integers(vec![1, 65535]));
    assert_eq!(of(">i2", &[0, 1, 255, 254]), Entries::Integers(vec![1, -2]));
    assert_eq!(of("<i4", &(-7_i32).to_le_bytes()), Entries::Integers(vec![-7]));
    assert_eq!(
        of("<i8", &i64::MIN.to_le_bytes()),
        Entries::Integers(vec![i64::MIN.into()])
    );
    assert_eq!(
        of(">u8", &u64::MAX.to_be_bytes()),
        Entries::Integers(vec![u64::MAX.into()])
    );
    assert_eq!(
        of("<f2", &[0x55, 0x35, 0, 0xc0]),
        Entries::Floats(vec![0.333_251_95, -2.0])
    );
    assert_eq!(
        of(">f2", &[0x35, 0x55, 0xc0, 0]),
        Entries::Floats(vec![0.333_251_95, -2.0])
    );
    assert_eq!(of("<f4", &0.25_f32.to_le_bytes()), Entries::Floats(vec![0.25]));
    assert_eq!(of(">f8", &(-3.5_f64).to_be_bytes()), Entries::Floats(vec![-3.5]));
}

#[test]
fn a_file_that_numpy_wrote_is_read() {
    // numpy.save of numpy.arange(3, dtype='<i4'), and of the same as version 2.
    let text = b"{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }";
    let pad = |before: usize| [vec![b' '; 127 - before - text.len()], vec![b'\n']].concat();
    let raw = [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0];
    let one = [&b"\x93NUMPY\x01\x00\x76\x00"[..], text, &pad(10), &raw].concat();
    let two = [&b"\x93NUMPY\x02\x00\x74\x00\x00\x00"[..], text, &pad(12), &raw].concat();
    for bytes in [one, two] {
        let array = read(&bytes[..]).unwrap();
        assert_eq!(
            (array.shape, array.entries),
            (vec![3], Entries::Integers(vec![0, 1, 2]))
        );
    }
}

#[test]
fn what_is_wrong_is_said() {
    let whole = write("|u1", false, &[2, 2], &[1, 2, 3, 4]);
    let with = |from: &str, to: &str| {
        let at = whole
            .windows(from.len())
            .position(|w| w == from.as_bytes())
            .unwrap();
        let mut bytes = whole.clone();
        bytes[at..at + from.len()].copy_from_slice(to.as_bytes());
        bytes
    };
    let mut version = whole.clone();
    version[6] = 9;
    let cases = [
        (
            whole[..20].to_vec(),
            "its header cannot be read: it ends after 10 of its 118 bytes",
        ),
        (
            b"PK\x03\x04 and more".to_vec(),
            "it does not begin like an NPY file",
        ),
        (version, "it has version 9 of the format; 1 to 3 are read"),
        (
            with("|u1", "<c8"),
            "its entries are `<c8`; integers of 1, 2, 4 and 8 bytes, float16, float32 and float64 are read here",
        ),
        (
            with("'|u1'", "[1,2]"),
            "its header cannot be read: `descr` is not one type of entry",
        ),
        (
            with("False", "Falsy"),
            "its header cannot be read: `fortran_order` is neither True nor False",
        ),
        (
            with("'shape'", "'shade'"),
            "its header cannot be read: it has a key that is not `descr`, `fortran_order` or `shape`",
        ),
        (
            with("(2, 2)", "(2,-2)"),
            "its header cannot be read: `shape` has an entry that is no length",
        ),
        (
            whole[..whole.len() - 1].to_vec(),
            "it ends after 3 of the 4 bytes that its header claims",
        ),
        (
            [&whole[..], &[5]].concat(),
            "bytes follow the 4 that its header claims",
        ),
        (
            write("<f8", false, &[usize::MAX, 9], &[]),
            "its header cannot be read: `shape` has more entries than there can be",
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(refused(&bytes), expected);
    }
}

proptest! {
    #[test]
    fn both_orders_are_the_same_array(shape in prop::collection::vec(1_usize..5, 0..5)) {
        let count: usize = shape.iter().product();
        let values: Vec<u8> = (0..count).map(|i| i as u8).collect();
        // Entry (i, j, …) stored with the first axis fastest.
        let mut stored = vec![0; count];
        for (i, &value) in values.iter().enumerate() {
            let (mut rest, mut index) = (i, vec![0; shape.len()]);
            for axis in (0..shape.len()).rev() {
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            let at = (0..shape.len()).rev().fold(0, |at, axis| at * shape[axis] + index[axis]);
            stored[at] = value;
        }
        let array = read(&write("|u1", true, &shape, &stored)[..]).unwrap();
        prop_assert_eq!(array.shape, shape);
        prop_assert_eq!(array.entries, Entries::Bytes(values));
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), begun: bool) {
        let head: &[u8] = if begun { b"\x93NUMPY\x01\x00\x20\x00" } else { &[] };
        let _ = read(&[head, &bytes].concat()[..]);
    }
}
