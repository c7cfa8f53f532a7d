//! Stopping: Ctrl-C and a scheduler's SIGTERM end a suite cleanly, and the same command goes on.

use crate::place::{Place, SUITE, said};
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

fn long() -> String {
    SUITE.replace("[defaults]", "[defaults]\nbudget = { epochs = 400 }")
}

/// Start a suite, send it a signal once a run is on its way, and wait.
fn interrupted(place: &Place, signal: Signal) -> (Output, Duration) {
    let mut command = place.command(&["bench", "./tiny.toml", "--jobs", "2"]);
    let child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let runs = place.path().join("results/tiny/runs");
    let end = Instant::now() + Duration::from_secs(60);
    let begun = || {
        let runs = std::fs::read_dir(&runs).into_iter().flatten().flatten();
        runs.filter(|run| run.path().join("records.csv.part").is_file())
            .count()
            == 2
    };
    while !begun() {
        assert!(Instant::now() < end, "no run begins");
        std::thread::sleep(Duration::from_millis(5));
    }
    let asked = Instant::now();
    kill_process(Pid::from_raw(child.id() as i32).unwrap(), signal).unwrap();
    (child.wait_with_output().unwrap(), asked.elapsed())
}

#[test]
fn an_interrupted_suite_says_how_to_go_on_and_does() {
    let whole = Place::with(&long());
    assert!(whole.bench(&[]).status.success());
    for signal in [Signal::INT, Signal::TERM] {
        let place = Place::with(&long());
        let (output, took) = interrupted(&place, signal);
        assert_eq!(output.status.code(), Some(130), "{}", said(&output));
        // Two seconds are promised; a machine that does ten other things gets more.
        assert!(took < Duration::from_secs(10), "{took:?}");
        let words = said(&output);
        assert!(words.contains("0 of 4 runs are finished"), "{words}");
        assert!(
            words.contains("`cargo xtask bench ./tiny.toml --jobs 2` goes on"),
            "{words}"
        );
        let runs = place.path().join("results/tiny/runs");
        let kept = std::fs::read_dir(&runs).unwrap().flatten();
        let kept = kept
            .filter(|run| run.path().join("checkpoint.safetensors").is_file())
            .count();
        assert_eq!(kept, 2, "{words}");
        assert!(place.bench(&[]).status.success());
        assert_eq!(place.records(), whole.records());
    }
}

#[test]
fn two_calls_on_the_same_results_share_the_work() {
    let place = Place::with(&SUITE.replace("[defaults]", "[defaults]\nbudget = { epochs = 60 }"));
    let begin = || {
        let mut command = place.command(&["bench", "./tiny.toml", "--jobs", "1"]);
        command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    };
    let (one, other) = (begin(), begin());
    let (one, other) = (one.wait_with_output().unwrap(), other.wait_with_output().unwrap());
    assert!(
        one.status.success() && other.status.success(),
        "{}\n{}",
        said(&one),
        said(&other)
    );
    assert_eq!(place.records().len(), 4);
    // Each run was made once: one attempt in its log.
    let runs = place.path().join("results/tiny/runs");
    for run in std::fs::read_dir(runs).unwrap().flatten() {
        let log = std::fs::read_to_string(run.path().join("log.txt")).unwrap();
        assert_eq!(log.matches("── ").count(), 1, "{log}");
    }
}

/// Most of this suite's time is evaluation, so most stops interrupt a measurement, whose records must not be duplicated. Each call is
/// given longer than the one before, or a long measurement would never end.
#[test]
fn a_measurement_that_is_broken_off_is_made_again_and_noted_once() {
    let suite = SUITE
        .replace("points = 2", "points = 6\nsample = 300\nbatch = 1")
        .replace("train = 400, test = 100", "train = 400, test = 20000")
        .replace("seeds = 2", "seeds = 1");
    let whole = Place::with(&suite);
    assert!(whole.bench(&[]).status.success());
    let place = Place::with(&suite);
    let mut stops = 0;
    loop {
        let mut command = place.command(&["bench", "./tiny.toml", "--jobs", "1"]);
        let mut child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let end = Instant::now() + Duration::from_millis(60 + 30 * stops);
        while Instant::now() < end && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        if child.try_wait().unwrap().is_none() {
            kill_process(Pid::from_raw(child.id() as i32).unwrap(), Signal::TERM).unwrap();
            stops += 1;
        }
        if child.wait().unwrap().success() {
            break;
        }
        assert!(stops < 60, "it makes no progress");
    }
    assert!(stops > 2, "it was stopped {stops} times only");
    assert_eq!(place.records(), whole.records());
}
