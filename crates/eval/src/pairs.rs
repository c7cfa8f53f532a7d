//! Any method of a stream against any other: every pair of the methods that compete, corrected together.

use crate::comparison::{MethodRow, Role, Scoring, StreamComparison};
use crate::statistics::{Bootstrap, EffectSize, Paired, SignFlip, holm};
use std::collections::BTreeMap;

/// The level of the corrected tests of all pairs, where nothing else is tested on the stream.
pub const ALONE: f64 = 0.05;

/// The same beside planned comparisons, with a control or with twins. They take a level of 5 % for themselves, of which alike methods use about
/// 4; so a report on alike methods claims a difference in about 5 % of cases, and not in 8.
pub const BESIDE_PLANNED: f64 = 0.01;

/// Two methods on a stream, of which the first has the better mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// Row of the first in the comparison.
    pub one: usize,
    /// Row of the second.
    pub other: usize,
    /// The difference of the first from the second, seed by seed.
    pub paired: Paired,
    /// The p-value, corrected by Holm's procedure for all pairs of the stream; `None` if nothing was tested.
    pub adjusted: Option<f64>,
    /// True if it is significant: between two of which a comparison is planned as that says, which is corrected for fewer tests;
    /// else if the corrected p-value is below [`BESIDE_PLANNED`], or [`ALONE`] where nothing is planned.
    pub significant: bool,
    /// The exact test by signs.
    pub sign_flip: SignFlip,
    /// The size of the difference.
    pub size: EffectSize,
    /// The bootstrap interval, where there are enough seeds and they differ.
    pub bootstrap: Option<Bootstrap>,
}

/// All pairs of the methods that compete on a stream, in the order of the comparison, in the measure that it is ranked by; empty
/// where streams are not ranked by a mean.
#[must_use]
pub fn pairs(c: &StreamComparison) -> Vec<Pair> {
    if c.scoring == Scoring::Solving {
        return Vec::new();
    }
    let competing: Vec<usize> = (0..c.rows.len())
        .filter(|i| c.rows[*i].role != Role::Reference)
        .collect();
    let mut all = Vec::new();
    for (place, &one) in competing.iter().enumerate() {
        all.extend(
            competing[place + 1..]
                .iter()
                .filter_map(|&other| pair(c, one, other)),
        );
    }
    corrected(c, &mut all);
    all
}

/// The pair without its correction; `None` if the two share no seed.
fn pair(c: &StreamComparison, one: usize, other: usize) -> Option<Pair> {
    let metric = c.metric();
    let values = |row: &MethodRow| row.values.get(&metric).cloned();
    let (first, second) = (values(&c.rows[one])?, values(&c.rows[other])?);
    let step = c.rows[one].step(metric).max(c.rows[other].step(metric));
    let differences = differences(&first, &second);
    Some(Pair {
        one,
        other,
        paired: Paired::of(&first, &second, step)?,
        adjusted: None,
        significant: false,
        sign_flip: SignFlip::of(&differences)?,
        size: EffectSize::of(&differences, step)?,
        bootstrap: Bootstrap::of(&differences),
    })
}

fn differences(one: &BTreeMap<u64, f64>, other: &BTreeMap<u64, f64>) -> Vec<f64> {
    let shared = one.iter().filter_map(|(seed, v)| Some(v - other.get(seed)?));
    shared.collect()
}

/// Enters the corrected p-values.
fn corrected(c: &StreamComparison, pairs: &mut [Pair]) {
    let level = if c.planned() > 0 { BESIDE_PLANNED } else { ALONE };
    let family: Vec<usize> = (0..pairs.len())
        .filter(|i| pairs[*i].paired.in_family().is_some())
        .collect();
    let p: Vec<f64> = family
        .iter()
        .filter_map(|i| pairs[*i].paired.in_family())
        .collect();
    for (i, adjusted) in family.into_iter().zip(holm(&p)) {
        let pair = &mut pairs[i];
        // What has no spread counts in the correction and has no verdict.
        pair.adjusted = pair.paired.p.ok().map(|_| adjusted);
        pair.significant = match c.planned_between(pair.one, pair.other) {
            Some(verdict) => verdict.significant,
            None => pair.adjusted.is_some_and(|p| p < level),
        };
    }
}

#[cfg(test)]
mod tests;
