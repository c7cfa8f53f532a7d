//! Every documented measure occurs in a report on real runs, or the report explains its absence.

use crate::place::{COLUMNS, Place, SUITE, said};
use dentate_eval::metrics::Metric;
use std::collections::BTreeSet;
use std::fs;

/// Small runs of all kinds: tasks in sequence and evaluated before they are learned, growth, turnover, a function, a
/// regression, maps, an autoencoder.
pub(crate) const EVERYTHING: &str = r#"
seeds = 1
[evaluation]
points = 2
every = 10
sample = 20
plasticity = true
[defaults]
hidden = [12, 8]
batch = 10
[[stream]]
name = "permuted"
kind = "permuted"
tasks = 10
scenario = "domain-incremental"
data = { kind = "digits", train = 200, test = 60 }
[[stream]]
name = "classes"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits", train = 200, test = 60 }
[[stream]]
name = "function"
kind = "problem"
problem = "xor"
[[stream]]
name = "regression"
kind = "bit-flip"
experiences = 2
train = 50
test = 20
[[stream]]
name = "points"
kind = "moving"
motion = "jump"
phases = 2
train = 3000
[[method]]
name = "grows"
streams = ["permuted", "function"]
budget = { updates = 40 }
track_survival = 5
track_newborn_gradients = true
strategy = { name = "composed", every = 5, trigger = { name = "every", checks = 1 }, survival = { name = "random-death", probation = 10, share = 0.5 } }
[[method]]
name = "replaces"
streams = ["permuted"]
track_resets = true
strategy = { name = "continual-backprop", replacement_rate = 0.05, maturity = 5 }
[[method]]
name = "joint"
streams = ["permuted"]
protocol = "joint"
[[method]]
name = "fixed"
streams = ["regression"]
[[method]]
name = "gas"
streams = ["points"]
learner = "growing-neural-gas-utility"
max_units = 20
[[method]]
name = "autoencoder"
streams = ["classes"]
learner = "neurogenesis-deep-learning"
widths = [10, 5]
max_units = [2, 2]
pretraining = { level = 5, whole = 5 }
plasticity = 2
stability = 2
wiring = 2
max_rounds = 1
batch = 10
"#;

/// The first cells of the tables of the page on metrics.
fn documented() -> BTreeSet<String> {
    let page = include_str!("../../../docs/metrics.md");
    let cells = page
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let names = cells.filter(|cell| {
        !["name", "reason", "seeds", "smallest difference"].contains(cell) && !cell.starts_with(['-', '`'])
    });
    names.map(str::to_owned).collect()
}

#[test]
fn every_documented_measure_occurs_in_a_suite() {
    let place = Place::with(EVERYTHING);
    let output = place.bench(&[]);
    assert!(output.status.success(), "{}", said(&output));
    let folder = place.path().join("results/tiny");
    dentate_eval::report(&folder).unwrap();
    let metrics = fs::read_to_string(folder.join("metrics.csv")).unwrap();
    let measured: BTreeSet<&str> = metrics
        .lines()
        .filter_map(|line| line.split(',').nth(4))
        .collect();
    let missing: Vec<&str> = Metric::all()
        .map(Metric::name)
        .filter(|name| !measured.contains(name))
        .collect();
    assert!(
        missing.is_empty(),
        "listed in every report, and measured nowhere: {missing:?}"
    );

    // What is not one number of a run stands in the records.
    let records: String = place
        .records()
        .into_iter()
        .map(|(_, _, records)| records)
        .collect();
    for metric in [
        "reconstruction-error,",
        "reconstruction-error.level,",
        "unit.activity,",
        "unit.death,",
        "unit.gradient-share,",
        "accuracy.continual,",
        "accuracy.class,",
        "confusion,",
        "memory-bytes,",
    ] {
        assert!(records.contains(&format!("\n{metric}")), "{metric}");
    }
    assert!(folder.join("survival.csv").is_file());
    let listed = [
        "reconstruction error of a class",
        "reconstruction error of a level",
    ];
    let known = |name: &str| Metric::all().any(|m| m.title() == name) || listed.contains(&name);
    let unknown: Vec<String> = documented().into_iter().filter(|name| !known(name)).collect();
    assert!(
        unknown.is_empty(),
        "documented under a name that no report has: {unknown:?}"
    );
}

/// Records of one metric: task and value.
fn of(records: &str, metric: &str) -> Vec<(u32, f64)> {
    let lines = records
        .lines()
        .filter_map(|line| line.strip_prefix(&format!("{metric},")));
    lines
        .map(|line| {
            let fields: Vec<&str> = line.split(',').collect();
            assert_eq!(fields[1], "0", "it is measured before the first update");
            (fields[2].parse().unwrap(), fields[4].parse().unwrap())
        })
        .collect()
}

/// Before the first update, once, and of every task for which the network has an output then.
#[test]
fn the_untrained_network_is_measured_where_it_can_answer() {
    for (scenario, tasks, why) in [
        ("domain-incremental", 5, ""),
        ("task-incremental", 1, "a task's head comes with the task"),
        (
            "class-incremental",
            1,
            "outputs for a task's classes come with the task",
        ),
    ] {
        // Columns want to be told the task, or to tell it by its classes.
        let suite = SUITE
            .replace("class-incremental", scenario)
            .replace(COLUMNS, "mechanisms = [{ name = \"shrink-and-perturb\" }]");
        let place = Place::with(&suite);
        let output = place.bench(&[]);
        assert!(output.status.success(), "{}", said(&output));
        for (method, seed, records) in place.records() {
            let untrained = of(&records, "accuracy.untrained");
            let found: Vec<u32> = untrained.iter().map(|(task, _)| *task).collect();
            assert_eq!(
                found,
                (0..tasks).collect::<Vec<_>>(),
                "{scenario} {method} {seed}"
            );
            assert!(untrained.iter().all(|(_, a)| (0.0..=1.0).contains(a)));
            let rows = of(&records, "test-rows");
            assert_eq!(
                rows.iter().map(|(_, n)| n).sum::<f64>(),
                100.0,
                "{scenario} {method} {seed}"
            );
        }
        let folder = place.path().join("results/tiny");
        dentate_eval::report(&folder).unwrap();
        let page = fs::read_to_string(folder.join("report.md")).unwrap();
        assert_eq!(
            page.contains("| Forward transfer, points |"),
            why.is_empty(),
            "{scenario}"
        );
        assert_eq!(
            page.contains("There is no forward transfer"),
            !why.is_empty(),
            "{scenario}"
        );
        assert!(page.contains(why), "{scenario}");
    }
    let current = SUITE
        .replace("class-incremental", "domain-incremental")
        .replace(COLUMNS, "mechanisms = [{ name = \"shrink-and-perturb\" }]")
        .replace("seeds = 2", "seeds = 2\nrank_by = \"learning-accuracy\"")
        .replace("points = 2", "points = 0\ntasks = \"current\"");
    let place = Place::with(&current);
    assert!(place.bench(&["--seeds", "1"]).status.success());
    assert!(
        place
            .records()
            .iter()
            .all(|run| !run.2.contains("accuracy.untrained"))
    );
}

/// A method that could not grow is reported with its reasons, in the terminal and on the page.
#[test]
fn growth_that_never_happened_is_said() {
    let strategy = |settings: &str| {
        SUITE
            .replace("hidden = [8]", "hidden = [8]\nbudget = { updates = 30 }")
            .replace("\"progressive-columns\"", settings)
    };
    for (settings, why) in [
        (
            "\"dynamic-node-creation\", slope = 1e-12, window = 2, interval = 2",
            "still improving",
        ),
        (
            "\"composed\", every = 2, trigger = { name = \"gradient-norm\", threshold = 1e-12 }",
            "window not full",
        ),
    ] {
        let place = Place::with(&strategy(settings));
        let output = place.bench(&["--seeds", "1"]);
        assert!(output.status.success(), "{}", said(&output));
        let folder = place.path().join("results/tiny");
        let terminal = dentate_eval::report(&folder).unwrap().terminal;
        let page = fs::read_to_string(folder.join("report.md")).unwrap();
        let web = fs::read_to_string(folder.join("report.html")).unwrap();
        let web = web.replace('\u{a0}', " ");
        for text in [&terminal, &page, &web] {
            assert!(text.contains("grows and never grew here"), "{text}");
            assert!(text.contains(&format!(" × {why}")), "{text}");
        }
        assert_eq!(
            terminal.matches("never grew").count(),
            1,
            "the control does not say it grows"
        );
        let records = place.records();
        assert!(
            !records[1].2.contains("held,"),
            "the control has nothing to decline"
        );
    }
    let place = Place::with(SUITE);
    assert!(place.bench(&["--seeds", "1"]).status.success());
    let report = dentate_eval::report(&place.path().join("results/tiny")).unwrap();
    assert!(!report.terminal.contains("never grew"));
}

/// A part that requests gradients at the start of an experience gets those of its heads.
#[test]
fn gradients_are_taken_of_heads_that_are_there() {
    for scenario in ["class-incremental", "task-incremental"] {
        let strategy = "\"composed\", every = 1, trigger = { name = \"experience-start\" }, placement = { name = \"highest-error\" }";
        let suite = SUITE
            .replace("class-incremental", scenario)
            .replace(
                "hidden = [8]",
                "hidden = [8, 8]\nactivation = \"relu-live-at-zero\"",
            )
            .replace("\"progressive-columns\"", strategy);
        let place = Place::with(&suite);
        let output = place.bench(&["--seeds", "1"]);
        assert!(output.status.success(), "{scenario}: {}", said(&output));
        let grown = place.records().iter().any(|run| run.2.contains("\ngrowth,"));
        assert!(grown, "{scenario}");
    }
}
