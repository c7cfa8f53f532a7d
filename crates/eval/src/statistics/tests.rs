use super::*;
use proptest::prelude::*;

mod alike;

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
    // Differences 1 to 5: t = 3 / (√2.5/√5) = 4.242641 with 4 degrees of freedom, two-sided p = 0.013236.
    let one: BTreeMap<u64, f64> = (1..=5).map(|i| (i, 2.0 * i as f64)).chain([(9, 0.0)]).collect();
    let other: BTreeMap<u64, f64> = (1..=5).map(|i| (i, i as f64)).chain([(8, 0.0)]).collect();
    let paired = Paired::of(&one, &other, 0.0).unwrap();
    assert_eq!((paired.difference.n, paired.difference.mean), (5, 3.0));
    assert!(near(paired.p.unwrap(), 0.013_236, 1e-6), "{paired:?}");
}

fn by_seed(values: &[f64]) -> BTreeMap<u64, f64> {
    (1..).zip(values.iter().copied()).collect()
}

#[test]
fn fewer_than_five_pairs_are_not_tested() {
    let zero = by_seed(&[0.0; 9]);
    for values in [
        &[0.5][..],
        &[0.5, 0.5],
        &[0.5, 0.51, 0.52],
        &[0.9, 0.91, 0.92, 0.93],
    ] {
        let paired = Paired::of(&by_seed(values), &zero, 0.001).unwrap();
        assert_eq!(paired.p, Err(Untested::TooFewSeeds));
        assert_eq!(paired.in_family(), None);
    }
    assert!(
        Paired::of(&by_seed(&[0.9, 0.91, 0.92, 0.93, 0.9]), &zero, 0.001)
            .unwrap()
            .p
            .is_ok()
    );
    assert_eq!(Paired::of(&BTreeMap::new(), &zero, 0.0), None);
}

/// Values that agree to the digit, or to less than a row, have no spread to test against, however many seeds there are.
#[test]
fn equal_differences_are_not_tested() {
    let zero = by_seed(&[0.0; 9]);
    let untested = |values: &[f64], step| Paired::of(&by_seed(values), &zero, step).unwrap().p;
    assert_eq!(untested(&[0.0; 9], 0.0), Err(Untested::NoSpread));
    assert_eq!(untested(&[0.02; 9], 0.02), Err(Untested::NoSpread));
    let one_row_off = [0.02, 0.02, 0.02, 0.02, 0.02, 0.04];
    assert_eq!(untested(&one_row_off, 0.02), Err(Untested::NoSpread));
    assert!(untested(&[0.0, 0.02, 0.04, 0.06, 0.08, 0.1], 0.02).is_ok());
    // 0.98 - 0.96 and 0.96 - 0.94 are not the same number.
    let high = by_seed(&[0.98, 0.96, 0.94, 0.92, 0.9, 0.88]);
    let low = by_seed(&[0.96, 0.94, 0.92, 0.9, 0.88, 0.86]);
    let paired = Paired::of(&high, &low, 0.0).unwrap();
    assert_eq!(paired.p, Err(Untested::NoSpread));
    assert_eq!(paired.difference.interval(), None, "no width is no interval");
}

#[test]
fn an_interval_is_never_narrower_than_steps_allow() {
    let half = |values: &[f64], step| Estimate::stepped(values, step).unwrap().half_width.unwrap();
    // n 3: t(0.975, 2) = 4.302653 steps over √3.
    assert!(near(half(&[0.5; 3], 0.01), 0.024_841, 1e-6));
    assert!(near(half(&[0.5; 3], 0.0), 0.0, 1e-12));
    assert_eq!(half(&[0.5, 0.6, 0.7], 0.01), half(&[0.5, 0.6, 0.7], 0.0));
    assert_eq!(
        Estimate::stepped(&[0.5; 3], 0.01).unwrap().sd,
        Some(0.0),
        "the spread that was seen"
    );
}

/// A difference without spread was a candidate, so it counts among those that are corrected together.
#[test]
fn what_has_no_spread_stays_in_the_family() {
    let zero = by_seed(&[0.0; 6]);
    let paired = Paired::of(&by_seed(&[0.02; 6]), &zero, 0.02).unwrap();
    assert_eq!(paired.in_family(), Some(1.0));
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
    fn swapping_the_two_turns_the_sign(values in prop::collection::vec((0.0..1.0_f64, 0.0..1.0_f64), 2..12)) {
        let one: BTreeMap<u64, f64> = (0..).zip(values.iter().map(|v| v.0)).collect();
        let other: BTreeMap<u64, f64> = (0..).zip(values.iter().map(|v| v.1)).collect();
        let (a, b) = (Paired::of(&one, &other, 0.0).unwrap(), Paired::of(&other, &one, 0.0).unwrap());
        prop_assert!((a.difference.mean + b.difference.mean).abs() < 1e-12);
        prop_assert_eq!(a.p.is_ok(), values.len() >= FEWEST);
        prop_assert!((a.in_family().unwrap_or(1.0) - b.in_family().unwrap_or(1.0)).abs() < 1e-9);
    }
}
