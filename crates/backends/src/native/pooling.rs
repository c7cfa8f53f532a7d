//! From a layer's activations to its outputs and back: pooling, then dropout, by unit and position.

use super::block::Block;
use crate::network::Node;
use dentate_core::drops;
use std::ops::Range;

/// The dropout of a pass: its probability, its seed, and the number of updates before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dropping {
    pub(super) share: f32,
    pub(super) seed: u64,
    pub(super) step: u64,
}

impl Dropping {
    /// The factor on a value of the `row`-th row.
    fn factor(self, layer: u32, row: usize, value: usize) -> f32 {
        if drops(self.share, self.seed, self.step, layer, row, value) {
            0.0
        } else {
            1.0 / (1.0 - self.share)
        }
    }
}

/// Returns whether outputs differ from activations.
pub(super) fn apart(node: &Node) -> bool {
    node.pool.window(node.grid).is_some() || node.dropout > 0.0
}

/// The positions of a grid that a window covers at one place.
#[derive(Clone, Debug)]
struct Field {
    rows: Range<usize>,
    columns: Range<usize>,
    width: usize,
}

impl Field {
    fn places(&self) -> impl Iterator<Item = usize> + use<> {
        let (columns, width) = (self.columns.clone(), self.width);
        let row = move |y| columns.clone().map(move |x| y * width + x);
        self.rows.clone().flat_map(row)
    }

    fn sum(&self, unit: &[f32]) -> f32 {
        let line = |y| &unit[y * self.width + self.columns.start..y * self.width + self.columns.end];
        self.rows.clone().flat_map(line).sum()
    }

    fn len(&self) -> usize {
        self.rows.len() * self.columns.len()
    }
}

/// The windows of a layer's pooling, position by position; `None` if it does not pool.
fn fields(node: &Node) -> Option<impl Iterator<Item = Field> + use<>> {
    let window = node.pool.window(node.grid)?;
    let (grid, outputs) = (node.grid, node.outputs);
    let seen = move |axis: usize, o: usize, n: usize| {
        let start = o * window.stride[axis];
        let end = (start + window.kernel[axis]).saturating_sub(window.padding[axis]);
        start.saturating_sub(window.padding[axis])..end.min(n)
    };
    let row = move |oy: usize| {
        let rows = seen(0, oy, grid.height);
        (0..outputs.width).map(move |ox| Field {
            rows: rows.clone(),
            columns: seen(1, ox, grid.width),
            width: grid.width,
        })
    };
    Some((0..outputs.height).flat_map(row))
}

/// `out ← drop(pool(full))`. For max pooling, `picked` gets the position that each output was taken from.
pub(super) fn pool(
    node: &Node,
    full: &Block,
    dropping: Option<Dropping>,
    out: &mut Block,
    picked: &mut Vec<u32>,
) {
    out.reshape(full.rows(), node.features());
    picked.clear();
    for i in 0..full.rows() {
        let (from, to) = (full.row(i), out.row_mut(i));
        let planes = from.chunks_exact(node.grid.positions());
        for (unit, out) in planes.zip(to.chunks_exact_mut(node.outputs.positions())) {
            let Some(fields) = fields(node) else {
                out.copy_from_slice(unit);
                continue;
            };
            for (out, field) in out.iter_mut().zip(fields) {
                if node.pool.is_max() {
                    let best = largest(unit, &field);
                    picked.push(best as u32);
                    *out = unit[best];
                } else {
                    *out = field.sum(unit) / field.len() as f32;
                }
            }
        }
        if let Some(dropping) = dropping {
            for (j, value) in to.iter_mut().enumerate() {
                *value *= dropping.factor(node.id.0, i, j);
            }
        }
    }
}

/// The position of the largest value, the first of equal ones. NaN counts as the largest, or a diverged network would look
/// healthy.
fn largest(unit: &[f32], field: &Field) -> usize {
    let mut best = field.rows.start * field.width + field.columns.start;
    let mut most = unit[best];
    for y in field.rows.clone() {
        let start = y * field.width;
        let line = &unit[start + field.columns.start..start + field.columns.end];
        for (i, &value) in line.iter().enumerate() {
            if value > most || value.is_nan() {
                (best, most) = (start + field.columns.start + i, value);
            }
        }
    }
    best
}

/// The error at the activations, from that at the outputs.
pub(super) fn unpool(
    node: &Node,
    error: &mut Block,
    dropping: Option<Dropping>,
    full: &mut Block,
    picked: &[u32],
) {
    full.reshape(error.rows(), node.sums());
    full.fill(0.0);
    let mut picked = picked.iter();
    for i in 0..error.rows() {
        if let Some(dropping) = dropping {
            for (j, e) in error.row_mut(i).iter_mut().enumerate() {
                *e *= dropping.factor(node.id.0, i, j);
            }
        }
        let (from, to) = (error.row(i), full.row_mut(i));
        let planes = to.chunks_exact_mut(node.grid.positions());
        for (unit, error) in planes.zip(from.chunks_exact(node.outputs.positions())) {
            let Some(fields) = fields(node) else {
                unit.copy_from_slice(error);
                continue;
            };
            if node.pool.is_max() {
                for (e, &best) in error.iter().zip(&mut picked) {
                    unit[best as usize] += e;
                }
                continue;
            }
            for (e, field) in error.iter().zip(fields) {
                let share = e / field.len() as f32;
                field.places().for_each(|p| unit[p] += share);
            }
        }
    }
}

#[cfg(test)]
mod tests;
