//! The program: what it is called with, how it ends, and which metrics are linked in.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may panic")]

mod results;

use dentate_core::record::{Assertion, ClaimEntry, Order};
use std::path::Path;
use std::process::{Command, Output};

/// The crate that `cargo xtask new metric` makes, with the places of its template left open.
#[path = "../../../xtask/src/new/templates/metric/lib.txt"]
mod scaffold;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dentate-report"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_exit_code_tells_usage_from_failure() {
    let folder = tempfile::tempdir().unwrap();
    results::write(folder.path());
    let path = folder.path().display().to_string();
    let good = run(&[&path]);
    assert_eq!(good.status.code(), Some(0));
    let printed = String::from_utf8(good.stdout).unwrap();
    assert!(
        printed.trim_end().ends_with(&format!("{path}/report.html")),
        "{printed}"
    );
    assert!(!folder.path().join("records.csv").exists());
    assert!(run(&["--quiet", &path]).stdout.is_empty());
    assert_eq!(run(&[]).status.code(), Some(2));
    assert_eq!(run(&["--nonsense", &path]).status.code(), Some(2));
    let bad = run(&["/nonexistent", &path]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(
        !bad.stdout.is_empty(),
        "one bad folder does not keep the others from being reported"
    );
    let error = String::from_utf8(bad.stderr).unwrap();
    assert_eq!(
        error,
        "dentate-report: there is no results folder at /nonexistent\n"
    );
}

#[test]
fn claims_have_an_exit_code_of_their_own() {
    let claim = |stream: &str, order, figure| ClaimEntry {
        what: "Fixed networks guess at least.".into(),
        stream: stream.into(),
        method: "fixed".into(),
        other: None,
        metric: "average-accuracy".into(),
        assertion: Assertion::Ordered { order, figure },
        each: false,
        source: "Sleeper 1900".into(),
        departures: String::new(),
        cause: String::new(),
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let code = |claims: Vec<ClaimEntry>, options: &[&str]| {
        results::write_with(folder.path(), claims);
        run(&[options, &[&path]].concat()).status.code()
    };
    let held = || claim("s", Order::AtLeast, 0.0);
    let missed = || claim("s", Order::Above, 100.0);
    let check = ["--quiet", "--check-claims"];
    assert_eq!(code(vec![held(), missed()], &["--quiet"]), Some(0));
    assert_eq!(code(vec![held(), missed()], &check), Some(5));
    assert_eq!(code(vec![held()], &check), Some(0));
    // A claim that cannot be tested is not held, and a report that fails is a failure whatever the claims.
    assert_eq!(
        code(vec![claim("elsewhere", Order::AtLeast, 0.0)], &check),
        Some(5)
    );
    assert_eq!(
        run(&["--check-claims", "/nonexistent", &path]).status.code(),
        Some(1)
    );
}

#[test]
fn events_are_written_on_demand_and_always_the_same() {
    let folder = tempfile::tempdir().unwrap();
    results::write(folder.path());
    let path = folder.path().display().to_string();
    assert!(run(&["--quiet", &path]).status.success());
    assert!(!folder.path().join("events").exists());
    let events = folder.path().join("events/s/fixed/seed-1");
    let written = || {
        assert!(run(&["--quiet", "--events", &path]).status.success());
        ["events.out.tfevents.0000000000.r1", "r1.jsonl"]
            .map(|name| std::fs::read(events.join(name)).unwrap())
    };
    let first = written();
    assert!(first.iter().all(|file| !file.is_empty()));
    assert_eq!(first, written());
}

#[test]
fn two_results_are_compared() {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    results::write(before.path());
    results::write(after.path());
    let [one, other] = [&before, &after].map(|folder| folder.path().display().to_string());
    let said = |options: &[&str]| {
        let ran = run(&[&["compare", &one, &other], options].concat());
        (ran.status.code(), String::from_utf8(ran.stdout).unwrap())
    };
    let (code, table) = said(&[]);
    assert_eq!(code, Some(0));
    assert!(
        table.starts_with("Made up: what changed\n") && table.contains("unchanged"),
        "{table}"
    );
    let (code, page) = said(&["--markdown"]);
    assert_eq!(code, Some(0));
    assert!(page.starts_with("# Made up: what changed\n"), "{page}");
    let (code, csv) = said(&["--csv"]);
    assert_eq!(code, Some(0));
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert_eq!(said(&["--csv", "--markdown"]).0, Some(2));
    assert_eq!(run(&["compare", &one]).status.code(), Some(2));
    let absent = run(&["compare", &one, "/nonexistent"]);
    assert_eq!(absent.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(absent.stderr).unwrap(),
        "dentate-report: there is no results folder at /nonexistent\n"
    );
    // Nothing is written.
    assert!(!before.path().join("report.html").exists());
}

#[test]
fn exports_and_the_index_are_written_on_demand() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).display().to_string();
    let suites = [path("results/one"), path("results/two")];
    suites.iter().for_each(|suite| results::write(Path::new(suite)));
    let ran = run(&["--quiet", "--run-pages", "none", &suites[0]]);
    assert!(ran.status.success());
    for absent in [
        "results/index.html",
        "results/one/runs/r1.html",
        "results/one/tables",
    ] {
        assert!(!place.path().join(absent).exists(), "{absent}");
    }
    let (results, paper) = (path("results"), path("paper"));
    let ran = run(&["--quiet", "--index", &results, "--export", &paper, &suites[0]]);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    for there in [
        "results/index.html",
        "results/one/runs/r1.html",
        "paper/sources.bib",
        "paper/tables/all.tex",
    ] {
        assert!(place.path().join(there).is_file(), "{there}");
    }
    // With several, each has a folder of its own.
    let ran = run(&["--quiet", "--export", &paper, &suites[0], &suites[1]]);
    assert!(ran.status.success());
    assert!(place.path().join("paper/one/sources.bib").is_file());
    assert!(place.path().join("paper/two/sources.bib").is_file());
}

/// A full disk takes no words, and the report none the less.
#[cfg(target_os = "linux")]
#[test]
fn a_report_is_written_though_nobody_can_be_told() {
    let folder = tempfile::tempdir().unwrap();
    results::write(folder.path());
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let program = |folder: &Path| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dentate-report"));
        command
            .arg(folder)
            .stdout(full())
            .stderr(full())
            .status()
            .unwrap()
    };
    assert_eq!(program(folder.path()).code(), Some(0));
    assert!(folder.path().join("report.html").is_file());
    assert_eq!(program(&folder.path().join("nowhere")).code(), Some(1));
}

/// A metric of each kind: one that a crate linked in here computes, and one that a plugin recorded, which nothing here knows.
#[test]
fn metrics_of_plugins_are_in_the_report() {
    let folder = tempfile::tempdir().unwrap();
    results::write(folder.path());
    let path = folder.path().display().to_string();
    assert!(run(&["--records", &path]).status.success());
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let page = read("report.md");
    let head = "| Method | Area under the accuracy curve, % | Wakefulness, % |";
    assert!(page.contains(head), "{page}");
    assert!(page.contains("| Fixed | 75.0 | 40.0 |"), "{page}");
    assert!(
        page.contains("- **Wakefulness.** Share of units that were awake (Sleeper 1900)."),
        "{page}"
    );
    let metrics = read("metrics.csv");
    assert!(metrics.contains("s,fixed,1,r1,accuracy-area,0.75\n"), "{metrics}");
    assert!(metrics.contains("s,fixed,1,r1,wakefulness,0.4\n"), "{metrics}");
    let records = read("records.csv");
    assert!(records.starts_with("suite,stream,method,seed,run,metric,experience,step,task,item,value\n"));
    assert!(
        records.contains("\nmade-up,s,fixed,1,r1,wakefulness,0,20,,h1,0.6\n"),
        "{records}"
    );
}

/// The scaffold's metric is linked into this test, and is told from the others by its name.
#[test]
fn what_is_scaffolded_is_a_metric() {
    let all = dentate_eval::metrics::all_derived();
    assert!(all.iter().any(|derived| derived.metric.name() == "{{name}}"));
    dentate_eval::metrics::check_derived(&all).unwrap();
}
