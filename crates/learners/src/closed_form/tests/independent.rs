use super::*;
use dentate_core::spectrum::orthonormalise;

/// The inverse by elimination with pivots (Gauss–Jordan).
fn inverse(matrix: &Array2<f64>) -> Array2<f64> {
    let n = matrix.nrows();
    let mut wide = ndarray::concatenate![Axis(1), *matrix, Array2::eye(n)];
    for i in 0..n {
        let pivot = (i..n)
            .max_by(|&a, &b| wide[(a, i)].abs().total_cmp(&wide[(b, i)].abs()))
            .unwrap();
        for k in 0..2 * n {
            wide.swap((i, k), (pivot, k));
        }
        let row = wide.row(i).to_owned() / wide[(i, i)];
        wide.row_mut(i).assign(&row);
        for j in (0..n).filter(|&j| j != i) {
            let times = wide[(j, i)];
            wide.row_mut(j).scaled_add(-times, &row);
        }
    }
    wide.slice(ndarray::s![.., n..]).to_owned()
}

/// The textbook: the covariance of all rows about the means of their classes, all at once, inverted, and a discriminant for each
/// class.
#[test]
fn discriminants_are_those_of_the_textbook() {
    let (rows, features, epsilon) = (90, 5, 0.03);
    let (all, labels) = blobs(7, rows, features, 3);
    let classes = [0, 2, 4];
    let mean = |class: u32| {
        let members: Vec<usize> = (0..rows).filter(|&i| labels[i] == class).collect();
        all.select(Axis(0), &members).mean_axis(Axis(0)).unwrap()
    };
    let means = classes.map(mean);
    let covariance = Array2::from_shape_fn((features, features), |(a, b)| {
        let product = |i: usize| {
            let mean = &means[labels[i] as usize / 2];
            (all[(i, a)] - mean[a]) * (all[(i, b)] - mean[b])
        };
        (0..rows).map(product).sum::<f64>() / rows as f64
    });
    let precision = inverse(&(covariance * (1.0 - epsilon) + Array2::<f64>::eye(features) * epsilon));
    let (probes, _) = blobs(8, 40, features, 3);
    let mut wanted = Array2::zeros((40, 3));
    for (i, x) in probes.rows().into_iter().enumerate() {
        for (c, mean) in means.iter().enumerate() {
            let w = precision.dot(mean);
            wanted[(i, c)] = w.dot(&x) - 0.5 * mean.dot(&w);
        }
    }
    let first = wanted.column(0).to_owned().insert_axis(Axis(1));
    let rule = StreamingLinearDiscriminantAnalysis {
        shrinkage: epsilon,
        ..StreamingLinearDiscriminantAnalysis::default()
    };
    let found = learned(&rule, &all, &labels, &[1, 2, 30, 31, 77]);
    assert_eq!(found.labels, classes);
    let apart = apart(&scores(&found, &probes), &(wanted - first));
    assert!(apart < 1e-10, "{apart}");
}

/// With all of the covariance shrunk away it is the nearest class mean.
#[test]
fn fully_shrunk_discriminants_are_nearest_means() {
    let (all, labels) = blobs(9, 50, 4, 3);
    let rule = StreamingLinearDiscriminantAnalysis {
        shrinkage: 1.0,
        ..StreamingLinearDiscriminantAnalysis::default()
    };
    let (shrunk, nearest) = (
        learned(&rule, &all, &labels, &[10]),
        learned(&NearestClassMean::default(), &all, &labels, &[20]),
    );
    assert!(apart(&scores(&shrunk, &all), &scores(&nearest, &all)) < 1e-12);
}

/// Least squares by orthogonalisation: with Q R the rows [Φ; √λ I], W = R⁻¹ Qᵀ [Y; 0]. Here Φ W is compared, which is that part of
/// Q Qᵀ [Y; 0] that belongs to Φ, so the normal equations are never made.
#[test]
fn ridge_regression_is_least_squares() {
    let (rows, inputs) = (60, 4);
    let rule = RanPac {
        width: 11,
        ridge: 0.7,
        ..RanPac::default()
    };
    let (all, labels) = blobs(10, rows, inputs, 3);
    let projection = rule.projection(inputs, Seed(5)).unwrap();
    let phi = Array2::from_shape_fn((rows, 11), |(i, k)| {
        let sum: f64 = (0..inputs).map(|j| all[(i, j)] * projection[(j, k)]).sum();
        if sum > 0.0 { sum } else { 0.0 }
    });
    let ridge = Array2::<f64>::eye(11) * 0.7_f64.sqrt();
    let mut q = ndarray::concatenate![Axis(0), phi, ridge];
    orthonormalise(&mut q);
    let mut y = Array2::zeros((rows + 11, 3));
    for (i, label) in labels.iter().enumerate() {
        y[(i, *label as usize / 2)] = 1.0;
    }
    let fitted = q.dot(&q.t().dot(&y));
    let wanted = fitted.slice(ndarray::s![..rows, ..]).to_owned();
    let found = learned(&rule, &phi, &labels, &[13, 14]);
    let answers = phi.dot(&found.weights);
    assert_eq!(found.labels, [0, 2, 4]);
    assert!(found.bias.iter().chain(&found.origin).all(|v| *v == 0.0));
    let apart = apart(&answers, &wanted);
    assert!(apart < 1e-9, "{apart}");
}

/// Random features have the mean and the variance of a standard normal distribution, and follow from the seed.
#[test]
fn projections_are_standard_normal() {
    let rule = RanPac::default();
    let projection = rule.projection(50, Seed(2)).unwrap();
    let n = projection.len() as f64;
    let (mean, square) = (
        projection.sum() / n,
        projection.iter().map(|v| v * v).sum::<f64>() / n,
    );
    assert!(mean.abs() < 4.0 / n.sqrt() && (square - 1.0).abs() < 4.0 * (2.0 / n).sqrt());
    assert_eq!(projection.dim(), (50, 2000));
    assert_eq!(rule.projection(50, Seed(2)).unwrap(), projection);
    assert_ne!(rule.projection(50, Seed(3)).unwrap(), projection);
}

/// By hand: means (1, 0) of class 0 and (0, 4) of class 1. (3, 3) is nearer to the second, at √10 and not √13, and its cosine
/// is the same; (2, 1) is nearer to the first; (1, 2) is nearer to the first, at 2 and not √5, and more in the direction of the second.
#[test]
fn nearest_means_are_nearest() {
    let (rows, labels) = (array![[2.0, 0.0], [0.0, 4.0], [0.0, 0.0]], [0, 1, 0]);
    let probes = array![[3.0, 3.0], [2.0, 1.0], [1.0, 2.0]];
    let euclidean = learned(&NearestClassMean::default(), &rows, &labels, &[2]);
    let squares = |x: f64, y: f64| ((x - 1.0).powi(2) + y * y) - (x * x + (y - 4.0).powi(2));
    let wanted = array![
        [0.0, squares(3.0, 3.0) / 2.0],
        [0.0, squares(2.0, 1.0) / 2.0],
        [0.0, squares(1.0, 2.0) / 2.0]
    ];
    assert!(apart(&scores(&euclidean, &probes), &wanted) < 1e-15);
    assert_eq!(wanted, array![[0.0, 1.5], [0.0, -5.5], [0.0, -0.5]]);
    let cosine = NearestClassMean {
        distance: Distance::Cosine,
        ..NearestClassMean::default()
    };
    let cosine = scores(&learned(&cosine, &rows, &labels, &[1]), &probes);
    assert_eq!(cosine, array![[0.0, 0.0], [0.0, -1.0], [0.0, 1.0]]);
}
