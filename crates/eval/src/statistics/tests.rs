use super::*;
use proptest::prelude::*;

fn near(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

#[test]
fn the_interval_is_the_hand_computed_one() {
    // mean 2, sd 1, n 3: t(0.975, 2) = 4.302653, so the half width is 4.302653 / √3 = 2.484138.
    let e = Estimate::of(&[1.0, 2.0, 3.0]).unwrap();
    assert_eq!((e.n, e.mean, e.sd), (3, 2.0, Some(1.0)));
    assert!(near(e.half_width.unwrap(), 2.484_138, 1e-5), "{e:?}");
    // n 2: t(0.975, 1) = 12.706205; sd of {0, 1} is √½, over √2 gives ½.
    let e = Estimate::of(&[0.0, 1.0]).unwrap();
    assert!(near(e.half_width.unwrap(), 6.353_102, 1e-4), "{e:?}");
}

#[test]
fn one_seed_has_no_interval_and_none_has_no_mean() {
    assert_eq!(Estimate::of(&[0.5]).unwrap().interval(), None);
    assert_eq!(Estimate::of(&[]), None);
    assert_eq!(Estimate::of(&[f64::NAN]), None);
}

#[test]
fn the_paired_test_is_the_hand_computed_one() {
    // Differences 1, 2, 3: t = 2 / (1/√3) = 3.464102 with 2 degrees of freedom, two-sided p = 0.074180.
    let one = BTreeMap::from([(1, 2.0), (2, 4.0), (3, 6.0), (9, 0.0)]);
    let other = BTreeMap::from([(1, 1.0), (2, 2.0), (3, 3.0), (8, 0.0)]);
    let paired = Paired::of(&one, &other).unwrap();
    assert_eq!((paired.difference.n, paired.difference.mean), (3, 2.0));
    assert!(near(paired.p.unwrap(), 0.074_180, 1e-6), "{paired:?}");
}

#[test]
fn equal_differences_are_the_limit() {
    let zero = BTreeMap::from([(1, 0.1), (2, 0.1)]);
    assert_eq!(Paired::of(&zero, &zero).unwrap().p, Some(1.0));
    let half = BTreeMap::from([(1, 0.5), (2, 0.5)]);
    assert_eq!(Paired::of(&half, &zero).unwrap().p, Some(0.0));
    assert_eq!(Paired::of(&half, &BTreeMap::new()), None);
    assert_eq!(Paired::of(&half, &BTreeMap::from([(1, 0.0)])).unwrap().p, None);
}

#[test]
fn holm_steps_down() {
    // Sorted 0.01, 0.03, 0.04 times 3, 2, 1 gives 0.03, 0.06, 0.04, made monotone: 0.03, 0.06, 0.06.
    let adjusted = holm(&[0.04, 0.01, 0.03]);
    for (got, expected) in adjusted.iter().zip([0.06, 0.03, 0.06]) {
        assert!(near(*got, expected, 1e-12), "{adjusted:?}");
    }
    assert_eq!(holm(&[0.6, 0.7]), [1.0, 1.0]);
    assert!(holm(&[]).is_empty());
}

#[test]
fn the_median_is_the_middle() {
    assert_eq!(median(&[]), None);
    assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
    assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), Some(2.5));
}

proptest! {
    #[test]
    fn the_interval_contains_the_mean(values in prop::collection::vec(0.0..1.0_f64, 2..12)) {
        let e = Estimate::of(&values).unwrap();
        let (low, high) = e.interval().unwrap();
        prop_assert!(low <= e.mean && e.mean <= high);
    }

    #[test]
    fn it_widens_as_seeds_fall(n in 2..20_usize, sd in 0.01..1.0_f64) {
        // Two points at ±sd, repeated: the spread stays and the number of seeds falls.
        let width = |pairs: usize| {
            let values: Vec<f64> = (0..2 * pairs).map(|i| if i % 2 == 0 { sd } else { -sd }).collect();
            Estimate::of(&values).unwrap().half_width.unwrap()
        };
        prop_assert!(width(n - 1) > width(n));
    }

    #[test]
    fn holm_never_lowers_and_keeps_the_order(p in prop::collection::vec(0.0..1.0_f64, 1..8)) {
        let adjusted = holm(&p);
        for i in 0..p.len() {
            prop_assert!(adjusted[i] >= p[i] && adjusted[i] <= 1.0);
            for j in 0..p.len() {
                prop_assert!(p[i] > p[j] || adjusted[i] <= adjusted[j]);
            }
        }
    }

    #[test]
    fn swapping_the_two_turns_the_sign(values in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 2..8)) {
        let one: BTreeMap<u64, f64> = (0..).zip(values.iter().map(|v| v.0)).collect();
        let other: BTreeMap<u64, f64> = (0..).zip(values.iter().map(|v| v.1)).collect();
        let (a, b) = (Paired::of(&one, &other).unwrap(), Paired::of(&other, &one).unwrap());
        prop_assert!((a.difference.mean + b.difference.mean).abs() < 1e-12);
        prop_assert!((a.p.unwrap() - b.p.unwrap()).abs() < 1e-9);
    }
}
