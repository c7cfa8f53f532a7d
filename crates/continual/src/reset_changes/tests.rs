use super::*;
use dentate_core::ConnectionId;
use ndarray::arr2;

#[test]
fn changes_are_the_hand_computed_ones() {
    let block = |id| Parameter::Weight(ConnectionId(id));
    let before = BTreeMap::from([
        (block(1), arr2(&[[3.0, 0.0], [0.0, 4.0]])),
        (block(2), arr2(&[[12.0]])),
        // Of another shape afterwards, and gone.
        (block(3), arr2(&[[100.0]])),
        (block(4), arr2(&[[100.0]])),
    ]);
    let after = BTreeMap::from([
        (block(1), arr2(&[[0.0, 0.0], [0.0, 0.0]])),
        (block(2), arr2(&[[0.0]])),
        (block(3), arr2(&[[0.0, 0.0]])),
    ]);
    // All of it is gone: √(9 + 16 + 144) over the same.
    assert_eq!(weight_change(&before, &after), Some(1.0));
    let half = before.iter().map(|(key, values)| (*key, 0.5 * values)).collect();
    assert_eq!(weight_change(&before, &half), Some(0.5));
    let mut one = before.clone();
    one.insert(block(1), arr2(&[[3.0, 5.0], [12.0, 4.0]]));
    // √(25 + 144) over √(25 + 144 + 2 · 10,000).
    let wanted = (169.0_f64 / 20_169.0).sqrt();
    assert!((weight_change(&before, &one).unwrap() - wanted).abs() < 1e-12);
    let nothing = BTreeMap::from([(block(1), arr2(&[[0.0]]))]);
    assert_eq!(weight_change(&nothing, &nothing), None);

    let head = LayerId;
    let before = BTreeMap::from([
        (head(1), arr2(&[[1.0, -2.0], [0.0, 4.0]])),
        (head(2), arr2(&[[1.0], [1.0]])),
    ]);
    let after = BTreeMap::from([
        (head(1), arr2(&[[2.0, -4.0], [0.0, 1.0]])),
        (head(2), arr2(&[[1.0, 0.0], [1.0, 0.0]])),
    ]);
    // (1 + 2 + 0 + 3) / 4.
    assert_eq!(function_change(&before, &after), Some(1.5));
    assert_eq!(function_change(&BTreeMap::new(), &after), None);
}
