use super::*;
use crate::Seed;
use proptest::prelude::*;
use rand::Rng;

fn product(c: &[f64], width: usize, i: usize, j: usize) -> f64 {
    (0..width).map(|k| c[i * width + k] * c[j * width + k]).sum()
}

#[test]
fn a_factor_times_its_transpose_is_the_matrix() {
    let matrix = [4.0, 2.0, -1.0, 2.0, 5.0, 0.5, -1.0, 0.5, 3.0];
    let c = cholesky(&matrix, 3).unwrap();
    for i in 0..3 {
        for j in 0..3 {
            assert!((product(&c, 3, i, j) - matrix[i * 3 + j]).abs() < 1e-12);
            assert!(j <= i || c[i * 3 + j] == 0.0);
        }
    }
    // By hand: [[2, 0, 0], [1, 2, 0], [−½, ½, √2½]].
    let by_hand = [2.0, 0.0, 0.0, 1.0, 2.0, 0.0, -0.5, 0.5, 2.5_f64.sqrt()];
    assert!(c.iter().zip(by_hand).all(|(c, hand)| (c - hand).abs() < 1e-12));
}

#[test]
fn a_singular_matrix_gets_jitter_and_no_more() {
    let (matrix, jitter) = ([1.0, 1.0, 1.0, 1.0], 1e-3);
    assert_eq!(cholesky(&matrix, 2), None);
    let c = factor(&matrix, 2, jitter).unwrap();
    for i in 0..2 {
        for j in 0..2 {
            let wanted = matrix[i * 2 + j] + if i == j { jitter } else { 0.0 };
            assert!((product(&c, 2, i, j) - wanted).abs() < 1e-12);
        }
    }
    assert_eq!(factor(&[0.0; 4], 2, jitter), Some(vec![0.0; 4]));
    assert_eq!(factor(&[f64::NAN, 0.0, 0.0, 1.0], 2, jitter), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Of any width, beyond a panel too: the factor gives the matrix back, the upper triangle is not read, and a system is
    /// solved to its right-hand side.
    #[test]
    fn systems_are_solved(width in prop_oneof![1usize..6, Just(PANEL), 60usize..200], columns in 1usize..4, seed in 0u64..1000) {
        let mut random = Seed(seed).random();
        let rows = Array2::from_shape_simple_fn((width + 3, width), || random.random_range(-1.0..1.0));
        let mut matrix: Array2<f64> = rows.t().dot(&rows);
        matrix.diag_mut().mapv_inplace(|v| v + 0.5);
        let mut lower = matrix.clone();
        for i in 0..width {
            lower.slice_mut(s![i, i + 1..]).fill(f64::NAN);
        }
        let c = cholesky(lower.as_slice().unwrap(), width).unwrap();
        for i in 0..width {
            for j in 0..width {
                prop_assert!((product(&c, width, i, j) - matrix[(i, j)]).abs() < 1e-10 * width as f64);
            }
        }
        let x = Array2::from_shape_simple_fn((width, columns), || random.random_range(-1.0..1.0));
        let found = solve(&c, width, matrix.dot(&x).view());
        prop_assert!(found.iter().zip(&x).all(|(a, b)| (a - b).abs() < 1e-9));
    }
}
