//! `keep`: the trained networks that runs leave in their folders.

use crate::place::{Place, SUITE, said};
use dentate_core::Network;
use dentate_session::NetworkFiles;
use std::fs;
use std::path::{Path, PathBuf};

fn runs(place: &Place) -> Vec<PathBuf> {
    let runs = fs::read_dir(place.path().join("results/tiny/runs")).unwrap();
    runs.map(|run| run.unwrap().path()).collect()
}

fn keeping(place: &Place, keep: &str) {
    let suite = SUITE.replace("control =", &format!("keep = \"{keep}\"\ncontrol ="));
    fs::write(place.path().join("tiny.toml"), suite).unwrap();
}

/// The last value of a metric in a run's records.
fn last(run: &Path, metric: &str) -> f64 {
    let text = fs::read_to_string(run.join("records.csv")).unwrap();
    let line = text.lines().rfind(|line| line.starts_with(&format!("{metric},")));
    line.unwrap().rsplit(',').next().unwrap().parse().unwrap()
}

#[test]
fn a_finished_run_leaves_its_network_and_more_when_more_is_asked_for() {
    let place = Place::with(SUITE);
    assert!(place.bench(&[]).status.success());
    let records = place.records();
    for run in runs(&place) {
        let network = Network::load(&run).unwrap();
        let parameters = network.graph().parameter_count() as f64;
        assert_eq!(parameters, last(&run, "parameters"));
        assert!(!run.join("experiences").exists());
    }
    // What was kept is enough for less.
    keeping(&place, "none");
    let less = place.bench(&[]);
    assert!(
        said(&less).contains("all 4 runs are finished already"),
        "{}",
        said(&less)
    );
    keeping(&place, "experiences");
    let dry = place.bench(&["--dry-run"]);
    let words =
        "4 finished runs have kept fewer networks than `keep = \"experiences\"` asks for, to be made again";
    assert!(String::from_utf8_lossy(&dry.stdout).contains(words), "{dry:?}");
    let more = place.bench(&[]);
    assert!(
        more.status.success() && said(&more).contains(words),
        "{}",
        said(&more)
    );
    assert_eq!(place.records(), records);
    for run in runs(&place) {
        let after = |n: usize| Network::load(run.join(format!("experiences/{n}")));
        assert_eq!(after(5).unwrap(), Network::load(&run).unwrap());
        assert_ne!(after(1).unwrap(), after(5).unwrap());
        assert!(after(6).is_err());
    }
    // Now there is all, and one that was taken away is made again.
    assert!(said(&place.bench(&[])).contains("all 4 runs are finished already"));
    fs::remove_file(runs(&place)[0].join("experiences/2/graph.json")).unwrap();
    let again = place.bench(&[]);
    assert!(
        said(&again).contains("1 runs to make, 3 finished already"),
        "{}",
        said(&again)
    );
    assert_eq!(place.records(), records);
}

#[test]
fn a_learner_without_a_network_keeps_none_and_finishes() {
    let methods = SUITE
        .split("[[method]]")
        .next()
        .unwrap()
        .replace("control = \"fixed\"", "");
    let methods = methods.replace("[defaults]\nhidden = [8]", "");
    let place = Place::with(&format!(
        "{methods}[[method]]\nname = \"gas\"\nlearner = \"growing-neural-gas\"\n"
    ));
    let first = place.bench(&[]);
    assert!(first.status.success(), "{}", said(&first));
    for run in runs(&place) {
        assert!(run.join("records.csv").exists() && !run.join("graph.json").exists());
    }
    assert!(said(&place.bench(&[])).contains("all 2 runs are finished already"));
}

/// Runs that start from a kept network: what it is decides which runs they are, and one that is damaged or missing is told about.
#[test]
fn a_run_starts_from_a_kept_network() {
    let place = Place::with(SUITE);
    assert!(place.bench(&["--only", "fixed"]).status.success());
    let from = runs(&place);
    let data = place.path().join("no data/net");
    let copy = |run: &Path| {
        fs::create_dir_all(&data).unwrap();
        for name in ["graph.json", "network.safetensors"] {
            fs::copy(run.join(name), data.join(name)).unwrap();
        }
    };
    fs::write(
        place.path().join("tiny.toml"),
        SUITE.replace("hidden = [8]", "start = \"net\""),
    )
    .unwrap();
    let only = ["--only", "fixed"];
    let without = place.bench(&only);
    assert_eq!(without.status.code(), Some(1));
    assert!(
        said(&without).contains("the network to start from cannot be used"),
        "{}",
        said(&without)
    );
    copy(&from[0]);
    let first = place.bench(&only);
    assert!(first.status.success(), "{}", said(&first));
    let records = place.records();
    assert!(said(&place.bench(&only)).contains("all 2 runs are finished already"));
    // Another network in the same place makes other runs, and the first one's are there when it is back.
    copy(&from[1]);
    let other = place.bench(&only);
    assert!(said(&other).contains("2 runs to make"), "{}", said(&other));
    assert_ne!(place.records(), records);
    copy(&from[0]);
    assert!(said(&place.bench(&only)).contains("all 2 runs are finished already"));
    assert_eq!(place.records(), records);
    fs::write(data.join("graph.json"), "{}").unwrap();
    let damaged = place.bench(&only);
    assert!(
        said(&damaged).contains("missing field `format`"),
        "{}",
        said(&damaged)
    );
}
