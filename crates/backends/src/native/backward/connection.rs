//! Backward pass through one connection: the error at its source, and the gradients of its weights and gains.

use super::{Backward, add, raise, sum_rows};
use crate::native::activation::dead_at_zero;
use crate::native::block::Block;
use crate::native::forward::scale_row;
use crate::native::product::{self, ProductKind, TILE};
use crate::native::span::Span;
use crate::native::spatial::{Convolution, Windows};
use crate::native::updater::{Columns, Wanted};
use crate::native::vector::Inner;
use crate::network::{Edge, Network};
use crate::schedule::How;
use dentate_core::{Gain, Link};

impl Backward<'_, '_> {
    /// Compute errors and gradients of gains at the source of a connection.
    pub(super) fn pass_on(&mut self, weights: &mut [Block], e: usize, error: &Block) {
        let edge = &self.network.edges[e];
        let wanted = self.schedule.wants[edge.from];
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
            let metered = self.meters.as_ref();
            let only = dead_at_zero(self.network.nodes[edge.from].activation)
                && !metered.is_some_and(|meters| meters.wants_every_error(edge.from))
                && self
                    .schedule
                    .order
                    .iter()
                    .all(|&(l, how)| l != edge.from || how == How::Compute);
            let (only, windows) = (only.then_some(&source.out), &mut self.pass.windows);
            back(
                self.network,
                edge,
                self.through.unwrap_or(weights),
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
        let read = self.through.unwrap_or(weights);
        back(self.network, edge, read, (error, pulled), false, None, windows);
        if learns {
            let h = &self.pass.layers[edge.from].out;
            let along = |i: usize, j: usize| pulled.row(i)[j] * h.row(i)[j];
            if edge.gain == Gain::Scalar {
                let whole = |i: usize, _: usize| Inner(pulled.row(i), h.row(i)).run();
                sum_rows(&mut self.scratch.tile, (rows, 1, 1), self.power, whole);
            } else {
                let shape = (rows, sources / positions, positions);
                sum_rows(&mut self.scratch.tile, shape, self.power, along);
            }
        }
        if wanted {
            let gains = self.through.unwrap_or(weights)[gains].row(0);
            let onto = self.pass.error(edge.from);
            for i in 0..rows {
                scale_row(edge.gain, gains, positions, pulled.row_mut(i));
                add(onto.row_mut(i), pulled.row(i));
            }
        }
        if learns {
            self.delivery
                .deliver(weights, gains, Span::From(0), &mut self.scratch.tile);
        }
    }

    /// Returns whether the gradient of a connection's gains is a by-product of that of its weights.
    fn gains_by_weights(&self, e: usize) -> bool {
        let edge = &self.network.edges[e];
        self.power.is_none()
            && !self.schedule.wants[edge.from]
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
        if way == ProductKind::Lists {
            self.scratch.columns.by_column(lists, sources, |x| x);
        }
        let (lists, tile) = (&self.scratch.columns, &mut self.scratch.tile);
        let by_gain = &mut self.scratch.by_gain;
        by_gain.reshape(1, if edge.gain == Gain::Scalar { 1 } else { sources });
        by_gain.fill(0.0);
        for first in (0..sources).step_by(TILE) {
            tile.reshape(TILE.min(sources - first), targets);
            product::gradient(x, error, Span::From(first), tile, 1.0, (way, lists));
            let read = self.through.unwrap_or(weights);
            for i in 0..tile.rows() {
                let of = if edge.gain == Gain::Scalar { 0 } else { first + i };
                by_gain.row_mut(0)[of] += Inner(tile.row(i), read[weight].row(first + i)).run();
                let g = read[gains].row(0)[of];
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
        convolution.gradient((x, error), factor, self.power, whole, single, windows);
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
    pub(super) fn weights(&mut self, weights: &mut [Block], e: usize, factor: f32, error: &Block) {
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
        let factor = self.power.map_or(factor, |power| power.of(factor));
        let (mut x, seen) = match edge.gain {
            Gain::PerUnit => (&self.pass.carried[e], &self.pass.seen_carried[e]),
            _ => (&self.pass.layers[edge.from].out, &self.pass.seen[edge.from]),
        };
        let way = seen.way();
        let (sources, targets) = (x.cols(), error.cols());
        self.pass.multiply_adds += (x.rows() * sources * targets) as u64;
        let sparse = way == ProductKind::Lists && self.delivery.skips_zeros();
        if way == ProductKind::Lists && x.rows() == 1 && self.power.is_none() && factor == 1.0 {
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
        match (way, self.power) {
            (ProductKind::Lists, None) => lists.by_column(seen.lists(), sources, |x| factor * x),
            (ProductKind::Lists, Some(power)) => {
                lists.by_column(seen.lists(), sources, |x| factor * power.of(x))
            }
            (ProductKind::Kernels, Some(power)) => {
                raise(power, x, &mut self.scratch.raised_x);
                x = &self.scratch.raised_x;
            }
            (ProductKind::Kernels, None) => {}
        }
        let (lists, tile) = (&self.scratch.columns, &mut self.scratch.tile);
        if way == ProductKind::Lists {
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
        // The lists contain the factor already.
        let factor = if way == ProductKind::Lists { 1.0 } else { factor };
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
