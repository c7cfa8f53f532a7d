//! The outcome of a run, as another one that comes after it sees it.

use crate::error::RunnerError;
use crate::job::Job;
use crate::lock;
use crate::paths::RunFolder;
use crate::recipe::Recipe;
use crate::record_log;
use crate::resolve::{Outcome, Resolved};
use crate::status::{self, RunStatus};
use dentate_core::LearnerSpec;
use dentate_core::record::{Parent, RunEnd, Status};

/// Failures that follow from a run's own numbers: the run ends so whenever it is made. For a sweep that is an answer, and the setting is
/// out of the choice.
const OWN: [&str; 3] = ["not-finite", "parameter-limit", "compute-limit"];

/// Returns whether a run that has ended so is an answer for a sweep.
pub(crate) fn answers(status: &Status) -> bool {
    match status {
        Status::Finished => true,
        Status::Failed { kind, .. } => OWN.contains(&kind.as_str()),
        Status::Pending | Status::Stale => false,
    }
}

/// The outcome of a run in `folder`. That nobody has made it is an outcome too, unless someone is at it.
pub(crate) fn of(folder: &RunFolder) -> Result<Outcome, RunnerError> {
    match status::look(folder) {
        RunStatus::Ended(ending) => Ok(ended(folder, &ending)),
        RunStatus::Damaged(reason) => Ok(Outcome::Without(format!("is damaged: {reason}"))),
        RunStatus::Open => match lock::holder(folder) {
            Some(holder) => Err(RunnerError::Waiting {
                run: name(folder),
                holder: holder.to_string(),
            }),
            None => Ok(Outcome::Without("has not been made".into())),
        },
    }
}

fn ended(folder: &RunFolder, ending: &RunEnd) -> Outcome {
    match &ending.status {
        Status::Finished => finished(folder, ending).unwrap_or_else(Outcome::Without),
        Status::Failed { kind, message } if answers(&ending.status) => Outcome::Out {
            why: format!("{kind}: {message}"),
        },
        Status::Failed { kind, message } => Outcome::Without(format!("failed: {kind}: {message}")),
        Status::Pending | Status::Stale => Outcome::Without("has not been made".into()),
    }
}

fn finished(folder: &RunFolder, ending: &RunEnd) -> Result<Outcome, String> {
    let bytes =
        std::fs::read(folder.records()).map_err(|e| format!("has records that cannot be read: {e}"))?;
    let log = dentate_core::record::Sum::of(&bytes);
    if ending.log.as_ref() != Some(&log) {
        return Err("has records that are changing".into());
    }
    let records = record_log::read(&bytes).map_err(|e| format!("cannot be used: {e}"))?;
    let learner = learner(folder, ending)?;
    Ok(Outcome::Finished {
        learner,
        records,
        log,
    })
}

/// The settings that a finished run was made with.
fn learner(folder: &RunFolder, ending: &RunEnd) -> Result<Box<dyn LearnerSpec>, String> {
    let job = Job::read(folder).map_err(|e| format!("cannot be used: {e}"))?;
    match job.recipe {
        Recipe::Settings(learner) => Ok(learner),
        Recipe::Twin(_) | Recipe::Chosen(_) => {
            let resolved = resolved(folder, ending).ok_or("has no settings that could be read")?;
            Ok(resolved.learner)
        }
    }
}

/// The settings that were worked out for a run that has finished.
pub(crate) fn resolved(folder: &RunFolder, ending: &RunEnd) -> Option<Resolved> {
    let bytes = status::believed(&folder.settings(), ending.settings.as_ref())?;
    serde_json::from_slice(&bytes).ok()
}

/// The sentence about a finished run that is out of date, since a run that it was made after has other records than it had then.
pub(crate) fn overtaken(folder: &RunFolder, ending: &RunEnd) -> Option<String> {
    let same = |parent: &&Parent| match status::look(&folder.beside(&parent.run)) {
        RunStatus::Ended(now) => now.log == parent.log && answers(&now.status),
        RunStatus::Open | RunStatus::Damaged(_) => false,
    };
    let other = ending.after.iter().find(|parent| !same(parent))?;
    Some(format!(
        "it was made after run {}, which has other records now, or none",
        other.run
    ))
}

fn name(folder: &RunFolder) -> String {
    let name = folder.0.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}
