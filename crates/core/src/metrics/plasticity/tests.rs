use super::*;
use ndarray::arr2;

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
