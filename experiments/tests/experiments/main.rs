//! The `dentate` program from outside: exit codes, messages, files.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

mod browsing;
mod chains;
mod changing;
#[cfg(target_os = "linux")]
mod cluster;
mod damage;
mod edited;
mod failing;
mod keeping;
#[cfg(target_os = "linux")]
mod killing;
mod library;
mod malformed;
mod measurable;
mod measuring;
mod naming;
mod own_streams;
mod place;
#[cfg(target_os = "linux")]
mod slurm;
#[cfg(target_os = "linux")]
mod starving;
#[cfg(unix)]
mod stopping;
#[cfg(target_os = "linux")]
mod unheard;
mod unstartable;

use place::{Place, SUITE, said};
use std::fs;

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

/// A result that is out of date after an edit, and was not requested again, is listed as stale.
#[test]
fn an_overtaken_result_is_stale_until_it_is_made_again() {
    let place = Place::with(SUITE);
    assert!(place.bench(&[]).status.success());
    let before = place.records();
    let edited = SUITE.replace("[defaults]", "[defaults]\nbatch = 20");
    fs::write(place.path().join("tiny.toml"), edited).unwrap();
    assert!(place.bench(&["--only", "columns"]).status.success());
    let states = |place: &Place| {
        let manifest = place.manifest();
        let mut states: Vec<String> = manifest["runs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|run| format!("{} {} {}", run["method"], run["seed"], run["status"]).replace('"', ""))
            .collect();
        states.sort();
        states
    };
    let expected = [
        "columns 1 finished",
        "columns 2 finished",
        "fixed 1 stale",
        "fixed 2 stale",
    ];
    assert_eq!(states(&place), expected);
    let status = place.bench(&["--status"]);
    assert_eq!(status.status.code(), Some(3));
    assert!(place.bench(&[]).status.success());
    assert!(states(&place).iter().all(|state| state.ends_with("finished")));
    assert_ne!(place.records(), before);
    // And back again: what was there once is there still.
    fs::write(place.path().join("tiny.toml"), SUITE).unwrap();
    assert!(said(&place.bench(&[])).contains("all 4 runs are finished already"));
    assert_eq!(place.records(), before);
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

/// A suite with an incompatible pair of method and stream is not run, whether the settings or only the data show it.
#[test]
fn what_cannot_go_together_is_refused_before_any_run() {
    let scenario = "scenario = \"class-incremental\"";
    let online = |more: &str| SUITE.replace(scenario, &format!("{scenario}\nonline = true\n{more}"));
    let method = |settings: &str| format!("name = \"fixed\"\n{settings}\n[[method]]");
    let suite = |stream: &str, settings: &str| {
        online(stream).replacen("name = \"fixed\"\n[[method]]", &method(settings), 1)
    };
    for (suite, sentence) in [
        (suite("", "budget = { epochs = 3 }"), "`budget` is 3 epochs"),
        // How many rows are kept back, the data says: 72 are left of a task's 80.
        (
            suite("validation = 0.1", "batch = 8\nbudget = { updates = 10 }"),
            "an experience has 9 batches of 8",
        ),
    ] {
        let place = Place::with(&suite);
        for more in [&["--dry-run"][..], &[]] {
            let output = place.bench(more);
            assert_eq!(output.status.code(), Some(2), "{}", said(&output));
            let said = said(&output);
            assert!(
                said.contains(sentence) && said.contains("method `fixed` on stream `drawn`"),
                "{said}"
            );
        }
        assert!(!place.path().join("results").exists(), "something was begun");
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
