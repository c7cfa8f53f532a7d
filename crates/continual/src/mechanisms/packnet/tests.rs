use super::*;
use ndarray::arr2;

/// Of five free entries two are freed again: the two smallest, of ties the first. Owned entries stay owned.
#[test]
fn the_smallest_free_entries_are_given_back() {
    let weights = arr2(&[[0.5, -0.1, 0.3], [0.1, -0.9, 0.0]]);
    let mut owners = arr2(&[[0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]);
    divide(&mut owners, &weights, 0.4, 2.0);
    assert_eq!(owners, arr2(&[[2.0, 0.0, 2.0], [0.0, 2.0, 1.0]]));
    divide(&mut owners, &weights, 0.0, 3.0);
    assert_eq!(owners, arr2(&[[2.0, 3.0, 2.0], [3.0, 2.0, 1.0]]));
}
