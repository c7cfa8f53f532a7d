use super::difference::Test;
use super::*;
use proptest::prelude::*;

fn method(step: f64, values: &[(u64, f64)]) -> MethodValues {
    MethodValues {
        name: "m".into(),
        title: "M".into(),
        configuration: String::new(),
        chosen: BTreeMap::new(),
        step,
        values: values.iter().copied().collect(),
    }
}

fn suite_values(better: Option<Direction>, methods: Vec<MethodValues>) -> SuiteValues {
    let named = methods.into_iter().enumerate().map(|(i, m)| MethodValues {
        name: format!("m{i}"),
        ..m
    });
    SuiteValues {
        suite: "s".into(),
        title: "S".into(),
        when: String::new(),
        commit: None,
        version: String::new(),
        runs: 0,
        finished: 0,
        streams: vec![StreamValues {
            name: "one".into(),
            title: "One".into(),
            what: Vec::new(),
            metric: "average-accuracy".into(),
            measure: "average accuracy".into(),
            unit: Unit::Percent,
            better,
            methods: named.collect(),
        }],
    }
}

/// Critical values of Student's distribution at 97.5 %, from a printed table, by degrees of freedom from 4.
const CRITICAL: [f64; 6] = [2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

proptest! {
    /// The verdict of a single method is what the sums say: t beyond the tabulated bound, and the sign.
    #[test]
    fn a_verdict_is_that_of_a_plain_computation(
        pairs in prop::collection::vec((0.5..0.9_f64, -0.05..0.05_f64), 2..11), shift in -0.06..0.06_f64, higher: bool,
    ) {
        let before: Vec<(u64, f64)> = (1..).zip(pairs.iter().map(|p| p.0)).collect();
        let after: Vec<(u64, f64)> = (1..).zip(pairs.iter().map(|p| p.0 + shift + p.1)).collect();
        let better = if higher { Direction::Higher } else { Direction::Lower };
        let found = between(&suite_values(Some(better), vec![method(0.0, &before)]), &suite_values(Some(better), vec![method(0.0, &after)]));
        let change = &found.streams[0].rows[0];
        let n = pairs.len() as f64;
        let mean = pairs.iter().map(|p| shift + p.1).sum::<f64>() / n;
        let variance = pairs.iter().map(|p| (shift + p.1 - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let t = mean / (variance / n).sqrt();
        prop_assert!((change.difference.unwrap().estimate.mean - mean).abs() < 1e-12);
        if pairs.len() < 5 {
            prop_assert_eq!(change.verdict, Verdict::Open("too few seeds to tell"));
        } else {
            let bound = CRITICAL[pairs.len() - 5];
            prop_assume!((t.abs() - bound).abs() > 0.001);
            let expected = match (t.abs() > bound, (t > 0.0) == higher) {
                (false, _) => Verdict::Open("not significant"),
                (true, true) => Verdict::Better,
                (true, false) => Verdict::Worse,
            };
            prop_assert_eq!(change.verdict, expected);
        }
    }

    /// Before and after exchanged, better is worse, and intervals are mirrored.
    #[test]
    fn exchanged_sides_mirror_each_other(
        one in prop::collection::vec(0.1..0.9_f64, 5..8), other in prop::collection::vec(0.1..0.9_f64, 5..8), apart: bool,
    ) {
        let first = if apart { 101 } else { 1 };
        let one: Vec<(u64, f64)> = (1..).zip(one).collect();
        let other: Vec<(u64, f64)> = (first..).zip(other).collect();
        let side = |values: &[(u64, f64)]| suite_values(Some(Direction::Higher), vec![method(0.0, values)]);
        let (there, back) = (between(&side(&one), &side(&other)), between(&side(&other), &side(&one)));
        let (there, back) = (&there.streams[0].rows[0], &back.streams[0].rows[0]);
        let (a, b) = (there.difference.unwrap(), back.difference.unwrap());
        prop_assert_eq!(a.test, if apart { Test::Welch } else { Test::Paired });
        prop_assert!((a.estimate.mean + b.estimate.mean).abs() < 1e-12);
        prop_assert_eq!(a.p.map(|p| (p * 1e9).round()), b.p.map(|p| (p * 1e9).round()));
        let mirrored = match there.verdict {
            Verdict::Better => Verdict::Worse,
            Verdict::Worse => Verdict::Better,
            same => same,
        };
        prop_assert_eq!(back.verdict, mirrored);
    }
}

#[test]
fn tests_are_corrected_together() {
    let apart = |shift: f64| -> Vec<(u64, f64)> {
        let noise = [0.0, 0.01, -0.01, 0.02, -0.02];
        (1..)
            .zip(noise.map(|v| 0.5 + shift + v * (1.0 + shift)))
            .collect()
    };
    let before = suite_values(None, vec![method(0.0, &apart(0.0)); 4]);
    let after = suite_values(
        None,
        (0..4).map(|i| method(0.0, &apart(0.1 * f64::from(i)))).collect(),
    );
    let found = between(&before, &after);
    let rows = &found.streams[0].rows;
    assert_eq!(rows[0].verdict, Verdict::Unchanged);
    let p: Vec<f64> = rows[1..]
        .iter()
        .map(|row| row.difference.unwrap().p.unwrap())
        .collect();
    let corrected: Vec<f64> = rows[1..].iter().map(|row| row.adjusted.unwrap()).collect();
    assert_eq!(corrected, holm(&p));
    assert!(rows[1..].iter().all(|row| row.verdict == Verdict::Different));
}

#[test]
fn few_shared_seeds_are_two_samples() {
    let values = |first: u64, n: u64, step: f64| -> Vec<(u64, f64)> {
        (first..first + n)
            .map(|seed| (seed, 0.5 + step * (seed % 7) as f64))
            .collect()
    };
    let test = |one: &[(u64, f64)], other: &[(u64, f64)]| {
        let side = |v: &[(u64, f64)]| suite_values(Some(Direction::Higher), vec![method(0.0, v)]);
        let found = between(&side(one), &side(other));
        let d = found.streams[0].rows[0].difference.unwrap();
        (d.test, d.estimate.n, d.p.err())
    };
    let six = values(1, 6, 0.01);
    let few = Some(Untested::TooFewSeeds);
    // All shared, though few: seed by seed, and too few.
    assert_eq!(test(&six[..4], &values(1, 4, 0.02)), (Test::Paired, 4, few));
    // Enough are shared.
    assert_eq!(test(&six, &values(2, 6, 0.02)), (Test::Paired, 5, None));
    // Too few are shared: two samples of at least five.
    assert_eq!(test(&six, &values(4, 6, 0.01)), (Test::Welch, 6, None));
    assert_eq!(test(&six, &values(7, 4, 0.01)), (Test::Welch, 4, few));
}

#[test]
fn settings_that_differ_are_named() {
    let before = "hidden = [64]\nrate = 0.1\n[strategy]\nname = \"fixed\"\n[[mechanisms]]\ncapacity = 5\n";
    let after = "hidden = [64]\nrate = 0.2\n[strategy]\nname = \"fixed\"\nextra = true\n[[mechanisms]]\ncapacity = 6\n";
    assert_eq!(
        settings::of_tables(before, after),
        [
            "mechanisms 1.capacity: 5 → 6",
            "rate: 0.1 → 0.2",
            "strategy.extra: absent → true"
        ]
    );
    assert!(settings::of_tables(before, before).is_empty());
}
