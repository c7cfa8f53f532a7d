//! The house rules that no compiler checks. Each is a small function from the sources to its findings; all of them run in
//! `cargo xtask tidy`, and as tests of this package.

mod circles;
mod edges;
mod house;
mod links;
mod manifests;
mod names;
mod purity;
mod renamed;
mod scrub;
mod seeds;
mod text;

use crate::output::{give, say};
use crate::workspace::Workspace;
use house::House;
use std::fmt;
use std::process::ExitCode;

pub(crate) use house::HouseError as TidyError;

/// A broken rule, its location, and the remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    place: String,
    words: String,
}

impl Finding {
    fn new(place: impl Into<String>, words: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            words: words.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.words)
    }
}

type Rule = fn(&House) -> Vec<Finding>;

const RULES: [Rule; 20] = [
    edges::edges,
    manifests::one_owner,
    manifests::features_are_off,
    purity::one_owner_in_code,
    purity::core_does_no_io,
    purity::output_ends_nothing,
    purity::growth_knows_no_backend,
    purity::eval_knows_no_strategy,
    purity::suites_are_read_in_experiments,
    circles::no_circles,
    purity::no_unordered_maps,
    purity::nothing_unfinished,
    names::no_vague_names,
    names::no_long_files,
    renamed::no_renamed_names,
    seeds::seeds,
    links::links_lead_somewhere,
    links::the_summary_is_complete,
    text::no_foreign_folder,
    text::every_member_inherits_the_lints,
];

pub(crate) fn tidy(workspace: &Workspace) -> Result<ExitCode, TidyError> {
    let findings = findings(workspace)?;
    findings.iter().for_each(|finding| say!("{finding}"));
    Ok(match findings.len() {
        0 => {
            give!("tidy: ok ({} rules)", RULES.len());
            ExitCode::SUCCESS
        }
        1 => {
            give!("tidy: FAILED (1 finding)");
            ExitCode::FAILURE
        }
        n => {
            give!("tidy: FAILED ({n} findings)");
            ExitCode::FAILURE
        }
    })
}

/// All findings.
pub(crate) fn findings(workspace: &Workspace) -> Result<Vec<Finding>, TidyError> {
    let house = House::read(workspace)?;
    Ok(RULES.iter().flat_map(|rule| rule(&house)).collect())
}

#[cfg(test)]
mod tests;
