//! Two results of one suite against each other: each method on each stream, in the measure of the ranking.
//!
//! The difference is paired by seed where both have the same seeds, or share as many as a test needs; else it is Welch's, of two
//! independent samples. All tests of a comparison are corrected together (Holm), and the guards are those of the report: nothing is told
//! from fewer than [`FEWEST`](crate::statistics::FEWEST) seeds, nor from a spread below one step of the measure.

use crate::metrics::{Direction, Unit};
use crate::statistics::{Estimate, Untested, holm, settles};
use crate::values::{MethodValues, StreamValues, SuiteValues};
use std::collections::BTreeMap;

mod difference;
mod files;
mod settings;
mod tables;
use difference::{Difference, difference};
pub use files::{ChangeError, changes};
pub(crate) use settings::of_tables as settings_of_tables;

/// The comparison of two results of a suite.
#[derive(Clone, Debug)]
pub struct Changes {
    pub(crate) before: SuiteValues,
    pub(crate) after: SuiteValues,
    pub(crate) found: Differences,
}

/// Everything that differs between the values of two reports.
#[derive(Clone, Debug)]
pub(crate) struct Differences {
    pub(crate) streams: Vec<StreamChanges>,
    /// Streams that only the first has, and methods on streams that both have.
    pub(crate) only_before: Vec<String>,
    /// The same of the second.
    pub(crate) only_after: Vec<String>,
}

/// The changes on one stream.
#[derive(Clone, Debug)]
pub(crate) struct StreamChanges {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) metric: String,
    pub(crate) measure: String,
    pub(crate) unit: Unit,
    pub(crate) better: Option<Direction>,
    /// Why its figures cannot be compared, if they cannot.
    pub(crate) incomparable: Option<String>,
    pub(crate) rows: Vec<Change>,
}

/// The change of a method.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) before: Option<Estimate>,
    pub(crate) after: Option<Estimate>,
    pub(crate) difference: Option<Difference>,
    /// The p-value, corrected for all that the comparison tests.
    pub(crate) adjusted: Option<f64>,
    pub(crate) verdict: Verdict,
    /// The settings that differ: `hidden: [64] → [128]`.
    pub(crate) settings: Vec<String>,
}

/// The direction of a change, if it can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Better,
    Worse,
    /// It differs in a measure without a better direction.
    Different,
    /// Every seed has the same value as before.
    Unchanged,
    /// Nothing can be told, for this reason.
    Open(&'static str),
}

impl Verdict {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Different => "different",
            Self::Unchanged => "unchanged",
            Self::Open(_) => "cannot be told",
        }
    }
}

/// Compare the values of two reports of a suite.
pub(crate) fn between(before: &SuiteValues, after: &SuiteValues) -> Differences {
    let mut found = Differences {
        streams: Vec::new(),
        only_before: Vec::new(),
        only_after: Vec::new(),
    };
    for was in &before.streams {
        if after.streams.iter().all(|is| is.name != was.name) {
            found.only_before.push(format!("the stream {}", was.title));
        }
    }
    for is in &after.streams {
        let Some(was) = before.streams.iter().find(|was| was.name == is.name) else {
            found.only_after.push(format!("the stream {}", is.title));
            continue;
        };
        let missing = |of: &StreamValues, there: &StreamValues| -> Vec<String> {
            let lacks = |m: &&MethodValues| there.methods.iter().all(|t| t.name != m.name);
            let name = |m: &MethodValues| format!("{} on {}", m.title, of.title);
            of.methods.iter().filter(lacks).map(name).collect()
        };
        found.only_before.extend(missing(was, is));
        found.only_after.extend(missing(is, was));
        found.streams.push(on_stream(was, is));
    }
    correct(&mut found.streams);
    found
}

fn on_stream(was: &StreamValues, is: &StreamValues) -> StreamChanges {
    let incomparable = if was.what != is.what {
        let differ = was.what.iter().zip(&is.what).find(|(a, b)| a != b);
        let said = differ.map(|(a, b)| format!("{a} before, and {b} after"));
        Some(format!(
            "it is another stream: {}",
            said.unwrap_or_else(|| "its tasks belong to seeds in one only".into())
        ))
    } else if was.metric != is.metric {
        Some(format!(
            "it is ranked by another measure: {} before, and {} after",
            was.measure, is.measure
        ))
    } else {
        None
    };
    let both = is.methods.iter().filter_map(|after| {
        let before = was.methods.iter().find(|m| m.name == after.name)?;
        Some((before, after))
    });
    let comparable = incomparable.is_none();
    StreamChanges {
        name: is.name.clone(),
        title: is.title.clone(),
        metric: is.metric.clone(),
        measure: is.measure.clone(),
        unit: is.unit,
        better: is.better,
        rows: both
            .map(|(before, after)| change(&is.metric, comparable, before, after))
            .collect(),
        incomparable,
    }
}

fn change(metric: &str, comparable: bool, before: &MethodValues, after: &MethodValues) -> Change {
    let step = before.step.max(after.step);
    let estimate = |values: &BTreeMap<u64, f64>| {
        let values: Vec<f64> = values.values().copied().collect();
        Estimate::stepped(&values, step)
    };
    let same = !after.values.is_empty()
        && before.values.len() == after.values.len()
        && before
            .values
            .iter()
            .all(|(seed, v)| after.values.get(seed).is_some_and(|w| w.to_bits() == v.to_bits()));
    let difference = comparable
        .then(|| difference(metric, step, &before.values, &after.values))
        .flatten();
    let verdict = if same && comparable {
        Verdict::Unchanged
    } else {
        match difference.map(|d| d.p) {
            Some(Ok(_)) => Verdict::Open("not significant"),
            Some(Err(untested)) => Verdict::Open(untested.words()),
            None if comparable => Verdict::Open("no finished runs to compare"),
            None => Verdict::Open("not comparable"),
        }
    };
    Change {
        name: after.name.clone(),
        title: after.title.clone(),
        before: estimate(&before.values),
        after: estimate(&after.values),
        difference: difference.filter(|_| verdict != Verdict::Unchanged),
        adjusted: None,
        verdict,
        settings: settings::differing(before, after),
    }
}

/// Enters corrected p-values and the verdicts that follow.
fn correct(streams: &mut [StreamChanges]) {
    let family = |change: &Change| match change.difference?.p {
        Ok(p) => Some(p),
        // It was a candidate: leaving it out afterwards would weaken the correction of the others.
        Err(Untested::NoSpread) => Some(1.0),
        Err(Untested::TooFewSeeds) => None,
    };
    let p: Vec<f64> = streams.iter().flat_map(|s| &s.rows).filter_map(family).collect();
    let mut adjusted = holm(&p).into_iter();
    for stream in streams {
        let better = stream.better;
        for change in stream.rows.iter_mut().filter(|change| family(change).is_some()) {
            let corrected = adjusted.next();
            let Some(difference) = change.difference.filter(|d| d.p.is_ok()) else {
                continue;
            };
            change.adjusted = corrected;
            if corrected.is_some_and(settles) {
                let up = difference.estimate.mean > 0.0;
                change.verdict = match better {
                    Some(Direction::Higher) if up => Verdict::Better,
                    Some(Direction::Lower) if !up => Verdict::Better,
                    Some(_) => Verdict::Worse,
                    None => Verdict::Different,
                };
            }
        }
    }
}

#[cfg(test)]
mod tests;
