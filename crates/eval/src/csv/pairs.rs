//! Every method against every other, and methods across streams.

use super::{significant, text};
use crate::findings::Findings;
use crate::pairs::Pair;
use crate::statistics::SignFlip;
use polars::prelude::*;

/// A line per pair of competing methods on each stream; `None` if there is no pair.
pub(crate) fn of_streams(findings: &Findings<'_>) -> PolarsResult<Option<String>> {
    let manifest = &findings.suite.manifest;
    let mut rows: Vec<([&str; 4], &Pair)> = Vec::new();
    for (c, pairs) in findings.streams.iter().zip(&findings.pairs) {
        let stream = manifest.streams[c.stream].name.as_str();
        let method = |row: usize| manifest.methods[c.rows[row].method].name.as_str();
        let named = |p: &Pair| [stream, c.metric().name(), method(p.one), method(p.other)];
        rows.extend(pairs.iter().map(|p| (named(p), p)));
    }
    if rows.is_empty() {
        return Ok(None);
    }
    let names = |name: &str, i: usize| {
        let values: Vec<&str> = rows.iter().map(|(names, _)| names[i]).collect();
        Column::new(name.into(), values)
    };
    let numbers = |name: &str, of: fn(&Pair) -> Option<f64>| {
        let values: Vec<Option<f64>> = rows.iter().map(|(_, pair)| of(pair)).collect();
        Column::new(name.into(), values)
    };
    let seeds = rows.iter().map(|(_, p)| p.paired.difference.n as u64);
    let told = rows.iter().map(|(_, p)| significant_pair(p));
    let flip = |of: fn(&SignFlip) -> f64| rows.iter().map(|(_, p)| of(&p.sign_flip)).collect::<Vec<f64>>();
    let columns = vec![
        names("stream", 0),
        names("metric", 1),
        names("method", 2),
        names("other", 3),
        Column::new("seeds".into(), seeds.collect::<Vec<_>>()),
        numbers("difference", |p| Some(p.paired.difference.mean)),
        numbers("low", |p| Some(p.paired.difference.interval()?.0)),
        numbers("high", |p| Some(p.paired.difference.interval()?.1)),
        numbers("bootstrap_low", |p| Some(p.bootstrap?.low)),
        numbers("bootstrap_high", |p| Some(p.bootstrap?.high)),
        numbers("d_z", |p| p.size.cohen),
        numbers("d_z_hedges", |p| p.size.hedges),
        numbers("superiority", |p| Some(p.size.superiority)),
        Column::new("p_signs".into(), flip(|f| f.p)),
        Column::new("p_signs_least".into(), flip(|f| f.least)),
        numbers("p", |p| p.paired.p.ok()),
        numbers("p_holm", |p| p.adjusted),
        Column::new("significant".into(), told.collect::<Vec<_>>()),
    ];
    text(columns).map(Some)
}

fn significant_pair(pair: &Pair) -> &'static str {
    match pair.paired.p {
        Err(_) => significant(&pair.paired, None),
        Ok(_) if pair.significant => "yes",
        Ok(_) => "no",
    }
}

/// Mean ranks of methods across streams; `None` where streams cannot be compared.
pub(crate) fn ranks(findings: &Findings<'_>) -> PolarsResult<Option<String>> {
    let Some((across, test)) = findings.across.as_ref().and_then(|a| Some((a, a.test.as_ref()?))) else {
        return Ok(None);
    };
    let order = test.order();
    let manifest = &findings.suite.manifest;
    let methods = order
        .iter()
        .map(|i| manifest.methods[across.methods[*i]].name.as_str());
    let ranks = order.iter().map(|i| test.ranks[*i]);
    let same = |value: f64| vec![value; order.len()];
    let columns = vec![
        Column::new("metric".into(), vec![across.metric.name(); order.len()]),
        Column::new("method".into(), methods.collect::<Vec<_>>()),
        Column::new("streams".into(), vec![across.streams.len() as u64; order.len()]),
        Column::new("mean_rank".into(), ranks.collect::<Vec<_>>()),
        Column::new("critical_difference".into(), same(test.critical_difference)),
        Column::new("friedman".into(), same(test.statistic)),
        Column::new("p".into(), same(test.p)),
    ];
    text(columns).map(Some)
}
