//! The `dentate` program as a user meets it: exit codes, sentences, files.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SUITE: &str = r#"
title = "Tiny"
control = "fixed"
seeds = 2
[evaluation]
points = 2
[defaults]
hidden = [8]
[[stream]]
name = "drawn"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits", train = 400, test = 100 }
[[method]]
name = "fixed"
[[method]]
name = "columns"
strategy = { name = "progressive-columns" }
"#;

struct Place(tempfile::TempDir);

impl Place {
    /// A folder with a space and a letter outside ASCII in its name, and a suite in it.
    fn with(suite: &str) -> Self {
        let place = Self(
            tempfile::Builder::new()
                .prefix("déntate test ")
                .tempdir()
                .unwrap(),
        );
        fs::write(place.path().join("tiny.toml"), suite).unwrap();
        place
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_dentate"))
            .args(args)
            .current_dir(self.path())
            .env("DENTATE_CACHE", self.path().join("cache"))
            .env("DENTATE_DATA", self.path().join("no data"))
            .output()
            .unwrap()
    }

    fn bench(&self, more: &[&str]) -> Output {
        self.run(&[&["bench", "./tiny.toml"], more].concat())
    }

    fn manifest(&self) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.path().join("results/tiny/manifest.json")).unwrap()).unwrap()
    }

    /// Method, seed and records of every run, sorted.
    fn records(&self) -> Vec<(String, u64, String)> {
        let mut all: Vec<_> = self.manifest()["runs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|run| {
                let folder: PathBuf = self
                    .path()
                    .join("results/tiny/runs")
                    .join(run["id"].as_str().unwrap())
                    .join("records.csv");
                let method = run["method"].as_str().unwrap().to_string();
                (
                    method,
                    run["seed"].as_u64().unwrap(),
                    fs::read_to_string(folder).unwrap(),
                )
            })
            .collect();
        all.sort();
        all
    }
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_suite_runs_once_and_repeats_to_the_byte() {
    let place = Place::with(SUITE);
    let first = place.bench(&[]);
    assert!(first.status.success(), "{}", said(&first));
    let records = place.records();
    assert_eq!(records.len(), 4);
    assert!(
        records
            .iter()
            .all(|r| r.2.starts_with(dentate_core::record::HEADER))
    );
    assert_ne!(records[0].2, records[1].2, "two seeds gave the same records");

    let second = place.bench(&[]);
    assert!(second.status.success());
    assert!(
        said(&second).contains("all 4 runs are finished already"),
        "{}",
        said(&second)
    );

    let fresh = place.bench(&["--fresh"]);
    assert!(fresh.status.success());
    assert_eq!(place.records(), records);
}

#[test]
fn editing_a_method_reruns_it_and_nothing_else() {
    let place = Place::with(SUITE);
    assert!(place.bench(&[]).status.success());
    fs::write(
        place.path().join("tiny.toml"),
        SUITE.replace("progressive-columns\"", "progressive-columns\", gain = 0.5"),
    )
    .unwrap();
    let again = place.bench(&[]);
    assert!(
        said(&again).contains("2 runs to make, 2 finished already"),
        "{}",
        said(&again)
    );
}

#[test]
fn a_run_that_fails_is_a_row_and_the_others_go_on() {
    let suite = SUITE.replace(
        "name = \"columns\"",
        "name = \"columns\"\nactivation = \"identity\"\noptimizer = { name = \"sgd\", learning_rate = 3e38 }",
    );
    let place = Place::with(&suite);
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("2 of 4 runs failed"), "{}", said(&output));
    let manifest = place.manifest();
    for run in manifest["runs"].as_array().unwrap() {
        let failed = run["method"] == "columns";
        assert_eq!(run["status"], if failed { "failed" } else { "finished" });
        if failed {
            assert_eq!(run["kind"], "not-finite");
        }
    }
}

#[test]
fn what_cannot_be_done_is_said_in_one_sentence() {
    let place = Place::with(SUITE);
    let mnist = SUITE.replace("kind = \"digits\", train = 400, test = 100", "kind = \"mnist\"");
    let without_data = Place::with(&mnist);
    let cases = [
        (
            place.run(&["bench", "nosuch.toml"]),
            2,
            "cannot read the suite nosuch.toml",
        ),
        (
            place.bench(&["--only", "colums"]),
            2,
            "no method `colums`, did you mean `columns`?",
        ),
        (place.bench(&["--seeds", "0"]), 2, "0 is not in 1..=10000"),
        (place.bench(&["--sedes", "1"]), 2, "--seeds"),
        (place.run(&["data", "fetch", "mnits"]), 2, "did you mean `mnist`?"),
        (without_data.bench(&[]), 1, "cargo xtask data fetch mnist"),
        (place.run(&["run", "nowhere"]), 1, "cannot read nowhere"),
    ];
    for (output, code, sentence) in cases {
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(
            said(&output).contains(sentence),
            "`{sentence}` is not in: {}",
            said(&output)
        );
    }
}

#[test]
fn results_of_another_version_are_left_alone() {
    let place = Place::with(SUITE);
    let folder = place.path().join("results/tiny");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("manifest.json"), "{\"format\": 999}").unwrap();
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("results format 999"), "{}", said(&output));
    assert_eq!(
        fs::read_to_string(folder.join("manifest.json")).unwrap(),
        "{\"format\": 999}"
    );
}

#[test]
fn only_one_method_leaves_the_finished_others_in_the_comparison() {
    let place = Place::with(SUITE);
    assert!(place.bench(&["--only", "fixed"]).status.success());
    assert_eq!(place.records().len(), 2);
    assert!(
        place
            .bench(&["--only", "columns", "--jobs", "1"])
            .status
            .success()
    );
    assert_eq!(place.records().len(), 4);
}
