use super::*;
use ndarray::{Array1, arr2};

/// By hand: four rows of three orthogonal inputs of squared lengths 4, 4 and 16. The unit's summed input is the first one, and the two
/// directions left are the second and the third.
#[test]
fn new_units_sum_what_no_other_does() {
    let inputs = arr2(&[
        [1.0, 1.0, 2.0],
        [1.0, -1.0, -2.0],
        [-1.0, 1.0, -2.0],
        [-1.0, -1.0, 2.0],
    ]);
    let old = arr2(&[[2.0, 0.0, 0.0]]);
    let new = NorthPre::default().orthogonal(&inputs, (&old, None), 2, Seed(3));
    let sums = inputs.dot(&new.mapv(f64::from).t());
    let first = inputs.column(0).to_owned();
    assert!(
        sums.columns().into_iter().all(|s| s.dot(&first).abs() < 1e-3),
        "{sums}"
    );
    assert!(sums.column(0).dot(&sums.column(1)).abs() < 1e-3, "{sums}");
    for row in new.rows() {
        assert!(row[0].abs() < 1e-4, "{new}");
        assert!((row.dot(&row).sqrt() - 2.0).abs() < 1e-5, "{new}");
    }
}

/// Inputs that are not orthogonal: the weights themselves then overlap with the unit's, and the summed inputs do not. A bias counts.
#[test]
fn summed_inputs_are_orthogonal_and_not_weights() {
    let inputs = arr2(&[
        [1.0, 1.0, 0.0],
        [1.0, 0.9, 0.3],
        [1.0, -0.8, 1.0],
        [0.5, 0.2, -1.0],
    ]);
    let (old, bias) = (arr2(&[[1.0, 0.5, 0.0]]), arr2(&[[0.7]]));
    let new = NorthPre::default().orthogonal(&inputs, (&old, Some(&bias)), 1, Seed(5));
    let weights: Array1<f64> = new.row(0).mapv(f64::from);
    let sums = inputs.dot(&old.row(0)) + 0.7;
    // The new unit's part outside of Z is what it sums, but for what of it no weights give.
    let wanted = {
        let drawn = super::direction(3, 1.0, &mut Seed(5).derive("north-pre").random());
        let whole = inputs.dot(&drawn);
        let left = &whole - &(&sums * (sums.dot(&whole) / sums.dot(&sums)));
        let solved = least_squares(&inputs, &left.insert_axis(Axis(1)), 1e-12);
        solved.column(0).to_owned()
    };
    let along = weights.dot(&wanted) / (norm(weights.view()) * norm(wanted.view()));
    assert!((along - 1.0).abs() < 1e-4, "{weights} {wanted}");
    assert!(weights.dot(&old.row(0)).abs() > 0.01, "{weights}");
}

/// With as many units as inputs nothing is left, and weights are drawn.
#[test]
fn where_nothing_is_left_it_draws() {
    let inputs = arr2(&[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]);
    let old = Array2::eye(2);
    let new = NorthPre::default().orthogonal(&inputs, (&old, None), 1, Seed(2));
    assert!((new.row(0).dot(&new.row(0)).sqrt() - 1.0).abs() < 1e-5, "{new}");
}
