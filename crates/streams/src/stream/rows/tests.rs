use super::*;
use proptest::prelude::*;

proptest! {
    /// All storage forms contain the same rows.
    #[test]
    fn every_row_is_found_at_its_place(
        rows in prop_oneof![
            proptest::collection::vec(0_u32..3000, 0..400),
            proptest::collection::btree_set(0_u32..3000, 0..1500).prop_map(|rows| rows.into_iter().collect()),
            (0_u32..2000, 0_u32..900).prop_map(|(first, n)| (first..first + n).collect()),
        ],
        n in 0_usize..500,
    ) {
        let set = RowSet::from(rows.clone());
        prop_assert_eq!(set.len(), rows.len());
        prop_assert_eq!(set.is_empty(), rows.is_empty());
        prop_assert_eq!(&set.to_vec(), &rows);
        prop_assert_eq!(&set.first(n)[..], &rows[..n.min(rows.len())]);
        for at in 0..rows.len() + 2 {
            prop_assert_eq!(set.get(at), rows.get(at).copied());
        }
        prop_assert!(set.bytes() <= 4 * rows.len() + 16);
        prop_assert_eq!(set, rows.into_iter().collect());
    }
}

#[test]
fn what_is_dense_takes_little() {
    assert_eq!(RowSet::from((7..60_007).collect::<Vec<_>>()).bytes(), 0);
    let all_but_some: RowSet = (0..60_000).filter(|row| row % 10 != 3).collect();
    let some: RowSet = (0..60_000).filter(|row| row % 10 == 3).collect();
    assert!(all_but_some.bytes() < 9000 && some.bytes() < 9000);
    assert_eq!((all_but_some.len(), some.len()), (54_000, 6_000));
    let few: RowSet = [5, 1 << 30].into_iter().collect();
    assert_eq!(few.bytes(), 8);
}
