use super::*;
use proptest::prelude::*;

/// With SciPy 1.17.1: `c = t.ppf(1 - a / 2, n - 1)`, then
/// `nct.sf(c, n - 1, d * np.sqrt(n)) + nct.cdf(-c, n - 1, d * np.sqrt(n))`.
#[test]
fn it_is_that_of_scipy() {
    for (n, effect, level, expected) in [
        (2, 1.0, 0.05, 0.09280915505633605),
        (3, 1.5, 0.05, 0.31638186155915066),
        (5, 1.0, 0.05, 0.40138991737179536),
        (5, 2.0, 0.05, 0.9088848681009404),
        (8, 1.0, 0.01, 0.3478113581383198),
        (20, 0.5, 0.05, 0.564504418439021),
        (100, 0.3, 0.05, 0.8439471027374162),
        (1000, 0.05, 0.05, 0.352045012645621),
    ] {
        let value = power(n, effect, level);
        assert!((value - expected).abs() < 1e-6, "{n} {effect} {level}: {value}");
    }
}

/// `brentq(lambda d: power(n, d, a) - 0.8, …)` with the power above.
#[test]
fn what_can_be_detected_is_that_of_scipy() {
    for (n, level, expected) in [
        (3, 0.05, 3.2640435496991),
        (5, 0.05, 1.6819969659555),
        (5, 0.05 / 3.0, 2.2916492051408),
        (8, 0.05, 1.1560346779947),
        (20, 0.05, 0.6604416546230),
    ] {
        let value = detectable(n, level).unwrap();
        assert!((value - expected).abs() < 1e-5, "{n} at {level}: {value}");
    }
    assert_eq!(detectable(1, 0.05), None);
}

#[test]
fn the_seeds_it_takes_are_those_of_scipy() {
    for (effect, level, expected) in [
        (1.0, 0.05, 10),
        (0.5, 0.05, 34),
        (0.2, 0.05, 199),
        (1.0, 0.05 / 3.0, 14),
    ] {
        assert_eq!(seeds_needed(effect, level), Some(expected), "{effect} at {level}");
    }
    assert_eq!(seeds_needed(5.0, 0.05), Some(FEWEST), "no test is made of fewer");
    assert_eq!(seeds_needed(0.01, 0.05), None);
    assert_eq!(seeds_needed(0.0, 0.05), None);
}

/// Under no difference the power is the level: the density integrates to 1, and both tails count.
#[test]
fn of_no_difference_the_power_is_the_level() {
    for n in [2, 3, 5, 30, 4000] {
        for level in [0.05, 0.001] {
            let value = power(n, 0.0, level);
            assert!((value - level).abs() < 1e-6, "{n} at {level}: {value}");
        }
    }
    assert_eq!(power(1, 3.0, 0.05), 0.0);
}

proptest! {
    #[test]
    fn it_rises_with_seeds_and_with_the_difference(n in 2..40_usize, effect in 0.1..3.0_f64) {
        let here = power(n, effect, 0.05);
        prop_assert!(power(n + 1, effect, 0.05) >= here - 1e-9);
        prop_assert!(power(n, effect * 1.1, 0.05) >= here - 1e-9);
    }
}
