use super::*;

fn steps(done: &[(&'static str, Outcome)]) -> Steps {
    Steps { done: done.to_vec() }
}

#[test]
fn success_names_what_passed_and_what_was_left_out() {
    let steps = steps(&[
        ("fmt", Outcome::Passed),
        ("tests", Outcome::Passed),
        ("deny", Outcome::Skipped("install it".into())),
    ]);
    assert_eq!(
        steps.summary("ci", &["real MNIST: not tested".into()]),
        "ci: ok (passed: fmt, tests; deny: not checked, install it; real MNIST: not tested)"
    );
    assert_eq!(steps.exit_code(), ExitCode::SUCCESS);
}

#[test]
fn one_failure_fails_the_whole() {
    let steps = steps(&[("fmt", Outcome::Failed), ("tests", Outcome::Passed)]);
    assert_eq!(
        steps.summary("ci", &[]),
        "ci: FAILED (failed: fmt; passed: tests)"
    );
    assert_eq!(steps.exit_code(), ExitCode::FAILURE);
}

#[test]
fn after_an_interruption_nothing_more_is_run() {
    let mut steps = steps(&[("fmt", Outcome::Interrupted)]);
    steps
        .perform("tests", |_| panic!("run after an interruption"))
        .unwrap();
    assert_eq!(steps.exit_code(), ExitCode::from(130));
    assert!(steps.summary("ci", &[]).starts_with("ci: interrupted"));
}

#[test]
fn a_failed_step_does_not_keep_the_next_from_running() {
    let mut steps = steps(&[]);
    steps.perform("first", |_| Ok(Outcome::Failed)).unwrap();
    steps.perform("second", |_| Ok(Outcome::Passed)).unwrap();
    assert_eq!(
        steps.summary("t", &[]),
        "t: FAILED (failed: first; passed: second)"
    );
}

#[test]
fn commands_read_as_typed() {
    let mut command = Command::new("/opt/bin/cargo");
    command
        .args(["doc", "--no-deps"])
        .env("RUSTDOCFLAGS", "-D warnings");
    assert_eq!(
        words(&command),
        "RUSTDOCFLAGS=\"-D warnings\" cargo doc --no-deps"
    );
}

#[test]
fn what_builds_on_a_step_asks_about_that_step_alone() {
    let mut steps = steps(&[("clippy", Outcome::Failed)]);
    assert!(!steps.last_passed());
    steps.perform("build", |_| Ok(Outcome::Passed)).unwrap();
    assert!(steps.last_passed());
}
