//! `[[claim]]`: published statements that the report holds the results against.

use super::error::SuiteError;
use super::place::Place;
use super::schema;
use super::{NamedMethod, NamedStream};
use dentate_core::metrics::Metric;
use dentate_core::record::{Assertion, ClaimEntry, Order};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A claim as a suite writes it. No run depends on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Claim {
    /// The statement, in a sentence.
    what: String,
    /// The stream that it is about, by name.
    stream: String,
    /// The method that it is about, by name.
    method: String,
    /// Another method: the claim is about the difference of the first from this one, seed by seed.
    #[serde(default)]
    other: Option<String>,
    /// The metric, as `metrics.csv` names it.
    metric: String,
    /// The published figure, in the metric's unit as reports write it: percent, percentage points, a count. With `order` it is 0 if absent.
    #[serde(default)]
    figure: Option<f64>,
    /// The largest difference from the figure at which the claim is held, in the same unit; without `order` it is required.
    #[serde(default)]
    #[schemars(range(min = 0))]
    tolerance: Option<f64>,
    /// The claim is an order: the value, or the difference from `other`, is above or below the figure.
    #[serde(default)]
    order: Option<Order>,
    /// The claim is about each run, and not about the mean over seeds.
    #[serde(default)]
    each: bool,
    /// The publication, with the table or figure.
    source: String,
    /// Departures from the published protocol.
    #[serde(default)]
    departures: String,
    /// Why the claim is not held, where an experiment has shown it.
    #[serde(default)]
    cause: String,
}

/// The suite's claims, each about a method on a stream that it runs on.
pub(super) fn read(
    top: &Place<'_>,
    methods: &[NamedMethod],
    streams: &[NamedStream],
) -> Result<Vec<ClaimEntry>, SuiteError> {
    if top.table.get("claim").is_none() {
        return Ok(Vec::new());
    }
    let tables = top.branches("claim")?;
    tables
        .into_iter()
        .map(|table| {
            let place = Place::new("[[claim]]", table);
            schema::typed(&place, schemars::schema_for!(Claim))?;
            let claim: Claim = place.read()?;
            let place = Place::new(format!("claim `{}`", claim.what), table);
            names(&place, &claim, methods, streams)?;
            Ok(ClaimEntry {
                assertion: assertion(&place, &claim)?,
                what: claim.what,
                stream: claim.stream,
                method: claim.method,
                other: claim.other,
                metric: claim.metric,
                each: claim.each,
                source: claim.source,
                departures: claim.departures,
                cause: claim.cause,
            })
        })
        .collect()
}

/// Refuse names that the suite or the report does not know, and methods that do not run on the stream.
fn names(
    place: &Place<'_>,
    claim: &Claim,
    methods: &[NamedMethod],
    streams: &[NamedStream],
) -> Result<(), SuiteError> {
    let at = |key: &str| place.table.find(key);
    if streams.iter().all(|s| s.name != claim.stream) {
        let known = streams.iter().map(|s| s.name.as_str());
        return Err(place.unknown_value(&at("stream"), "stream", &claim.stream, known));
    }
    for (key, name) in [("method", Some(&claim.method)), ("other", claim.other.as_ref())] {
        let Some(name) = name else { continue };
        let Some(method) = methods.iter().find(|m| &m.name == name) else {
            let known = methods.iter().map(|m| m.name.as_str());
            return Err(place.unknown_value(&at(key), key, name, known));
        };
        if !method.meets(&claim.stream) {
            let message = format!("method `{name}` does not run on stream `{}`", claim.stream);
            return Err(place.refused(&at(key), message));
        }
    }
    if claim.other.as_ref() == Some(&claim.method) {
        return Err(place.refused(&at("other"), "a method has no difference from itself"));
    }
    let known: Vec<&str> = Metric::all().map(Metric::name).collect();
    if known.iter().all(|name| *name != claim.metric) {
        return Err(place.unknown_value(&at("metric"), "metric", &claim.metric, known.into_iter()));
    }
    Ok(())
}

/// The assertion: a figure with a tolerance, or an order.
fn assertion(place: &Place<'_>, claim: &Claim) -> Result<Assertion, SuiteError> {
    for (key, number) in [("figure", claim.figure), ("tolerance", claim.tolerance)] {
        if let (Some(node), true) = (place.table.get(key), number.is_some_and(|n| !n.is_finite())) {
            return Err(place.range(key, node, "a finite number"));
        }
    }
    match (claim.order, claim.figure, claim.tolerance) {
        (Some(_), _, Some(_)) => {
            let message = "`tolerance` goes with a figure that is to be reached, and `order` asserts that it is passed: leave one of them out";
            Err(place.refused(&place.table.find("tolerance"), message))
        }
        (Some(order), figure, None) => Ok(Assertion::Ordered {
            order,
            figure: figure.unwrap_or(0.0),
        }),
        (None, None, _) => Err(place.missing("figure")),
        (None, Some(_), None) => Err(place.missing("tolerance")),
        (None, Some(figure), Some(tolerance)) => Ok(Assertion::Near { figure, tolerance }),
    }
}

#[cfg(test)]
mod tests;
