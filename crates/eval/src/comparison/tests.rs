use super::*;
use crate::frames::Frames;
use crate::metrics::measure;
use crate::statistics::Untested;
use crate::suite::tests_support::suite_of;

/// Three methods `m`, `control`, `joint` of the in-memory suite, by assigning every third run to the next.
fn three(logs: &[&str]) -> StreamComparison {
    let mut suite = suite_of(logs);
    for name in ["control", "joint"] {
        let mut method = suite.manifest.methods[0].clone();
        method.name = name.into();
        suite.manifest.methods.push(method);
    }
    suite.manifest.control = Some("control".into());
    for (i, run) in suite.runs.iter_mut().enumerate() {
        run.method = i % 3;
        run.entry.seed = (i / 3) as u64;
    }
    let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
    compare(&suite, &measured).remove(0)
}

fn sequence(accuracy: f64) -> String {
    format!(
        "accuracy,0,1,0,,{accuracy}\naccuracy,0,1,1,,0.5\naccuracy,1,2,0,,{accuracy}\naccuracy,1,2,1,,{accuracy}\n"
    )
}

fn joint(accuracy: f64) -> String {
    format!("accuracy,0,1,0,,{accuracy}\naccuracy,0,1,1,,{accuracy}\n")
}

#[test]
fn the_best_comes_first_and_a_joint_method_is_no_contender() {
    let seeds = [
        [0.90, 0.60, 0.99],
        [0.91, 0.62, 0.99],
        [0.90, 0.61, 0.99],
        [0.91, 0.61, 0.99],
        [0.90, 0.60, 0.99],
    ];
    let logs: Vec<String> = seeds
        .as_flattened()
        .iter()
        .enumerate()
        .map(|(i, a)| if i % 3 == 2 { joint(*a) } else { sequence(*a) })
        .collect();
    let c = three(&logs.iter().map(String::as_str).collect::<Vec<_>>());
    let roles: Vec<Role> = c.rows.iter().map(|r| r.role).collect();
    assert_eq!(roles, [Role::Contender, Role::Control, Role::Reference]);
    assert!((c.best(Metric::AVERAGE_ACCURACY).unwrap() - 0.904).abs() < 1e-12);
    assert_eq!(c.best(Metric::GROWTH_EDITS), None);
    let verdict = c.rows[0].against_control.unwrap();
    assert!((verdict.paired.difference.mean - 0.296).abs() < 1e-12);
    // One contender, one test: nothing to correct. Differences 0.30, 0.29, 0.29, 0.30, 0.30 with 4 degrees of freedom: t = 121.
    assert_eq!(verdict.adjusted, verdict.paired.p.ok());
    assert!(
        verdict.significant && verdict.adjusted.unwrap() < 1e-6,
        "{verdict:?}"
    );
    assert_eq!(c.rows[2].against_control.unwrap().adjusted, None);
    assert_eq!(c.lead.unwrap().row, 0);
    assert_eq!(c.lead.unwrap().runner_up.unwrap().0, 1);
}

#[test]
fn one_seed_settles_nothing() {
    let c = three(&[&sequence(0.9), &sequence(0.5), &joint(0.9)]);
    let verdict = c.rows[0].against_control.unwrap();
    assert_eq!((verdict.adjusted, verdict.significant), (None, false));
}

/// Two methods that do not differ, with few test rows: a difference that is the same on every seed is not significant.
#[test]
fn equal_differences_settle_nothing() {
    for (seeds, why) in [
        (2, Untested::TooFewSeeds),
        (4, Untested::TooFewSeeds),
        (6, Untested::NoSpread),
    ] {
        let logs: Vec<String> = (0..3 * seeds)
            .map(|i| match i % 3 {
                0 => format!("test-rows,0,0,0,,50.0\ntest-rows,0,0,1,,50.0\n{}", sequence(0.62)),
                1 => sequence(0.60),
                _ => joint(0.99),
            })
            .collect();
        let c = three(&logs.iter().map(String::as_str).collect::<Vec<_>>());
        let verdict = c.rows[0].against_control.unwrap();
        assert_eq!(
            (verdict.adjusted, verdict.significant),
            (None, false),
            "{seeds} seeds"
        );
        assert_eq!(verdict.paired.p, Err(why));
        let half = verdict.paired.difference.half_width.unwrap();
        assert!(half > 0.01, "{half}: one row of 100 may be luck");
        let (_, against_runner_up) = c.lead.unwrap().runner_up.unwrap();
        assert!(!against_runner_up.unwrap().significant);
    }
}

#[test]
fn a_stream_is_judged_by_what_was_recorded() {
    let solved = "solved,0,5,,,1.0\nhidden-units,0,5,,,3.0\n";
    assert_eq!(three(&[solved]).scoring, Scoring::Solving);
    assert_eq!(three(&["squared-error,0,5,0,,0.1\n"]).scoring, Scoring::Error);
    assert_eq!(three(&["loss,0,5,,,0.1\n"]).scoring, Scoring::Accuracy);
}
