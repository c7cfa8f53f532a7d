//! The backend of a run, as suites and job files write it.

use dentate_backends::{Choice, ChoiceError, Device, NoDevice};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A backend and its device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Words", into = "Words")]
pub(crate) struct BackendChoice(pub(crate) Choice);

#[derive(Serialize, Deserialize)]
struct Words {
    backend: String,
    device: String,
}

impl TryFrom<Words> for BackendChoice {
    type Error = String;

    fn try_from(words: Words) -> Result<Self, String> {
        let device: Device = words.device.parse().map_err(|e: NoDevice| e.to_string())?;
        let choice = Choice::new(&words.backend, Some(device)).map_err(|e| e.to_string())?;
        Ok(Self(choice))
    }
}

impl From<BackendChoice> for Words {
    fn from(BackendChoice(choice): BackendChoice) -> Self {
        Self {
            backend: choice.name().into(),
            device: choice.device().to_string(),
        }
    }
}

impl BackendChoice {
    /// The part of a run's id and of its configuration in the report: empty for the native backend, which is the default.
    pub(crate) fn settings(self) -> Option<String> {
        let Self(choice) = self;
        let (name, device) = (choice.name(), choice.device());
        (choice != Choice::Native).then(|| format!("backend = \"{name}\"\ndevice = \"{device}\"\n"))
    }
}

/// The fingerprints of these backends. Fails for a backend that is unavailable.
pub(crate) fn fingerprints(all: impl Iterator<Item = BackendChoice>) -> Result<String, ChoiceError> {
    let mut prints = BTreeSet::new();
    for BackendChoice(choice) in all {
        prints.insert(choice.ready()?.make().fingerprint());
    }
    Ok(prints.into_iter().collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests;
