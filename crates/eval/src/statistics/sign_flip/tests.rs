use super::*;
use proptest::prelude::*;

fn p(differences: &[f64]) -> f64 {
    SignFlip::of(differences).unwrap().p
}

/// `scipy.stats.permutation_test((d,), np.mean, permutation_type="samples", n_resamples=np.inf)` of SciPy 1.17.1.
#[test]
fn it_is_that_of_scipy() {
    for (differences, expected) in [
        (&[0.012, 0.034, -0.008, 0.021, 0.027][..], 0.125),
        (&[1.2, 0.4, -0.3, 2.5, 0.9, 1.1, -0.1, 0.7], 0.0390625),
        (
            &[0.3, -0.2, 0.5, 0.5, 0.1, -0.4, 0.9, 0.2, 0.2, -0.1, 0.6, 0.4],
            0.04638671875,
        ),
    ] {
        assert_eq!(p(differences), expected);
    }
}

#[test]
fn seeds_bound_the_smallest_p() {
    for (n, least) in [(1, 1.0), (3, 0.25), (5, 0.0625), (10, 2.0 / 1024.0)] {
        let all_alike: Vec<f64> = (0..n).map(|i| 1.0 + f64::from(i)).collect();
        let test = SignFlip::of(&all_alike).unwrap();
        assert_eq!((test.p, test.least), (least, least), "{n}");
    }
    assert_eq!(p(&[0.0; 6]), 1.0);
    assert_eq!(SignFlip::of(&[]), None);
    assert_eq!(SignFlip::of(&[1.0, f64::NAN]), None);
}

/// Of differences that a row of the test set makes, many sums are equal but for rounding.
#[test]
fn equal_sums_are_equal() {
    let step = 1.0 / 30.0;
    let rows = [3.0, -1.0, 2.0, 0.0, 1.0, -2.0].map(|rows| rows * step);
    let whole = [3.0, -1.0, 2.0, 0.0, 1.0, -2.0];
    assert_eq!(p(&rows), p(&whole));
}

/// Where there are too many patterns to count, drawn ones give nearly the same.
#[test]
fn drawn_patterns_agree_with_counted_ones() {
    let differences: Vec<f64> = (0..24)
        .map(|i| f64::from((i * 7) % 11) - 4.0 + f64::from(i) / 50.0)
        .collect();
    let bound = differences.iter().sum::<f64>().abs();
    let (exact, about) = (counted(&differences, bound), drawn(&differences, bound));
    assert!((exact - about).abs() < 0.005, "{exact} {about}");
    let many = SignFlip::of(&[0.5; 40]).unwrap();
    assert_eq!(many.p, many.least);
}

proptest! {
    /// By the definition, pattern by pattern.
    #[test]
    fn it_is_the_share_of_patterns(differences in prop::collection::vec(-9..9_i32, 1..11)) {
        let observed = differences.iter().sum::<i32>().abs();
        let n = differences.len();
        let reached = (0..1_u32 << n).filter(|signs| {
            let sum: i32 = (0..n).map(|i| if signs >> i & 1 == 1 { differences[i] } else { -differences[i] }).sum();
            sum.abs() >= observed
        });
        let expected = reached.count() as f64 / f64::from(1_u32 << n);
        let given: Vec<f64> = differences.iter().map(|d| f64::from(*d) / 7.0).collect();
        prop_assert!((p(&given) - expected).abs() < 1e-12);
    }
}
