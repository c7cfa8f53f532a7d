//! `[evaluation]`: the evaluation of a suite's runs.

use super::NamedStream;
use super::error::SuiteError;
use super::place::Place;
use super::schema;
use dentate_core::registry::Kind;
pub(crate) use dentate_session::{EvaluateOn, Evaluation};

/// The suite's `[evaluation]`.
pub(super) fn read(top: &Place<'_>) -> Result<Evaluation, SuiteError> {
    let Some(table) = top.branch("evaluation")? else {
        return Ok(Evaluation::default());
    };
    let place = Place::new("[evaluation]", table);
    schema::typed(&place, schemars::schema_for!(Evaluation))?;
    place.read()
}

/// Refuse streams without validation rows if those are to be evaluated.
pub(super) fn check(
    top: &Place<'_>,
    evaluation: &Evaluation,
    streams: &[NamedStream],
) -> Result<(), SuiteError> {
    if evaluation.on != EvaluateOn::Validation {
        return Ok(());
    }
    let Some(stream) = streams.iter().find(|s| s.spec.validation() == Some(0.0)) else {
        return Ok(());
    };
    let place = stream.place();
    let kind = place.string("kind")?.unwrap_or_default();
    let way = if schema::keys(Kind::Stream, &kind)
        .iter()
        .any(|key| key == "validation")
    {
        "give it a `validation` above 0, or evaluate on test rows"
    } else {
        "judge on test rows"
    };
    let at = match place.table.get("validation") {
        Some(node) => node.at.clone(),
        None => top.table.find("evaluation.on"),
    };
    let message =
        format!("it keeps no validation rows back, and `on = \"validation\"` judges on these: {way}");
    Err(place.refused(&at, message))
}
