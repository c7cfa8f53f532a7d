//! Edited jobs are refused, and their runs repeated.

use crate::place::{Place, SUITE, said};
use std::fs;
use std::path::PathBuf;

/// The folders of all runs, as they are named from the test's folder.
fn runs(place: &Place) -> Vec<String> {
    let folder = place.path().join("results/tiny/runs");
    let mut all: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .flatten()
        .map(|run| format!("results/tiny/runs/{}", run.file_name().to_string_lossy()))
        .collect();
    all.sort();
    all
}

fn edit(place: &Place, run: &str, old: &str, new: &str) -> PathBuf {
    let job = place.path().join(run).join("job.json");
    let text = fs::read_to_string(&job).unwrap();
    assert!(text.contains(old), "{text}");
    fs::write(&job, text.replacen(old, new, 1)).unwrap();
    job
}

#[test]
fn an_edited_job_is_not_run_and_its_run_is_made_again() {
    let place = Place::with(SUITE);
    assert!(place.bench(&[]).status.success());
    let (expected, runs) = (place.records(), runs(&place));
    for (old, new) in [
        ("\"sample\": 500", "\"sample\": 0"),
        ("\"points\": 2", "\"points\": 1"),
    ] {
        let job = edit(&place, &runs[0], old, new);
        let output = place.run(&["run", "--fresh", &runs[0]]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(
            said(&output).contains("is not the job of a run"),
            "{}",
            said(&output)
        );
        assert_eq!(place.records(), expected, "nothing was run");

        let output = place.bench(&["--status"]);
        assert_eq!(output.status.code(), Some(1));
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            text.contains("1 damaged") && text.contains("the job beside its records was edited"),
            "{text}"
        );
        // What an edited job would have left.
        fs::write(job.with_file_name("records.csv"), &expected[0].2[..200]).unwrap();
        let output = place.bench(&[]);
        assert!(output.status.success(), "{}", said(&output));
        assert!(
            said(&output).contains("1 runs to make, 3 finished already"),
            "{}",
            said(&output)
        );
        assert_eq!(place.records(), expected);
    }
    fs::remove_file(place.path().join(&runs[1]).join("job.json")).unwrap();
    let output = place.bench(&[]);
    assert!(
        said(&output).contains("1 runs to make, 3 finished already"),
        "{}",
        said(&output)
    );
    assert_eq!(place.records(), expected);
}

#[test]
fn one_job_that_is_wrong_costs_one_run() {
    let place = Place::with(SUITE);
    assert!(place.bench(&[]).status.success());
    let (expected, runs) = (place.records(), runs(&place));
    edit(&place, &runs[0], "\"points\": 2", "\"points\": 3");
    for run in &runs[1..] {
        fs::remove_file(place.path().join(run).join("status.json")).unwrap();
    }
    let all: Vec<&str> = ["run"]
        .into_iter()
        .chain(runs.iter().map(String::as_str))
        .collect();
    let output = place.run(&all);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("1 of 4 runs failed"), "{}", said(&output));
    assert_eq!(place.records(), expected);
    assert!(
        runs[1..]
            .iter()
            .all(|run| place.path().join(run).join("status.json").is_file())
    );
}
