use super::*;
use ndarray::array;

fn concept() -> ClassStats {
    let mut concept = ClassStats::new(TaskId(0), 3, Vec::new());
    concept.mean = array![[1.0, -2.0, 0.5]];
    concept.factor = array![[2.0, 0.0, 0.0], [-1.0, 0.5, 0.0], [0.3, 0.2, 0.1]];
    concept
}

/// Draws have the stored mean and covariance, within five standard errors.
#[test]
fn draws_have_the_remembered_mean_and_covariance() {
    let (concept, n) = (concept(), 40_000);
    let drawn = concept.draw(n, Seed(4)).mapv(f64::from);
    let covariance = concept.factor.dot(&concept.factor.t()).mapv(f64::from);
    let means: Vec<f64> = (0..3).map(|j| drawn.column(j).sum() / n as f64).collect();
    for j in 0..3 {
        let error = (covariance[(j, j)] / n as f64).sqrt();
        assert!((means[j] - f64::from(concept.mean[(0, j)])).abs() < 5.0 * error);
        for k in 0..3 {
            let products = (0..n).map(|i| (drawn[(i, j)] - means[j]) * (drawn[(i, k)] - means[k]));
            let found = products.sum::<f64>() / n as f64;
            let variance = covariance[(j, j)] * covariance[(k, k)] + covariance[(j, k)].powi(2);
            let error = (variance / n as f64).sqrt();
            assert!(
                (found - covariance[(j, k)]).abs() < 5.0 * error,
                "{j} {k}: {found}"
            );
        }
    }
    assert_eq!(concept.draw(5, Seed(4)), concept.draw(5, Seed(4)));
    assert_ne!(concept.draw(5, Seed(4)), concept.draw(5, Seed(5)));
}

#[test]
fn nothing_is_known_of_new_units() {
    let mut wide = concept();
    wide.widen(4);
    assert_eq!(wide.mean, array![[1.0, -2.0, 0.5, 0.0]]);
    assert_eq!(wide.factor.slice(s![..3, ..3]), concept().factor);
    assert!(
        wide.factor
            .row(3)
            .iter()
            .chain(wide.factor.column(3))
            .all(|v| *v == 0.0)
    );
}
