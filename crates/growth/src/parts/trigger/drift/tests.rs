use super::*;

/// Looks at which a detector finds a drift.
fn found(drift: &Drift, trace: &[f64]) -> Vec<usize> {
    let mut watched = Watched::default();
    let each = trace.iter().enumerate();
    each.filter(|(_, x)| match drift.detector {
        Detector::PageHinkley => drift.page_hinkley(&mut watched, **x),
        Detector::Adwin => drift.adwin(&mut watched, **x),
    })
    .map(|(t, _)| t)
    .collect()
}

/// A deterministic wobble of ± 0.05 around `level`.
fn wobble(level: f64, n: usize) -> impl Iterator<Item = f64> {
    (0..n).map(move |t| level + 0.05 * ((t * 7 % 11) as f64 / 5.0 - 1.0))
}

/// Page–Hinkley by its definition, all sums worked out anew at every look.
fn by_definition(trace: &[f64], delta: f64, lambda: f64) -> Option<usize> {
    let mean = |t: usize| trace[..=t].iter().sum::<f64>() / (t + 1) as f64;
    let m = |t: usize| (0..=t).map(|i| trace[i] - mean(i) - delta).sum::<f64>();
    (0..trace.len()).find(|&t| {
        let least = (0..=t).map(m).fold(0.0, f64::min);
        m(t) - least > lambda
    })
}

#[test]
fn page_hinkley_is_what_its_definition_says() {
    let drift = Drift::default();
    let trace: Vec<f64> = wobble(0.5, 60).chain(wobble(0.9, 60)).collect();
    let first = by_definition(&trace, drift.delta, drift.lambda);
    assert!(first.is_some_and(|t| (60..75).contains(&t)), "{first:?}");
    assert_eq!(found(&drift, &trace).first().copied(), first);
    let calm: Vec<f64> = wobble(0.5, 400).collect();
    assert_eq!(by_definition(&calm, drift.delta, drift.lambda), None);
    assert_eq!(found(&drift, &calm), [0; 0]);
}

/// Both find a rise soon after it happened, and neither takes a fall for one.
#[test]
fn a_rise_is_found_and_a_fall_is_not() {
    for detector in [Detector::PageHinkley, Detector::Adwin] {
        let drift = Drift {
            detector,
            ..Drift::default()
        };
        let rise: Vec<f64> = wobble(0.5, 100).chain(wobble(2.5, 100)).collect();
        let at = found(&drift, &rise);
        assert!(
            at.first().is_some_and(|t| (100..125).contains(t)),
            "{detector:?}: {at:?}"
        );
        let fall: Vec<f64> = wobble(2.5, 100).chain(wobble(0.5, 100)).collect();
        assert_eq!(found(&drift, &fall), [0; 0], "{detector:?}");
    }
}

/// ADWIN's cut, against a loop over all cuts that works out each mean from the numbers.
#[test]
fn adwin_cuts_at_the_first_place_that_the_bound_allows() {
    let drift = Drift {
        detector: Detector::Adwin,
        ..Drift::default()
    };
    for jump in 0..60 {
        let losses: VecDeque<f64> = wobble(0.2, jump).chain(wobble(3.0, 60 - jump)).collect();
        let all: Vec<f64> = losses.iter().copied().collect();
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let variance = all.iter().map(|x| (x - mean(&all)).powi(2)).sum::<f64>() / 60.0;
        let wanted = (1..60).find(|&at| {
            let (n0, n1) = (at as f64, 60.0 - at as f64);
            let m = n0 * n1 / 60.0;
            let log = (2.0 * 60.0 / drift.delta).ln();
            (mean(&all[..at]) - mean(&all[at..])).abs()
                >= (2.0 * variance * log / m).sqrt() + 2.0 * log / (3.0 * m)
        });
        assert_eq!(drift.cut(&losses).map(|(at, _)| at), wanted, "jump at {jump}");
    }
}
