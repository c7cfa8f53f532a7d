use super::*;
use proptest::prelude::*;

/// EXIF data of one entry.
pub(in crate::pictures) fn exif(big: bool, tag: u16, kind: u16, value: u16) -> Vec<u8> {
    let short = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let word = |n: u32| if big { n.to_be_bytes() } else { n.to_le_bytes() };
    let mut bytes = if big { b"MM".to_vec() } else { b"II".to_vec() };
    bytes.extend(short(42));
    bytes.extend(word(8));
    bytes.extend(short(1));
    bytes.extend([short(tag), short(kind)].concat());
    bytes.extend(word(1));
    bytes.extend([short(value), short(0)].concat());
    bytes.extend(word(0));
    bytes
}

#[test]
fn every_orientation_is_read_in_both_orders_of_bytes() {
    for big in [false, true] {
        for n in 1..=8 {
            assert_eq!(Showing::of(Some(&exif(big, TAG, SHORT, n))), Showing(n as u8));
        }
        for nothing in [
            exif(big, TAG, SHORT, 0),
            exif(big, TAG, SHORT, 9),
            exif(big, TAG, 4, 6),
            exif(big, 0x100, SHORT, 6),
        ] {
            assert_eq!(Showing::of(Some(&nothing)), Showing::STORED);
        }
    }
    assert_eq!(Showing::of(None), Showing::STORED);
}

/// An F of 3 × 2 as it is to be shown, and as a camera stores it for each orientation: the table of the EXIF standard, drawn.
#[test]
fn pictures_are_shown_as_the_standard_draws_them() {
    let upright = "ab cd ef";
    let stored = [
        "ab cd ef", "ba dc fe", "fe dc ba", "ef cd ab", "ace bdf", "bdf ace", "fdb eca", "eca fdb",
    ];
    for (n, stored) in (1..).zip(stored) {
        let rows: Vec<&str> = stored.split(' ').collect();
        let size = [rows.len(), rows[0].len()];
        let showing = Showing(n);
        assert_eq!(showing.size(size), [3, 2]);
        let shown = showing.plane(rows.concat().as_bytes(), size);
        assert_eq!(shown, upright.replace(' ', "").into_bytes(), "orientation {n}");
    }
}

proptest! {
    #[test]
    fn damaged_data_say_nothing_or_one_of_eight(at in 0_usize..26, new: u8, cut in 0_usize..27) {
        let mut bytes = exif(true, TAG, SHORT, 6);
        bytes[at] = new;
        bytes.truncate(cut);
        prop_assert!((1..=8).contains(&Showing::of(Some(&bytes)).number()));
    }
}
