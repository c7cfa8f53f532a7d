//! The pages beside the report: of runs, and over all suites.

use crate::{fixture, read, well_formed};
use dentate_core::Moment;
use dentate_core::record::{LINEAGE, Record, RunEntry, Status, UnitLife, UnitOrigin};
use dentate_eval::{Options, RunPages, index, report, report_with};
use std::fs;
use std::path::Path;

fn pages(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("runs")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<String> = names.filter(|name| name.ends_with(".html")).collect();
    pages.sort();
    pages
}

#[test]
fn every_run_has_a_page_and_the_report_links_it() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = fixture::manifest();
    fixture::write(folder.path(), &manifest);
    let failed = folder.path().join("runs/class-split-progressive-columns-3");
    fs::create_dir_all(&failed).unwrap();
    fs::write(
        failed.join("log.txt"),
        "── attempt\nfirst\nthread panicked <here>\n",
    )
    .unwrap();
    fs::write(
        failed.join("records.csv.part"),
        "metric,experience,step,task,item,value\nloss,0,100,,,2.0\nloss,0,200,,,1.5\nloss,0,30",
    )
    .unwrap();
    let grown = folder.path().join("runs/task-split-dynamic-node-creation-1");
    let life = |unit, origin, parent, step, died: Option<u64>| UnitLife {
        unit,
        layer: "h1".into(),
        origin,
        parent,
        cause: "add-unit".into(),
        born: Moment { experience: 0, step },
        died: died.map(|step| Moment { experience: 1, step }),
        end: died.map(|_| "prune".into()).unwrap_or_default(),
    };
    let lives = [
        life(1, UnitOrigin::Initial, None, 0, None),
        life(2, UnitOrigin::Initial, None, 0, Some(300)),
        life(3, UnitOrigin::Split, Some(2), 100, None),
    ];
    fs::write(grown.join(LINEAGE), UnitLife::to_csv(&lives)).unwrap();
    report(folder.path()).unwrap();
    let all = pages(folder.path());
    assert_eq!(all.len(), manifest.runs.len());
    let report_page = read(folder.path(), "report.html");
    for page in &all {
        assert!(
            report_page.contains(&format!("href=\"runs/{page}\"")),
            "{page} is not linked"
        );
        let text = read(folder.path(), &format!("runs/{page}"));
        well_formed(&text);
        for outside in ["http://", "https://", "<script", "url(", "@import", "NaN"] {
            assert!(!text.contains(outside), "{page} needs {outside}");
        }
    }
    let page = read(folder.path(), "runs/class-split-progressive-columns-3.html");
    for fact in [
        "panic: a column was asked for features it has not got",
        "Its last record is of update 200",
        "thread panicked &lt;here&gt;",
        "Different from the control",
        "class-split-progressive-columns-3/log.txt",
    ] {
        assert!(page.contains(fact), "the page does not say: {fact}");
    }
    let page = read(folder.path(), "runs/task-split-dynamic-node-creation-1.html");
    for fact in [
        "Family tree of the units",
        "Unit 3: split (add-unit) at update 100, from unit 2",
        "Unit 2: initial (add-unit) at update 0, died at update 300 (prune)",
        "and 1 unchanged",
    ] {
        assert!(page.contains(fact), "the page does not say: {fact}");
    }
    // A damaged file costs a section.
    fs::write(grown.join(LINEAGE), "unit\n").unwrap();
    report(folder.path()).unwrap();
    let page = read(folder.path(), "runs/task-split-dynamic-node-creation-1.html");
    assert!(page.contains("lineage.csv cannot be used: line 1 is not"));
}

#[test]
fn of_many_runs_the_failed_ones_have_pages() {
    let mut manifest = fixture::manifest();
    manifest.methods.truncate(2);
    manifest.control = None;
    manifest.claims.clear();
    let mut runs = Vec::new();
    for seed in 1..=201 {
        let mut run = manifest.runs[0].clone();
        (run.id, run.seed, run.status) = (format!("many-{seed}"), seed, Status::Pending);
        if seed == 7 {
            run.status = Status::Failed {
                kind: "limit".into(),
                message: "too slow".into(),
            };
        }
        runs.push(run);
    }
    manifest.runs = runs;
    let written = |run_pages| {
        let folder = tempfile::tempdir().unwrap();
        fixture::write(folder.path(), &manifest);
        let options = Options {
            run_pages,
            ..Options::default()
        };
        report_with(folder.path(), options).unwrap();
        let there = folder.path().join("runs").is_dir();
        if there { pages(folder.path()) } else { Vec::new() }
    };
    assert_eq!(written(RunPages::Few), ["many-7.html"]);
    assert_eq!(written(RunPages::Failed), ["many-7.html"]);
    assert_eq!(
        written(RunPages::All),
        ["many-7.html"],
        "of a pending run there is nothing to say"
    );
    assert!(written(RunPages::None).is_empty());
}

fn worse(run: &RunEntry, mut records: Vec<Record>) -> Vec<Record> {
    let columns = run.method == "progressive-columns";
    for record in records.iter_mut().filter(|r| columns && r.metric == "accuracy") {
        record.value *= 0.9;
    }
    records
}

#[test]
fn the_index_tells_what_the_last_report_changed() {
    let results = tempfile::tempdir().unwrap();
    let folder = results.path().join("quick & dirty");
    let mut manifest = fixture::manifest();
    let shown = || {
        let made = index(results.path()).unwrap();
        let text = read(results.path(), "index.html");
        well_formed(&text);
        assert_eq!(made.suites, text.matches("/report.html\"").count());
        text
    };
    assert!(shown().contains("No suite in this folder has a report yet."));
    fixture::write(&folder, &manifest);
    report(&folder).unwrap();
    let first = shown();
    for fact in [
        "href=\"quick%20%26%20dirty/report.html\"",
        "First report",
        "1 run failed",
        "2026-01-02",
    ] {
        assert!(first.contains(fact), "{fact}\n{first}");
    }
    fixture::write_each(&folder, &manifest, str::to_owned, worse);
    report(&folder).unwrap();
    let changed = shown();
    assert!(
        changed.contains("Worse: Progressive columns (Split digits, task given)"),
        "{changed}"
    );
    assert!(!changed.contains("Better"));
    // The same figures again are no new report.
    report(&folder).unwrap();
    assert_eq!(shown(), changed);
    // Other settings alone are named with the next figures, and what is no file of this program counts for nothing.
    manifest.methods[1].configuration = "hidden = [8]\n".into();
    fixture::write(&folder, &manifest);
    report(&folder).unwrap();
    let better = shown();
    assert!(
        better.contains("Better: Progressive columns (Split digits, task given)"),
        "{better}"
    );
    assert!(better.contains("Other settings: "), "{better}");
    fs::write(folder.join("last-report.json"), "{").unwrap();
    assert!(shown().contains("No suite in this folder"));
    report(&folder).unwrap();
    assert!(shown().contains("First report"));
}
