//! Complete serialisation of a data set: for rows that a learner generated itself and that no stream can provide again.

use super::{DataError, Dataset, Samples, Targets};
use crate::ids::DataId;
use serde::{Deserialize, Serialize};

/// The serialised form. A view with reordered features is written as its own rows.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    id: DataId,
    samples: Samples,
    shape: Vec<usize>,
    targets: Targets,
}

impl From<Dataset> for Stored {
    fn from(data: Dataset) -> Self {
        let samples = match &data.columns {
            None => (*data.samples).clone(),
            Some(columns) => match &*data.samples {
                Samples::Bytes {
                    values,
                    scale,
                    offset,
                } => Samples::Bytes {
                    values: reordered(values, columns),
                    scale: *scale,
                    offset: *offset,
                },
                Samples::Floats(values) => Samples::Floats(reordered(values, columns)),
            },
        };
        Self {
            id: data.id,
            samples,
            targets: data.targets().into_owned(),
            shape: data.shape,
        }
    }
}

/// The values of every row in this order.
fn reordered<T: Copy>(values: &[T], columns: &[u32]) -> Vec<T> {
    let rows = values.chunks_exact(columns.len());
    rows.flat_map(|row| columns.iter().map(|&column| row[column as usize]))
        .collect()
}

impl TryFrom<Stored> for Dataset {
    type Error = DataError;

    fn try_from(stored: Stored) -> Result<Self, DataError> {
        Self::new(stored.id, stored.samples, stored.shape, stored.targets)
    }
}
