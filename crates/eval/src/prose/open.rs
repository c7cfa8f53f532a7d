//! The limits of few seeds: the smallest difference that they can detect, and how many would settle what is open.

use super::title;
use crate::comparison::{Role, StreamComparison};
use crate::format::{self, list, plural};
use crate::metrics::Unit;
use crate::statistics::{CONFIDENCE, FEWEST, POWER, Paired, detectable, median, seeds_needed};
use crate::suite::Suite;

/// The most differences that a sentence names.
const MOST: usize = 5;

/// Numbers of seeds above this are not written.
const MANY: usize = 1_000;

/// A difference that a stream asks about.
struct Asked {
    /// The method's name in a sentence.
    name: String,
    paired: Paired,
    /// The smallest change of the measure.
    step: f64,
    settled: bool,
}

impl Asked {
    /// The spread over seeds, at least one step.
    fn spread(&self) -> Option<f64> {
        let spread = self.paired.difference.sd?.max(self.step);
        (spread > 0.0).then_some(spread)
    }
}

/// One sentence on what these seeds can tell, if something is open; empty if everything is settled or nothing is known.
pub(super) fn detectable_difference(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let (asked, family) = asked(suite, c)?;
    let seeds = asked.iter().map(|a| a.paired.difference.n).max()?;
    if asked.iter().all(|a| a.settled) {
        return None;
    }
    let few = seeds < FEWEST;
    let spreads: Vec<f64> = asked.iter().filter_map(Asked::spread).collect();
    let smallest = median(&spreads).and_then(|spread| {
        let level = (1.0 - CONFIDENCE) / family as f64;
        Some(spread * detectable(seeds.max(FEWEST), level)?)
    });
    let numbers = smallest.map(|difference| {
        let amount = match c.metric().unit() {
            Unit::Percent | Unit::Points | Unit::Fall => {
                format!("{} points", format::value(Unit::Fall, difference))
            }
            unit => format::value(unit, difference),
        };
        let corrected = match family {
            1 => String::new(),
            n => format!(", corrected for {n} comparisons"),
        };
        let times = (POWER * 100.0).round();
        format!("{amount} and more, with a probability of {times}%{corrected}")
    });
    Some(match (few, numbers) {
        (true, None) => format!(
            "{} too few to tell: a difference is tested from {FEWEST} shared seeds on.",
            are(seeds)
        ),
        (true, Some(numbers)) => format!(
            "{} too few to tell: a difference is tested from {FEWEST} shared seeds on, and at the typical spread seen here {FEWEST} find differences of {numbers}.",
            are(seeds)
        ),
        (false, None) => return None,
        (false, Some(numbers)) => format!(
            "What is not significant is open and not equal: at the typical spread seen here {seeds} seeds find differences of {numbers}."
        ),
    })
}

fn are(seeds: usize) -> String {
    match seeds {
        1 => "1 seed is".into(),
        n => format!("{n} seeds are"),
    }
}

/// One sentence that the seeds of a stream are too few for any test, if they are.
pub(super) fn too_few(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let (asked, _) = asked(suite, c)?;
    let seeds = asked.iter().map(|a| a.paired.difference.n).max()?;
    (seeds < FEWEST).then(|| {
        format!(
            "{} too few to tell: a difference is tested from {FEWEST} shared seeds on.",
            are(seeds)
        )
    })
}

/// One sentence on the seeds that would settle what is open, if the differences are those that were seen.
pub(super) fn seeds_to_settle(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let (asked, family) = asked(suite, c)?;
    let level = (1.0 - CONFIDENCE) / family as f64;
    let mut open: Vec<(Option<usize>, &Asked)> = asked
        .iter()
        .filter(|a| !a.settled)
        .filter_map(|a| {
            let effect = a.paired.difference.mean.abs() / a.spread()?;
            Some((seeds_needed(effect, level).filter(|n| *n <= MANY), a))
        })
        .collect();
    if open.is_empty() {
        return None;
    }
    open.sort_by_key(|(needed, _)| needed.unwrap_or(usize::MAX));
    let (within, beyond): (Vec<_>, Vec<_>) = open.iter().partition(|(needed, _)| needed.is_some());
    let opening = "If the differences are as large as they were here,";
    let many = format::count(MANY as f64);
    if open.len() > MOST {
        let numbers = within.first().zip(within.last());
        let numbers = numbers.and_then(|((least, _), (most, _))| Some(((*least)?, (*most)?)));
        let Some((least, most)) = numbers else {
            return Some(format!(
                "{opening} {many} seeds would settle none of the {} that are open.",
                open.len()
            ));
        };
        let range = match least == most {
            true => plural(least, "seed"),
            false => format!("{least} to {most} seeds"),
        };
        let settled = match within.len() == open.len() {
            true => format!("all {}", open.len()),
            false => format!("{} of the {}", within.len(), open.len()),
        };
        return Some(format!("{opening} {range} would settle {settled} that are open."));
    }
    // Methods that the same number settles are named together.
    let mut together: Vec<(usize, Vec<String>)> = Vec::new();
    for (needed, a) in &within {
        let Some(needed) = *needed else { continue };
        match together.last_mut() {
            Some((n, names)) if *n == needed => names.push(a.name.clone()),
            _ => together.push((needed, vec![a.name.clone()])),
        }
    }
    let alone = together.len() == 1;
    let each = together.iter().enumerate().map(|(i, (needed, names))| {
        let seeds = if i == 0 { " seeds would settle" } else { "" };
        let names = match alone {
            true => list(names),
            // A list within a list has its own words.
            false => names.join(" and "),
        };
        format!("{needed}{seeds} {names}")
    });
    let each: Vec<String> = each.collect();
    let rest: Vec<String> = beyond.iter().map(|(_, a)| a.name.clone()).collect();
    let said = match (each.is_empty(), rest.is_empty()) {
        (_, true) => list(&each),
        (true, false) => format!("more than {many} seeds would be needed for {}", list(&rest)),
        (false, false) => format!(
            "{}, and more than {many} would be needed for {}",
            list(&each),
            list(&rest)
        ),
    };
    Some(format!("{opening} {said}."))
}

/// The differences that a stream asks about, and the number that is corrected for: contenders against the control, or the leader
/// against the runner-up where there is no control.
fn asked(suite: &Suite, c: &StreamComparison) -> Option<(Vec<Asked>, usize)> {
    let metric = c.metric();
    let of = |row: usize, paired: Paired, settled: bool, other: usize| Asked {
        name: title(suite, &c.rows[row]),
        paired,
        step: c.rows[row].step(metric).max(c.rows[other].step(metric)),
        settled,
    };
    if let Some(control) = c.rows.iter().position(|r| r.role == Role::Control) {
        let contenders = c
            .rows
            .iter()
            .enumerate()
            .filter(|(_, r)| r.role == Role::Contender);
        let asked: Vec<Asked> = contenders
            .filter_map(|(i, row)| {
                let verdict = row.against_control?;
                Some(of(i, verdict.paired, verdict.significant, control))
            })
            .collect();
        let family = c.planned();
        return (!asked.is_empty()).then_some((asked, family));
    }
    let lead = c.lead?;
    let (second, verdict) = lead.runner_up?;
    let verdict = verdict?;
    let competing = c
        .rows
        .iter()
        .filter(|r| r.role != Role::Reference && r.estimates.contains_key(&metric))
        .count();
    let asked = vec![of(second, verdict.paired, verdict.significant, lead.row)];
    Some((asked, competing * (competing - 1) / 2))
}

#[cfg(test)]
mod tests;
