//! The effects of a factorial design's factors, one sentence per metric.

use super::name;
use crate::comparison::StreamComparison;
use crate::effects::{Effect, of_metrics};
use crate::format::{self, list, plural};
use crate::metrics::{Metric, Unit};
use crate::statistics::Untested;
use crate::suite::Suite;

/// The most effects that a sentence names; the table has all.
const MOST: usize = 3;

/// The first few of the names, given the largest effect first.
fn few(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(MOST);
    if more > 1 {
        names.truncate(MOST);
        names.push(format!("{more} more"));
    }
    list(&names)
}

/// A sentence for each metric; none if there is no factorial design or no effect has an interval.
pub(super) fn effects(suite: &Suite, c: &StreamComparison) -> Vec<String> {
    let all = of_metrics(suite, c);
    let (few, told): (Vec<_>, Vec<_>) = all.iter().partition(|(_, effects)| too_few(effects).is_some());
    let told = told
        .into_iter()
        .filter_map(|(metric, effects)| sentence(*metric, effects));
    let mut said: Vec<String> = told.collect();
    // Said once for all metrics.
    let titles: Vec<String> = few.iter().map(|(metric, _)| metric.title().to_owned()).collect();
    if let Some(seeds) = few.iter().filter_map(|(_, effects)| too_few(effects)).max() {
        said.push(untold(&list(&titles), seeds));
    }
    said
}

/// The number of seeds, from two on, if it is too small for all tests.
fn too_few(effects: &[Effect]) -> Option<usize> {
    let seeds = effects.iter().map(|e| e.paired.difference.n).max()?;
    let few = effects.iter().all(|e| e.paired.p == Err(Untested::TooFewSeeds));
    (seeds > 1 && few).then_some(seeds)
}

fn untold(what: &str, seeds: usize) -> String {
    format!("What the factors do to {what} is not told: {seeds} seeds are too few.")
}

pub(super) fn sentence(metric: Metric, effects: &[Effect]) -> Option<String> {
    if effects.iter().all(|e| e.paired.difference.n < 2) {
        return None;
    }
    if let Some(seeds) = too_few(effects) {
        return Some(untold(metric.title(), seeds));
    }
    let (pairs, mains): (Vec<&Effect>, Vec<&Effect>) = effects.iter().partition(|e| e.levels.is_none());
    let (title, several) = (metric.title(), pairs.len() > 1);
    let moves: Vec<String> = mains
        .iter()
        .filter(|e| e.excludes_nothing())
        .map(|e| moves(metric, e))
        .collect();
    let first = if moves.is_empty() {
        format!("No factor's interval on {title} leaves out 0")
    } else {
        let verb = if moves.len() == 1 {
            "one factor's interval leaves"
        } else {
            "the intervals of these factors leave"
        };
        format!("On {title}, {verb} out 0: {}", few(moves))
    };
    let together: Vec<String> = pairs
        .iter()
        .filter(|e| e.excludes_nothing())
        .map(|e| format!("{} ({})", name(&e.name()), amount(metric, e)))
        .collect();
    let second = match (together.is_empty(), pairs.is_empty()) {
        (_, true) => String::new(),
        (true, _) if several => "; no two-way interaction's interval does".into(),
        (true, _) => "; their interaction's does not".into(),
        (false, _) => format!("; of interactions, {} do", few(together)),
    };
    let exact = effects.iter().filter(|e| {
        let difference = &e.paired.difference;
        difference.half_width.is_none() && difference.mean != 0.0
    });
    let exact: Vec<String> = exact
        .map(|e| format!("{} ({})", e.name(), amount(metric, e)))
        .collect();
    let exact = if exact.is_empty() {
        String::new()
    } else {
        format!("; the same on every seed: {}", few(exact))
    };
    // One of twenty intervals excludes 0 by chance.
    let significant = effects
        .iter()
        .filter(|e| e.adjusted.is_some_and(crate::statistics::settles));
    let names: Vec<String> = significant.map(|e| name(&e.name())).collect();
    let third = match names.len() {
        0 => format!(
            "corrected for {}, none is significant",
            plural(effects.len(), "effect")
        ),
        _ => format!(
            "corrected for {}, significant: {}",
            plural(effects.len(), "effect"),
            few(names)
        ),
    };
    Some(format!("{first}{second}{exact} ({third})."))
}

/// `**newborn rate** (raised against usual) by +1.2 ± 0.4 points`.
fn moves(metric: Metric, effect: &Effect) -> String {
    let levels = effect.levels.as_ref();
    let levels = levels.map_or_else(String::new, |(second, first)| {
        format!(" ({} against {})", name(second), name(first))
    });
    format!(
        "**{}**{levels} by {}",
        name(&effect.name()),
        amount(metric, effect)
    )
}

fn amount(metric: Metric, effect: &Effect) -> String {
    let (unit, points) = match metric.unit() {
        Unit::Percent | Unit::Points | Unit::Fall => (Unit::Points, " points"),
        unit => (unit, ""),
    };
    format!(
        "{}{points}",
        format::brief_difference(unit, &effect.paired.difference)
    )
}

#[cfg(test)]
mod tests;
