//! A data set written out whole: for rows that a learner made itself, which no stream can give back.

use super::{DataError, Dataset, Samples, Targets};
use crate::ids::DataId;
use serde::{Deserialize, Serialize};

/// What is written. A view with reordered features is written as its own rows.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    id: DataId,
    samples: Samples,
    shape: Vec<usize>,
    targets: Targets,
}

impl From<Dataset> for Stored {
    fn from(data: Dataset) -> Self {
        let samples = if data.columns.is_none() {
            (*data.samples).clone()
        } else {
            let rows: Vec<u32> = (0..data.len() as u32).collect();
            Samples::Floats(data.gather(&rows).into_iter().collect())
        };
        Self {
            id: data.id,
            samples,
            shape: data.shape,
            targets: (*data.targets).clone(),
        }
    }
}

impl TryFrom<Stored> for Dataset {
    type Error = DataError;

    fn try_from(stored: Stored) -> Result<Self, DataError> {
        Self::new(stored.id, stored.samples, stored.shape, stored.targets)
    }
}
