//! The report of an artificial suite, intact and damaged.

#![allow(clippy::unwrap_used, reason = "the helpers of a test may panic")]

mod beside;
mod browser;
mod browsing;
mod claiming;
mod comparing;
mod damaging;
mod exporting;
mod fixture;
mod page;
mod writing;

use dentate_core::record::{FORMAT, MANIFEST, Manifest, RECORDS, Status};
use dentate_eval::report;
use std::fs;
use std::path::Path;

fn reported(manifest: &Manifest) -> (tempfile::TempDir, dentate_eval::Report) {
    let folder = tempfile::tempdir().unwrap();
    fixture::write(folder.path(), manifest);
    let made = report(folder.path()).unwrap();
    (folder, made)
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

#[test]
fn the_terminal_table() {
    insta::assert_snapshot!(reported(&fixture::manifest()).1.terminal);
}

#[test]
fn the_markdown_page() {
    let (folder, _) = reported(&fixture::manifest());
    insta::assert_snapshot!(read(folder.path(), "report.md"));
}

#[test]
fn the_summary() {
    let (folder, _) = reported(&fixture::manifest());
    insta::assert_snapshot!(rounded(&read(folder.path(), "summary.csv")));
    let metrics = read(folder.path(), "metrics.csv");
    assert!(metrics.starts_with("stream,method,seed,run,metric,value\n"));
    assert!(metrics.contains("class-split,fixed,2,class-split-fixed-2,updates,1000.0\n"));
    assert!(
        !metrics.contains("class-split-progressive-columns-3"),
        "a failed run has no metrics"
    );
}

/// Numbers to six decimals: the last bits belong to the platform.
fn rounded(csv: &str) -> String {
    let field = |text: &str| match text.parse::<f64>() {
        Ok(number) if text.contains('.') => format!("{number:.6}")
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
        _ => text.to_owned(),
    };
    let line = |line: &str| line.split(',').map(field).collect::<Vec<_>>().join(",");
    csv.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_html_page_is_whole_and_says_what_matters() {
    let (folder, made) = reported(&fixture::manifest());
    assert_eq!(made.html, folder.path().join("report.html"));
    let page = read(folder.path(), "report.html");
    well_formed(&page);
    for fact in [
        "<strong>Progressive columns</strong> leads with",
        "significant",
        "panic: a column was asked for features it has not got",
        "solved 4 of 5 runs with 3 to 5 (median 3.5) hidden units, where 3 is the fewest known",
        "cargo xtask bench quick --seeds 5",
        "0123abc (with changes)",
        "prefers-color-scheme: dark",
        "Stopped: quota reached",
        "Did growth pay?",
        "When, where and why did it grow?",
        "Of 2 growing methods",
        "3 seeds are too few to tell",
        "seeds would settle",
        "Any method against any other",
        "Which published figures hold?",
        "the columns are narrower",
        "Confusion matrix of Progressive columns",
    ] {
        assert!(page.contains(fact), "the page does not say: {fact}");
    }
    for outside in [
        "http://", "https://", "src=", "url(", "@import", "fetch(", "XMLHttp",
    ] {
        assert!(
            !page.contains(outside),
            "the page needs something else: {outside}"
        );
    }
    // The script may well speak of these.
    let (shown, _) = page.split_once("<script").unwrap();
    for wrong in [">NaN", ">inf", " NaN", "NaN,", "inf "] {
        assert!(!shown.contains(wrong), "a number went wrong: {wrong}");
    }
}

#[test]
fn maps_are_measured_and_drawn() {
    let (folder, _) = reported(&fixture::maps::manifest());
    let text = read(folder.path(), "report.md");
    let (findings, _) = text.split_once("## How was this made?").unwrap();
    insta::assert_snapshot!(findings);
    let page = read(folder.path(), "report.html");
    well_formed(&page);
    for (piece, times) in [
        // Soon after each boundary and before it, and nothing of the other map.
        ("the map at several moments</title>", 1),
        (" of the stream</title>", 0),
        // A prototype of each at the end, of the first seed alone.
        ("1 prototype as images", 2),
        // Births and deaths.
        ("changes of units by layer</title>", 1),
        ("quantization error along the stream</title>", 1),
    ] {
        assert_eq!(page.matches(piece).count(), times, "{piece}");
    }
}

#[test]
fn lives_and_reconstructions_are_tabulated_and_drawn() {
    let (folder, _) = reported(&fixture::lives::manifest());
    let text = read(folder.path(), "report.md");
    let (findings, _) = text.split_once("## How was this made?").unwrap();
    insta::assert_snapshot!(format!(
        "{findings}\n{}",
        rounded(&read(folder.path(), "survival.csv"))
    ));
    let page = read(folder.path(), "report.html");
    well_formed(&page);
    for (piece, times) in [
        ("survival of newborn units</title>", 2),
        ("2 died within their window.", 2),
        ("more active half, 0 of 8 died, 100.0% survive", 1),
        ("reconstruction error by class</title>", 2),
        ("reconstruction error by level</title>", 2),
    ] {
        assert_eq!(page.matches(piece).count(), times, "{piece}");
    }
    let (folder, _) = reported(&fixture::manifest());
    assert!(!folder.path().join("survival.csv").exists());
}

/// A task whose name differs between seeds is named by its number everywhere.
#[test]
fn tasks_of_ones_own_go_by_number() {
    let (folder, made) = reported(&fixture::lives::of_own_classes());
    let text = read(folder.path(), "report.md");
    let (findings, _) = text.split_once("## How was this made?").unwrap();
    insta::assert_snapshot!(format!("{}\n{findings}", made.terminal));
    let page = read(folder.path(), "report.html");
    well_formed(&page);
    for (piece, times) in [
        (" · each seed has tasks of its own", 1),
        // Heads and rows of matrices.
        ("<th scope=\"col\">Task 2</th>", 3),
        ("<th scope=\"row\">Task 2</th>", 3),
        ("reconstruction error by task</title>", 2),
        ("by class", 0),
        (">class ", 0),
    ] {
        assert_eq!(page.matches(piece).count(), times, "{piece}");
    }
    for class in 5..=8 {
        assert!(
            !page.contains(&format!(">{class}</th>")),
            "a column is called {class}"
        );
    }
}

/// Every element is closed in order, every id is unique and every reference to one has its target.
fn well_formed(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let (mut ids, mut targets) = (Vec::new(), Vec::new());
    let mut rest = page.strip_prefix("<!DOCTYPE html>").unwrap();
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').unwrap();
        let tag = &rest[start + 1..end];
        let name = tag.trim_start_matches('/').split_whitespace().next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "closed out of order");
        } else if name != "meta" {
            open.push(name);
        }
        let attribute = |key: &str| Some(tag.split_once(key)?.1.split('"').next().unwrap().to_owned());
        ids.extend(attribute(" id=\""));
        targets.extend(attribute(" href=\"#"));
        targets.extend(
            attribute("labelledby=\"")
                .iter()
                .flat_map(|l| l.split(' '))
                .map(str::to_owned),
        );
        // Style sheets and scripts hold `<` and `>` that are no elements.
        rest = if matches!(name, "style" | "script") && !tag.starts_with('/') {
            &rest[rest.find(&format!("</{name}>")).unwrap()..]
        } else {
            &rest[end + 1..]
        };
    }
    assert!(open.is_empty(), "left open: {open:?}");
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "an id is used twice");
    for target in targets {
        assert!(ids.contains(&target), "nothing has the id {target}");
    }
}

#[test]
fn a_title_cannot_break_the_pages() {
    let mut manifest = fixture::manifest();
    manifest.methods[0].title = "<b>A|B</b> & \"C\"".into();
    manifest.streams[0].tasks[0] = "<i>x</i>".into();
    let (folder, _) = reported(&manifest);
    well_formed(&read(folder.path(), "report.html"));
    assert!(read(folder.path(), "report.md").contains("\\<b>A\\|B\\</b>"));
}

#[test]
fn one_seed_has_no_interval_and_says_so() {
    let mut manifest = fixture::manifest();
    manifest.runs.retain(|r| r.seed == 1);
    // Tolerances of claims are no intervals.
    manifest.claims.clear();
    let (folder, _) = reported(&manifest);
    let page = read(folder.path(), "report.md");
    assert!(page.contains("One seed gives no interval and no test, so nothing here is significant."));
    let table = || page.lines().filter(|l| l.starts_with('|'));
    assert!(table().all(|row| !row.contains(" ± ") && !row.contains("| significant |")));
}

#[test]
fn a_suite_of_nothing_but_pending_runs_is_a_report() {
    let mut manifest = fixture::manifest();
    manifest.runs.iter_mut().for_each(|r| r.status = Status::Pending);
    let (folder, made) = reported(&manifest);
    well_formed(&read(folder.path(), "report.html"));
    assert!(made.terminal.contains("pending"));
    assert!(read(folder.path(), "report.md").contains("No run has a result yet."));
    manifest.runs.clear();
    manifest.control = None;
    well_formed(&read(reported(&manifest).0.path(), "report.html"));
}

#[test]
fn a_damaged_log_costs_a_row() {
    let folder = tempfile::tempdir().unwrap();
    fixture::write(folder.path(), &fixture::manifest());
    let log = |run: &str| folder.path().join("runs").join(run).join(RECORDS);
    fs::remove_file(log("task-split-fixed-1")).unwrap();
    let text = fs::read_to_string(log("task-split-fixed-2")).unwrap();
    fs::write(log("task-split-fixed-2"), &text[..text.len() - 3]).unwrap();
    report(folder.path()).unwrap();
    let page = read(folder.path(), "report.md");
    let (_, rows) = page.split_once("## Runs without a result").unwrap();
    let (rows, _) = rows.split_once("\n## ").unwrap();
    insta::assert_snapshot!(rows);
}

/// A quantity that one seed has not is a mean over the others, and says so.
#[test]
fn a_mean_is_over_the_seeds_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let first = std::cell::Cell::new(true);
    fixture::write_with(
        folder.path(),
        &fixture::manifest(),
        str::to_owned,
        |mut records| {
            if first.replace(false) {
                records.retain(|r| r.metric != "parameters");
            }
            records
        },
    );
    report(folder.path()).unwrap();
    let page = read(folder.path(), "report.md");
    // What is computed from it says it too, and nothing else.
    assert!(page.contains(" 89,610 (n = 4) | **1.00 (n = 4)** |"), "{page}");
    assert_eq!(page.matches("(n = ").count(), 2, "{page}");
}

#[test]
fn folders_that_cannot_be_read_are_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let said = |path: &Path| {
        report(path)
            .unwrap_err()
            .to_string()
            .replace(&folder.path().display().to_string(), "FOLDER")
    };
    let mut sentences = vec![said(&path.join("absent")), said(path)];
    let wrong = format!("{{\"format\": {FORMAT}, \"suite\": 3}}");
    for text in ["{", "{}", "{\"format\": 99}", &wrong] {
        fs::write(path.join(MANIFEST), text).unwrap();
        sentences.push(said(path));
    }
    insta::assert_snapshot!(sentences.join("\n"));
}

/// To look at the page: `DENTATE_FIXTURE=FOLDER cargo test -p dentate-eval --test eval look`.
#[test]
fn look() {
    let Some(folder) = std::env::var_os("DENTATE_FIXTURE") else {
        return;
    };
    fixture::write(folder.as_ref(), &fixture::manifest());
    println!(
        "{}",
        report(folder.as_ref())
            .expect("the made-up suite is whole")
            .terminal
    );
}

/// Damaged and malformed files: no panic, no more memory than stated, one sentence.
#[test]
fn damaged_files_are_refused_in_one_sentence() {
    use dentate_eval::fuzzing::{READERS, examples};
    use dentate_testkit::malformed::{Reader, attack};
    for (name, read, most) in READERS {
        let seed = dentate_core::Seed(1);
        attack(&Reader { name, read, most }, &examples(name), 3000, seed);
    }
}

#[test]
fn errors_say_what_is_wrong() {
    use dentate_eval::{ReportError, ResultsError as E};
    use dentate_testkit::sentences;
    let io = || std::io::Error::from(std::io::ErrorKind::PermissionDenied);
    let (folder, path) = (|| "results/s".into(), || "results/s/manifest.json".into());
    let suite = sentences!(E;
        E::NoFolder { folder: folder() } => E::NoFolder { .. },
        E::NoManifest { folder: folder() } => E::NoManifest { .. },
        E::Read { path: path(), source: io() } => E::Read { .. },
        E::Manifest { path: path(), message: "it ends early".into() } => E::Manifest { .. },
        E::Format { path: path(), found: 9 } => E::Format { .. },
        E::Inconsistent { path: path(), contradiction: "method `a` is listed twice".into() } => E::Inconsistent { .. },
    );
    let write = ReportError::Write {
        path: "results/s/report.html".into(),
        source: io(),
    };
    insta::assert_snapshot!(format!("{suite}\n{write}"));
}
