//! Killed at any moment and started again, a suite ends with the same bytes as one that was never disturbed.
//!
//! `DENTATE_KILLS=30 cargo test -p dentate-experiments --test experiments killed` kills thirty times; the number is smaller
//! when nothing is said.

use crate::chains;
use crate::place::{Place, said};
use dentate_core::Seed;
use rand::Rng;
use rustix::process::{Pid, Signal, kill_process};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

/// All kinds of state of a checkpoint: moments, momentum, a replay buffer, columns, growth by the loss's slope,
/// several passes, a learner that sees everything at once.
const SUITE: &str = r#"
control = "fixed"
seeds = 1
[evaluation]
points = 5
sample = 50
[checkpoints]
updates = 7
share = 0.5
[defaults]
hidden = [24]
batch = 10
budget = { epochs = 3 }
[[stream]]
name = "classes"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits", train = 1500, test = 200 }
[[stream]]
name = "tasks"
kind = "split"
scenario = "task-incremental"
data = { kind = "digits", train = 1500, test = 200 }
[[method]]
name = "fixed"
optimizer = { name = "sgd", learning_rate = 0.05, momentum = 0.9 }
[[method]]
name = "columns"
strategy = { name = "progressive-columns" }
[[method]]
name = "creation"
hidden = [4]
mechanisms = [{ name = "experience-replay", capacity = 60 }]
strategy = { name = "dynamic-node-creation", window = 20, interval = 10, slope = 0.3, mean_error = 0.01, max_units = 30 }
[[method]]
name = "joint"
protocol = "joint"
reset_optimizer = true
"#;

pub(crate) fn kills() -> usize {
    std::env::var("DENTATE_KILLS")
        .ok()
        .map_or(6, |n| n.parse().unwrap())
}

/// Processes that a process has started.
pub(crate) fn children(of: u32) -> Vec<u32> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|n| n.parse::<u32>().ok()) else {
            continue;
        };
        let stat = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name stands in brackets and may hold anything; the parent is the second word behind it.
        let parent = stat
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(1));
        if parent.and_then(|p| p.parse().ok()) == Some(of) && !stat.contains(") Z ") {
            found.push(id);
        }
    }
    found
}

pub(crate) fn kill(id: u32) {
    let id = Pid::from_raw(id as i32).unwrap();
    let _ = kill_process(id, Signal::KILL); // it may have ended by itself a moment ago
}

pub(crate) fn alive(id: u32) -> bool {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    !stat.is_empty() && !stat.contains(") Z ")
}

pub(crate) fn start(place: &Place, more: &[&str]) -> Child {
    let mut command = place.command(&[&["bench", "./tiny.toml", "--jobs", "2"], more].concat());
    command
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn killed_anywhere_and_started_again_a_suite_ends_with_the_same_bytes() {
    let reference = Place::with(SUITE);
    let undisturbed = reference.bench(&[]);
    assert!(undisturbed.status.success(), "{}", said(&undisturbed));
    let expected = reference.records();
    assert_eq!(expected.len(), 8);

    let seed: u64 = std::env::var("DENTATE_KILL_SEED")
        .ok()
        .map_or(20, |s| s.parse().unwrap());
    let mut random = Seed(seed).random();
    let place = Place::with(SUITE);
    let (mut done, mut parents, mut resumed) = (0, 0, 0);
    let mut fresh = false;
    while done < kills() {
        let mut parent = start(&place, if fresh { &["--fresh"] } else { &[] });
        fresh = false;
        let moment = Instant::now() + Duration::from_millis(random.random_range(30..700));
        while Instant::now() < moment && parent.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(2));
        }
        let runs = children(parent.id());
        if runs.is_empty() || parent.try_wait().unwrap().is_some() {
            parent.wait().unwrap();
            if place.bench(&[]).status.success() {
                assert_eq!(place.records(), expected, "after {done} kills");
                resumed += place.timings("resumed");
                fresh = true; // all over again, until it was killed often enough
            }
            continue;
        }
        if random.random_bool(0.5) {
            kill(parent.id());
            parents += 1;
            let end = Instant::now() + Duration::from_secs(20);
            while runs.iter().any(|run| alive(*run)) {
                assert!(Instant::now() < end, "an orphan goes on");
                std::thread::sleep(Duration::from_millis(5));
            }
        } else {
            kill(runs[random.random_range(0..runs.len())]);
            // The run that was killed is a row; the others go on, here until the next blow.
            std::thread::sleep(Duration::from_millis(random.random_range(0..200)));
            kill(parent.id());
        }
        parent.wait().unwrap();
        done += 1;
    }
    let end = Instant::now() + Duration::from_secs(300);
    loop {
        let output = place.bench(&[]);
        if output.status.success() {
            break;
        }
        assert!(Instant::now() < end, "{}", said(&output));
    }
    resumed += place.timings("resumed");
    assert_eq!(place.records(), expected);
    assert!(resumed > 0, "no run was ever taken up from a checkpoint");
    println!("{done} kills, {parents} of them of the parent; {resumed} runs were taken up from a checkpoint");
}

/// Runs that come after others, made by two processes at once, with one of the four (two of them, and two runs) killed again and again.
#[test]
fn chains_that_two_processes_make_while_they_are_killed_end_with_the_same_bytes() {
    let reference = Place::with(chains::SUITE);
    let undisturbed = reference.bench(&[]);
    assert!(undisturbed.status.success(), "{}", said(&undisturbed));
    let expected = chains::left(&reference);

    let mut random = Seed(21).random();
    let place = Place::with(chains::SUITE);
    let mut done = 0;
    let end = Instant::now() + Duration::from_secs(300);
    while done < kills() {
        assert!(Instant::now() < end, "after {done} kills");
        let mut pair = [start(&place, &[]), start(&place, &[])];
        std::thread::sleep(Duration::from_millis(random.random_range(50..900)));
        let victim = random.random_range(0..2);
        let runs = children(pair[victim].id());
        let killed = if random.random_bool(0.5) {
            kill(pair[victim].id());
            true
        } else if let Some(run) = runs.first() {
            kill(*run);
            true
        } else {
            false
        };
        done += usize::from(killed);
        // The other goes on for a while, and is killed as well, or ends by itself.
        std::thread::sleep(Duration::from_millis(random.random_range(0..600)));
        for bench in &mut pair {
            if bench.try_wait().unwrap().is_none() && random.random_bool(0.7) {
                kill(bench.id());
            }
            bench.wait().unwrap();
        }
        while runs.iter().any(|run| alive(*run)) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    // Two at once bring it to its end.
    loop {
        let mut pair = [start(&place, &[]), start(&place, &[])];
        let ended = pair.each_mut().map(|bench| bench.wait().unwrap().success());
        if ended.iter().any(|success| *success) && place.bench(&[]).status.success() {
            break;
        }
        assert!(Instant::now() < end, "it does not come to an end");
    }
    assert_eq!(chains::left(&place), expected);
    let (own, theirs) = (place.manifest(), reference.manifest());
    assert_eq!(own["sweeps"], theirs["sweeps"]);
    assert_eq!(place.records(), reference.records());
}
