//! Every metric of the framework against a plain computation, on random logs: with gaps, joint runs, runs of one experience, runs that did
//! not finish, several streams and methods.

use crate::frames::{Frames, Observation, suite};
use crate::metrics::{Aggregate, Measured, Metric, measure};
use crate::suite::{Outcome, Suite};
use dentate_core::metrics::AccuracyMatrix;
use dentate_core::record::metric;
use proptest::prelude::*;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;

const TASKS: usize = 3;

/// The log of a run that learned in `experiences` experiences, with records left out at random.
fn log(seed: u64, experiences: usize, long: bool, gaps: f64) -> String {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(seed);
    let tasks = if long { 11 } else { TASKS };
    let experiences = if experiences == TASKS { tasks } else { experiences };
    let mut lines = Vec::new();
    let some = |rng: &mut rand_chacha::ChaCha8Rng| !rng.random_bool(gaps);
    let share = |rng: &mut rand_chacha::ChaCha8Rng| f64::from(rng.random_range(0..=20u32)) / 20.0;
    for task in 0..tasks {
        if some(&mut rng) {
            lines.push(format!("accuracy.untrained,0,0,{task},,{:?}", share(&mut rng)));
        }
    }
    let mut step = 0;
    for e in 0..experiences {
        for _ in 0..rng.random_range(0..3) {
            step += rng.random_range(0..50u64);
            for (name, most) in [
                ("parameters", 900),
                ("deaths", 3),
                ("edges", 9),
                ("growth", 5),
                ("replaced", 4),
            ] {
                if some(&mut rng) {
                    lines.push(format!(
                        "{name},{e},{step},,,{:?}",
                        f64::from(rng.random_range(0..=most))
                    ));
                }
            }
            for name in ["quantization-error.signals", "topographic-error", "loss"] {
                if some(&mut rng) {
                    let value = if rng.random_bool(0.05) {
                        f64::NAN
                    } else {
                        share(&mut rng)
                    };
                    lines.push(format!("{name},{e},{step},,,{value:?}"));
                }
            }
            for layer in ["codebook", "h1"] {
                if some(&mut rng) {
                    lines.push(format!(
                        "units,{e},{step},,{layer},{:?}",
                        f64::from(rng.random_range(0..9u32))
                    ));
                }
            }
            for task in 0..tasks {
                if some(&mut rng) {
                    lines.push(format!(
                        "accuracy.continual,{e},{step},{task},,{:?}",
                        share(&mut rng)
                    ));
                }
            }
        }
        for part in ["slots", "rows"] {
            if some(&mut rng) {
                lines.push(format!(
                    "memory-bytes,{e},{step},,{part},{:?}",
                    f64::from(rng.random_range(0..99u32))
                ));
            }
        }
        for layer in ["h1", "h2"] {
            if some(&mut rng) {
                lines.push(format!(
                    "plasticity.dead-units,{e},{step},,{layer},{:?}",
                    share(&mut rng)
                ));
            }
        }
        for task in 0..tasks {
            for name in [
                "accuracy",
                "accuracy.prequential",
                "squared-error",
                "quantization-error",
            ] {
                if some(&mut rng) {
                    lines.push(format!("{name},{e},{step},{task},,{:?}", share(&mut rng)));
                }
            }
        }
        for class in ["3", "8"] {
            if some(&mut rng) {
                lines.push(format!(
                    "reconstruction-error,{e},{step},0,{class},{:?}",
                    share(&mut rng)
                ));
            }
        }
        for name in ["reset-weight-change", "reset-function-change"] {
            if some(&mut rng) {
                lines.push(format!("{name},{e},{step},,fire,{:?}", share(&mut rng)));
            }
        }
        for name in ["updates", "compute", "multiply-adds", "solved"] {
            if some(&mut rng) {
                lines.push(format!("{name},{e},{step},,,1.0"));
            }
        }
    }
    lines.push("loss,9,99999,,,0.5".into());
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Some streams and methods over runs, some of which did not finish.
fn made(seed: u64, shapes: &[(usize, bool)], gaps: f64) -> Suite {
    let logs: Vec<String> = shapes
        .iter()
        .zip(seed..)
        .map(|((experiences, long), seed)| log(seed, *experiences, *long, gaps))
        .collect();
    let logs: Vec<&str> = logs.iter().map(String::as_str).collect();
    let mut suite = suite(TASKS, &logs).unwrap();
    let (method, stream) = (
        suite.manifest.methods[0].clone(),
        suite.manifest.streams[0].clone(),
    );
    for i in 1..3 {
        let mut method = method.clone();
        method.name = format!("m{i}");
        method.grows = i == 1;
        suite.manifest.methods.push(method);
    }
    let mut other = stream.clone();
    other.name = "other".into();
    suite.manifest.streams.push(other);
    for (i, run) in suite.runs.iter_mut().enumerate() {
        (run.method, run.stream) = (i % 3, (i / 6) % 2);
        run.entry.seed = (i / 3) as u64;
        if i % 7 == 5 {
            run.outcome = Outcome::Pending;
            run.log = Default::default();
        }
    }
    suite
}

/// One record of one run, in order.
fn rows(frames: &Frames, run: usize, name: &str) -> Vec<Observation> {
    frames
        .observations(name)
        .into_iter()
        .filter(|o| o.run == run)
        .collect()
}

fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.into_iter().collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// The last value of each task and item.
fn lasts(rows: &[Observation]) -> impl Iterator<Item = f64> {
    let mut last: BTreeMap<_, f64> = BTreeMap::new();
    for o in rows {
        last.insert((o.task, o.item.clone()), o.value);
    }
    last.into_values()
}

fn matrix(suite: &Suite, frames: &Frames, run: usize) -> AccuracyMatrix {
    let mut matrix = AccuracyMatrix::new(suite.manifest.streams[suite.runs[run].stream].tasks.len());
    for o in rows(frames, run, metric::ACCURACY) {
        matrix.set(o.experience, o.task.unwrap_or(0), o.value);
    }
    for o in rows(frames, run, metric::CONTINUAL_ACCURACY) {
        matrix.set_within(o.experience, o.task.unwrap_or(0), o.value);
    }
    for o in rows(frames, run, metric::UNTRAINED) {
        matrix.set_untrained(o.task.unwrap_or(0), o.value);
    }
    matrix
}

fn size_efficiency(rows: &[Observation], experiences: usize) -> Option<f64> {
    let after = |i: usize| {
        let last = rows.iter().rfind(|o| o.experience <= i);
        last.map(|o| o.value).filter(|v| *v > 0.0)
    };
    let first = after(0)?;
    let ratios: Option<Vec<f64>> = (0..experiences).map(|i| Some(first / after(i)?)).collect();
    Some(mean(ratios?)?.min(1.0))
}

/// For each boundary the number of signals until the error was back at its level in the first experience, if it ever was.
fn recoveries(windows: &[Observation]) -> Vec<Option<f64>> {
    let last = windows.last().map_or(0, |o| o.experience);
    let of = |e: usize| windows.iter().filter(move |o| o.experience == e);
    let first: Vec<f64> = of(0).map(|o| o.value).collect();
    let level = mean(first.iter().rev().take(10).copied()).filter(|level| !level.is_nan());
    let boundary = |e: usize| {
        let level = level?;
        let start = of(e - 1).next_back()?.step;
        let back = of(e).find(|o| o.value <= 1.5 * level);
        Some(back.map(|o| o.step.saturating_sub(start) as f64))
    };
    (1..=last).filter_map(boundary).collect()
}

/// The value of a metric of one run, if it exists.
fn oracle(suite: &Suite, frames: &Frames, run: usize, wanted: Metric) -> Option<f64> {
    let of = |name: &str| rows(frames, run, name);
    let own = |name: &str| {
        mean(
            of(name)
                .iter()
                .filter(|o| o.task == Some(o.experience))
                .map(|o| o.value),
        )
    };
    let values = |name: &str| of(name).into_iter().map(|o| o.value).collect::<Vec<f64>>();
    let grows = suite.manifest.methods[suite.runs[run].method].grows;
    let counts = |values: Vec<f64>, value: f64| (grows || !values.is_empty()).then_some(value);
    let matrix = matrix(suite, frames, run);
    let windows = of(metric::SIGNAL_ERROR);
    let labelled = own(metric::QUANTIZATION_ERROR).is_none();
    let boundaries = || {
        if labelled {
            Vec::new()
        } else {
            recoveries(&windows)
        }
    };
    let held = || {
        let mut parts: BTreeMap<usize, BTreeMap<Option<String>, f64>> = BTreeMap::new();
        for o in of(metric::MEMORY) {
            parts.entry(o.experience).or_default().insert(o.item, o.value);
        }
        parts
            .into_values()
            .map(|parts| parts.values().sum::<f64>())
            .collect::<Vec<f64>>()
    };
    match wanted {
        m if m == Metric::AVERAGE_ACCURACY => matrix.average_accuracy(),
        m if m == Metric::ANYTIME_ACCURACY => matrix.anytime_accuracy(),
        m if m == Metric::LEARNING_ACCURACY => matrix.learning_accuracy(),
        m if m == Metric::LEARNING_TREND => matrix.learning_trend(),
        m if m == Metric::BACKWARD_TRANSFER => matrix.backward_transfer(),
        m if m == Metric::FORWARD_TRANSFER => matrix.forward_transfer(),
        m if m == Metric::ONE_STEP_TRANSFER => matrix.one_step_backward_transfer(),
        m if m == Metric::FORGETTING => matrix.forgetting(),
        m if m == Metric::MIN_ACCURACY => matrix.min_accuracy(),
        m if m == Metric::WORST_CASE_ACCURACY => matrix.worst_case_accuracy(),
        m if m == Metric::INTRANSIGENCE => {
            let here = |i: &usize| suite.runs[*i].stream == suite.runs[run].stream;
            let all: Vec<usize> = (0..suite.runs.len()).filter(here).collect();
            let joint = all.iter().filter(|i| self::matrix(suite, frames, **i).is_joint());
            let method = joint.map(|i| suite.runs[*i].method).min()?;
            let same = |i: &&usize| {
                let other = &suite.runs[**i];
                other.method == method && other.entry.seed == suite.runs[run].entry.seed
            };
            matrix.intransigence(&self::matrix(suite, frames, *all.iter().find(same)?))
        }
        m if m == Metric::ONLINE_ACCURACY => {
            let mut rows = of(metric::PREQUENTIAL);
            if matrix.is_sequence() {
                rows.retain(|o| o.task <= Some(o.experience));
            }
            mean(rows.iter().map(|o| o.value))
        }
        m if m == Metric::LEARNING_ERROR => own(metric::SQUARED_ERROR),
        m if m == Metric::QUANTIZATION_ERROR => own(metric::QUANTIZATION_ERROR),
        m if m == Metric::TOPOGRAPHIC_ERROR => {
            mean(values(metric::TOPOGRAPHIC_ERROR).into_iter().rev().take(10))
        }
        m if m == Metric::SIZE_EFFICIENCY => {
            let sizes = of(metric::PARAMETERS);
            size_efficiency(&sizes, matrix.tasks()).filter(|_| matrix.is_sequence())
        }
        m if m == Metric::MEMORY => held().last().copied(),
        m if m == Metric::LARGEST_MEMORY => held().into_iter().reduce(f64::max),
        m if m == Metric::GROWTH_EDITS => {
            let edits = values(metric::GROWTH);
            let n = edits.len() as f64;
            counts(edits, n)
        }
        m if m == Metric::UNITS_BORN => {
            let edits = values(metric::GROWTH);
            let sum = edits.iter().sum();
            counts(edits, sum)
        }
        m if m == Metric::MAP_UNITS => of(metric::UNITS)
            .iter()
            .rfind(|o| o.item.as_deref() == Some("codebook"))
            .map(|o| o.value),
        m if m == Metric::UNITS_DIED => {
            let deaths = values(metric::DEATHS);
            let is_map = of(metric::UNITS)
                .iter()
                .any(|o| o.item.as_deref() == Some("codebook"));
            let any = !frames.observations(metric::DEATHS).is_empty();
            (!deaths.is_empty() || any && is_map).then(|| deaths.iter().sum())
        }
        m if m == Metric::RECOVERED => mean(
            boundaries()
                .iter()
                .map(|back| f64::from(u8::from(back.is_some()))),
        ),
        m if m == Metric::RECOVERY_TIME => mean(boundaries().into_iter().flatten()),
        plain => {
            let rows = of(plain.info().records[0]);
            match plain.info().aggregate? {
                Aggregate::Last => mean(lasts(&rows)),
                Aggregate::Mean => mean(rows.iter().map(|o| o.value)),
                Aggregate::Sum => (!rows.is_empty()).then(|| rows.iter().map(|o| o.value).sum()),
                Aggregate::Max => rows.iter().map(|o| o.value).reduce(f64::max),
            }
        }
    }
}

/// The runs and metrics at which frames and plain computation differ, and how many values agree.
fn compared(suite: &Suite) -> (Vec<String>, BTreeMap<Metric, usize>) {
    let frames = Frames::of(suite).unwrap();
    let measured: Vec<Measured> = measure(suite, &frames).unwrap();
    let (mut wrong, mut seen) = (Vec::new(), BTreeMap::new());
    for (run, measured) in measured.iter().enumerate() {
        for metric in Metric::all() {
            let finished = suite.runs[run].outcome == Outcome::Finished;
            let wanted = oracle(suite, &frames, run, metric).filter(|v| v.is_finite() && finished);
            let got = measured.values.get(&metric).copied();
            match (wanted, got) {
                (None, None) => {}
                (Some(wanted), Some(got)) if (wanted - got).abs() <= 1e-12 * wanted.abs().max(1.0) => {
                    *seen.entry(metric).or_default() += 1;
                }
                _ => wrong.push(format!(
                    "{metric:?} of run {run}: {got:?}, and by hand {wanted:?}"
                )),
            }
        }
    }
    (wrong, seen)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn frames_and_plain_computation_agree(
        seed in any::<u32>(),
        shapes in prop::collection::vec((prop_oneof![Just(1usize), Just(2), Just(TASKS)], prop::bool::weighted(0.2)), 0..14),
        gaps in prop_oneof![Just(0.0), Just(0.05), Just(0.4)],
    ) {
        let (wrong, _) = compared(&made(seed.into(), &shapes, gaps));
        prop_assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// The comparison is one: each metric that the logs can give is there, and existed.
#[test]
fn every_metric_is_put_to_the_test() {
    let shapes: Vec<(usize, bool)> = (0..14)
        .map(|i| ([TASKS, TASKS, 1, TASKS][i % 4], i == 7 || i == 9))
        .collect();
    let mut seen: BTreeMap<Metric, usize> = BTreeMap::new();
    for seed in 0..4 {
        let (wrong, more) = compared(&made(100 * seed, &shapes, if seed == 0 { 0.1 } else { 0.0 }));
        assert!(wrong.is_empty(), "{wrong:#?}");
        for (metric, count) in more {
            *seen.entry(metric).or_default() += count;
        }
    }
    // Of these, which are plain aggregates, no record is made up above.
    let unmade = [
        Metric::HIDDEN_UNITS,
        Metric::KNOWN_MINIMUM,
        Metric::DORMANT_UNITS,
        Metric::EFFECTIVE_RANK,
        Metric::WEIGHT_MAGNITUDE,
        Metric::ISOMETRY,
    ];
    for metric in Metric::all().filter(|metric| !unmade.contains(metric)) {
        assert!(seen.contains_key(&metric), "{metric:?} was never compared");
    }
}
