//! The findings as computed sentences. `**` emphasises names, as in Markdown; [`parts`] splits a sentence for the writers.

use crate::comparison::{MethodRow, Role, Scoring, StreamComparison, Verdict};
use crate::format::{self, list, plural};
use crate::metrics::{Direction, Metric, Unit};
use crate::pairs::Pair;
use crate::statistics::{Untested, median};
use crate::suite::{Outcome, Suite};

mod absent;
mod across;
mod choosing;
mod claims;
mod effects;
mod growing;
mod open;
mod price;
pub(crate) use absent::never_grew;
pub(crate) use across::across;
pub(crate) use claims::{claims, notes};
use effects::effects;
pub(crate) use growing::{budget, twins};
use price::price;

/// Replaces a `*` in a name, which must not be taken for emphasis.
const STAR: &str = "\u{e02a}";

/// A name from outside, within a sentence.
pub(crate) fn name(text: &str) -> String {
    text.replace('*', STAR)
}

/// The parts of a sentence, each with whether it is emphasised.
pub(crate) fn parts(sentence: &str) -> impl Iterator<Item = (bool, String)> {
    let parts = sentence.split("**").enumerate();
    parts.map(|(i, part)| (i % 2 == 1, part.replace(STAR, "*")))
}

/// The sentences about a stream, by the question that they answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    /// The outcome in short.
    pub(crate) headline: Vec<String>,
    /// The leader in one sentence; empty where no mean is ranked by.
    pub(crate) lead: Option<String>,
    /// The cost of the leader.
    pub(crate) price: Option<String>,
    /// The power of so many seeds.
    pub(crate) power: Option<String>,
    /// The best method, and whether it is.
    pub(crate) best: Vec<String>,
    /// The gain by growth.
    pub(crate) growth: Vec<String>,
    /// True if it is what the suite asks, because it has a static twin.
    pub(crate) growth_first: bool,
    /// Methods that never grew, with reasons.
    pub(crate) never_grew: Vec<String>,
    /// The quantities of forgetting that are absent, with the reasons.
    pub(crate) forgetting: Vec<String>,
    /// Effects of factors.
    pub(crate) effects: Vec<String>,
    /// Settings that follow from other runs.
    pub(crate) choosing: Vec<String>,
}

impl Said {
    pub(crate) fn of(suite: &Suite, c: &StreamComparison, pairs: &[Pair]) -> Self {
        let mut best = if c.scoring == Scoring::Solving {
            solving(suite, c)
        } else {
            leading(suite, c)
        };
        best.extend(absent::ranking(suite, c));
        best.extend(absent::test_rows(suite, c));
        best.extend(unfinished(suite, c));
        let growth = growing::growing(suite, c, pairs);
        let forgetting = [
            absent::forward_transfer(suite, c),
            absent::min_accuracy(suite, c),
            absent::intransigence(c),
        ];
        let leader = c.lead.map(|lead| &c.rows[lead.row]);
        let seeds_of = |row: &MethodRow| row.estimates.get(&c.metric()).map(|e| e.n);
        Self {
            headline: headline(suite, c, &growth),
            lead: lead(suite, c),
            price: leader.and_then(|leader| price(suite, c, leader)),
            power: leader.and_then(seeds_of).and_then(|n| seeds(suite, c, n, SINGLE)),
            best,
            growth,
            growth_first: growing::asked(suite, c),
            never_grew: never_grew(suite, c),
            forgetting: forgetting.into_iter().flatten().collect(),
            effects: effects(suite, c),
            choosing: choosing::choosing(suite, c),
        }
    }
}

/// The outcome on a stream in one sentence.
fn headline(suite: &Suite, c: &StreamComparison, growth: &[String]) -> Vec<String> {
    let leader = c.lead.map(|lead| &c.rows[lead.row]);
    let (Some(said), Some(leader)) = (lead(suite, c), leader) else {
        let mut said = if c.scoring == Scoring::Solving {
            solving(suite, c)
        } else {
            leading(suite, c)
        };
        said.extend(never_grew(suite, c));
        said.extend(unfinished(suite, c));
        return said;
    };
    let mut said = vec![said];
    // A suite with twins asks what growth brings, which is then answered first.
    let place = if growing::asked(suite, c) { 0 } else { 1 };
    said.splice(place..place, growth.iter().take(1).cloned());
    said.extend(price(suite, c, leader));
    let n = leader.estimates.get(&c.metric()).map_or(0, |e| e.n);
    said.extend(seeds(suite, c, n, SINGLE));
    said.extend(absent::ranking(suite, c));
    said.extend(absent::test_rows(suite, c));
    said.extend(never_grew(suite, c));
    said.extend(unfinished(suite, c));
    said
}

/// The sentence on a single seed.
const SINGLE: &str = "From a single seed, so nothing is significant.";

/// The leader with its differences; `None` where no mean is ranked by.
fn lead(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let metric = c.metric();
    let lead = c.lead?;
    let leader = &c.rows[lead.row];
    let estimate = leader.estimates.get(&metric)?;
    let percent = if metric.unit() == Unit::Percent { "%" } else { "" };
    let mut said = format!(
        "{} leads with {}{percent} {}{}",
        title(suite, leader),
        format::estimate(metric.unit(), estimate),
        metric.title(),
        direction(metric)
    );
    let mut apart = Vec::new();
    if leader.role == Role::Control {
        said.push_str(", and is the control");
    } else if let Some(verdict) = &leader.against_control {
        apart.push(format!("{} against the control", short(metric, verdict)));
    }
    if let Some((second, Some(verdict))) = &lead.runner_up
        && c.rows[*second].role != Role::Control
    {
        apart.push(format!(
            "{} against the runner-up, {}",
            short(metric, verdict),
            title(suite, &c.rows[*second])
        ));
    }
    if !apart.is_empty() {
        said = format!("{said}: {}", list(&apart));
    }
    said.push('.');
    Some(said)
}

fn short(metric: Metric, verdict: &Verdict) -> String {
    let e = &verdict.paired.difference;
    let mean = match metric.unit() {
        Unit::Percent => format!("{} points", format::points(e.mean)),
        unit => format::difference(
            unit,
            &crate::statistics::Estimate {
                half_width: None,
                ..*e
            },
        ),
    };
    match verdict.paired.p {
        // Said once for all differences, with numbers.
        Err(Untested::TooFewSeeds) => mean,
        Err(untested) => format!("{mean} ({})", untested.words()),
        Ok(_) => format!("{mean} ({}{})", p_of(verdict), significance(verdict)),
    }
}

/// A remark on measures of which less is better.
fn direction(metric: Metric) -> &'static str {
    match metric.direction() {
        Some(Direction::Lower) => " (lower is better)",
        _ => "",
    }
}

fn title(suite: &Suite, row: &MethodRow) -> String {
    format!("**{}**", name(&suite.manifest.methods[row.method].title))
}

fn leading(suite: &Suite, c: &StreamComparison) -> Vec<String> {
    let metric = c.metric();
    let Some(lead) = c.lead else {
        return vec!["No run has a result yet.".into()];
    };
    let leader = &c.rows[lead.row];
    let Some(estimate) = leader.estimates.get(&metric) else {
        return Vec::new();
    };
    let mut said = vec![format!(
        "{} leads with {} {}{} over {}.",
        title(suite, leader),
        match metric.unit() {
            Unit::Percent => format!("{}%", format::estimate(metric.unit(), estimate)),
            unit => format::estimate(unit, estimate),
        },
        metric.title(),
        direction(metric),
        plural(estimate.n, "seed"),
    )];
    let runner_up = lead.runner_up.map(|(row, verdict)| (&c.rows[row], verdict));
    match c.control() {
        Some(control) if leader.role == Role::Control => {
            let name = title(suite, control);
            said.push(format!(
                "It is the control: no method on this stream does better than {name}."
            ));
        }
        Some(control) => {
            let versus = leader
                .against_control
                .map(|v| apart(metric, &v, "Holm-corrected"));
            let versus = versus.unwrap_or_else(|| "it shares no finished seed with".into());
            said.push(format!(
                "Against the control, {}, {versus}.",
                title(suite, control)
            ));
        }
        None => {}
    }
    match runner_up {
        Some((row, verdict)) if row.role != Role::Control => {
            let versus = verdict.map_or_else(
                || "they share no finished seed".into(),
                |v| apart(metric, &v, "Bonferroni-corrected for all pairs"),
            );
            said.push(format!("Against the runner-up, {}, {versus}.", title(suite, row)));
        }
        None if c.rows.len() > 1 => said.push("No other method that competes has a result yet.".into()),
        _ => {}
    }
    said.extend(significant_count(c));
    said.extend(alike(suite, c));
    for row in c.rows.iter().filter(|r| r.role == Role::Reference) {
        if let Some(reference) = row.estimates.get(&metric) {
            let (name, unit) = (title(suite, row), metric.unit());
            let percent = if unit == Unit::Percent { "%" } else { "" };
            said.push(format!(
                "{name}, which learns all tasks at once and so does not compete, reaches {}{percent}.",
                format::estimate(unit, reference)
            ));
        }
    }
    let single = "One seed gives no interval and no test, so nothing here is significant.";
    said.extend(seeds(suite, c, estimate.n, single));
    said.extend(open::seeds_to_settle(suite, c).filter(|_| estimate.n > 1));
    said
}

/// `p = 0.012, `, if there is a corrected p-value.
fn p_of(verdict: &Verdict) -> String {
    verdict.adjusted.map_or_else(String::new, |p| {
        let sign = if p < 0.001 { "p\u{a0}" } else { "p\u{a0}=\u{a0}" };
        format!("{sign}{}, ", format::p_value(p))
    })
}

fn significance(verdict: &Verdict) -> &'static str {
    if verdict.significant {
        "significant"
    } else {
        "not significant"
    }
}

/// The power of so many seeds, where something is open; of a single one, the sentence given.
fn seeds(suite: &Suite, c: &StreamComparison, seeds: usize, single: &str) -> Option<String> {
    match seeds {
        1 => Some(single.to_owned()),
        _ => open::detectable_difference(suite, c),
    }
}

/// The difference of two methods, and whether it is significant.
fn apart(metric: Metric, verdict: &Verdict, correction: &str) -> String {
    let e = &verdict.paired.difference;
    let (unit, points) = match metric.unit() {
        Unit::Percent => (Unit::Points, " points"),
        unit => (unit, ""),
    };
    let (mean, interval) = format::spoken_difference(unit, e);
    // Too few seeds are said once for all differences, with numbers.
    let untested = match verdict.paired.p {
        Err(Untested::TooFewSeeds) => String::new(),
        Err(untested) => format!(": {}", untested.words()),
        Ok(_) => ": not tested".into(),
    };
    let Some(interval) = interval else {
        return match e.n {
            1 => format!("it is {mean}{points} apart, on a single shared seed"),
            // Of two seeds there is an interval that is not said.
            n if e.half_width.is_some() => {
                format!("the difference is {mean}{points} over {n} shared seeds{untested}")
            }
            n => format!("the difference is {mean}{points} on each of {n} shared seeds{untested}"),
        };
    };
    let Some(p) = verdict.adjusted else {
        let seeds = plural(e.n, "shared seed");
        return format!("the difference is {mean}{points} over {seeds} (95% interval {interval}){untested}");
    };
    let verdict = if verdict.significant {
        "significant"
    } else {
        "not significant"
    };
    let sign = if p < 0.001 { "p\u{a0}" } else { "p\u{a0}=\u{a0}" };
    format!(
        "the difference is {mean}{points} (95% interval {interval}; {sign}{}, {correction}): {verdict}",
        format::p_value(p)
    )
}

/// The largest number of methods that a sentence names.
const MOST: usize = 5;

/// The methods that do not differ significantly from the control: this is a result too.
fn alike(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let control = c.control()?;
    let open = |row: &&MethodRow| {
        row.against_control
            .is_some_and(|v| v.adjusted.is_some() && !v.significant)
    };
    let open: Vec<&MethodRow> = c.rows.iter().filter(open).collect();
    if open.is_empty() || open.len() > MOST || c.rows.len() < 3 {
        return None;
    }
    let each = open.iter().filter_map(|row| {
        let difference = row.against_control?.paired.difference;
        let (unit, points) = match c.metric().unit() {
            Unit::Percent => (Unit::Points, " points"),
            unit => (unit, ""),
        };
        let (mean, interval) = format::spoken_difference(unit, &difference);
        let interval = interval?;
        Some(format!("{} ({mean}{points}, {interval})", title(suite, row)))
    });
    let each: Vec<String> = each.collect();
    Some(format!(
        "Not told apart from {}: {}.",
        title(suite, control),
        list(&each)
    ))
}

fn significant_count(c: &StreamComparison) -> Option<String> {
    let tested = c.rows.iter().filter(|r| r.role == Role::Contender);
    let tested: Vec<&Verdict> = tested
        .filter_map(|r| r.against_control.as_ref())
        .filter(|v| v.adjusted.is_some())
        .collect();
    if tested.len() < 2 {
        return None;
    }
    let significant = tested.iter().filter(|v| v.significant).count();
    let n = tested.len();
    Some(match significant {
        0 if n == 2 => "Neither difference to the control is significant.".into(),
        0 => format!("None of the {n} differences to the control is significant."),
        2 if n == 2 => "Both differences to the control are significant.".into(),
        s if s == n => format!("All {n} differences to the control are significant."),
        s => format!(
            "Of the {n} differences to the control, {s} {} significant.",
            if s == 1 { "is" } else { "are" }
        ),
    })
}

fn solving(suite: &Suite, c: &StreamComparison) -> Vec<String> {
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

fn unfinished(suite: &Suite, c: &StreamComparison) -> Option<String> {
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
