use super::*;
use ndarray::array;

#[test]
fn the_first_of_the_largest_scores_is_the_best() {
    for (scores, best) in [
        (array![0.1, 0.7, 0.2], Some(1)),
        (array![0.5, 0.5, 0.1], Some(0)),
        (array![f32::NEG_INFINITY, -3.0, f32::NAN], Some(1)),
        (array![f32::NEG_INFINITY, f32::NEG_INFINITY], None),
        (array![f32::NAN], None),
        (array![], None),
    ] {
        assert_eq!(Predictions::best(scores.view()), best, "{scores}");
    }
}
