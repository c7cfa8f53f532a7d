//! The numbers of the report as CSV, through polars, in long form: one value per line.

use crate::comparison::{MethodRow, Role, StreamComparison};
use crate::effects::{self, Effect};
use crate::findings::Findings;
use crate::lives::Survival;
use crate::metrics::Metric;
use crate::spreadsheet::cell;
use crate::statistics::{Paired, settles};
use crate::survival::Step;
use polars::prelude::*;

mod claims;
mod pairs;
pub(crate) use claims::claims;
pub(crate) use pairs::{of_streams as pairs, ranks};

/// Every metric of every run: `stream, method, seed, run, metric, value`.
pub(crate) fn metrics(findings: &Findings<'_>) -> PolarsResult<String> {
    let mut rows = Vec::new();
    for (run, measured) in findings.suite.runs.iter().zip(&findings.measured) {
        let known = measured
            .values
            .iter()
            .map(|(metric, value)| (metric.name(), *value));
        let others = measured
            .others
            .iter()
            .map(|(name, value)| (name.as_str(), *value));
        rows.extend(known.chain(others).map(|(name, value)| (&run.entry, name, value)));
    }
    text(vec![
        Column::new(
            "stream".into(),
            rows.iter().map(|r| r.0.stream.as_str()).collect::<Vec<_>>(),
        ),
        Column::new(
            "method".into(),
            rows.iter().map(|r| r.0.method.as_str()).collect::<Vec<_>>(),
        ),
        Column::new("seed".into(), rows.iter().map(|r| r.0.seed).collect::<Vec<_>>()),
        Column::new(
            "run".into(),
            rows.iter().map(|r| r.0.id.as_str()).collect::<Vec<_>>(),
        ),
        Column::new("metric".into(), rows.iter().map(|r| r.1).collect::<Vec<_>>()),
        Column::new("value".into(), rows.iter().map(|r| r.2).collect::<Vec<_>>()),
    ])
}

/// Every metric of every method on every stream, over seeds; the comparison with the control stands beside the metric that the
/// stream is ranked by.
pub(crate) fn summary(findings: &Findings<'_>) -> PolarsResult<String> {
    let mut rows: Vec<(&StreamComparison, &MethodRow, Metric)> = Vec::new();
    for c in &findings.streams {
        for row in &c.rows {
            rows.extend(row.estimates.keys().map(|metric| (c, row, *metric)));
        }
    }
    let manifest = &findings.suite.manifest;
    let names =
        |name: &str,
         of: fn(&dentate_core::record::Manifest, &StreamComparison, &MethodRow, Metric) -> String| {
            Column::new(
                name.into(),
                rows.iter()
                    .map(|(c, r, m)| of(manifest, c, r, *m))
                    .collect::<Vec<_>>(),
            )
        };
    let numbers = |name: &str, of: fn(&StreamComparison, &MethodRow, Metric) -> Option<f64>| {
        Column::new(
            name.into(),
            rows.iter().map(|(c, r, m)| of(c, r, *m)).collect::<Vec<_>>(),
        )
    };
    let seeds = rows
        .iter()
        .map(|(_, r, m)| r.estimates.get(m).map_or(0, |e| e.n as u64));
    let significant = rows.iter().map(|(c, r, m)| {
        let tested = r.role == Role::Contender;
        let verdict = verdict(c, r, *m).filter(|_| tested)?;
        Some(significant(&verdict.paired, verdict.adjusted))
    });
    text(vec![
        names("stream", |manifest, c, _, _| {
            manifest.streams[c.stream].name.clone()
        }),
        names("method", |manifest, _, r, _| {
            manifest.methods[r.method].name.clone()
        }),
        names("role", |_, _, r, _| role(r.role).into()),
        names("metric", |_, _, _, m| m.name().into()),
        Column::new("seeds".into(), seeds.collect::<Vec<_>>()),
        numbers("mean", |_, r, m| r.estimates.get(&m).map(|e| e.mean)),
        numbers("sd", |_, r, m| r.estimates.get(&m)?.sd),
        numbers("low", |_, r, m| Some(interval(r, m)?.0)),
        numbers("high", |_, r, m| Some(interval(r, m)?.1)),
        numbers("difference", |c, r, m| {
            Some(verdict(c, r, m)?.paired.difference.mean)
        }),
        numbers("difference_low", |c, r, m| {
            Some(verdict(c, r, m)?.paired.difference.interval()?.0)
        }),
        numbers("difference_high", |c, r, m| {
            Some(verdict(c, r, m)?.paired.difference.interval()?.1)
        }),
        numbers("p", |c, r, m| verdict(c, r, m)?.paired.p.ok()),
        numbers("p_holm", |c, r, m| verdict(c, r, m)?.adjusted),
        Column::new("significant".into(), significant.collect::<Vec<_>>()),
    ])
}

/// Main effects and interactions of a factorial design; `None` if there is no such design.
pub(crate) fn effects(findings: &Findings<'_>) -> PolarsResult<Option<String>> {
    let manifest = &findings.suite.manifest;
    let mut rows = Vec::new();
    for c in &findings.streams {
        let stream = manifest.streams[c.stream].name.as_str();
        for (metric, effects) in effects::of_metrics(findings.suite, c) {
            rows.extend(effects.into_iter().map(|e| (stream, metric.name(), e)));
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let numbers = |name: &str, of: fn(&Effect) -> Option<f64>| {
        let values: Vec<Option<f64>> = rows.iter().map(|(_, _, e)| of(e)).collect();
        Column::new(name.into(), values)
    };
    let names: Vec<String> = rows.iter().map(|(_, _, e)| e.name()).collect();
    let seeds: Vec<u64> = rows
        .iter()
        .map(|(_, _, e)| e.paired.difference.n as u64)
        .collect();
    let told = rows.iter().map(|(_, _, e)| significant(&e.paired, e.adjusted));
    let columns = vec![
        Column::new("stream".into(), rows.iter().map(|r| r.0).collect::<Vec<_>>()),
        Column::new("metric".into(), rows.iter().map(|r| r.1).collect::<Vec<_>>()),
        Column::new("effect".into(), names),
        Column::new("seeds".into(), seeds),
        numbers("mean", |e| Some(e.paired.difference.mean)),
        numbers("low", |e| Some(e.paired.difference.interval()?.0)),
        numbers("high", |e| Some(e.paired.difference.interval()?.1)),
        numbers("p", |e| e.paired.p.ok()),
        numbers("p_holm", |e| e.adjusted),
        Column::new("significant".into(), told.collect::<Vec<_>>()),
    ];
    text(columns).map(Some)
}

/// The steps of the survival curves of new units; `None` if no lifetimes were recorded.
pub(crate) fn survival(findings: &Findings<'_>) -> PolarsResult<Option<String>> {
    let manifest = &findings.suite.manifest;
    let mut rows: Vec<(&str, &str, &str, Step)> = Vec::new();
    for (c, traced) in findings.streams.iter().zip(&findings.traced) {
        let stream = manifest.streams[c.stream].name.as_str();
        for (row, trace) in c.rows.iter().zip(traced) {
            let method = manifest.methods[row.method].name.as_str();
            for (half, curve) in trace.survival.iter().flat_map(Survival::halves) {
                rows.extend(curve.steps().iter().map(|step| (stream, method, half, *step)));
            }
        }
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let names = |name: &str, of: fn(&(&'_ str, &'_ str, &'_ str, Step)) -> String| {
        Column::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
    };
    let counts = |name: &str, of: fn(&Step) -> usize| {
        let counts = rows.iter().map(|row| of(&row.3) as u64);
        Column::new(name.into(), counts.collect::<Vec<_>>())
    };
    let numbers = |name: &str, of: fn(&Step) -> f64| {
        let numbers = rows.iter().map(|row| of(&row.3));
        Column::new(name.into(), numbers.collect::<Vec<_>>())
    };
    let columns = vec![
        names("stream", |row| row.0.into()),
        names("method", |row| row.1.into()),
        names("activity", |row| row.2.into()),
        numbers("time", |step| step.time),
        counts("at_risk", |step| step.at_risk),
        counts("died", |step| step.died),
        counts("censored", |step| step.censored),
        numbers("survival", |step| step.survival),
    ];
    text(columns).map(Some)
}

/// The significance of a difference, or the reason why it cannot be determined.
fn significant(paired: &Paired, adjusted: Option<f64>) -> &'static str {
    match (paired.p, adjusted.is_some_and(settles)) {
        (Err(untested), _) => untested.words(),
        (Ok(_), true) => "yes",
        (Ok(_), false) => "no",
    }
}

fn verdict(c: &StreamComparison, row: &MethodRow, metric: Metric) -> Option<crate::comparison::Verdict> {
    row.against_control.filter(|_| metric == c.metric())
}

/// The interval of a metric. A share of successes has none: Student's interval would be invalid for it.
fn interval(row: &MethodRow, metric: Metric) -> Option<(f64, f64)> {
    row.estimates
        .get(&metric)
        .filter(|_| metric != Metric::SOLVED)?
        .interval()
}

pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Control => "control",
        Role::Contender => "contender",
        Role::Reference => "reference",
    }
}

/// A frame whose texts no spreadsheet runs as a formula.
pub(crate) fn safe(frame: &DataFrame) -> PolarsResult<DataFrame> {
    let columns = frame.columns().iter().map(|column| match column.str() {
        Ok(texts) => {
            let safe: Vec<Option<String>> = texts.iter().map(|text| text.map(cell)).collect();
            Column::new(column.name().clone(), safe)
        }
        Err(_) => column.clone(),
    });
    DataFrame::new(frame.height(), columns.collect())
}

/// Columns as CSV.
pub(crate) fn text(columns: Vec<Column>) -> PolarsResult<String> {
    let mut frame = safe(&DataFrame::new_infer_height(columns)?)?;
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).finish(&mut frame)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests;
