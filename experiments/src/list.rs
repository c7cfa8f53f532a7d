//! `dentate list`: all names that a suite can use, and the suites.

use crate::paths::suites;
use crate::suite::Suite;
use dentate_core::{metrics, registry};
use std::fmt::Write;

/// The listing.
pub(crate) fn list() -> String {
    let mut out = registered() + &metrics();
    let found = suites();
    if !found.is_empty() {
        let width = found.iter().map(|(n, _)| n.len()).max().unwrap_or(0);
        let _ = writeln!(out, "suites (run one with `cargo xtask bench NAME`)");
        for (name, path) in found {
            let title = match Suite::read(&path) {
                Ok(suite) => suite.title,
                Err(error) => format!("cannot be used: {error}"),
            };
            let _ = writeln!(out, "  {name:width$}  {title}");
        }
    }
    out
}

/// Metrics that plugins record; empty if there are none.
fn metrics() -> String {
    let all = metrics::registered();
    let width = all.iter().map(|metric| metric.info.name.len()).max().unwrap_or(0);
    let lines = all.iter().map(|metric| {
        let info = &metric.info;
        format!(
            "  {:width$}  {}\n  {:width$}  {}\n",
            info.name, info.formula, "", info.source
        )
    });
    let lines: String = lines.collect();
    if lines.is_empty() {
        lines
    } else {
        format!("recorded metrics\n{lines}\n")
    }
}

/// All registered items, by kind, sorted by name.
fn registered() -> String {
    registry::listing(&registry::entries())
}

#[cfg(test)]
mod tests;
