//! Data sets, and batches gathered from them.
//!
//! On a processor rows are read from the data set itself, which processes share. A GPU keeps a copy of each storage that any
//! loaded data set refers to, bytes as bytes, and gathers there: per step only row numbers, labels and real targets are
//! transferred.

use crate::rows::{self, Shown, shown};
use dentate_core::{BackendError, DataId, Dataset, Rows, Samples, Segment};
use std::sync::Arc;
use tch::{Device, Kind, Tensor};

/// The loaded data sets.
#[derive(Debug)]
pub(super) struct Stored {
    device: Device,
    shown: Shown,
    /// Copies on a GPU.
    copies: Vec<(Arc<Samples>, Tensor)>,
}

impl Stored {
    pub(super) fn new(device: Device) -> Self {
        Self {
            device,
            shown: Shown::new(),
            copies: Vec::new(),
        }
    }

    pub(super) fn shown(&self) -> &Shown {
        &self.shown
    }

    pub(super) fn load(&mut self, data: &Dataset) {
        self.shown.insert(data.id(), data.clone());
        self.tidy();
        let storage = data.storage();
        let there = self.copies.iter().any(|(copied, _)| Arc::ptr_eq(copied, storage));
        if self.device != Device::Cpu && !there {
            let values = match &**storage {
                Samples::Bytes { values, .. } => Tensor::from_slice(values),
                Samples::Floats(values) => Tensor::from_slice(values),
            };
            let copy = values.view([-1, data.features() as i64]).to_device(self.device);
            self.copies.push((storage.clone(), copy));
        }
    }

    pub(super) fn unload(&mut self, data: DataId) {
        self.shown.remove(&data);
        self.tidy();
    }

    /// Drop copies that no data set refers to any more.
    fn tidy(&mut self) {
        let seen = |storage: &Arc<Samples>| self.shown.values().any(|d| Arc::ptr_eq(d.storage(), storage));
        self.copies.retain(|(storage, _)| seen(storage));
    }

    /// Rows, `[rows, width]`.
    pub(super) fn gather(&self, rows: &Rows, width: usize) -> Result<Tensor, BackendError> {
        if self.device != Device::Cpu {
            return self.gather_there(rows, width);
        }
        let mut values = vec![0.0; rows.len() * width];
        let mut places = values.chunks_exact_mut(width.max(1));
        for segment in &rows.segments {
            let set = shown(&self.shown, segment.data)?;
            for (&row, place) in segment.indices.iter().zip(&mut places) {
                set.read(row, place)?;
            }
        }
        Ok(Tensor::from_slice(&values).view([rows.len() as i64, width as i64]))
    }

    fn gather_there(&self, rows: &Rows, width: usize) -> Result<Tensor, BackendError> {
        let part = |segment: &Segment| {
            let set = shown(&self.shown, segment.data)?;
            let mut copies = self.copies.iter();
            let copy = copies.find(|(storage, _)| Arc::ptr_eq(storage, set.storage()));
            let (_, copy) = copy.ok_or(BackendError::NotLoaded(segment.data))?;
            let places = segment.indices.iter().map(|&row| i64::from(row));
            let mut part = copy.index_select(0, &super::tensors::places(places, self.device));
            if let Some(columns) = set.columns() {
                let columns = columns.iter().map(|&column| i64::from(column));
                part = part.index_select(1, &super::tensors::places(columns, self.device));
            }
            Ok::<_, BackendError>(match &**set.storage() {
                Samples::Bytes { scale, offset, .. } => {
                    part.to_kind(Kind::Float) * f64::from(*scale) + f64::from(*offset)
                }
                Samples::Floats(_) => part,
            })
        };
        let parts: Vec<Tensor> = rows.segments.iter().map(part).collect::<Result<_, _>>()?;
        if parts.is_empty() {
            return Ok(Tensor::zeros([0, width as i64], (Kind::Float, self.device)));
        }
        Ok(Tensor::cat(&parts, 0))
    }

    /// A copy of a batch with features set to 0, as [`rows::corrupt`] draws them.
    pub(super) fn corrupted(
        &self,
        clean: &Tensor,
        rows: &Rows,
        share: f32,
        seed: u64,
        width: usize,
    ) -> Tensor {
        let mut gone = vec![false; rows.len() * width];
        rows::corrupt(rows, share, seed, width, |at, j| gone[at * width + j] = true);
        let gone = Tensor::from_slice(&gone).view([rows.len() as i64, width as i64]);
        clean.masked_fill(&gone.to_device(self.device), 0.0)
    }
}
