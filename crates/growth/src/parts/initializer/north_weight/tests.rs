use super::*;
use ndarray::arr2;

/// By hand: the weights (3, 4, 0) and (0, 0, 2) leave one direction, ±(−4, 3, 0)/5; their mean norm is 3.5.
#[test]
fn the_only_direction_left_is_found() {
    let old = arr2(&[[3.0, 4.0, 0.0], [0.0, 0.0, 2.0]]);
    for seed in 0..5 {
        let new = orthogonal(&old, 1, Seed(seed));
        let sign = new[(0, 1)].signum();
        for (found, wanted) in new.iter().zip([-2.8, 2.1, 0.0]) {
            assert!((sign * found - wanted).abs() < 1e-6, "{new}");
        }
    }
}

/// New units are orthogonal to each other too, until nothing is left; the others start at random.
#[test]
fn where_nothing_is_left_it_draws() {
    let new = orthogonal(&arr2(&[[1.0, 0.0, 0.0]]), 4, Seed(1));
    let gram = new.dot(&new.t());
    assert!(gram[(0, 1)].abs() < 1e-6 && new.row(0)[0].abs() < 1e-6 && new.row(1)[0].abs() < 1e-6);
    assert!(
        (0..4).all(|unit| (gram[(unit, unit)] - 1.0).abs() < 1e-5),
        "{gram}"
    );
    assert!(gram[(2, 3)].abs() < 0.999, "the last two differ");
}
