//! `keep`: the trained networks that runs leave in their folders.

use super::error::SuiteError;
use super::place::Place;
use serde::{Deserialize, Serialize};

/// The networks that a run keeps, from fewest to most. They affect no result, so they are not part of a run's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Keep {
    /// None.
    None,
    /// The final one.
    Final,
    /// The final one and one after each experience.
    Experiences,
}

impl Keep {
    const ALL: [Self; 3] = [Self::Final, Self::Experiences, Self::None];

    /// Its word in a suite.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Final => "final",
            Self::Experiences => "experiences",
        }
    }
}

/// The suite's `keep`.
pub(super) fn read(top: &Place<'_>) -> Result<Keep, SuiteError> {
    let (Some(word), Some(node)) = (top.string("keep")?, top.table.get("keep")) else {
        return Ok(Keep::Final);
    };
    let known = Keep::ALL.iter().find(|keep| keep.name() == word);
    known.copied().ok_or_else(|| {
        let names = Keep::ALL.iter().map(|keep| keep.name());
        top.unknown_value(&node.at, "keep", &word, names)
    })
}
