//! Runs that cannot be started at all count as failures and not as interruptions.

use crate::place::{Place, SUITE, said};
use std::fs;

#[test]
fn a_folder_that_cannot_be_had_is_a_failure_and_no_interruption() {
    let place = Place::with(SUITE);
    fs::create_dir_all(place.path().join("results/tiny")).unwrap();
    let runs = place.path().join("results/tiny/runs");
    fs::write(&runs, "in the way").unwrap();
    let output = place.bench(&[]);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(
        words.contains("4 of 4 runs failed") && !words.contains("interrupted"),
        "{words}"
    );
    assert!(
        words.contains("failed: drawn · fixed · seed 1: start: cannot create"),
        "{words}"
    );
    fs::remove_file(&runs).unwrap();
    assert!(place.bench(&[]).status.success());
}

#[test]
fn one_run_that_cannot_be_started_costs_itself() {
    let place = Place::with(SUITE);
    assert!(place.bench(&[]).status.success());
    let expected = place.records();
    let id = place.manifest()["runs"][0]["id"].as_str().unwrap().to_string();
    let run = place.path().join("results/tiny/runs").join(&id);
    fs::remove_file(run.join("log.txt")).unwrap();
    fs::create_dir(run.join("log.txt")).unwrap();
    // What was there stays there; what was asked for was not done.
    let output = place.bench(&["--fresh"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("1 of 4 runs failed"), "{}", said(&output));
    assert_eq!(place.records(), expected);
    fs::remove_file(run.join("status.json")).unwrap();
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let row = &place.manifest()["runs"][0];
    assert_eq!(
        (row["id"].as_str(), row["kind"].as_str()),
        (Some(&*id), Some("start"))
    );
    assert_eq!(place.run(&["run", run.to_str().unwrap()]).status.code(), Some(1));
    fs::remove_dir(run.join("log.txt")).unwrap();
    assert!(place.bench(&[]).status.success());
    assert_eq!(place.records(), expected);
}
