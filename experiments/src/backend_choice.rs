//! Which backend a run computes with, as suites and job files have it.

use dentate_backends::{Choice, ChoiceError, Device, NoDevice};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A backend and its device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Words", into = "Words")]
pub(crate) struct Computing(pub(crate) Choice);

#[derive(Serialize, Deserialize)]
struct Words {
    backend: String,
    device: String,
}

impl TryFrom<Words> for Computing {
    type Error = String;

    fn try_from(words: Words) -> Result<Self, String> {
        let device: Device = words.device.parse().map_err(|e: NoDevice| e.to_string())?;
        let choice = Choice::new(&words.backend, Some(device)).map_err(|e| e.to_string())?;
        Ok(Self(choice))
    }
}

impl From<Computing> for Words {
    fn from(Computing(choice): Computing) -> Self {
        Self {
            backend: choice.name().into(),
            device: choice.device().to_string(),
        }
    }
}

impl Computing {
    /// What a run's id and its configuration in the report say of it: nothing of the native backend, which is the usual one.
    pub(crate) fn settings(self) -> Option<String> {
        let Self(choice) = self;
        let (name, device) = (choice.name(), choice.device());
        (choice != Choice::Native).then(|| format!("backend = \"{name}\"\ndevice = \"{device}\"\n"))
    }
}

/// The fingerprints of these backends. An error for one that cannot be made.
pub(crate) fn fingerprints(all: impl Iterator<Item = Computing>) -> Result<String, ChoiceError> {
    let mut prints = BTreeSet::new();
    for Computing(choice) in all {
        prints.insert(choice.ready()?.make().fingerprint());
    }
    Ok(prints.into_iter().collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests;
