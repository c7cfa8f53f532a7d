//! A cache of the outputs of a network's frozen part, by data set and row: while nothing there learns, a row's outputs are
//! always the same, so from the second epoch on they are read and not computed.
//!
//! Cached are the layers at the boundary: frozen, and read by layers that are not. A row takes 4 bytes per unit, and all rows
//! together at most [`LIMIT`]; rows beyond that are computed each time. A pass through frozen layers computes each row by
//! itself, in one order whatever the batch, so results have the same bits with and without the cache.

use super::block::Block;
use super::rows::{Shown, shown};
use dentate_core::{BackendError, DataId, Rows};
use std::collections::BTreeMap;

/// The default limit in bytes: 256 MiB.
pub(super) const LIMIT: usize = 256 << 20;

/// Number of rows that are allocated at a time.
const SHELF: usize = 256;

/// The cache.
#[derive(Debug)]
pub(super) struct ActivationCache {
    limit: usize,
    /// The cached layers, and their total number of units.
    layers: Vec<usize>,
    width: usize,
    shelves: Vec<Vec<f32>>,
    /// Number of cached rows.
    count: usize,
    /// For each row of a data set: one more than its index in the cache, or 0.
    places: BTreeMap<DataId, Vec<u32>>,
    /// The same for the rows of a batch.
    batch: Vec<u32>,
    /// Rows of the batch that are not cached.
    missing: Vec<u32>,
}

impl Default for ActivationCache {
    fn default() -> Self {
        Self {
            limit: LIMIT,
            layers: Vec::new(),
            width: 0,
            shelves: Vec::new(),
            count: 0,
            places: BTreeMap::new(),
            batch: Vec::new(),
            missing: Vec::new(),
        }
    }
}

impl ActivationCache {
    /// Set the limit in bytes.
    pub(super) fn limit(&mut self, bytes: usize) {
        self.limit = bytes;
        self.clear();
    }

    /// Returns whether anything may be cached.
    pub(super) fn is_on(&self) -> bool {
        self.limit > 0
    }

    /// Clear the cache, after a change of something frozen.
    pub(super) fn clear(&mut self) {
        self.layers.clear();
        self.shelves.clear();
        self.places.clear();
        self.count = 0;
    }

    /// Drop the rows of a data set that was replaced or removed.
    pub(super) fn forget(&mut self, data: DataId) {
        if self.places.contains_key(&data) {
            self.clear();
        }
    }

    /// Look up the rows of a batch, for these layers with so many units in total.
    pub(super) fn look(
        &mut self,
        layers: &[usize],
        width: usize,
        rows: &Rows,
        data: &Shown,
    ) -> Result<(), BackendError> {
        if self.layers != layers {
            self.clear();
            self.layers.extend_from_slice(layers);
            self.width = width;
        }
        self.batch.clear();
        self.missing.clear();
        for segment in &rows.segments {
            let len = shown(data, segment.data)?.len();
            let places = self.places.entry(segment.data).or_default();
            if places.is_empty() {
                places.resize(len, 0);
            }
            for &row in &segment.indices {
                let missing = BackendError::Row {
                    data: segment.data,
                    row,
                    len,
                };
                let place = places.get(row as usize).copied().ok_or(missing)?;
                if place == 0 {
                    self.missing.push(self.batch.len() as u32);
                }
                self.batch.push(place);
            }
        }
        Ok(())
    }

    /// Rows of the batch that have to be computed.
    pub(super) fn missing(&self) -> &[u32] {
        &self.missing
    }

    /// Cache the computed outputs for the missing rows, one block of these rows for each layer, up to the limit.
    pub(super) fn keep<'a>(&mut self, rows: &Rows, outputs: impl Fn(usize) -> &'a Block) {
        let mut next = 0;
        for (i, (data, _, row)) in rows.iter().enumerate() {
            if self.missing.get(next) != Some(&(i as u32)) {
                continue;
            }
            next += 1;
            let taken = (self.count + 1) * self.width * size_of::<f32>();
            let place = self
                .places
                .get_mut(&data)
                .and_then(|all| all.get_mut(row as usize));
            // A row may occur twice in a batch.
            let Some(place) = place.filter(|place| **place == 0 && taken <= self.limit) else {
                continue;
            };
            let (shelf, start) = (self.count / SHELF, self.count % SHELF * self.width);
            if shelf == self.shelves.len() {
                self.shelves.push(vec![0.0; SHELF * self.width]);
            }
            let mut space = &mut self.shelves[shelf][start..start + self.width];
            for &layer in &self.layers {
                let out = outputs(layer).row(next - 1);
                let (this, rest) = std::mem::take(&mut space).split_at_mut(out.len());
                this.copy_from_slice(out);
                space = rest;
            }
            self.count += 1;
            *place = self.count as u32;
        }
    }

    /// Assemble a layer's outputs for the batch from the cached rows and those `computed` for the missing rows.
    pub(super) fn fill(&self, layer: usize, before: usize, computed: &Block, out: &mut Block) {
        debug_assert!(self.layers.contains(&layer));
        let mut next = 0;
        for (i, &place) in self.batch.iter().enumerate() {
            if place == 0 {
                out.row_mut(i).copy_from_slice(computed.row(next));
                next += 1;
                continue;
            }
            let (shelf, start) = (
                (place as usize - 1) / SHELF,
                (place as usize - 1) % SHELF * self.width,
            );
            let from = &self.shelves[shelf][start + before..];
            let row = out.row_mut(i);
            row.copy_from_slice(&from[..row.len()]);
        }
    }
}
