//! The pages in a browser.

use crate::{browser, fixture};
use dentate_core::record::Manifest;
use std::path::Path;

/// A report on a made-up suite, and every other page of it, without a failure.
fn flawless(manifest: &Manifest) {
    let Some(chromium) = browser::browser() else {
        return;
    };
    let results = tempfile::tempdir().unwrap();
    let folder = results.path().join("quick");
    fixture::write(&folder, manifest);
    dentate_eval::report(&folder).unwrap();
    dentate_eval::index(results.path()).unwrap();
    let run = |run: &str| folder.join("runs").join(run).with_extension("html");
    let mut pages = vec![folder.join("report.html"), results.path().join("index.html")];
    let first = manifest.runs.iter().filter(|r| r.id.ends_with("-1"));
    pages.extend(first.take(3).map(|r| run(&r.id)));
    let failures: Vec<String> = pages.iter().flat_map(|page| named(&chromium, page)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

fn named(chromium: &Path, page: &Path) -> Vec<String> {
    let name = page
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let failures = browser::failures(chromium, page).into_iter();
    failures.map(|what| format!("{name}: {what}")).collect()
}

#[test]
fn the_pages_are_flawless_in_a_browser() {
    flawless(&fixture::manifest());
}

#[test]
fn pages_with_maps_are_flawless_in_a_browser() {
    flawless(&fixture::maps::manifest());
}

/// The checks find what they look for: a page with one flaw of each kind.
#[test]
fn a_flawed_page_is_found_out() {
    let Some(chromium) = browser::browser() else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("flawed.html");
    std::fs::write(&page, include_str!("flawed.html")).unwrap();
    let found = browser::verdicts(&chromium, &page, browser::Mode::Print);
    for (check, piece) in [
        ("no error", "nothing is not defined"),
        ("nothing from outside", "IMG src=http://localhost"),
        ("names of charts", "without a name"),
        ("charts have marks", "nothing is drawn: Empty"),
        ("axes have titles and units", "an axis without its unit: Accuracy"),
        ("numbers of axes differ", "1.4G stands twice"),
        ("names are whole", "“a na…” is cut"),
        ("texts of charts are not on curves", "“on it” lies on a curve"),
        ("charts have one size of text", "2.00 times as large: Large"),
        ("numbers do not break", "“12345 points” breaks"),
        ("sentences are for readers", "“1 runs” in"),
        ("no rows of dashes", "Blank has no entry"),
        (
            "labels agree with tables",
            "One ends at 96.4, and the table says 12",
        ),
        ("texts of charts do not overlap", "“each other” lies on “upon”"),
        ("texts of charts are inside", "“far away from here”"),
        ("contrast of texts", "“pale”"),
        ("a method looks the same everywhere", "One is drawn as"),
        ("tables keep their columns", "off the paper"),
        ("sorting", "not sorted by Number"),
    ] {
        let said = found.get(check).map(|all| all.join("\n")).unwrap_or_default();
        assert!(said.contains(piece), "{check} found no flaw: {said}");
    }
}

/// Checks the page that `DENTATE_CHECK_PAGE` names.
#[test]
fn a_page_of_ones_own() {
    let (Some(page), Some(chromium)) = (std::env::var_os("DENTATE_CHECK_PAGE"), browser::browser()) else {
        return;
    };
    let failures = named(&chromium, Path::new(&page));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
