//! The examples are run, and say what they are there to say.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

use std::process::Command;

/// The output of an example. Cargo builds examples before tests are run, beside the folder of the tests.
fn printed(name: &str) -> String {
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let tests = std::env::current_exe().unwrap();
    let program = tests.ancestors().nth(2).unwrap().join("examples").join(file);
    let output = Command::new(&program).output();
    let output = output.unwrap_or_else(|error| {
        let program = program.display();
        panic!("{program} did not start: {error}; `cargo build --workspace --examples` makes it")
    });
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// The average accuracies that were printed, in percent.
fn averages(printed: &str) -> Vec<f64> {
    let lines = printed
        .lines()
        .filter_map(|line| line.strip_prefix("average accuracy "));
    lines
        .map(|line| line.split(' ').next().unwrap().parse().unwrap())
        .collect()
}

#[test]
fn a_learner_of_ones_own_forgets_nothing() {
    let found = averages(&printed("own_learner"));
    let [means, network] = found[..] else {
        panic!("{found:?}")
    };
    assert!(means > 50.0 && network < 30.0, "{found:?}");
}

#[test]
fn data_of_ones_own_are_cut_into_tasks() {
    let found = averages(&printed("own_data"));
    let [plain, replay] = found[..] else {
        panic!("{found:?}")
    };
    assert!(plain < 80.0 && replay > 88.0, "{found:?}");
}

#[test]
fn an_evaluation_between_steps_changes_no_number() {
    let printed = printed("between_steps");
    assert_eq!(
        printed
            .lines()
            .filter(|line| line.contains("sure of task 1"))
            .count(),
        5,
        "{printed}"
    );
    let found = averages(&printed);
    assert!(found[0] > 80.0, "{printed}");
}

#[test]
fn a_saved_session_goes_on_to_the_same_end() {
    let printed = printed("going_on");
    assert!(
        printed.ends_with("as if it had never been stopped: true\n"),
        "{printed}"
    );
}

#[test]
fn a_map_grows_on_an_array() {
    let printed = printed("own_array");
    assert!(printed.starts_with("40 units grew\n"), "{printed}");
}
