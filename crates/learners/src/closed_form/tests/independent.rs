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
        ridge: Some(0.7),
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

/// Without a λ of its own, each experience chooses one: the grid, fits by inversion, and errors row by row. In between, W is that of all rows
/// with the λ of the experience, and an experience too short to hold a row out keeps the last one.
#[test]
fn the_ridge_is_the_best_of_the_grid_on_rows_held_out() {
    let width = 6;
    let chosen = |rows: &Array2<f64>, labels: &[u32]| {
        let part =
            |held: bool| -> Vec<usize> { (0..labels.len()).filter(|i| (i % 5 == 4) == held).collect() };
        let (fit, held) = (part(false), part(true));
        let target = |i: usize, c: u32| f64::from(u8::from(labels[i] == c));
        let mut best = (f64::INFINITY, 0.0);
        for exponent in -8..=8 {
            let ridge = 10f64.powi(exponent);
            let phi = rows.select(Axis(0), &fit);
            let inner = inverse(&(phi.t().dot(&phi) + Array2::<f64>::eye(width) * ridge));
            let mut error = 0.0;
            for class in [0, 2, 4] {
                let y: ndarray::Array1<f64> = fit.iter().map(|&i| target(i, class)).collect();
                let weights = inner.dot(&phi.t().dot(&y));
                for &i in &held {
                    error += (rows.row(i).dot(&weights) - target(i, class)).powi(2);
                }
            }
            if error < best.0 {
                best = (error, ridge);
            }
        }
        best.1
    };
    let rule = RanPac {
        width,
        ..RanPac::default()
    };
    // Rows, few and small or many and large, for which the best is within the grid and not the same.
    let inside = |rows: usize, scale: f64, other: f64| {
        let drawn = (21..500).map(|seed| blobs(seed, rows, width, 3));
        let mut drawn = drawn.map(|(rows, labels)| {
            let rows = rows * scale;
            let ridge = chosen(&rows, &labels);
            (rows, labels, ridge)
        });
        let found = drawn.find(|(.., ridge)| (1e-2..1e5).contains(ridge) && *ridge != other);
        found.unwrap()
    };
    let (first, labels, few) = inside(23, 1.0, 0.0);
    let (second, more, many) = inside(200, 30.0, few);
    let wanted = [few, many];
    let mut sums = <RanPac as Rule>::Statistics::default();
    rule.begin(&mut sums, width);
    let (mut all, mut known) = (first.clone(), labels.clone());
    for batch in [0..7, 7..8, 8..23] {
        let places: Vec<usize> = batch.clone().collect();
        rule.learn(&mut sums, &first.select(Axis(0), &places), &labels[batch]);
    }
    let check = |sums: &mut _, all: &Array2<f64>, known: &[u32], ridge: f64| {
        let found = rule.readout(sums, width).unwrap();
        let fixed = RanPac {
            ridge: Some(ridge),
            ..rule.clone()
        };
        let wanted = learned(&fixed, all, known, &[]);
        assert!(apart(&found.weights, &wanted.weights) < 1e-9, "{ridge}");
    };
    check(&mut sums, &all, &known, wanted[0]);
    rule.begin(&mut sums, width);
    rule.learn(&mut sums, &second, &more);
    all = ndarray::concatenate![Axis(0), all, second];
    known.extend(&more);
    check(&mut sums, &all, &known, wanted[1]);
    // Four rows of a third experience hold none out.
    rule.begin(&mut sums, width);
    let four = second.slice(ndarray::s![..4, ..]).to_owned();
    rule.learn(&mut sums, &four, &more[..4]);
    all = ndarray::concatenate![Axis(0), all, four];
    known.extend(&more[..4]);
    check(&mut sums, &all, &known, wanted[1]);
    // Before anything is held out it is 1.
    let mut sums = <RanPac as Rule>::Statistics::default();
    rule.learn(&mut sums, &four, &more[..4]);
    check(&mut sums, &four, &more[..4], 1.0);
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
