//! `index.html` of a folder of results: a row for each suite that has a report, with what the last one changed.

use super::last::Last;
use super::page;
use crate::changes::{Change, Differences, Verdict};
use crate::failure::ReportError;
use crate::files::write;
use crate::format::{plural, unbroken};
use crate::prose;
use maud::{Markup, html};
use std::io;
use std::path::{Path, PathBuf};

/// An index that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The page.
    pub path: PathBuf,
    /// The number of suites on it.
    pub suites: usize,
}

/// The most methods that a cell names.
const MOST: usize = 6;

/// Write the index of the results in a folder: the suites in its folders, newest first. It reads no records, so it takes no time.
///
/// # Errors
/// [`ReportError`] in one sentence.
pub fn index(results: &Path) -> Result<Index, ReportError> {
    let unreadable = |source: io::Error| {
        ReportError::Suite(crate::suite::ResultsError::Read {
            path: results.into(),
            source,
        })
    };
    let mut suites: Vec<(String, Last)> = Vec::new();
    for entry in std::fs::read_dir(results).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // A name that is no text cannot be linked.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if let Some(last) = Last::read(&entry.path()) {
            suites.push((name, last));
        }
    }
    suites.sort_by(|(a, one), (b, other)| (&other.now.when, a).cmp(&(&one.now.when, b)));
    let path = write(
        results,
        "index.html",
        page("Dentate · results", "", &body(&suites)),
    )?;
    Ok(Index {
        path,
        suites: suites.len(),
    })
}

fn body(suites: &[(String, Last)]) -> Markup {
    html! {
        header {
            p.kicker { "Dentate" }
            h1 { "Results" }
        }
        main {
            @if suites.is_empty() {
                p { "No suite in this folder has a report yet." }
            } @else {
                div.scroll tabindex="0" role="region" aria-label="Suites" {
                    table.suites {
                        caption { "Suites with a report, the one that ran last first. Changes are against the report before: in the measure of the \
                            ranking, seed by seed, corrected for all tests of the suite." }
                        thead { tr {
                            th scope="col" { "Suite" }
                            th scope="col" { "First finding" }
                            th.number scope="col" { "Runs finished" }
                            th scope="col" { "Last run" }
                            th scope="col" { "Changed since the report before" }
                        } }
                        tbody { @for (folder, last) in suites { (row(folder, last)) } }
                    }
                }
            }
        }
        footer { p { "Made by dentate-report " (env!("CARGO_PKG_VERSION")) ". To compare any two results: " code { "dentate-report compare BEFORE AFTER" } "." } }
    }
}

fn row(folder: &str, last: &Last) -> Markup {
    let now = &last.now;
    html! {
        tr {
            th scope="row" {
                a href=(format!("{}/report.html", link(folder))) { (now.title) }
                div.note { (now.suite) }
            }
            td.wide-cell { @for (strong, part) in prose::parts(&unbroken(&last.finding)) { @if strong { strong { (part) } } @else { (part) } } }
            td.number data-label="Runs finished" {
                (now.finished) " of " (now.runs)
                @if last.failed > 0 { div.warn { (plural(last.failed, "run")) " failed" } }
            }
            td.day data-label="Last run" { (day(&now.when)) @if let Some(commit) = &now.commit { div.note { (commit) } } }
            td.wide-cell data-label="Changed since the report before" { (changed(last)) }
        }
    }
}

fn changed(last: &Last) -> Markup {
    let Some(found) = last.changes() else {
        return html! { "First report" };
    };
    let lines = lines(&found);
    html! {
        @if lines.is_empty() { "Nothing" }
        @for (class, line) in &lines {
            @if class.is_empty() { div { (line) } } @else { div class=(class) { (line) } }
        }
    }
}

/// The changes, a line for each kind, with its class.
fn lines(found: &Differences) -> Vec<(&'static str, String)> {
    let several = found.streams.len() > 1;
    let named = |wanted: &dyn Fn(&Change) -> bool| -> Vec<String> {
        let mut names = Vec::new();
        for stream in &found.streams {
            for row in stream.rows.iter().filter(|row| wanted(row)) {
                names.push(if several {
                    format!("{} ({})", row.title, stream.title)
                } else {
                    row.title.clone()
                });
            }
        }
        names
    };
    let mut lines = Vec::new();
    let mut say = |class, what: &str, names: Vec<String>| {
        if !names.is_empty() {
            lines.push((class, format!("{what}: {}", shortened(&names))));
        }
    };
    say("better", "Better", named(&|row| row.verdict == Verdict::Better));
    say("worse", "Worse", named(&|row| row.verdict == Verdict::Worse));
    say("", "Different", named(&|row| row.verdict == Verdict::Different));
    say("", "New", found.only_after.clone());
    say("", "Gone", found.only_before.clone());
    let settings = named(&|row| !row.settings.is_empty());
    say("", "Other settings", settings);
    let count = |wanted: fn(Verdict) -> bool| {
        let rows = found.streams.iter().flat_map(|s| &s.rows);
        rows.filter(|row| wanted(row.verdict)).count()
    };
    let open = count(|v| matches!(v, Verdict::Open(_)));
    if open > 0 {
        lines.push(("", format!("Cannot be told: {}", plural(open, "comparison"))));
    }
    let unchanged = count(|v| v == Verdict::Unchanged);
    if unchanged > 0 && !lines.is_empty() {
        lines.push(("", format!("Unchanged: {}", plural(unchanged, "comparison"))));
    }
    lines
}

fn shortened(names: &[String]) -> String {
    match names.len() {
        n if n > MOST => format!("{} and {} more", names[..MOST].join(", "), n - MOST),
        _ => names.join(", "),
    }
}

/// The day of an RFC 3339 time.
fn day(when: &str) -> &str {
    when.split('T').next().unwrap_or(when)
}

/// A folder's name within a link.
fn link(name: &str) -> String {
    let mut link = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            link.push(char::from(byte));
        } else {
            link.push_str(&format!("%{byte:02X}"));
        }
    }
    link
}
