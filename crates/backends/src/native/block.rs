//! A matrix of floats with spare capacity on both axes: rows start at multiples of a padded stride, so that adding a column
//! writes that column only, and adding a row that row only, until the capacity is used up. Then it doubles.
//!
//! Padding never enters a sum. Rows start on cache lines, for fast vector loads.

use ndarray::{ArrayView2, ShapeBuilder};

/// Floats in a cache line: strides are multiples of it.
const LINE: usize = 16;

/// A row-major matrix with spare capacity.
#[derive(Debug, Default)]
pub(super) struct Block {
    rows: usize,
    cols: usize,
    stride: usize,
    /// The index of the first aligned float of `data`.
    offset: usize,
    data: Vec<f32>,
}

impl Block {
    /// A block of zeros, without spare rows.
    pub(super) fn zeros(rows: usize, cols: usize) -> Self {
        let stride = cols.next_multiple_of(LINE);
        let (data, offset) = allocate(rows * stride);
        Self {
            rows,
            cols,
            stride,
            offset,
            data,
        }
    }

    /// A copy of a view.
    pub(super) fn from_view(view: ArrayView2<'_, f32>) -> Self {
        let mut block = Self::zeros(view.nrows(), view.ncols());
        block.assign(view);
        block
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn cols(&self) -> usize {
        self.cols
    }

    /// Distance between the starts of rows.
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    /// All rows with their padding.
    pub(super) fn data(&self) -> &[f32] {
        &self.data[self.offset..]
    }

    pub(super) fn data_mut(&mut self) -> &mut [f32] {
        &mut self.data[self.offset..]
    }

    pub(super) fn row(&self, i: usize) -> &[f32] {
        let start = self.offset + i * self.stride;
        &self.data[start..start + self.cols]
    }

    pub(super) fn row_mut(&mut self, i: usize) -> &mut [f32] {
        let start = self.offset + i * self.stride;
        &mut self.data[start..start + self.cols]
    }

    /// A row with as much of its padding as fills vectors of `lanes` floats.
    pub(super) fn padded(&self, i: usize, lanes: usize) -> &[f32] {
        let start = self.offset + i * self.stride;
        &self.data[start..start + self.cols.next_multiple_of(lanes)]
    }

    pub(super) fn padded_mut(&mut self, i: usize, lanes: usize) -> &mut [f32] {
        let start = self.offset + i * self.stride;
        &mut self.data[start..start + self.cols.next_multiple_of(lanes)]
    }

    /// The matrix as an array view.
    pub(super) fn view(&self) -> ArrayView2<'_, f32> {
        let shape = (self.rows, self.cols).strides((self.stride.max(1), 1));
        // The storage holds `rows` rows of `stride ≥ cols` floats, so the shape always fits.
        ArrayView2::from_shape(shape, self.data()).unwrap_or_else(|_| ArrayView2::from(&[] as &[[f32; 0]; 0]))
    }

    /// Copy from a view of the same shape.
    pub(super) fn assign(&mut self, view: ArrayView2<'_, f32>) {
        for (i, from) in view.rows().into_iter().enumerate() {
            for (to, from) in self.row_mut(i).iter_mut().zip(from) {
                *to = *from;
            }
        }
    }

    /// Copy a block of the same shape.
    pub(super) fn copy_from(&mut self, other: &Self) {
        self.reshape(other.rows, other.cols);
        for i in 0..other.rows {
            self.row_mut(i).copy_from_slice(other.row(i));
        }
    }

    pub(super) fn fill(&mut self, value: f32) {
        for i in 0..self.rows {
            self.row_mut(i).fill(value);
        }
    }

    /// Change the shape for contents that will be overwritten. Allocates only if the storage is too small.
    pub(super) fn reshape(&mut self, rows: usize, cols: usize) {
        let stride = cols.next_multiple_of(LINE);
        if self.data.len() < rows * stride + LINE {
            (self.data, self.offset) = allocate(rows * stride);
        }
        (self.rows, self.cols, self.stride) = (rows, cols, stride);
    }

    /// Change the shape and keep the entries that both shapes have; new entries are undefined.
    pub(super) fn resize(&mut self, rows: usize, cols: usize) {
        let room = (self.data.len() - self.offset)
            .checked_div(self.stride)
            .unwrap_or(0);
        if cols > self.stride || rows > room {
            let grown = |needed: usize, had: usize| {
                if needed > had { needed.max(2 * had) } else { had }
            };
            // An odd number of cache lines, so that a column does not fall into one set of the cache: a column is what is
            // written when a unit is added.
            let stride = grown(cols, self.stride).div_ceil(LINE) | 1;
            let stride = stride * LINE;
            let kept = self.rows.min(rows);
            let (mut data, offset) = allocate(grown(rows, self.rows) * stride);
            for i in 0..kept {
                let start = offset + i * stride;
                data[start..start + self.cols].copy_from_slice(self.row(i));
            }
            (self.data, self.offset, self.stride) = (data, offset, stride);
        }
        (self.rows, self.cols) = (rows, cols);
    }
}

/// Zeroed storage and the index of its first cache line.
fn allocate(floats: usize) -> (Vec<f32>, usize) {
    let data = vec![0.0f32; floats + LINE];
    let offset = data.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
    (data, offset)
}

impl Clone for Block {
    /// The copy has its own alignment and no spare rows.
    fn clone(&self) -> Self {
        Self::from_view(self.view())
    }
}

#[cfg(test)]
mod tests;
