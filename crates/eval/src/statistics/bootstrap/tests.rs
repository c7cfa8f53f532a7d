use super::*;
use proptest::prelude::*;

const FIVE: [f64; 5] = [0.012, 0.034, -0.008, 0.021, 0.027];
const EIGHT: [f64; 8] = [1.2, 0.4, -0.3, 2.5, 0.9, 1.1, -0.1, 0.7];

/// `scipy.stats.bootstrap((d,), np.mean, n_resamples=2_000_000, method="BCa", rng=np.random.default_rng(1))` of SciPy 1.17.1 gives
/// (0.0018, 0.0274) and (0.325, 1.475).
#[test]
fn it_is_that_of_scipy() {
    for (values, low, high) in [(&FIVE[..], 0.0018, 0.0274), (&EIGHT, 0.325, 1.475)] {
        let many = bca(values, 400_000, &mut Random(1)).unwrap();
        // Means of so few values lie on a grid: neighbouring quantiles differ by a step of it.
        let width = high - low;
        assert!((many.low - low).abs() < 0.01 * width, "{many:?}");
        assert!((many.high - high).abs() < 0.01 * width, "{many:?}");
        let usual = Bootstrap::of(values).unwrap();
        assert!((usual.low - low).abs() < 0.06 * width, "{usual:?}");
        assert!((usual.high - high).abs() < 0.06 * width, "{usual:?}");
        assert_eq!(usual.resamples, 9_999);
    }
}

/// The share of samples of normal values whose interval covers their mean: what the documentation says of few seeds.
#[test]
fn few_seeds_are_covered_less_than_promised() {
    let mut random = Random(5);
    let mut normal = || {
        let of = |random: &mut Random| (random.bits() >> 11) as f64 / (1_u64 << 53) as f64;
        (0..12).map(|_| of(&mut random)).sum::<f64>() - 6.0
    };
    for (n, about) in [(5, 0.83), (10, 0.90), (20, 0.93)] {
        let covers = (0..600).filter(|i| {
            let values: Vec<f64> = (0..n).map(|_| normal()).collect();
            let interval = bca(&values, 999, &mut Random(*i)).unwrap();
            interval.low <= 0.0 && 0.0 <= interval.high
        });
        let share = covers.count() as f64 / 600.0;
        // Four standard errors of a share of six hundred.
        assert!((share - about).abs() < 0.06, "{n} values: {share}");
    }
}

#[test]
fn nothing_is_made_from_too_little() {
    assert_eq!(Bootstrap::of(&[]), None);
    assert_eq!(Bootstrap::of(&FIVE[..4]), None);
    assert_eq!(Bootstrap::of(&[0.3; 7]), None, "no spread");
    assert_eq!(Bootstrap::of(&[0.1, 0.2, f64::NAN, 0.3, 0.4]), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn it_lies_among_the_values_and_repeats(values in prop::collection::vec(-1.0..1.0_f64, 5..12)) {
        let interval = Bootstrap::of(&values).unwrap();
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        prop_assert!(least <= interval.low && interval.low < interval.high && interval.high <= most);
        prop_assert_eq!(Bootstrap::of(&values), Some(interval));
        // The same in another place, to rounding.
        let moved: Vec<f64> = values.iter().map(|v| v + 8.0).collect();
        let other = Bootstrap::of(&moved).unwrap();
        prop_assert!((other.low - interval.low - 8.0).abs() < 1e-9, "{:?} {:?}", other, interval);
    }
}
