//! Published claims with what was found.

use super::text;
use crate::claims::{ClaimOutcome, Tested};
use crate::findings::Findings;
use dentate_core::record::Assertion;
use polars::prelude::*;

/// A line per claim, in the suite's order; figures in the unit of the metric. `None` if the suite makes none.
pub(crate) fn claims(findings: &Findings<'_>) -> PolarsResult<Option<String>> {
    let tested = &findings.claims;
    if tested.is_empty() {
        return Ok(None);
    }
    let names = |name: &str, of: for<'a> fn(&'a Tested<'a>) -> &'a str| {
        let values: Vec<&str> = tested.iter().map(of).collect();
        Column::new(name.into(), values)
    };
    let numbers = |name: &str, of: fn(&Tested<'_>) -> Option<f64>| {
        let values: Vec<Option<f64>> = tested.iter().map(of).collect();
        Column::new(name.into(), values)
    };
    let seeds = tested.iter().map(|t| t.found.map_or(0, |e| e.n as u64));
    let columns = vec![
        names("claim", |t| &t.claim.what),
        names("stream", |t| &t.claim.stream),
        names("method", |t| &t.claim.method),
        names("other", |t| t.claim.other.as_deref().unwrap_or_default()),
        names("metric", |t| &t.claim.metric),
        names("of", |t| if t.claim.each { "each run" } else { "mean" }),
        names("order", |t| match t.claim.assertion {
            Assertion::Near { .. } => "",
            Assertion::Ordered { order, .. } => order.sign(),
        }),
        numbers("figure", |t| match t.claim.assertion {
            Assertion::Near { figure, .. } | Assertion::Ordered { figure, .. } => Some(figure),
        }),
        numbers("tolerance", |t| match t.claim.assertion {
            Assertion::Near { tolerance, .. } => Some(tolerance),
            Assertion::Ordered { .. } => None,
        }),
        Column::new("seeds".into(), seeds.collect::<Vec<_>>()),
        numbers("mean", |t| Some(t.found?.mean)),
        numbers("low", |t| Some(t.found?.interval()?.0)),
        numbers("high", |t| Some(t.found?.interval()?.1)),
        names("verdict", |t| t.outcome.words()),
        names("certain", |t| match t.sure {
            Some(true) => "yes",
            Some(false) => "open",
            None => "",
        }),
        names("reason", |t| match &t.outcome {
            ClaimOutcome::Untestable(reason) => reason.as_str(),
            _ => "",
        }),
        names("source", |t| &t.claim.source),
        names("departures", |t| &t.claim.departures),
        names("cause", |t| &t.claim.cause),
    ];
    text(columns).map(Some)
}
