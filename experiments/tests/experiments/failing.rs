//! Failures: each ends one run with a kind and a message, and the others continue.

use crate::place::{Place, SUITE, said};
use std::path::PathBuf;
use std::process::Command;

/// The suite with a method that does something it should not.
fn misbehaving(how: &str, limits: &str) -> Place {
    let strategy = format!("strategy = {{ name = \"misbehaving\", how = \"{how}\" }}");
    let suite = SUITE.replace("strategy = { name = \"progressive-columns\" }", &strategy);
    Place::with(&suite.replace("seeds = 2", &format!("seeds = 1\n{limits}")))
}

/// The runner that has this strategy linked in. `cargo test` builds examples, unless it is told to build one test alone.
fn program() -> PathBuf {
    let tests = std::env::current_exe().unwrap();
    let name = format!("misbehaving{}", std::env::consts::EXE_SUFFIX);
    let program = tests.ancestors().nth(2).unwrap().join("examples").join(name);
    assert!(
        program.is_file(),
        "run `cargo build -p dentate-experiments --examples` first"
    );
    program
}

/// Run the suite and return the row of the method that misbehaves: `kind: message`.
fn failure(place: &Place) -> String {
    let mut command = Command::new(program());
    let output = place
        .at_home(&mut command)
        .args(["bench", "./tiny.toml"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let manifest = place.manifest();
    let runs = manifest["runs"].as_array().unwrap();
    let fixed = runs.iter().find(|r| r["method"] == "fixed").unwrap();
    assert_eq!(fixed["status"], "finished");
    let row = runs.iter().find(|r| r["method"] == "columns").unwrap();
    assert_eq!(row["status"], "failed", "{}", said(&output));
    let (kind, message) = (row["kind"].as_str().unwrap(), row["message"].as_str().unwrap());
    let words = said(&output);
    assert!(
        words.contains(&format!("failed: drawn · columns · seed 1: {kind}: {message}")),
        "{words}"
    );
    let log = words
        .lines()
        .find_map(|l| l.trim().strip_prefix("its log is "))
        .unwrap();
    assert!(place.path().join(log).is_file(), "{log}");
    format!("{kind}: {message}")
}

#[test]
fn whatever_a_plugin_does_costs_its_own_row() {
    let ways = ["panic", "exit", "abort", "bad-plan", "circle", "refuse"];
    let mut rows: Vec<String> = ways
        .map(|how| format!("{how} → {}", failure(&misbehaving(how, ""))))
        .into();
    let limited = [
        ("hang", "[limits]\ntime = 0.5"),
        ("allocate", "[limits]\nmemory = 300"),
    ];
    rows.extend(limited.map(|(how, limits)| format!("{how} → {}", failure(&misbehaving(how, limits)))));
    insta::with_settings!({ filters => [(r"\d+ bytes more", "[n] bytes more")] }, {
        insta::assert_snapshot!(rows.join("\n"));
    });
}

#[test]
fn a_run_over_its_limits_is_a_row() {
    let over = |method: &str, limits: &str| {
        let suite = SUITE.replace("seeds = 2", &format!("seeds = 1\n{limits}"));
        let place = Place::with(&suite.replace("[defaults]", "[defaults]\nbudget = { epochs = 3 }"));
        let output = place.bench(&["--only", method]);
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let row = &place.manifest()["runs"][0];
        format!(
            "{}: {}",
            row["kind"].as_str().unwrap(),
            row["message"].as_str().unwrap()
        )
    };
    let rows = [
        over("columns", "[limits]\nparameters = 9000"),
        over("fixed", "[limits]\nmultiply-adds = 1000000"),
        over("fixed", "[limits]\ntime = 0.001"),
    ];
    insta::assert_snapshot!(rows.join("\n"));
}

/// A run that has once exceeded a limit is made when the limit is raised, and one that kept it is not made again.
#[test]
fn raising_a_limit_makes_what_it_ended() {
    let with = |limit: u64| SUITE.replace("seeds = 2", &format!("seeds = 1\n[limits]\nparameters = {limit}"));
    let place = Place::with(&with(9000));
    assert_eq!(place.bench(&[]).status.code(), Some(1));
    std::fs::write(place.path().join("tiny.toml"), with(9_000_000)).unwrap();
    assert!(place.bench(&[]).status.success());
}

#[test]
fn a_loss_that_is_no_number_is_a_row_and_the_others_go_on() {
    let suite = SUITE.replace(
        "name = \"columns\"",
        "name = \"columns\"\nactivation = \"identity\"\noptimizer = { name = \"sgd\", learning_rate = 3e38 }",
    );
    let place = Place::with(&suite);
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(said(&output).contains("2 of 4 runs failed"), "{}", said(&output));
    for run in place.manifest()["runs"].as_array().unwrap() {
        let failed = run["method"] == "columns";
        assert_eq!(run["status"], if failed { "failed" } else { "finished" });
        if failed {
            assert_eq!(run["kind"], "not-finite");
        }
    }
}
