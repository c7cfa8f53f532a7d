//! Whole processes: one run of Split MNIST (five tasks, one epoch each, 784-256-256, batch 64, Adam) from the start of
//! `dentate run` to its records, and a suite of such runs with two jobs against one.
//!
//! `cargo build --release -p dentate-experiments && DENTATE_DATA=<folder with mnist> cargo bench -p dentate-benches --bench processes`

use criterion::Criterion;
use dentate_benches::measuring;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const SUITE: &str = r#"
title = "One run"
description = "As the suite split-mnist, smaller."
control = "fixed"
seeds = 1

[defaults]
hidden = [256, 256]
activation = "relu"
batch = 64
budget = { epochs = 1 }
optimizer = { name = "adam", learning_rate = 1e-3 }

[[stream]]
name = "task-incremental"
title = "Task-incremental"
kind = "split"
scenario = "task-incremental"
data = { kind = "mnist" }

[[method]]
name = "fixed"
title = "Fixed network"
"#;

/// Runs of the suite that two jobs share.
const RUNS: usize = 12;

/// The runner, built beside this benchmark.
fn runner() -> Option<PathBuf> {
    let here = std::env::current_exe().ok()?;
    let program = here.parent()?.parent()?.join("dentate");
    program.is_file().then_some(program)
}

/// Seconds that a call of the runner takes.
fn seconds(runner: &Path, arguments: &[&str]) -> f64 {
    let start = Instant::now();
    let status = Command::new(runner)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the runner starts");
    assert!(status.success(), "`dentate {}` failed", arguments.join(" "));
    start.elapsed().as_secs_f64()
}

fn main() {
    if !measuring() {
        println!("processes: left out, for it measures release builds and nothing else");
        return;
    }
    let Some(runner) = runner() else {
        println!(
            "processes: left out, there is no runner yet: `cargo build --release -p dentate-experiments` makes it"
        );
        return;
    };
    if std::env::var_os("DENTATE_DATA").is_none() {
        println!("processes: left out, for `DENTATE_DATA` names no folder with MNIST");
        return;
    }
    let place = tempfile::tempdir().expect("a temporary folder");
    let suite = place.path().join("one.toml");
    std::fs::write(&suite, SUITE).expect("a file in it");
    let results = |name: &str| place.path().join(name).display().to_string();
    let suite = suite.display().to_string();
    let bench = |name: &str, jobs: &str, runs: usize| {
        let arguments = [
            "bench",
            &suite,
            "--results",
            &results(name),
            "--jobs",
            jobs,
            "--seeds",
            &runs.to_string(),
        ];
        seconds(&runner, &arguments)
    };
    // Data is cached by the first run.
    bench("first", "1", 1);
    let folder = std::fs::read_dir(place.path().join("first/one/runs")).expect("a run");
    let folder = folder.flatten().next().expect("a run").path();
    let folder_name = folder.display().to_string();
    let mut c = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(12))
        .configure_from_args();
    c.bench_function("a run of split-mnist, process and all", |b| {
        b.iter(|| seconds(&runner, &["run", "--fresh", &folder_name]));
    });
    c.final_summary();
    let timing = std::fs::read(folder.join("timing.json")).expect("what it cost");
    let timing: Value = serde_json::from_slice(&timing).expect("what it cost");
    let of = |path: &str| timing.pointer(path).and_then(Value::as_f64).unwrap_or(f64::NAN);
    println!("start to first update    {:6.1} ms", 1e3 * of("/first_update"));
    println!("most memory held         {:6.1} MB", 1e-6 * of("/peak_bytes"));
    println!(
        "records                  {:6.2} % of the run",
        100.0 * of("/times/records") / of("/seconds")
    );
    let mut ratios: Vec<f64> = (0..3)
        .map(|i| bench(&format!("one-{i}"), "1", RUNS) / bench(&format!("two-{i}"), "2", RUNS))
        .collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "two jobs against one     {:6.2} times ({:.2} to {:.2})",
        ratios[1], ratios[0], ratios[2]
    );
}
