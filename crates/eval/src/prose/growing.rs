//! The gain by growth: the best growing method against its static twin, or against the control where it has none.

use super::{apart, title};
use crate::comparison::{MethodRow, Role, StreamComparison};
use crate::format;
use crate::metrics::{Metric, Unit};
use crate::suite::Suite;

/// The sentence beside that on the leader where the leader grows and has no twin: its result and difference are said there.
pub(super) fn short(suite: &Suite, c: &StreamComparison) -> Option<String> {
    let metric = c.metric();
    let lead = c.lead?.row;
    let leader = &c.rows[lead];
    let grows = |row: &MethodRow| suite.manifest.methods[row.method].grows;
    if !grows(leader) || !twins(suite, c, lead).is_empty() {
        return None;
    }
    let competing = c
        .rows
        .iter()
        .filter(|row| row.role != Role::Reference && row.estimates.contains_key(&metric));
    let competing: Vec<&MethodRow> = competing.collect();
    let growing = competing.iter().filter(|row| grows(row)).count();
    let of = competing.len();
    let name = title(suite, leader);
    let mut said = match growing {
        1 => format!("{name} is the only growing method of {of}."),
        n if n == of => format!("{name} is a growing method, as all are."),
        n => format!("{name} is one of {n} growing methods among {of}."),
    };
    if let Some(kept) = c
        .control()
        .filter(|control| control.method != leader.method)
        .and_then(|control| keeps(suite, c, leader, control))
    {
        said = format!("{said} {kept}");
    }
    Some(said)
}

/// The sentences; none if no method that grows has a result.
pub(super) fn growing(suite: &Suite, c: &StreamComparison) -> Vec<String> {
    let metric = c.metric();
    let grows = |row: &&(usize, &MethodRow)| {
        suite.manifest.methods[row.1.method].grows && row.1.role != Role::Reference
    };
    let rows: Vec<(usize, &MethodRow)> = c
        .rows
        .iter()
        .enumerate()
        .filter(|(_, r)| r.estimates.contains_key(&metric))
        .collect();
    let growing: Vec<&(usize, &MethodRow)> = rows.iter().filter(grows).collect();
    let Some((place, best)) = growing.first().filter(|_| c.lead.is_some()) else {
        return Vec::new();
    };
    let rank = c.rows.iter().take_while(|r| r.method != best.method).count() + 1;
    let competing = rows.iter().filter(|(_, r)| r.role != Role::Reference).count();
    let named = title(suite, best);
    let Some(estimate) = best.estimates.get(&metric) else {
        return Vec::new();
    };
    let value = match metric.unit() {
        Unit::Percent => format!("{}%", format::estimate(metric.unit(), estimate)),
        unit => format::estimate(unit, estimate),
    };
    let first = match growing.len() {
        1 => format!("The growing method, {named}, is number {rank} of {competing} with {value}"),
        n => {
            format!("Of {n} growing methods {named} is best, and number {rank} of {competing}, with {value}")
        }
    };
    let twins = twins(suite, c, *place);
    let against = |other: usize, what: &str, correction: &str| {
        let verdict = c.planned_between(*place, other);
        let said = verdict.map(|v| apart(metric, &v, correction));
        said.map(|said| format!("against {what}, {}, {said}", title(suite, &c.rows[other])))
    };
    let mut said: Vec<String> = Vec::new();
    let control = c
        .rows
        .iter()
        .position(|r| r.role == Role::Control)
        .filter(|control| control != place);
    let (first_said, rest): (Option<String>, Vec<usize>) = match twins.split_first() {
        Some((twin, rest)) => (
            against(
                *twin,
                &format!(
                    "its static twin ({})",
                    budget(suite, &c.rows[*twin]).replace('-', " ")
                ),
                "Holm-corrected",
            ),
            rest.to_vec(),
        ),
        None => (
            control.and_then(|control| against(control, "the control", "Holm-corrected")),
            Vec::new(),
        ),
    };
    let mut sentence = match first_said {
        Some(text) => format!("{first}; {text}."),
        None => format!("{first}."),
    };
    let other = twins.first().copied().or(control);
    if let Some(kept) = other.and_then(|other| keeps(suite, c, best, &c.rows[other])) {
        sentence = format!("{sentence} {kept}");
    }
    said.push(sentence);
    if twins.is_empty() && control.is_some() {
        said.push(
            "No static twin of the same budget runs on this stream, so the size that growth adds is not told from growth itself.".to_owned(),
        );
    }
    for twin in rest {
        let what = format!("its twin ({})", budget(suite, &c.rows[twin]).replace('-', " "));
        said.extend(
            against(twin, &what, "Holm-corrected").map(|text| format!("{}.", crate::tables::capital(&text))),
        );
    }
    said
}

/// The forgetting of a growing network beside another's, and its size beside the control's; `None` where forgetting is not measured.
fn keeps(suite: &Suite, c: &StreamComparison, best: &MethodRow, other: &MethodRow) -> Option<String> {
    let forgetting = |row: &MethodRow| {
        let estimate = row.estimates.get(&Metric::FORGETTING)?;
        Some(format::estimate(Metric::FORGETTING.unit(), estimate))
    };
    let (own, others) = (forgetting(best)?, forgetting(other)?);
    let size = |row: &MethodRow| Some(row.estimates.get(&Metric::PARAMETERS)?.mean);
    let times = c.control().and_then(|control| Some(size(best)? / size(control)?));
    let times = times.filter(|times| times.is_finite());
    let size = times.map(|times| match times {
        t if (0.95..1.05).contains(&t) => " and ends with about as many parameters as the control".to_owned(),
        t => format!(" and ends with {t:.1} times the control's parameters"),
    });
    let other = title(suite, other);
    let size = size.unwrap_or_default();
    Some(format!("It forgets {own} points ({other}: {others}){size}."))
}

/// Returns whether a static twin is among the methods of a stream: its suite asks what growth brings.
pub(crate) fn asked(suite: &Suite, c: &StreamComparison) -> bool {
    let twin = |row: &MethodRow| suite.manifest.methods[row.method].twin.is_some();
    c.rows.iter().any(twin)
}

/// The rows of the static twins of a row's method.
pub(crate) fn twins(suite: &Suite, c: &StreamComparison, row: usize) -> Vec<usize> {
    let name = &suite.manifest.methods[c.rows[row].method].name;
    let is_twin = |r: &MethodRow| {
        let entry = &suite.manifest.methods[r.method];
        entry.twin.as_ref().is_some_and(|twin| twin.of == *name) && r.estimates.contains_key(&c.metric())
    };
    (0..c.rows.len()).filter(|i| is_twin(&c.rows[*i])).collect()
}

/// The budget that a twin shares.
pub(crate) fn budget<'a>(suite: &'a Suite, row: &MethodRow) -> &'a str {
    suite.manifest.methods[row.method]
        .twin
        .as_ref()
        .map_or("", |twin| twin.budget.as_str())
}
