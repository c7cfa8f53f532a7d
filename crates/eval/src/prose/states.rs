//! Runs without a result, and those that went on elsewhere, in sentences.

use crate::comparison::StreamComparison;
use crate::format::{list, plural};
use crate::suite::{Outcome, Suite};

pub(super) fn unfinished(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let runs: Vec<usize> = c.rows.iter().flat_map(|r| r.runs.iter().copied()).collect();
    counts(suite, &runs).map(|text| format!("Of {}, {text}.", plural(runs.len(), "run")))
}

/// A sentence that some runs may differ in their last bits from those of this machine, if any may.
pub(crate) fn inexact(suite: &Suite) -> Option<String> {
    let n = suite.runs.iter().filter(|r| r.entry.inexact).count();
    (n > 0).then(|| {
        let runs = plural(n, "run");
        format!("{runs} went on from a checkpoint of another machine or build; the last bits of numbers may differ there.")
    })
}

/// `1 failed and 2 are pending`, if not all finished.
pub(crate) fn counts(suite: &Suite, runs: &[usize]) -> Option<String> {
    let mut states: std::collections::BTreeMap<&str, usize> = std::collections::BTreeMap::new();
    for outcome in runs
        .iter()
        .map(|r| &suite.runs[*r].outcome)
        .filter(|o| **o != Outcome::Finished)
    {
        *states.entry(outcome.word()).or_default() += 1;
    }
    let states: Vec<String> = states
        .into_iter()
        .map(|(word, n)| match (word, n) {
            ("failed", n) => format!("{n} failed"),
            (word, 1) => format!("1 is {word}"),
            (word, n) => format!("{n} are {word}"),
        })
        .collect();
    if states.is_empty() {
        None
    } else {
        Some(list(&states))
    }
}
