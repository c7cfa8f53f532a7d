//! `[evaluation]`: how a suite's runs are evaluated.

use super::NamedStream;
use super::error::SuiteError;
use super::place::Place;
use super::schema;
use dentate_core::record::Judged;
use dentate_core::registry::Kind;
use dentate_session::Extent;
pub(crate) use dentate_session::{Evaluation, Judge};

/// The suite's `[evaluation]`.
pub(super) fn read(top: &Place<'_>) -> Result<Evaluation, SuiteError> {
    let Some(table) = top.branch("evaluation")? else {
        return Ok(Evaluation::default());
    };
    let place = Place::new("[evaluation]", table);
    schema::typed(&place, schemars::schema_for!(Evaluation))?;
    place.read()
}

/// Refuse streams that keep no rows back where these are to judge.
pub(super) fn check(
    top: &Place<'_>,
    evaluation: &Evaluation,
    streams: &[NamedStream],
) -> Result<(), SuiteError> {
    if evaluation.on != Judge::Validation {
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
        "give it a `validation` above 0, or judge on test rows"
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

/// Refuse to judge at the end what is looked at only when it is learned.
pub(super) fn looks_back(top: &Place<'_>, evaluation: &Evaluation, judged: Judged) -> Result<(), SuiteError> {
    if evaluation.tasks == Extent::All || judged == Judged::WhenLearned {
        return Ok(());
    }
    let message = "`tasks = \"current\"` looks at no task again, and methods are judged at the end of the stream: set \
                   `judged = \"when-learned\"` at the top, or `tasks = \"all\"`";
    Err(top.refused(&top.table.find("evaluation.tasks"), message))
}
