use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use std::io::Write;

fn file(dims: &[u32], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, 8, dims.len() as u8];
    bytes.extend(dims.iter().flat_map(|d| d.to_be_bytes()));
    bytes.extend_from_slice(values);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn refused(bytes: &[u8]) -> IdxErrorKind {
    let error = read(bytes, "some-file", 1 << 20).unwrap_err();
    assert_eq!(error.file, "some-file");
    error.kind
}

proptest! {
    #[test]
    fn what_is_written_is_read(n in 0_u32..20, h in 1_u32..6, w in 1_u32..6, fill: u8, flat: bool, packed: bool) {
        let dims = if flat { vec![n * h * w] } else { vec![n, h, w] };
        let values: Vec<u8> = (0..n * h * w).map(|i| fill.wrapping_add(i as u8)).collect();
        let plain = file(&dims, &values);
        let stored = if packed { gzip(&plain) } else { plain.clone() };
        let idx = read(&stored[..], "x", 1 << 20).unwrap();
        prop_assert_eq!(idx.dims, dims.iter().map(|&d| d as usize).collect::<Vec<_>>());
        prop_assert_eq!(idx.values, values);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), begin in 0_usize..3) {
        let heads: [&[u8]; 3] = [&[], &[0, 0, 8, 3], &[0x1f, 0x8b, 8, 0]];
        let bytes = [heads[begin], &bytes].concat();
        let _ = read(&bytes[..], "x", 1 << 20);
    }

    #[test]
    fn a_cut_file_is_refused(cut in 1_usize..30) {
        let bytes = file(&[2, 3, 3], &[7; 18]);
        let error = read(&bytes[..bytes.len() - cut.min(bytes.len())], "x", 1 << 20);
        prop_assert!(error.is_err());
    }
}

#[test]
fn a_header_that_claims_the_moon_allocates_nothing() {
    let huge = 1 << 20;
    assert!(matches!(
        refused(&file(&[huge, huge, huge], &[])),
        IdxErrorKind::TooLarge { .. }
    ));
    assert!(matches!(
        refused(&file(&[u32::MAX, u32::MAX, u32::MAX], &[])),
        IdxErrorKind::TooLarge { .. }
    ));
}

#[test]
fn entries_must_be_as_many_as_claimed() {
    assert!(matches!(
        refused(&file(&[4], &[1, 2, 3])),
        IdxErrorKind::Truncated {
            expected: 4,
            found: 3
        }
    ));
    assert!(matches!(
        refused(&file(&[2], &[1, 2, 3])),
        IdxErrorKind::Trailing { expected: 2 }
    ));
    let behind_gzip = [gzip(&file(&[2], &[1, 2])), vec![1, 2, 3]].concat();
    assert!(matches!(refused(&behind_gzip), IdxErrorKind::Io(_)));
}

#[test]
fn other_types_and_ranks_are_refused() {
    assert!(matches!(
        refused(&[0, 0, 0x0d, 1, 0, 0, 0, 0]),
        IdxErrorKind::Magic { .. }
    ));
    assert!(matches!(
        refused(&[0, 0, 8, 2, 0, 0, 0, 0]),
        IdxErrorKind::Magic { .. }
    ));
    assert!(matches!(refused(b"P5"), IdxErrorKind::Io(_)));
}
