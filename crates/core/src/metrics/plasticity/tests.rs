use super::*;
use ndarray::arr2;

#[test]
fn the_deviation_from_isometry_is_the_hand_computed_one() {
    // Rows that are orthonormal, as they are and turned.
    let isometry = arr2(&[[0.6, 0.8, 0.0], [-0.8, 0.6, 0.0]]);
    assert!(deviation(isometry.view()) < 1e-12 && deviation(isometry.t()) < 1e-12);
    // G = [[4, 2], [2, 2]]: (9 + 4 + 4 + 1) / 2, on the shorter side both ways.
    let other = arr2(&[[2.0, 0.0, 0.0], [1.0, 1.0, 0.0]]);
    assert_eq!((deviation(other.view()), deviation(other.t())), (9.0, 9.0));
    // A block of zeros is 1 off, whatever its size.
    assert_eq!(deviation(ndarray::Array2::zeros((3, 5)).view()), 1.0);
    assert_eq!(deviation(ndarray::Array2::zeros((0, 5)).view()), 0.0);
}

#[test]
fn units_are_dead_and_dormant_by_their_definitions() {
    // Constant, almost zero, active.
    let outputs = arr2(&[[0.0, 0.0, 1.0, -2.0], [0.0, 0.05, 3.0, 0.0]]);
    assert_eq!(dead(outputs.view()), 0.25);
    // Means 0, 0.025, 2, 1: the floor is 0.025 * 0.75625.
    assert_eq!(dormant(outputs.view()), 0.25);
    let quieter = arr2(&[[0.0, 0.0, 1.0, -2.0], [0.0, 0.03, 3.0, 0.0]]);
    assert_eq!(dormant(quieter.view()), 0.5);
    let silent = arr2(&[[0.0, 0.0]]);
    assert_eq!((dead(silent.view()), dormant(silent.view())), (1.0, 1.0));
}
