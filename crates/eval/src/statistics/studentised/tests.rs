use super::*;

/// The table of Demšar (2006, table 5a): q at 0.05 over √2, for two to ten methods; and at 0.10.
#[test]
fn it_is_the_published_table() {
    let table = [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164];
    let wider = [1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920];
    for (k, (at_5, at_10)) in (2..).zip(table.into_iter().zip(wider)) {
        for (level, expected) in [(0.05, at_5), (0.10, at_10)] {
            let value = critical(level, k).unwrap() / std::f64::consts::SQRT_2;
            // The table rounds down in places: 2.850 is 2.8497 and 3.164 is 3.1637.
            assert!((value - expected).abs() < 1e-3, "{k} methods at {level}: {value}");
        }
    }
}

/// `scipy.stats.studentized_range.ppf(0.95, k, np.inf)` and `.cdf(3.0, 4, np.inf)` of SciPy 1.17.1.
#[test]
fn it_is_that_of_scipy() {
    for (k, expected) in [
        (2, 2.771807648699355),
        (3, 3.314493155398122),
        (5, 3.857655510378623),
        (10, 4.474124221725907),
    ] {
        let value = critical(0.05, k).unwrap();
        assert!((value - expected).abs() < 1e-6, "{k}: {value}");
    }
    assert!((at_most(3.0, 4) - 0.8537285189523403).abs() < 1e-8);
}

#[test]
fn one_value_has_no_range() {
    assert_eq!(critical(0.05, 1), None);
    assert_eq!(critical(0.0, 3), None);
}
