//! The checks of a suite for settings that were read from elsewhere: a job file may be edited after it was written.

use super::error::SuiteError;
use super::place::Place;
use super::tree::Branch;
use super::{Checkpoints, Evaluation, Limits, checkpoints, evaluation, limits, schema};
use dentate_core::LearnerSpec;
use dentate_core::registry::Kind;
use dentate_streams::StreamSpec;
use serde::Serialize;
use std::path::Path;

/// A run's settings.
#[derive(Serialize)]
pub(crate) struct Settings<'a> {
    pub(crate) evaluation: &'a Evaluation,
    pub(crate) limits: &'a Limits,
    pub(crate) checkpoints: &'a Checkpoints,
    pub(crate) learner: Vec<&'a dyn LearnerSpec>,
    pub(crate) stream: &'a dyn StreamSpec,
}

/// Check them like a suite's. Positions in errors are dropped, since they refer to a generated text.
pub(crate) fn check(path: &Path, settings: &Settings<'_>) -> Result<(), SuiteError> {
    let text = toml::to_string(settings).map_err(|e| SuiteError::Unsayable(e.to_string()))?;
    let document = Branch::parse(path, &text)?;
    let top = Place::new("the job", &document);
    evaluation::read(&top)?;
    limits::read(&top)?;
    checkpoints::read(&top)?;
    let empty = document.emptied();
    let place =
        |name: &'static str| Ok::<_, SuiteError>(Place::new(name, top.branch(name)?.unwrap_or(&empty)));
    if !settings.learner.is_empty() {
        for (table, learner) in top.branches("learner")?.into_iter().zip(&settings.learner) {
            let place = Place::new("learner", table);
            schema::tagged(&place, "learner", Kind::Learner, &[])?;
            learner.validate().map_err(|e| place.out_of_range(&e))?;
        }
    }
    let stream = place("stream")?;
    schema::tagged(&stream, "kind", Kind::Stream, &[])?;
    settings.stream.validate().map_err(|e| stream.unfit(&e))
}
