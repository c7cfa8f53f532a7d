//! Convolution on grids: each row of the batch by itself, as matrix products with the windows laid out side by side (im2col,
//! Chellapilla et al. 2006). With kernels `V [K, targets]`, K = source units of a group × places of the window, and a row's windows
//! `X [K, positions]`:
//!
//! - forward `Z ← Z + Vᵀ X`,
//! - back `Xδ = V δ`, added to where the windows came from,
//! - gradient `g ← g + X δᵀ`.
//!
//! A row's products do not depend on the other rows of the batch.

use super::block::Block;
use super::dense::{Matrix, Target, multiply_into};
use crate::network::{Edge, Network};
use dentate_core::{Grid, Power, Window};

/// A convolution between two layers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Convolution {
    window: Window,
    groups: usize,
    /// Units of one group.
    sources: usize,
    targets: usize,
    from: Grid,
    to: Grid,
}

/// One row's windows, reused.
#[derive(Debug, Default)]
pub(super) struct Windows(Vec<f32>);

impl Convolution {
    /// The convolution of a connection, if it is one.
    pub(super) fn of(network: &Network, edge: &Edge) -> Option<Self> {
        let (from, to) = (&network.nodes[edge.from], &network.nodes[edge.to]);
        let (window, groups) = edge.convolution(from.width())?;
        Some(Self {
            window,
            groups,
            sources: from.width() / groups,
            targets: to.width() / groups,
            from: from.outputs,
            to: to.grid,
        })
    }

    /// Rows of the stored kernels.
    fn depth(&self) -> usize {
        self.sources * self.window.area()
    }

    /// Returns whether a source's values are its windows.
    fn pointwise(&self) -> bool {
        self.window == Window::square(1, 1, 0)
    }

    /// The windows over one group's source values of a row.
    fn windows<'a>(&self, x: &'a [f32], into: &'a mut Windows) -> &'a [f32] {
        if self.pointwise() {
            return x;
        }
        let (plane, positions) = (self.from.positions(), self.to.positions());
        into.0.resize(self.depth() * positions, 0.0);
        let mut rows = into.0.chunks_exact_mut(positions);
        for unit in x.chunks_exact(plane) {
            for ky in 0..self.window.kernel[0] {
                for kx in 0..self.window.kernel[1] {
                    if let Some(row) = rows.next() {
                        self.look(unit, ky, kx, row);
                    }
                }
            }
        }
        &into.0
    }

    /// The values of a unit at place (`ky`, `kx`) of the window, position by position.
    fn look(&self, unit: &[f32], ky: usize, kx: usize, row: &mut [f32]) {
        let inside = self.inside(kx);
        if inside.is_empty() {
            row.fill(0.0); // so wide a window that this column of it never meets the picture
            return;
        }
        for (oy, row) in row.chunks_exact_mut(self.to.width).enumerate() {
            let Some(iy) = self.window.place(0, oy, ky, self.from.height) else {
                row.fill(0.0);
                continue;
            };
            let line = &unit[iy * self.from.width..][..self.from.width];
            row[..inside.start].fill(0.0);
            row[inside.end..].fill(0.0);
            let first = self.column(inside.start, kx);
            let row = &mut row[inside.clone()];
            if self.window.stride[1] == 1 {
                row.copy_from_slice(&line[first..first + row.len()]);
            } else {
                let seen = line[first..].iter().step_by(self.window.stride[1]);
                row.iter_mut().zip(seen).for_each(|(to, from)| *to = *from);
            }
        }
    }

    /// Add the windows to one group's values of a row.
    fn scatter(&self, windows: &[f32], x: &mut [f32]) {
        let (plane, positions) = (self.from.positions(), self.to.positions());
        let mut rows = windows.chunks_exact(positions);
        for unit in x.chunks_exact_mut(plane) {
            for ky in 0..self.window.kernel[0] {
                for kx in 0..self.window.kernel[1] {
                    let Some(row) = rows.next() else { return };
                    let inside = self.inside(kx);
                    if inside.is_empty() {
                        continue;
                    }
                    let first = self.column(inside.start, kx);
                    for (oy, row) in row.chunks_exact(self.to.width).enumerate() {
                        let Some(iy) = self.window.place(0, oy, ky, self.from.height) else {
                            continue;
                        };
                        let line = &mut unit[iy * self.from.width..][..self.from.width];
                        let (row, stride) = (&row[inside.clone()], self.window.stride[1]);
                        if stride == 1 {
                            let seen = &mut line[first..first + row.len()];
                            seen.iter_mut().zip(row).for_each(|(to, from)| *to += from);
                        } else {
                            let seen = line[first..].iter_mut().step_by(stride);
                            seen.zip(row).for_each(|(to, from)| *to += from);
                        }
                    }
                }
            }
        }
    }

    /// The columns of positions at which column `kx` of the window lies inside the grid.
    fn inside(&self, kx: usize) -> std::ops::Range<usize> {
        let (stride, padding) = (self.window.stride[1], self.window.padding[1]);
        let start = padding.saturating_sub(kx).div_ceil(stride);
        let room = (self.from.width + padding).saturating_sub(kx);
        let end = room.div_ceil(stride).min(self.to.width);
        start.min(end)..end
    }

    fn column(&self, ox: usize, kx: usize) -> usize {
        (ox * self.window.stride[1] + kx).saturating_sub(self.window.padding[1])
    }

    /// `z ← z + factor · Vᵀ x`.
    pub(super) fn forward(&self, x: &Block, v: &Block, z: &mut Block, factor: f32, windows: &mut Windows) {
        let (plane, positions) = (self.from.positions(), self.to.positions());
        for i in 0..x.rows() {
            for g in 0..self.groups {
                let seen = self.windows(
                    &x.row(i)[g * self.sources * plane..][..self.sources * plane],
                    windows,
                );
                let onto = &mut z.row_mut(i)[g * self.targets * positions..][..self.targets * positions];
                multiply_into(
                    Target::of(onto, self.targets, positions),
                    true,
                    factor,
                    Matrix::cols_of(v, g * self.targets, self.targets).turned(),
                    Matrix::plain(seen, self.depth(), positions),
                );
            }
        }
    }

    /// `e ← e + V d`.
    pub(super) fn back(&self, d: &Block, v: &Block, e: &mut Block, windows: &mut Windows) {
        let (plane, positions) = (self.from.positions(), self.to.positions());
        for i in 0..d.rows() {
            for g in 0..self.groups {
                let error = &d.row(i)[g * self.targets * positions..][..self.targets * positions];
                let error = Matrix::plain(error, self.targets, positions);
                let v = Matrix::cols_of(v, g * self.targets, self.targets);
                let onto = &mut e.row_mut(i)[g * self.sources * plane..][..self.sources * plane];
                if self.pointwise() {
                    multiply_into(Target::of(onto, self.depth(), positions), true, 1.0, v, error);
                    continue;
                }
                windows.0.resize(self.depth() * positions, 0.0);
                let seen = Target::of(&mut windows.0, self.depth(), positions);
                multiply_into(seen, false, 1.0, v, error);
                self.scatter(&windows.0, onto);
            }
        }
    }

    /// `g ← Σ_rows factor · X dᵀ`, or the sum of a power of it row by row; `single` is the buffer for one row's.
    pub(super) fn gradient(
        &self,
        (x, d): (&Block, &Block),
        factor: f32,
        power: Option<Power>,
        out: &mut Block,
        single: &mut Block,
        windows: &mut Windows,
    ) {
        let (plane, positions) = (self.from.positions(), self.to.positions());
        out.reshape(self.depth(), self.targets * self.groups);
        out.fill(0.0);
        single.reshape(self.depth(), self.targets);
        for i in 0..x.rows() {
            for g in 0..self.groups {
                let seen = self.windows(
                    &x.row(i)[g * self.sources * plane..][..self.sources * plane],
                    windows,
                );
                let error = &d.row(i)[g * self.targets * positions..][..self.targets * positions];
                let (seen, error) = (
                    Matrix::plain(seen, self.depth(), positions),
                    Matrix::plain(error, self.targets, positions).turned(),
                );
                let Some(power) = power else {
                    let onto = Target::cols_of(out, g * self.targets, self.targets);
                    multiply_into(onto, true, factor, seen, error);
                    continue;
                };
                multiply_into(Target::all(single), false, factor, seen, error);
                for k in 0..self.depth() {
                    let sums = &mut out.row_mut(k)[g * self.targets..][..self.targets];
                    sums.iter_mut()
                        .zip(single.row(k))
                        .for_each(|(sum, g)| *sum += power.of(*g));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
