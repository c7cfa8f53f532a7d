use super::*;
use proptest::prelude::*;

#[test]
fn the_accuracy_on_a_class_is_the_share_of_its_rows_on_the_diagonal() {
    let mut confusion = Confusion::default();
    // Of four rows of class 2 three are right; both of class 7 are taken for 2, one of class 9 for nothing.
    for (own, predicted, rows) in [
        (2, Some(2), 3),
        (2, Some(7), 1),
        (7, Some(2), 2),
        (9, None, 1),
        (9, Some(9), 0),
    ] {
        confusion.add(own, predicted, rows);
    }
    assert_eq!(
        confusion.by_class(),
        BTreeMap::from([(2, 0.75), (7, 0.0), (9, 0.0)])
    );
    assert_eq!(confusion.rows(), BTreeMap::from([(2, 4), (7, 2), (9, 1)]));
    assert_eq!(confusion.count(7, Some(2)), 2);
    assert_eq!(confusion.counts().count(), 4);
    assert!(!confusion.is_empty() && Confusion::default().is_empty());
    let mut twice = confusion.clone();
    twice.extend(&confusion);
    assert_eq!(twice.count(2, Some(2)), 6);
    assert_eq!(twice.by_class(), confusion.by_class());
}

#[test]
fn an_item_that_is_no_pair_is_none() {
    for item in ["", "3", "3->", "->3", "3->x", "-1->2", "3->4->5", "3 -> 4"] {
        assert_eq!(Confusion::pair(item), None, "{item}");
    }
    assert_eq!(Confusion::item((3, None)), "3->none");
}

proptest! {
    #[test]
    fn an_item_is_read_as_the_pair_it_was_written_from(own: u32, predicted: Option<u32>) {
        prop_assert_eq!(Confusion::pair(&Confusion::item((own, predicted))), Some((own, predicted)));
    }
}
