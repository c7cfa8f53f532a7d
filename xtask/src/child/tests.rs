use super::*;
use std::os::unix::process::ExitStatusExt;

#[test]
fn a_code_is_passed_on() {
    assert_eq!(
        run(Command::new("sh").args(["-c", "exit 3"])).unwrap(),
        Ended::Code(3)
    );
    assert!(run(Command::new("sh").args(["-c", "true"])).unwrap().is_success());
}

#[test]
fn a_killed_child_is_no_success() {
    assert_eq!(
        run(Command::new("sh").args(["-c", "kill -9 $$"])).unwrap(),
        Ended::Killed
    );
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let error = run(&mut Command::new("/nowhere/dentate")).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("failed to start /nowhere/dentate: "),
        "{error}"
    );
}

#[test]
fn after_ctrl_c_a_failure_counts_as_an_interruption() {
    let killed_by_sigint = ExitStatus::from_raw(2);
    let code_130 = ExitStatus::from_raw(130 << 8);
    assert_eq!(ended(killed_by_sigint, true), Ended::Interrupted);
    assert_eq!(ended(code_130, true), Ended::Interrupted);
    assert_eq!(ended(code_130, false), Ended::Code(130));
    assert_eq!(ended(ExitStatus::from_raw(0), true), Ended::Code(0));
}
