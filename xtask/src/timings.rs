//! Compile times by crate, in one line, so that a crate that has become slow to compile is seen in the output of CI.
//!
//! The numbers are from the page of `cargo --timings`. A unit's time is how long its compiler ran, so with one job for each
//! core they add up to about the processor's time.

use crate::workspace::Workspace;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The largest number of crates in the line.
const NAMED: usize = 12;
/// Builds of fewer seconds are not reported.
const LITTLE: f64 = 20.0;
/// The text before and after the list of units in the page.
const MARKS: [&str; 2] = ["const UNIT_DATA = ", "];\n"];

/// One call of a compiler, or of a build script.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Unit {
    name: String,
    duration: f64,
}

/// The last timed build in one line, unless it compiled next to nothing or left no readable page.
pub(crate) fn line(workspace: &Workspace) -> Option<String> {
    let target = workspace.metadata().ok()?.target_directory;
    words(&units(&target)?)
}

fn units(target: &Path) -> Option<Vec<Unit>> {
    let page = std::fs::read_to_string(target.join("cargo-timings/cargo-timing.html")).ok()?;
    parse(&page)
}

fn parse(page: &str) -> Option<Vec<Unit>> {
    let [before, after] = MARKS;
    let (_, rest) = page.split_once(before)?;
    let (list, _) = rest.split_once(after)?;
    serde_json::from_str(&format!("{list}]")).ok()
}

fn words(units: &[Unit]) -> Option<String> {
    let mut by_crate: BTreeMap<&str, f64> = BTreeMap::new();
    for unit in units {
        *by_crate.entry(&unit.name).or_default() += unit.duration;
    }
    let all: f64 = by_crate.values().sum();
    if all < LITTLE {
        return None;
    }
    let own = |name: &str| name.starts_with("dentate") || name == "xtask";
    let ours: f64 = by_crate
        .iter()
        .filter(|(name, _)| own(name))
        .map(|(_, s)| s)
        .sum();
    let mut dearest: Vec<(&str, f64)> = by_crate.into_iter().collect();
    dearest.sort_by(|a, b| b.1.total_cmp(&a.1));
    let named: Vec<String> = dearest
        .iter()
        .take(NAMED)
        .map(|(name, seconds)| format!("{name} {seconds:.0}"))
        .collect();
    Some(format!(
        "seconds of compiling: {all:.0}, {ours:.0} of them for the workspace's own crates; {}",
        named.join(", ")
    ))
}

#[cfg(test)]
mod tests;
