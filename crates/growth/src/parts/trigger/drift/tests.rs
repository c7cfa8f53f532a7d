use super::*;
use crate::parts::AnyPart;
use dentate_core::Seed;
use proptest::prelude::*;
use rand::Rng;
use rand_distr::{Distribution, Exp1, LogNormal, Normal, Pareto, StandardNormal, StudentT};
use std::collections::VecDeque;

const DETECTORS: [Detector; 2] = [Detector::PageHinkley, Detector::Adwin];

fn with(detector: Detector) -> Drift {
    Drift {
        detector,
        ..Drift::default()
    }
}

/// Checks at which a detector finds a drift.
fn found(drift: &Drift, trace: impl IntoIterator<Item = f64>) -> Vec<usize> {
    let mut watched = DriftState::default();
    let each = trace.into_iter().enumerate();
    each.filter(|(_, loss)| drift.detect(&mut watched, *loss))
        .map(|(t, _)| t)
        .collect()
}

/// An endless series of losses of one distribution.
type Losses = Box<dyn FnMut() -> f64>;

/// Stationary losses by name: those typical of mini-batches, and distributions with heavier tails.
fn stationary(seed: u64) -> Vec<(&'static str, Losses)> {
    fn draw<D: Distribution<f64> + 'static>(seed: u64, distribution: D) -> Losses {
        let mut rng = Seed(seed).random();
        Box::new(move || distribution.sample(&mut rng))
    }
    vec![
        ("normal", draw(seed, Normal::new(5.0, 1.0).unwrap())),
        ("exponential", draw(seed, Exp1)),
        ("log-normal", draw(seed, LogNormal::new(0.0, 1.0).unwrap())),
        ("wide log-normal", draw(seed, LogNormal::new(0.0, 2.0).unwrap())),
        (
            "Student's t",
            draw(seed, StudentT::new(3.0).unwrap().map(f64::abs)),
        ),
        ("Pareto", draw(seed, Pareto::new(1.0, 1.5).unwrap())),
    ]
}

/// The rate that the module states: less than one false alarm in 10,000 checks, whatever the distribution.
#[test]
fn a_stationary_loss_hardly_ever_raises_an_alarm() {
    // The cost of a check of ADWIN is proportional to its window.
    for (detector, looks) in [(Detector::PageHinkley, 400_000), (Detector::Adwin, 40_000)] {
        for (name, mut losses) in stationary(1) {
            let alarms = found(&with(detector), (0..looks).map(|_| losses())).len();
            assert!(
                alarms * 10_000 < looks,
                "{detector:?}: {alarms} alarms in {looks} {name} losses"
            );
        }
    }
}

/// The complement of the rate above: a change is found, and soon.
#[test]
fn a_rise_is_found_and_a_fall_is_not() {
    for (detector, within) in [(Detector::PageHinkley, 20), (Detector::Adwin, 90)] {
        let mut rng = Seed(3).random();
        let mut around = |level: f64, looks: usize| -> Vec<f64> {
            (0..looks)
                .map(|_| level + 0.1 * rng.sample::<f64, _>(StandardNormal))
                .collect()
        };
        for rise in [0.2, 2.0] {
            let trace = [around(1.5, 400), around(1.5 + rise, 200)].concat();
            let at = found(&with(detector), trace);
            let soon = at.first().is_some_and(|t| (400..400 + within).contains(t));
            assert!(soon, "{detector:?}: a rise of {rise} was found at {at:?}");
            assert_eq!(at.len(), 1, "{detector:?}: one rise is one drift, not {at:?}");
        }
        let trace = [around(3.5, 400), around(1.5, 400)].concat();
        assert_eq!(found(&with(detector), trace), [0; 0], "{detector:?}");
    }
}

/// A loss that falls as training losses do, and one that is constant.
#[test]
fn neither_training_nor_a_constant_is_a_drift() {
    for detector in DETECTORS {
        let mut rng = Seed(5).random();
        let falling = (0..5000).map(|t| {
            let level = 0.1 + 2.2 * (-f64::from(t) / 300.0).exp();
            level * rng.sample::<f64, _>(Exp1)
        });
        assert_eq!(found(&with(detector), falling), [0; 0], "{detector:?}");
        assert_eq!(found(&with(detector), vec![0.1; 2000]), [0; 0], "{detector:?}");
    }
}

/// Page–Hinkley by its definition: sums, means and deviations computed anew at every check, as weighted sums over all
/// losses.
fn by_definition(losses: &[f64], drift: &Drift) -> Option<usize> {
    let z = |t: usize| {
        // The weight of the i-th of t losses: each later update scales it by one minus its gain.
        let gain = |i: usize| 1.0 / ((i + 1).min(drift.window) as f64);
        let weight = |i: usize| gain(i) * (i + 1..t).map(|j| 1.0 - gain(j)).product::<f64>();
        let mean: f64 = (0..t).map(|i| weight(i) * losses[i]).sum();
        let square: f64 = (0..t).map(|i| weight(i) * losses[i] * losses[i]).sum();
        ((losses[t] - mean) / (square - mean * mean).sqrt()).clamp(-3.0, 3.0)
    };
    let mut sums = vec![0.0];
    for t in 30..losses.len() {
        sums.push(sums.last().unwrap() + z(t) - drift.slack);
        let least = sums.iter().copied().fold(f64::INFINITY, f64::min);
        if sums.last().unwrap() - least > drift.threshold {
            return Some(t);
        }
    }
    None
}

#[test]
fn page_hinkley_is_what_its_definition_says() {
    for window in [40, 512] {
        let drift = Drift {
            window,
            ..Drift::default()
        };
        let mut rng = Seed(7).random();
        let mut noise = || 0.3 * rng.sample::<f64, _>(StandardNormal);
        let trace: Vec<f64> = (0..200)
            .map(|t| noise() + if t < 120 { 1.0 } else { 1.9 })
            .collect();
        let first = by_definition(&trace, &drift);
        assert!(first.is_some_and(|t| t > 120), "{first:?}");
        assert_eq!(found(&drift, trace).first().copied(), first);
    }
}

/// ADWIN's cut, compared with a loop over all cuts that computes each mean from the numbers.
#[test]
fn adwin_cuts_at_the_first_place_that_the_bound_allows() {
    let confidence: f64 = 0.002;
    let mut cuts = 0;
    for jump in 0..200 {
        let values: VecDeque<f64> = (0..200)
            .map(|t| 0.05 * ((t * 7 % 11) as f64 / 5.0 - 1.0) + if t < jump { 2.0 } else { 30.0 })
            .collect();
        let all: Vec<f64> = values.iter().copied().collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let variance = all.iter().map(|x| (x - mean(&all)).powi(2)).sum::<f64>() / 200.0;
        let range =
            all.iter().copied().fold(f64::MIN, f64::max) - all.iter().copied().fold(f64::MAX, f64::min);
        let wanted = (1..200).find(|&at| {
            let (n0, n1) = (at as f64, 200.0 - at as f64);
            let m = n0 * n1 / 200.0;
            let log = (2.0 * 200.0 / confidence).ln();
            (mean(&all[..at]) - mean(&all[at..])).abs()
                >= (2.0 * variance * log / m).sqrt() + 2.0 * range * log / (3.0 * m)
        });
        cuts += usize::from(wanted.is_some());
        assert_eq!(
            adwin::cut(&values, confidence).map(|(at, _)| at),
            wanted,
            "jump at {jump}"
        );
    }
    assert!((50..200).contains(&cuts), "{cuts} of 200 jumps are cuts");
}

proptest! {
    /// A loss in other units gives the same alarms. Powers of two keep the arithmetic exact.
    #[test]
    fn alarms_do_not_depend_on_the_scale(seed: u64, power in -20i32..20, rise in 0.0..5.0) {
        let mut rng = Seed(seed).random();
        let trace: Vec<f64> = (0..400)
            .map(|t| rng.sample::<f64, _>(Exp1) + if t < 200 { 0.0 } else { rise })
            .collect();
        for detector in DETECTORS {
            let scaled = trace.iter().map(|x| x * f64::from(power).exp2());
            prop_assert_eq!(found(&with(detector), trace.iter().copied()), found(&with(detector), scaled));
        }
    }
}

/// Every window that is accepted finds the sharpest possible jump; one well below the shortest finds none.
#[test]
fn windows_that_could_never_fire_are_refused() {
    let jump = |window: usize| {
        let wobble = |t: usize| if t.is_multiple_of(2) { 1e-6 } else { -1e-6 };
        (0..8 * window.max(60)).map(move |t| wobble(t) + if t < 4 * window.max(60) { 1.0 } else { 2.0 })
    };
    let settings = [(0.5, 20.0, 0.002), (0.1, 5.0, 0.5), (1.5, 60.0, 1e-6)];
    for (slack, threshold, confidence) in settings {
        for detector in DETECTORS {
            let of = |window: usize| Drift {
                detector,
                slack,
                threshold,
                confidence,
                window,
            };
            let least = (2..5000).find(|w| of(*w).validate().is_ok()).unwrap();
            // The formula of Page–Hinkley approximates a sum by an integral, hence the third above it.
            let above = least + least / 3;
            assert!(
                !found(&of(above), jump(above)).is_empty(),
                "{:?} never fires",
                of(above)
            );
            let below = least * 3 / 4;
            assert_eq!(found(&of(below), jump(below)), [0; 0], "{:?} fires", of(below));
            let error = of(below).validate().unwrap_err().to_string();
            assert!(
                error.contains("window") && error.contains("never fire"),
                "{error}"
            );
        }
    }
    let two = Drift {
        window: 2,
        ..Drift::default()
    };
    assert!(two.validate().is_err());
}

/// The first check at which a run can raise an alarm: runs with fewer are refused.
#[test]
fn no_alarm_comes_sooner_than_the_soonest() {
    for (slack, threshold) in [(0.5, 20.0), (0.1, 5.0), (1.5, 60.0)] {
        let drift = Drift {
            slack,
            threshold,
            window: 100_000,
            ..Drift::default()
        };
        let soonest = page_hinkley::soonest(slack, threshold) as usize;
        let trace = (0..200).map(|t| match t {
            0..30 => 1.0 + 1e-9 * (t % 2) as f64,
            // Each above all earlier ones, so that it is clamped.
            _ => 10f64.powi(t - 28),
        });
        assert_eq!(found(&drift, trace).first(), Some(&(soonest - 1)), "{drift:?}");
    }
}
