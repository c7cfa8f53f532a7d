use super::super::luma;
use super::*;
use proptest::prelude::*;

proptest! {
    /// A picture that already has the size is unchanged to the byte, and no other leaves its range.
    #[test]
    fn resizing_keeps_bytes_and_ranges(
        (size, values) in (1..9_usize, 1..9_usize).prop_flat_map(|(h, w)| {
            (Just([h, w]), prop::collection::vec(any::<u8>(), h * w))
        }),
        to in [1..12_usize, 1..12_usize],
    ) {
        prop_assert_eq!(plane(&values, size, size), values.clone());
        let range = values.iter().min().unwrap()..=values.iter().max().unwrap();
        let resized = plane(&values, size, to);
        prop_assert_eq!(resized.len(), to[0] * to[1]);
        prop_assert!(resized.iter().all(|v| range.contains(&v)), "{:?}", resized);
    }
}

/// The grey of a grey colour is the same grey.
#[test]
fn grey_of_grey_is_itself() {
    assert!((0..=255).all(|v| luma(v, v, v) == v));
}
