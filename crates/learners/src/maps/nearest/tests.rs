use super::{Found, nearest, squared_distance};
use dentate_core::Seed;
use proptest::prelude::*;
use rand::Rng;

/// All units sorted by a distance in double precision.
fn slowly(values: &[f32], signal: &[f32]) -> Vec<(f64, usize)> {
    let of = |p: &[f32]| p.iter().zip(signal).map(|(a, b)| f64::from(a - b).powi(2)).sum();
    let mut all: Vec<(f64, usize)> = values.chunks(signal.len()).map(of).zip(0..).collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn the_nearest_are_those_of_a_slow_search(
        units in 1usize..40, features in 1usize..300, wanted in 1usize..6, seed in 0u64..1000,
    ) {
        let mut random = Seed(seed).random();
        let mut draw = |n: usize| (0..n).map(|_| random.random_range(-1.0f32..1.0)).collect::<Vec<_>>();
        let (values, signal) = (draw(units * features), draw(features));
        let mut best = vec![Found::NONE; wanted];
        nearest(&values, &signal, None, &mut best);
        for (found, (squared, _)) in best.iter().zip(slowly(&values, &signal)) {
            prop_assert!((f64::from(found.squared) - squared).abs() <= 1e-4 * squared.max(1e-6));
            let own = squared_distance(&values[found.slot * features..][..features], &signal);
            prop_assert!((own - found.squared).abs() <= 1e-4 * own.max(1e-6));
        }
        prop_assert_eq!(best.iter().filter(|f| **f != Found::NONE).count(), wanted.min(units));
    }
}

#[test]
fn units_can_be_left_out_and_nothing_is_near_what_is_no_number() {
    let values = [0.0, 1.0, 2.0, 3.0];
    let mut best = [Found::NONE; 2];
    nearest(&values, &[0.1], Some(&[false, true, true, false]), &mut best);
    assert_eq!((best[0].slot, best[1].slot), (1, 2));
    nearest(&values, &[f32::NAN], None, &mut best);
    assert_eq!(best, [Found::NONE; 2]);
    nearest(&[1.0, 1.0, 1.0], &[1.0], None, &mut best);
    assert_eq!((best[0].slot, best[1].slot), (0, 1), "ties go to the lower slot");
}
