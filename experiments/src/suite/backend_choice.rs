//! `backend` and `device` of a suite and of its methods.

use super::error::SuiteError;
use super::place::Place;
use crate::backend_choice::BackendChoice;
use dentate_backends::{Choice, Device, NoDevice};

/// The two keys of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    backend: Option<String>,
    device: Option<Device>,
}

impl Said {
    pub(super) fn read(place: &Place<'_>) -> Result<Self, SuiteError> {
        let said = |key: &str| Ok::<_, SuiteError>(place.string(key)?.zip(place.table.get(key)));
        let backend = match said("backend")? {
            Some((word, node)) => match Choice::new(&word, None) {
                Ok(_) => Some(word),
                Err(_) => {
                    return Err(place.unknown_value(
                        &node.at,
                        "backend",
                        &word,
                        ["native", "libtorch"].into_iter(),
                    ));
                }
            },
            None => None,
        };
        let device = match said("device")? {
            Some((word, node)) => Some(
                word.parse()
                    .map_err(|e: NoDevice| place.refused(&node.at, e.to_string()))?,
            ),
            None => None,
        };
        Ok(Self { backend, device })
    }

    /// The backend of a method: its own keys over the suite's. The suite's device does not apply to a method on the native
    /// backend.
    pub(super) fn over(&self, place: &Place<'_>, suite: &Self) -> Result<BackendChoice, SuiteError> {
        let backend = self.backend.as_ref().or(suite.backend.as_ref());
        let backend = backend.map_or("native", String::as_str);
        let inherited = suite.device.filter(|_| backend != "native");
        let choice = Choice::new(backend, self.device.or(inherited));
        choice
            .map(BackendChoice)
            .map_err(|e| place.refused(&place.table.find("device"), e.to_string()))
    }
}
