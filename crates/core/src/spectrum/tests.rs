use super::*;
use ndarray::arr2;

fn random(rows: usize, columns: usize, seed: u64) -> Array2<f32> {
    let mut random = Seed(seed).random();
    Array2::from_shape_simple_fn((rows, columns), || random.random::<f32>() - 0.5)
}

/// By hand: AᵀA of this matrix has the eigenvalues 45 and 5.
#[test]
fn singular_values_of_a_matrix_worked_out_by_hand() {
    let values = singular_values(arr2(&[[3.0, 0.0], [4.0, 5.0]]).view());
    assert!((values[0] - 45f64.sqrt()).abs() < 1e-12 && (values[1] - 5f64.sqrt()).abs() < 1e-12);
    // p = (3, 1) / 4, so the entropy is 2 ln 2 − 3/4 ln 3.
    let rank = effective_rank(arr2(&[[3.0, 0.0], [4.0, 5.0]]).view());
    assert!((rank - 4.0 / 3f64.powf(0.75)).abs() < 1e-12, "{rank}");
}

#[test]
fn ranks_of_plain_cases() {
    assert!((effective_rank(Array2::eye(5).view()) - 5.0).abs() < 1e-9);
    assert!((effective_rank(Array2::ones((9, 4)).view()) - 1.0).abs() < 1e-6);
    assert_eq!(effective_rank(Array2::zeros((3, 3)).view()), 0.0);
    assert_eq!(rank_above(Array2::eye(6).view(), 0.01), 6);
    assert_eq!(rank_above(Array2::ones((10, 6)).view(), 0.01), 1);
}

/// Invariants of any method: the sum of squares equals that of the entries, also for the transpose.
#[test]
fn singular_values_keep_the_size_of_a_matrix() {
    for (rows, columns, seed) in [(7, 3, 1), (20, 31, 2), (1, 5, 3), (64, 64, 4)] {
        let matrix = random(rows, columns, seed);
        let values = singular_values(matrix.view());
        let size: f64 = matrix.iter().map(|v| f64::from(v * v)).sum();
        let squares: f64 = values.iter().map(|v| v * v).sum();
        assert!((squares - size).abs() < 1e-5 * size);
        for (a, b) in values.iter().zip(singular_values(matrix.t())) {
            assert!((a - b).abs() < 1e-6);
        }
    }
}

/// The first vectors capture as much of the matrix as its first singular values, and more than many random ones.
#[test]
fn left_singular_vectors_take_up_the_most() {
    let matrix = random(12, 40, 9);
    let (values, vectors) = (
        singular_values(matrix.view()),
        left_singular_vectors(matrix.view(), 3, Seed(1)),
    );
    let wide = matrix.mapv(f64::from);
    let taken = |v: ndarray::ArrayView1<'_, f64>| {
        let along = wide.t().dot(&v);
        along.dot(&along).sqrt()
    };
    for (j, value) in values.iter().enumerate().take(3) {
        assert!(
            (taken(vectors.column(j)) - value).abs() < 1e-3 * value,
            "vector {j}"
        );
        for i in 0..j {
            assert!(vectors.column(i).dot(&vectors.column(j)).abs() < 1e-9);
        }
    }
    let mut source = Seed(4).random();
    for _ in 0..10_000 {
        let v = ndarray::Array1::from_shape_simple_fn(12, || source.random::<f64>() - 0.5);
        let v = &v / v.dot(&v).sqrt();
        assert!(taken(v.view()) <= values[0] * (1.0 + 1e-6));
    }
}

#[test]
fn vectors_of_a_matrix_without_enough_of_them_are_orthonormal_all_the_same() {
    for matrix in [Array2::zeros((4, 3)), Array2::ones((4, 6))] {
        let vectors = left_singular_vectors(matrix.view(), 4, Seed(2));
        let gram = vectors.t().dot(&vectors);
        for ((i, j), v) in gram.indexed_iter() {
            assert!((v - f64::from(u8::from(i == j))).abs() < 1e-9, "{gram}");
        }
    }
}

/// Counting agrees with computing all singular values, for full and deficient ranks, tall and wide matrices, and any floor.
#[test]
fn counted_ranks_are_those_of_all_singular_values() {
    for (rows, columns, rank, seed) in [
        (30, 12, 12, 1),
        (12, 30, 5, 2),
        (40, 40, 17, 3),
        (1, 3, 1, 4),
        (9, 1, 1, 5),
    ] {
        let matrix = random(rows, rank, seed).dot(&random(rank, columns, seed + 10));
        let (values, root) = (singular_values(matrix.view()), (rows as f64).sqrt());
        let mut seen = std::collections::BTreeSet::new();
        for floor in [0.0003, 0.01, 0.05, 0.1, 0.3, 0.7, 3.0] {
            let wanted = values.iter().filter(|v| **v / root > floor).count();
            assert_eq!(
                rank_above(matrix.view(), floor),
                wanted,
                "{rows} × {columns} above {floor}: {values:?}"
            );
            seen.insert(wanted);
        }
        assert!(seen.len() > 1, "{seen:?}");
    }
}

/// A Q diag(λ) Qᵀ of known eigenvalues; the pair is found exactly when the Krylov space is whole, and close to it before.
#[test]
fn the_smallest_eigenpair_is_found() {
    let mut basis = random(9, 9, 21).mapv(f64::from);
    orthonormalise(&mut basis);
    let values = [4.0, -1.5, 0.0, 2.0, -0.2, 0.7, 3.0, 1.0, -1.0];
    let matrix = basis
        .dot(&Array2::from_diag(&Array1::from(values.to_vec())))
        .dot(&basis.t());
    let start = random(9, 1, 22).column(0).mapv(f64::from);
    let (value, vector) = smallest_eigenpair(|v| matrix.dot(v), start.clone(), 30);
    assert!((value + 1.5).abs() < 1e-9, "{value}");
    assert!(
        (vector.dot(&basis.column(1)).abs() - 1.0).abs() < 1e-8,
        "{vector}"
    );
    let (early, vector) = smallest_eigenpair(|v| matrix.dot(v), start.clone(), 4);
    assert!(early > -1.5 && early < -0.5, "{early}");
    assert!((vector.dot(&matrix.dot(&vector)) - early).abs() < 1e-9);
    assert_eq!(smallest_eigenpair(|v| v * 0.0, start, 5).0, 0.0);
}
