//! The settings that a run is made with: its job's, or those that follow from the runs that it comes after. These are written down beside its
//! records, so that everyone can see them.

use crate::error::RunnerError;
use crate::job::Job;
use crate::paths::{RunFolder, write_whole};
use crate::recipe::Recipe;
use crate::resolve::{self, Outcomes, Resolved};
use dentate_core::record::Sum;
use dentate_core::{LearnerSpec, StreamFacts};

/// The settings of a run.
pub(super) enum Made<'a> {
    /// Its job's.
    Given(&'a dyn LearnerSpec),
    /// Those that follow from other runs, and what was written of them.
    Resolved(Box<Resolved>, Sum),
}

impl Made<'_> {
    pub(super) fn learner(&self) -> &dyn LearnerSpec {
        match self {
            Self::Given(learner) => *learner,
            Self::Resolved(resolved, _) => resolved.learner.as_ref(),
        }
    }

    pub(super) fn sum(&self) -> Option<&Sum> {
        match self {
            Self::Given(_) => None,
            Self::Resolved(_, sum) => Some(sum),
        }
    }
}

/// Work out the settings of a run on a stream, and write down what follows from other runs.
pub(super) fn work_out<'a>(
    job: &'a Job,
    folder: &RunFolder,
    outcomes: &Outcomes,
    stream: &StreamFacts,
) -> Result<Made<'a>, RunnerError> {
    if let Recipe::Settings(learner) = &job.recipe {
        return Ok(Made::Given(learner.as_ref()));
    }
    let failed = |message: String| RunnerError::Run {
        kind: "parent",
        message: labelled(message, job, folder),
    };
    let resolved = resolve::resolve(&job.recipe, outcomes, stream).map_err(failed)?;
    let resolved = resolved.ok_or_else(|| failed("its settings follow from no run".into()))?;
    let refused = |error: &dyn std::error::Error| RunnerError::Run {
        kind: "unsuited",
        message: error.to_string(),
    };
    resolved.learner.validate().map_err(|e| refused(&e))?;
    resolved.learner.suits(stream).map_err(|e| refused(&e))?;
    let path = folder.settings();
    let text = resolve::text(&resolved).map_err(|error| RunnerError::Unwritable {
        path: path.clone(),
        message: error.to_string(),
    })?;
    write_whole(&path, &text)?;
    Ok(Made::Resolved(Box::new(resolved), Sum::of(&text)))
}

/// A sentence in which runs are named by what they are, beside their ids.
fn labelled(mut message: String, job: &Job, folder: &RunFolder) -> String {
    for id in job.recipe.parents() {
        let run = format!("run {id}");
        if message.contains(&run)
            && let Ok(parent) = Job::read(&folder.beside(id))
        {
            message = message.replace(&run, &format!("{run} ({})", parent.label()));
        }
    }
    message
}
