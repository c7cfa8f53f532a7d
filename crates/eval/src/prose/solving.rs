//! Problems that are solved or not, in sentences.

use super::title;
use crate::comparison::{MethodRow, StreamComparison};
use crate::format::{self, plural};
use crate::metrics::Metric;
use crate::statistics::median;
use crate::suite::Suite;

pub(super) fn solving(suite: &Suite, c: &StreamComparison) -> Vec<String> {
    let said = c.rows.iter().filter(|r| r.finished > 0).map(|row| {
        let s = Solving::of(row);
        let units = match (s.range(), s.known_minimum) {
            (Some(range), Some(known)) => {
                format!(
                    " with {range} hidden units, where {} is the fewest known",
                    format::count(known)
                )
            }
            (Some(range), None) => format!(" with {range} hidden units"),
            (None, _) => String::new(),
        };
        format!(
            "{} solved {} of {}{units}.",
            title(suite, row),
            s.solved,
            plural(row.finished, "run")
        )
    });
    let said: Vec<String> = said.collect();
    if said.is_empty() {
        vec!["No run has a result yet.".into()]
    } else {
        said
    }
}

/// A method's runs on a function-learning problem.
#[derive(Debug)]
pub(crate) struct Solving {
    pub(crate) solved: usize,
    /// Hidden units of the runs that solved it, sorted.
    pub(crate) units: Vec<f64>,
    /// Hidden units of the runs that did not, sorted.
    pub(crate) unsolved_units: Vec<f64>,
    pub(crate) known_minimum: Option<f64>,
}

impl Solving {
    pub(crate) fn of(row: &MethodRow) -> Self {
        let none = std::collections::BTreeMap::new();
        let of = |metric: Metric| row.values.get(&metric).unwrap_or(&none);
        let solved = of(Metric::SOLVED);
        let is_solved = |seed: &u64| solved.get(seed).is_some_and(|v| *v > 0.5);
        let (mut units, mut unsolved_units) = (Vec::new(), Vec::new());
        for (seed, n) in of(Metric::HIDDEN_UNITS) {
            if is_solved(seed) {
                units.push(*n)
            } else {
                unsolved_units.push(*n)
            }
        }
        units.sort_by(f64::total_cmp);
        unsolved_units.sort_by(f64::total_cmp);
        Self {
            solved: solved.keys().filter(|s| is_solved(s)).count(),
            units,
            unsolved_units,
            known_minimum: of(Metric::KNOWN_MINIMUM).values().copied().reduce(f64::min),
        }
    }

    /// `3`, or `2 to 5 (median 3)`.
    pub(crate) fn range(&self) -> Option<String> {
        let (first, last) = (self.units.first()?, self.units.last()?);
        let write = format::count;
        Some(if first == last {
            write(*first)
        } else {
            format!(
                "{} to {} (median {})",
                write(*first),
                write(*last),
                write(median(&self.units)?)
            )
        })
    }
}
