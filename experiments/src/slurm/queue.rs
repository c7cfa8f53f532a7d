//! Submitted runs that are queued or running.

use super::command;
use super::error::SlurmError;
use super::submission;
use crate::paths::SuiteFolder;

/// An element of a job array that has not ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its name, such as `12_3`.
    pub(crate) name: String,
    /// The id of its array.
    pub(crate) job: u64,
    /// Its state in Slurm's words: `PENDING`, `RUNNING`, …
    pub(crate) state: String,
    /// Its runs, including finished ones.
    pub(crate) runs: Vec<String>,
}

/// The elements for this suite that have not ended. Without submissions, Slurm is not called.
pub(crate) fn queued(folder: &SuiteFolder) -> Result<Vec<Element>, SlurmError> {
    let submissions = submission::all(folder);
    if submissions.is_empty() {
        return Ok(Vec::new());
    }
    let listing = command::squeue()?;
    let mut elements = Vec::new();
    for (job, element, state) in parse(&listing) {
        if let Some(submission) = submissions.iter().find(|s| s.job == job) {
            let runs = submission
                .runs
                .iter()
                .skip(element)
                .step_by(submission.elements.max(1));
            elements.push(Element {
                name: format!("{job}_{element}"),
                job,
                state,
                runs: runs.cloned().collect(),
            });
        }
    }
    Ok(elements)
}

/// Parses lines of `array-job element state`; jobs that are no arrays have no number in the middle.
fn parse(listing: &str) -> Vec<(u64, usize, String)> {
    let line = |line: &str| {
        let mut words = line.split_whitespace();
        let (job, element) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some((job, element, words.next()?.to_string()))
    };
    listing.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests;
