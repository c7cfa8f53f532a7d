//! The leader in sentences: its differences to the control and to the runner-up, and what is told apart.

use super::difference::{apart, short};
use super::{open, seeds, title};
use crate::comparison::{MethodRow, Role, StreamComparison, Verdict};
use crate::format::{self, list, plural};
use crate::metrics::{Direction, Metric, Unit};
use crate::statistics::Estimate;
use crate::suite::Suite;

/// The leader with its differences; `None` where no mean is ranked by.
pub(super) fn lead(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let metric = c.metric();
    let lead = c.lead?;
    let leader = &c.rows[lead.row];
    let estimate = leader.estimates.get(&metric)?;
    let level = level(c, leader, estimate.mean);
    let mut said = opening(suite, c, leader, &level, estimate);
    let mut apart = Vec::new();
    if leader.role == Role::Control {
        said.push_str(", and is the control");
    } else if level.iter().any(|row| row.role == Role::Control) {
        // It shares the lead, which says it all.
    } else if let Some(verdict) = &leader.against_control {
        apart.push(format!("{} against the control", short(metric, verdict)));
    }
    if let Some((second, Some(verdict))) = &lead.runner_up
        && c.rows[*second].role != Role::Control
        && level.is_empty()
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

pub(super) fn leading(suite: &Suite, c: &StreamComparison) -> Vec<String> {
    let metric = c.metric();
    let Some(lead) = c.lead else {
        return vec!["No run has a result yet.".into()];
    };
    let leader = &c.rows[lead.row];
    let Some(estimate) = leader.estimates.get(&metric) else {
        return Vec::new();
    };
    let level = level(c, leader, estimate.mean);
    let mut said = vec![format!(
        "{} over {}.",
        opening(suite, c, leader, &level, estimate),
        plural(estimate.n, "seed"),
    )];
    let runner_up = lead.runner_up.map(|(row, verdict)| (&c.rows[row], verdict));
    match c.control() {
        Some(control) if leader.role == Role::Control => {
            said.push(match level.is_empty() {
                true => "It is the control: none of the methods that compete does better.".into(),
                false => format!("{} is the control.", title(suite, control)),
            });
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
            said.push(match level.is_empty() {
                true => format!("Against the runner-up, {}, {versus}.", title(suite, row)),
                false => format!(
                    "Between {} and {}, {versus}.",
                    title(suite, leader),
                    title(suite, row)
                ),
            });
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

/// A remark on measures of which less is better.
fn direction(metric: Metric) -> &'static str {
    match metric.direction() {
        Some(Direction::Lower) => " (lower is better)",
        _ => "",
    }
}

/// The competing methods whose mean reads as the leader's does.
fn level<'a>(c: &'a StreamComparison, leader: &MethodRow, mean: f64) -> Vec<&'a MethodRow> {
    let metric = c.metric();
    let written = |v: f64| format::value(metric.unit(), v);
    let alike = |row: &&MethodRow| {
        let own = row.estimates.get(&metric);
        row.method != leader.method
            && row.role != Role::Reference
            && own.is_some_and(|e| written(e.mean) == written(mean))
    };
    c.rows.iter().filter(alike).collect()
}

/// The leader with its result, or all that share the lead.
fn opening(
    suite: &Suite,
    c: &StreamComparison,
    leader: &MethodRow,
    level: &[&MethodRow],
    estimate: &Estimate,
) -> String {
    let metric = c.metric();
    let unit = metric.unit();
    let percent = if unit == Unit::Percent { "%" } else { "" };
    let measure = format!("{percent} {}{}", metric.title(), direction(metric));
    if level.is_empty() {
        let result = format::estimate(unit, estimate);
        return format!("{} leads with {result}{measure}", title(suite, leader));
    }
    let all = std::iter::once(leader).chain(level.iter().copied());
    let all: Vec<String> = all.map(|row| title(suite, row)).collect();
    let names = match all.len() {
        n if n > MOST => format!("{n} methods, {} among them,", all[0]),
        _ => list(&all),
    };
    format!(
        "{names} share the lead with {}{measure}",
        format::value(unit, estimate.mean)
    )
}
