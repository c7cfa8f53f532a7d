//! Data sets and batches of their rows. A data set is shared, immutable and cheap to clone; a batch holds row numbers, not values.

use crate::ids::{DataId, TaskId};
use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::Arc;
use thiserror::Error;

mod stored;
use stored::Stored;

/// The errors of making a data set.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum DataError {
    /// The number of values is not samples × features.
    #[error("the inputs hold {values} values, which is not a whole number of rows of {features} features")]
    Ragged {
        /// Values found.
        values: usize,
        /// Features per row.
        features: usize,
    },
    /// Inputs and targets differ in length.
    #[error("there are {inputs} rows of inputs but {targets} targets")]
    Length {
        /// Rows of inputs.
        inputs: usize,
        /// Rows of targets.
        targets: usize,
    },
    /// A label lies outside the declared number of classes.
    #[error("row {row} has label {label}, but there are {classes} classes")]
    Label {
        /// The offending row.
        row: usize,
        /// Its label.
        label: u32,
        /// The number of classes.
        classes: u32,
    },
    /// A column list names a feature that is not there, or has another length than the row.
    #[error("a column order must list each of the {features} features once")]
    Columns {
        /// Features per row.
        features: usize,
    },
}

/// A requested row does not exist.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("row {row} is outside {data}, which has {len} rows")]
pub struct MissingRow {
    /// The data set.
    pub data: DataId,
    /// The row that was requested, from 0.
    pub row: u32,
    /// The length of the data set.
    pub len: usize,
}

/// The inputs of a data set, row-major.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Samples {
    /// Bytes, read as `value × scale + offset`: images stay a quarter of their size.
    Bytes {
        /// Row-major bytes.
        values: Vec<u8>,
        /// Multiplier.
        scale: f32,
        /// Added after scaling.
        offset: f32,
    },
    /// Floating-point numbers.
    Floats(Vec<f32>),
}

impl Samples {
    fn len(&self) -> usize {
        match self {
            Self::Bytes { values, .. } => values.len(),
            Self::Floats(values) => values.len(),
        }
    }
}

/// The targets of a data set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Targets {
    /// Class labels in `0..classes`.
    Classes {
        /// One label for each row.
        labels: Vec<u32>,
        /// The number of classes of the whole problem.
        classes: u32,
    },
    /// Real targets, one row each.
    Values(Array2<f32>),
    /// None: there are only inputs.
    None,
}

impl Targets {
    /// The number of rows that have targets; `None` for any number. Checks labels against the number of classes.
    fn rows(&self) -> Result<Option<usize>, DataError> {
        match self {
            Self::Classes { labels, classes } => match labels.iter().position(|l| l >= classes) {
                Some(row) => Err(DataError::Label {
                    row,
                    label: labels[row],
                    classes: *classes,
                }),
                None => Ok(Some(labels.len())),
            },
            Self::Values(values) => Ok(Some(values.nrows())),
            Self::None => Ok(None),
        }
    }
}

/// A data set: inputs `[n, features]` and targets. Clones share the storage.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Dataset {
    id: DataId,
    samples: Arc<Samples>,
    columns: Option<Arc<[u32]>>,
    features: usize,
    shape: Vec<usize>,
    targets: Arc<Targets>,
    shift: Option<Shift>,
}

/// An offset of labels: the value added to each, and the new number of classes.
#[derive(Clone, Copy, Debug)]
struct Shift {
    first: u32,
    classes: u32,
}

impl Dataset {
    /// Makes a data set of rows with `shape`, whose product is the number of features.
    ///
    /// # Errors
    /// [`DataError`] when lengths disagree or a label is out of range.
    pub fn new(id: DataId, samples: Samples, shape: Vec<usize>, targets: Targets) -> Result<Self, DataError> {
        let features = shape
            .iter()
            .try_fold(1_usize, |n, &d| n.checked_mul(d))
            .unwrap_or(0);
        if features == 0 || !samples.len().is_multiple_of(features) {
            return Err(DataError::Ragged {
                values: samples.len(),
                features,
            });
        }
        let rows = samples.len() / features;
        let targets_len = targets.rows()?.unwrap_or(rows);
        if targets_len != rows {
            return Err(DataError::Length {
                inputs: rows,
                targets: targets_len,
            });
        }
        Ok(Self {
            id,
            samples: Arc::new(samples),
            columns: None,
            features,
            shape,
            targets: Arc::new(targets),
            shift: None,
        })
    }

    /// The same storage under another id.
    #[must_use]
    pub fn with_id(mut self, id: DataId) -> Self {
        self.id = id;
        self
    }

    /// The same rows with their features reordered: feature `i` of the view is feature `columns[i]` of this one.
    /// The samples are not copied.
    ///
    /// # Errors
    /// [`DataError::Columns`] unless `columns` is a permutation.
    pub fn permuted(&self, id: DataId, columns: &[u32]) -> Result<Self, DataError> {
        let mut seen = vec![false; self.features];
        for &c in columns {
            match seen.get_mut(c as usize) {
                Some(s) if !*s => *s = true,
                _ => {
                    return Err(DataError::Columns {
                        features: self.features,
                    });
                }
            }
        }
        if columns.len() != self.features {
            return Err(DataError::Columns {
                features: self.features,
            });
        }
        let columns = match &self.columns {
            None => columns.into(),
            Some(old) => columns.iter().map(|&c| old[c as usize]).collect(),
        };
        Ok(Self {
            id,
            columns: Some(columns),
            ..self.clone()
        })
    }

    /// The same rows with their features reordered as in `other`, sharing its order.
    ///
    /// # Errors
    /// [`DataError::Columns`] unless both have as many features.
    pub fn permuted_like(&self, id: DataId, other: &Self) -> Result<Self, DataError> {
        match (&self.columns, &other.columns) {
            (_, None) if self.features == other.features => Ok(self.clone().with_id(id)),
            (None, Some(columns)) if self.features == other.features => Ok(Self {
                id,
                columns: Some(columns.clone()),
                ..self.clone()
            }),
            (_, columns) => self.permuted(id, columns.as_deref().unwrap_or_default()),
        }
    }

    /// The same inputs with other targets.
    ///
    /// # Errors
    /// As [`Dataset::new`].
    pub fn relabelled(&self, id: DataId, targets: Targets) -> Result<Self, DataError> {
        let n = targets.rows()?.unwrap_or(self.len());
        if n != self.len() {
            return Err(DataError::Length {
                inputs: self.len(),
                targets: n,
            });
        }
        Ok(Self {
            id,
            targets: Arc::new(targets),
            shift: None,
            ..self.clone()
        })
    }

    /// The same rows with `first` added to each label, of `classes` in all. The labels are not copied. Rows without labels are
    /// unchanged.
    ///
    /// # Errors
    /// [`DataError::Label`] if a label would not be below `classes`.
    pub fn shifted(&self, id: DataId, first: u32, classes: u32) -> Result<Self, DataError> {
        let Targets::Classes { labels, .. } = &*self.targets else {
            return Ok(self.clone().with_id(id));
        };
        let first = first.saturating_add(self.shift.map_or(0, |shift| shift.first));
        let too_high = |label: &u32| label.checked_add(first).is_none_or(|label| label >= classes);
        if let Some(row) = labels.iter().position(too_high) {
            return Err(DataError::Label {
                row,
                label: labels[row].saturating_add(first),
                classes,
            });
        }
        Ok(Self {
            id,
            shift: Some(Shift { first, classes }),
            ..self.clone()
        })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> DataId {
        self.id
    }

    /// Returns whether its inputs are those of `other`: the same storage and the same columns.
    #[must_use]
    pub fn shares_inputs(&self, other: &Self) -> bool {
        let columns = match (&self.columns, &other.columns) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        columns && Arc::ptr_eq(&self.samples, &other.samples)
    }

    /// The storage of its inputs, which other data sets may share.
    #[must_use]
    pub fn storage(&self) -> &Arc<Samples> {
        &self.samples
    }

    /// The index of each feature in the rows of the storage; `None` for the same order.
    #[must_use]
    pub fn columns(&self) -> Option<&[u32]> {
        self.columns.as_deref()
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.samples.len() / self.features
    }

    /// Returns whether it has no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Features per row.
    #[must_use]
    pub fn features(&self) -> usize {
        self.features
    }

    /// The shape of a row, for instance `[28, 28]`.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Its targets; a copy where labels have an offset.
    #[must_use]
    pub fn targets(&self) -> Cow<'_, Targets> {
        match (&*self.targets, self.shift) {
            (Targets::Classes { labels, .. }, Some(Shift { first, classes })) => {
                Cow::Owned(Targets::Classes {
                    labels: labels.iter().map(|label| label + first).collect(),
                    classes,
                })
            }
            (targets, _) => Cow::Borrowed(targets),
        }
    }

    /// Its labels as a slice; `None` where there are no classes, or where labels have an offset.
    #[must_use]
    pub fn labels(&self) -> Option<&[u32]> {
        match &*self.targets {
            Targets::Classes { labels, .. } if self.shift.is_none() => Some(labels),
            _ => None,
        }
    }

    /// The number of classes of the whole problem, where there are classes.
    #[must_use]
    pub fn classes(&self) -> Option<u32> {
        match &*self.targets {
            Targets::Classes { classes, .. } => Some(self.shift.map_or(*classes, |shift| shift.classes)),
            _ => None,
        }
    }

    /// The label of a row, where there are classes.
    #[must_use]
    pub fn label(&self, row: u32) -> Option<u32> {
        match &*self.targets {
            Targets::Classes { labels, .. } => {
                let label = labels.get(row as usize)?;
                Some(label + self.shift.map_or(0, |shift| shift.first))
            }
            _ => None,
        }
    }

    /// Writes row `row` into `out`, which has [`features`](Self::features) entries.
    ///
    /// # Errors
    /// [`MissingRow`]; `out` is then unchanged.
    pub fn read(&self, row: u32, out: &mut [f32]) -> Result<(), MissingRow> {
        let start = row as usize * self.features;
        let place = start..start + self.features;
        let missing = || MissingRow {
            data: self.id,
            row,
            len: self.len(),
        };
        match (&*self.samples, &self.columns) {
            (
                Samples::Bytes {
                    values,
                    scale,
                    offset,
                },
                None,
            ) => {
                let values = values.get(place).ok_or_else(missing)?;
                for (o, &v) in out.iter_mut().zip(values) {
                    *o = f32::from(v) * scale + offset;
                }
            }
            (
                Samples::Bytes {
                    values,
                    scale,
                    offset,
                },
                Some(columns),
            ) => {
                let values = values.get(place).ok_or_else(missing)?;
                for (o, &c) in out.iter_mut().zip(columns.iter()) {
                    *o = f32::from(values[c as usize]) * scale + offset;
                }
            }
            (Samples::Floats(values), None) => {
                out.copy_from_slice(values.get(place).ok_or_else(missing)?);
            }
            (Samples::Floats(values), Some(columns)) => {
                let values = values.get(place).ok_or_else(missing)?;
                for (o, &c) in out.iter_mut().zip(columns.iter()) {
                    *o = values[c as usize];
                }
            }
        }
        Ok(())
    }

    /// The rows as an array `[rows.len(), features]`.
    ///
    /// # Errors
    /// [`MissingRow`].
    pub fn gather(&self, rows: &[u32]) -> Result<Array2<f32>, MissingRow> {
        let mut out = Array2::zeros((rows.len(), self.features));
        for (row, mut place) in rows.iter().zip(out.rows_mut()) {
            // A row of a new array is contiguous.
            if let Some(place) = place.as_slice_mut() {
                self.read(*row, place)?;
            }
        }
        Ok(out)
    }

    /// Real targets, where there are any.
    #[must_use]
    pub fn values(&self) -> Option<ArrayView2<'_, f32>> {
        match &*self.targets {
            Targets::Values(v) => Some(v.view()),
            _ => None,
        }
    }
}

/// Rows of one data set, all of one task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The data set.
    pub data: DataId,
    /// The task they belong to.
    pub task: TaskId,
    /// Row numbers.
    pub indices: Vec<u32>,
}

/// A batch: segments of rows, in order. It is plain data, so that it can be sent to any device.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rows {
    /// The segments; batch rows are numbered through them in order.
    pub segments: Vec<Segment>,
}

impl Rows {
    /// A batch from one data set.
    #[must_use]
    pub fn of(data: DataId, task: TaskId, indices: Vec<u32>) -> Self {
        Self {
            segments: vec![Segment { data, task, indices }],
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.segments.iter().map(|s| s.indices.len()).sum()
    }

    /// Returns whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Append a row, joining it to the last segment where it fits.
    pub fn push(&mut self, data: DataId, task: TaskId, index: u32) {
        match self.segments.last_mut() {
            Some(s) if s.data == data && s.task == task => s.indices.push(index),
            _ => self.segments.push(Segment {
                data,
                task,
                indices: vec![index],
            }),
        }
    }

    /// Appends another batch to this one.
    pub fn extend(&mut self, other: Self) {
        self.segments.extend(other.segments);
    }

    /// Iterates over all rows as (data set, task, index), in order.
    pub fn iter(&self) -> impl Iterator<Item = (DataId, TaskId, u32)> + '_ {
        self.segments
            .iter()
            .flat_map(|s| s.indices.iter().map(|&i| (s.data, s.task, i)))
    }
}

#[cfg(test)]
mod tests;
