use super::*;

#[test]
fn scores_are_over_the_mean_of_the_layer() {
    // The mean is 1, so a unit at 0.025 is dormant and one just above is not.
    let magnitude = [0.025, 0.026, 1.949, 2.0];
    assert_eq!(dormant(&magnitude, 0.025), [0]);
    assert_eq!(dormant(&magnitude, 0.0), [0; 0]);
    assert_eq!(dormant(&[0.0, 1.0], 0.0), [0]);
    assert_eq!(dormant(&[0.0, 0.0], 0.025), [0, 1]);
}
