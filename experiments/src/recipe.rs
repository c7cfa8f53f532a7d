//! The settings of a run as they are known before anything is run: given, or to be worked out from what other runs leave behind. The
//! recipe is part of the run's id, and holds the ids of the runs that it comes after.

use crate::score::By;
use dentate_core::{LearnerSpec, TwinBudget};
use serde::{Deserialize, Serialize};

/// The origin of a run's settings.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) enum Recipe {
    /// They are given.
    Settings(Box<dyn LearnerSpec>),
    /// Those of the static twin of a run.
    Twin(Twin),
    /// The best of a sweep's.
    Chosen(Chosen),
}

/// A static twin.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Twin {
    /// The id of the growing run.
    pub(crate) of: String,
    /// The budget that both have.
    pub(crate) budget: TwinBudget,
}

/// A choice of settings.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chosen {
    /// The measure, if it is not the stream's own.
    pub(crate) by: Option<By>,
    /// In order: the first of equally good ones is chosen.
    pub(crate) among: Vec<SweepCandidate>,
}

/// Settings that were tried.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SweepCandidate {
    pub(crate) learner: Box<dyn LearnerSpec>,
    /// The ids of the runs that tried them.
    pub(crate) runs: Vec<String>,
}

impl Recipe {
    /// The runs that this one comes after.
    pub(crate) fn parents(&self) -> Vec<&str> {
        match self {
            Self::Settings(_) => Vec::new(),
            Self::Twin(twin) => vec![&twin.of],
            Self::Chosen(chosen) => {
                let runs = chosen.among.iter().flat_map(|candidate| &candidate.runs);
                runs.map(String::as_str).collect()
            }
        }
    }

    /// The configurations that it names.
    pub(crate) fn learners(&self) -> Vec<&dyn LearnerSpec> {
        match self {
            Self::Settings(learner) => vec![learner.as_ref()],
            Self::Twin(_) => Vec::new(),
            Self::Chosen(chosen) => chosen.among.iter().map(|c| c.learner.as_ref()).collect(),
        }
    }

    /// The words for settings that wait for other runs: `sized after run X`.
    pub(crate) fn waits(&self) -> Option<String> {
        match self {
            Self::Settings(_) => None,
            Self::Twin(twin) => Some(format!("sized after run {}", twin.of)),
            Self::Chosen(chosen) => {
                let (settings, runs) = (chosen.among.len(), self.parents().len());
                Some(format!("set after {runs} runs of {settings} settings"))
            }
        }
    }

    /// Refuse a recipe that no suite has made, in one sentence. Ids are names of folders.
    pub(crate) fn check(&self) -> Result<(), String> {
        let id = |id: &&str| id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit());
        if let Some(other) = self.parents().into_iter().find(|parent| !id(parent)) {
            let other: String = other.escape_debug().take(40).collect();
            return Err(format!("it comes after run {other}, which is no run's id"));
        }
        match self {
            Self::Chosen(chosen) if chosen.among.iter().any(|candidate| candidate.runs.is_empty()) => {
                Err("its settings are chosen among some that were never tried".into())
            }
            Self::Chosen(chosen) if chosen.among.is_empty() => {
                Err("its settings are chosen among none".into())
            }
            _ => Ok(()),
        }
    }
}
