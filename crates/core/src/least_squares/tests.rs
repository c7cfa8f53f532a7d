use super::*;
use crate::seed::Seed;
use proptest::prelude::*;
use rand::Rng;

/// Descends the gradient `Xᵀ(XC − Y) + λC` until nothing changes: another method, with which tall, square and wide matrices agree.
fn descended(x: &Array2<f64>, y: &Array2<f64>, lambda: f64) -> Array2<f64> {
    let mut c = Array2::<f64>::zeros((x.ncols(), y.ncols()));
    let step = 1.0 / (x.iter().map(|v| v * v).sum::<f64>() + lambda);
    for _ in 0..20_000 {
        let slope = x.t().dot(&(x.dot(&c) - y)) + &c * lambda;
        c = c - slope * step;
    }
    c
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn it_is_where_descent_ends(rows in 1usize..9, inputs in 1usize..9, outputs in 1usize..4, seed: u64) {
        let mut random = Seed(seed).random();
        let mut draw = |r, c| Array2::from_shape_simple_fn((r, c), || random.random::<f64>() - 0.5);
        let (x, y) = (draw(rows, inputs), draw(rows, outputs));
        let ridge = 0.1;
        let lambda = ridge * x.iter().map(|v| v * v).sum::<f64>() / inputs as f64;
        let off = least_squares(&x, &y, ridge) - descended(&x, &y, lambda);
        prop_assert!(off.iter().all(|v| v.abs() < 1e-6), "{off}");
    }
}

/// Twelve rows, so that whole vectors of the inner product are used; the answer is known.
#[test]
fn what_was_mixed_is_found_again() {
    let mut random = Seed(2).random();
    let mut draw = |r, c| Array2::from_shape_simple_fn((r, c), || random.random::<f64>() - 0.5);
    let (x, mixed) = (draw(40, 12), draw(12, 3));
    let off = least_squares(&x, &x.dot(&mixed), 0.0) - mixed;
    assert!(off.iter().all(|v| v.abs() < 1e-8), "{off}");
}

#[test]
fn nothing_to_learn_from_gives_zeros() {
    for rows in [0, 3] {
        let c = least_squares(&Array2::zeros((rows, 4)), &Array2::ones((rows, 2)), 0.1);
        assert_eq!(c, Array2::<f64>::zeros((4, 2)));
    }
}
