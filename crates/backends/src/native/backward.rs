//! Backward, layer by layer against the course: the error at a layer's output becomes the error at its summed input,
//!
//! - `δ_y = δ_h ⊙ f'(z)`, then through the normalisation to δ;
//! - gradients: bias `Σ δ`, scale `Σ δ_y ⊙ x̂`, shift `Σ δ_y`, weights `δᵀ (g ⊙ h)`, gains `Σ (Wᵀ δ) ⊙ h`;
//! - errors passed on: `δ_h ← δ_h + g ⊙ (Wᵀ δ)`.
//!
//! In front of that, pooling and dropout are taken back; convolutions have their own products ([`spatial`](super::spatial)).
//!
//! Where no error is passed on, as from a frozen column, `Wᵀ δ` is never made: the gain of source j is also `⟨W_j, (δᵀ h)_j⟩`, a
//! by-product of the weights' gradient `(δᵀ h) g`. Multiply-adds are counted by the formulas above all the same.
//!
//! Every parameter of a dense connection is used once for each row, so the squares of single rows' gradients, summed, are the same products of
//! squared factors: `Σ_r (δ_ri h_rj)² = Σ_r δ_ri² h_rj²`.

use super::activation::{dead_at_zero, differentiate, needs_input};
use super::batch_norm;
use super::block::Block;
use super::course::{Course, How};
use super::meters::Meters;
use super::network::{Edge, Network, Over};
use super::norm::denormalise;
use super::pass::{Pass, factor, scale_row};
use super::pooling;
use super::product::{self, TILE, Way};
use super::sink::{Delivery, Span};
use super::sparse::Sparse;
use super::spatial::{Convolution, Windows};
use super::updater::{Columns, Wanted};
use super::vector::Inner;
use dentate_core::{Gain, Link};

/// Buffers of the way back.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) tile: Block,
    /// `Wᵀ δ` of a connection with a gain.
    pulled: Block,
    /// What is not zero of a connection's inputs, column by column.
    columns: Sparse,
    squared_x: Block,
    squared_error: Block,
    /// Gradients of a normalisation.
    by_scale: Block,
    by_shift: Block,
    /// The gradient of a connection's gains.
    by_gain: Block,
    /// The error at activations whose outputs are something else.
    apart: Block,
    /// The gradient of a convolution's kernels, and that of one row.
    by_kernel: Block,
    of_row: Block,
    /// Sources of which any row of the batch is not 0.
    present: Vec<u32>,
}

/// The way back of one pass.
pub(super) struct Backward<'a, 'b> {
    pub(super) network: &'a Network,
    pub(super) course: &'a Course,
    pub(super) pass: &'a mut Pass,
    pub(super) scratch: &'a mut Scratch,
    pub(super) delivery: &'a mut Delivery<'b>,
    /// Whether the squares of single rows' gradients are summed instead of the gradients.
    pub(super) squared: bool,
    /// Meters that take in the errors at layers' outputs: those of a step.
    pub(super) meters: Option<&'a mut Meters>,
}

impl Backward<'_, '_> {
    /// Work back from the errors that the losses left at outputs.
    pub(super) fn run(&mut self, weights: &mut [Block]) {
        for &(layer, how) in self.course.order.iter().rev() {
            if !self.pass.layers[layer].reached || !self.course.wants[layer] {
                continue;
            }
            if let Some(meters) = &mut self.meters {
                let positions = self.network.nodes[layer].outputs.positions();
                meters.take_error(layer, positions, &self.pass.layers[layer]);
            }
            match how {
                How::Enter => {}
                How::Copy(by) => {
                    let error = std::mem::take(&mut self.pass.layers[layer].error);
                    let onto = self.pass.error(by);
                    for i in 0..error.rows() {
                        add(onto.row_mut(i), error.row(i));
                    }
                    self.pass.layers[layer].error = error;
                }
                How::Compute => self.layer(weights, layer),
            }
        }
        self.delivery.finish(weights, &mut self.scratch.tile);
    }

    fn layer(&mut self, weights: &mut [Block], layer: usize) {
        let node = &self.network.nodes[layer];
        let state = &mut self.pass.layers[layer];
        let apart = pooling::apart(node);
        if apart {
            let full = &mut self.scratch.apart;
            pooling::unpool(node, &mut state.error, state.dropping, full, &state.picked);
            std::mem::swap(&mut state.error, full);
        }
        let kept = needs_input(node.activation);
        for i in 0..state.out.rows() {
            let pre = if kept { state.pre.row(i) } else { &[] };
            let h = if apart { &state.full } else { &state.out };
            differentiate(node.activation, pre, h.row(i), state.error.row_mut(i));
        }
        if node.norm.is_some() {
            self.normalisation(weights, layer);
        }
        if let Some(bias) = node.bias
            && self.delivery.wants(bias)
        {
            let error = &self.pass.layers[layer].error;
            let shape = (error.rows(), node.width(), node.grid.positions());
            sum_rows(&mut self.scratch.tile, shape, self.squared, |i, j| {
                error.row(i)[j]
            });
            self.delivery
                .deliver(weights, bias, Span::From(0), &mut self.scratch.tile);
        }
        let error = std::mem::take(&mut self.pass.layers[layer].error);
        let mut squared = std::mem::take(&mut self.scratch.squared_error);
        if self.squared {
            square(&error, &mut squared);
        }
        for &e in &node.incoming {
            // As it was on the way forward: the gain may be updated first.
            let factor = factor(&self.network.edges[e], weights);
            self.pass_on(weights, e, &error);
            let convolved = self.network.edges[e].link != Link::Dense;
            let by = if self.squared && !convolved {
                &squared
            } else {
                &error
            };
            self.weights(weights, e, factor, by);
        }
        self.scratch.squared_error = squared;
        self.pass.layers[layer].error = error;
    }

    fn normalisation(&mut self, weights: &mut [Block], layer: usize) {
        let node = &self.network.nodes[layer];
        let Some(norm) = node.norm else {
            return;
        };
        // The errors are turned back before scale and shift change, the gradients taken before the errors turn.
        let state = &self.pass.layers[layer];
        let (rows, positions) = (state.error.rows(), node.grid.positions());
        let shape = (rows, node.width(), positions);
        let (by_scale, by_shift) = (&mut self.scratch.by_scale, &mut self.scratch.by_shift);
        let wanted = self.delivery.wants(norm.scale);
        if wanted {
            let along = |i: usize, j: usize| state.error.row(i)[j] * state.kept.row(i)[j];
            sum_rows(by_scale, shape, self.squared, along);
            sum_rows(by_shift, shape, self.squared, |i, j| state.error.row(i)[j]);
        }
        let state = &mut self.pass.layers[layer];
        let scale = weights[norm.scale].row(0);
        match norm.over {
            Over::Units(units) => {
                let groups = node.width().div_ceil(units);
                for (i, inverse) in state.inverse.chunks(groups).enumerate() {
                    let (error, kept) = (state.error.row_mut(i), state.kept.row(i));
                    denormalise(error, kept, (units, positions), scale, inverse);
                }
            }
            Over::Batch { .. } => {
                batch_norm::denormalise(&mut state.error, &state.kept, positions, scale, &state.by);
            }
        }
        if wanted {
            self.delivery
                .deliver(weights, norm.scale, Span::From(0), by_scale);
            self.delivery
                .deliver(weights, norm.shift, Span::From(0), by_shift);
        }
    }

    /// Errors and gains at the source of a connection.
    fn pass_on(&mut self, weights: &mut [Block], e: usize, error: &Block) {
        let edge = &self.network.edges[e];
        let wanted = self.course.wants[edge.from];
        let source = &self.network.nodes[edge.from];
        let (rows, sources, positions) = (error.rows(), source.features(), source.outputs.positions());
        let Some(gains) = edge.gains else {
            if !wanted {
                return;
            }
            let reached = self.pass.layers[edge.from].reached;
            let mut onto = std::mem::take(&mut self.pass.layers[edge.from].error);
            if !reached {
                onto.reshape(rows, sources);
            }
            let source = &mut self.pass.layers[edge.from];
            source.reached = true;
            let only = dead_at_zero(self.network.nodes[edge.from].activation)
                && self
                    .course
                    .order
                    .iter()
                    .all(|&(l, how)| l != edge.from || how == How::Compute);
            let (only, windows) = (only.then_some(&source.out), &mut self.pass.windows);
            back(
                self.network,
                edge,
                weights,
                (error, &mut onto),
                reached,
                only,
                windows,
            );
            self.pass.layers[edge.from].error = onto;
            self.pass.multiply_adds += (rows * self.network.multiply_adds(e)) as u64;
            return;
        };
        let learns = self.delivery.wants(gains);
        if !wanted && !learns {
            return;
        }
        self.pass.multiply_adds += (rows * self.network.multiply_adds(e)) as u64;
        if self.gains_by_weights(e) {
            return;
        }
        let pulled = &mut self.scratch.pulled;
        pulled.reshape(rows, sources);
        let windows = &mut self.pass.windows;
        back(self.network, edge, weights, (error, pulled), false, None, windows);
        if learns {
            let h = &self.pass.layers[edge.from].out;
            let along = |i: usize, j: usize| pulled.row(i)[j] * h.row(i)[j];
            if edge.gain == Gain::Scalar {
                let whole = |i: usize, _: usize| Inner(pulled.row(i), h.row(i)).run();
                sum_rows(&mut self.scratch.tile, (rows, 1, 1), self.squared, whole);
            } else {
                let shape = (rows, sources / positions, positions);
                sum_rows(&mut self.scratch.tile, shape, self.squared, along);
            }
        }
        if wanted {
            let onto = self.pass.error(edge.from);
            for i in 0..rows {
                scale_row(edge.gain, weights[gains].row(0), positions, pulled.row_mut(i));
                add(onto.row_mut(i), pulled.row(i));
            }
        }
        if learns {
            self.delivery
                .deliver(weights, gains, Span::From(0), &mut self.scratch.tile);
        }
    }

    /// Whether the gradient of a connection's gains falls out of that of its weights.
    fn gains_by_weights(&self, e: usize) -> bool {
        let edge = &self.network.edges[e];
        !self.squared
            && !self.course.wants[edge.from]
            && edge.link == Link::Dense
            && edge.each == 1
            && edge.weight.is_some_and(|weight| self.delivery.wants(weight))
            && edge.gains.is_some_and(|gains| self.delivery.wants(gains))
    }

    /// The gradients of a connection's weights and gains, by tiles of `δᵀ h`.
    fn weights_and_gains(
        &mut self,
        weights: &mut [Block],
        (e, weight, gains): (usize, usize, usize),
        error: &Block,
    ) {
        let edge = &self.network.edges[e];
        let x = &self.pass.layers[edge.from].out;
        let (sources, targets) = (x.cols(), error.cols());
        self.pass.multiply_adds += (x.rows() * sources * targets) as u64;
        let (way, lists) = self.pass.seen[edge.from].look(x);
        if way == Way::Lists {
            self.scratch.columns.by_column(lists, sources, |x| x);
        }
        let (lists, tile) = (&self.scratch.columns, &mut self.scratch.tile);
        let by_gain = &mut self.scratch.by_gain;
        by_gain.reshape(1, if edge.gain == Gain::Scalar { 1 } else { sources });
        by_gain.fill(0.0);
        for first in (0..sources).step_by(TILE) {
            tile.reshape(TILE.min(sources - first), targets);
            product::gradient(x, error, Span::From(first), tile, 1.0, (way, lists));
            for i in 0..tile.rows() {
                let of = if edge.gain == Gain::Scalar { 0 } else { first + i };
                by_gain.row_mut(0)[of] += Inner(tile.row(i), weights[weight].row(first + i)).run();
                let g = weights[gains].row(0)[of];
                tile.row_mut(i).iter_mut().for_each(|d| *d *= g);
            }
            self.delivery.deliver(weights, weight, Span::From(first), tile);
        }
        self.delivery.deliver(weights, gains, Span::From(0), by_gain);
    }

    /// The gradient of a convolution's kernels.
    fn kernels(
        &mut self,
        weights: &mut [Block],
        (e, weight): (usize, usize),
        convolution: Convolution,
        factor: f32,
        error: &Block,
    ) {
        let edge = &self.network.edges[e];
        let (x, windows) = match edge.gain {
            Gain::PerUnit => (&self.pass.carried[e], &mut self.pass.windows),
            _ => (&self.pass.layers[edge.from].out, &mut self.pass.windows),
        };
        let (whole, single) = (&mut self.scratch.by_kernel, &mut self.scratch.of_row);
        convolution.gradient((x, error), factor, self.squared, whole, single, windows);
        self.pass.multiply_adds += (x.rows() * self.network.multiply_adds(e)) as u64;
        let (whole, tile) = (&self.scratch.by_kernel, &mut self.scratch.tile);
        for first in (0..whole.rows()).step_by(TILE) {
            tile.reshape(TILE.min(whole.rows() - first), whole.cols());
            for i in 0..tile.rows() {
                tile.row_mut(i).copy_from_slice(whole.row(first + i));
            }
            self.delivery.deliver(weights, weight, Span::From(first), tile);
        }
    }

    /// The gradient of a connection's weights, a tile at a time.
    fn weights(&mut self, weights: &mut [Block], e: usize, factor: f32, error: &Block) {
        let edge = &self.network.edges[e];
        let Some(weight) = edge.weight.filter(|&weight| self.delivery.wants(weight)) else {
            return;
        };
        if let Some(convolution) = Convolution::of(self.network, edge) {
            return self.kernels(weights, (e, weight), convolution, factor, error);
        }
        if let Some(gains) = edge.gains.filter(|_| self.gains_by_weights(e)) {
            return self.weights_and_gains(weights, (e, weight, gains), error);
        }
        let factor = if self.squared { factor * factor } else { factor };
        let (mut x, seen) = match edge.gain {
            Gain::PerUnit => (&self.pass.carried[e], &self.pass.seen_carried[e]),
            _ => (&self.pass.layers[edge.from].out, &self.pass.seen[edge.from]),
        };
        let way = seen.way();
        let (sources, targets) = (x.cols(), error.cols());
        self.pass.multiply_adds += (x.rows() * sources * targets) as u64;
        let sparse = way == Way::Lists && self.delivery.skips_zeros();
        if way == Way::Lists && x.rows() == 1 && !self.squared && factor == 1.0 {
            let rows = if sparse {
                Wanted::Present
            } else {
                Wanted::All(sources)
            };
            let columns = Columns::OfOne(seen.lists().list(0));
            if self.delivery.gather(weights, weight, rows, columns, error) {
                return;
            }
        }
        let lists = &mut self.scratch.columns;
        match (way, self.squared) {
            (Way::Lists, false) => lists.by_column(seen.lists(), sources, |x| factor * x),
            (Way::Lists, true) => lists.by_column(seen.lists(), sources, |x| factor * (x * x)),
            (Way::Kernels, true) => {
                square(x, &mut self.scratch.squared_x);
                x = &self.scratch.squared_x;
            }
            (Way::Kernels, false) => {}
        }
        let (lists, tile) = (&self.scratch.columns, &mut self.scratch.tile);
        if way == Way::Lists {
            let rows = if sparse {
                Wanted::Present
            } else {
                Wanted::All(sources)
            };
            if self
                .delivery
                .gather(weights, weight, rows, Columns::Lists(lists), error)
            {
                return;
            }
        }
        // The lists hold the factor already.
        let factor = if way == Way::Lists { 1.0 } else { factor };
        if sparse {
            lists.present(&mut self.scratch.present);
        }
        if sparse {
            for rows in self.scratch.present.chunks(TILE) {
                tile.reshape(rows.len(), targets);
                product::gradient(x, error, Span::These(rows), tile, factor, (way, lists));
                self.delivery.deliver(weights, weight, Span::These(rows), tile);
            }
        } else {
            for first in (0..sources).step_by(TILE) {
                tile.reshape(TILE.min(sources - first), targets);
                product::gradient(x, error, Span::From(first), tile, factor, (way, lists));
                self.delivery.deliver(weights, weight, Span::From(first), tile);
            }
        }
        self.delivery.done[weight] = true;
    }
}

/// `e ← Wᵀ d`, or `e ← e + Wᵀ d`, for a connection of any kind.
fn back(
    network: &Network,
    edge: &Edge,
    weights: &[Block],
    (error, onto): (&Block, &mut Block),
    add_to: bool,
    only: Option<&Block>,
    windows: &mut Windows,
) {
    let convolution = Convolution::of(network, edge);
    if let (Some(weight), None) = (edge.weight, convolution) {
        return product::back(error, &weights[weight], onto, add_to, only);
    }
    if !add_to {
        onto.fill(0.0);
    }
    match (edge.weight, convolution) {
        (Some(weight), Some(convolution)) => convolution.back(error, &weights[weight], onto, windows),
        _ => (0..error.rows()).for_each(|i| add(onto.row_mut(i), error.row(i))),
    }
}

fn add(onto: &mut [f32], values: &[f32]) {
    onto.iter_mut().zip(values).for_each(|(o, v)| *o += v);
}

fn square(x: &Block, out: &mut Block) {
    out.reshape(x.rows(), x.cols());
    for i in 0..x.rows() {
        out.row_mut(i)
            .iter_mut()
            .zip(x.row(i))
            .for_each(|(o, v)| *o = v * v);
    }
}

/// `out[0, j] ← Σ_i Σ_p value(i, (j, p))` over rows and positions, or the sum over rows of the squares of these.
fn sum_rows(
    out: &mut Block,
    (rows, units, positions): (usize, usize, usize),
    squared: bool,
    value: impl Fn(usize, usize) -> f32,
) {
    out.reshape(1, units);
    out.fill(0.0);
    for i in 0..rows {
        for (j, sum) in out.row_mut(0).iter_mut().enumerate() {
            let v = match positions {
                1 => value(i, j),
                _ => (j * positions..(j + 1) * positions).map(|j| value(i, j)).sum(),
            };
            *sum += if squared { v * v } else { v };
        }
    }
}
