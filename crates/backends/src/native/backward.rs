//! Backward pass, layer by layer against the schedule: the error at a layer's output becomes the error at its summed input,
//!
//! - `δ_y = δ_h ⊙ f'(z)`, then through the normalisation to δ;
//! - gradients: bias `Σ δ`, scale `Σ δ_y ⊙ x̂`, shift `Σ δ_y`, weights `δᵀ (g ⊙ h)`, gains `Σ (Wᵀ δ) ⊙ h`;
//! - errors passed on: `δ_h ← δ_h + g ⊙ (Wᵀ δ)`.
//!
//! Before that, pooling and dropout are reversed; convolutions have their own products ([`spatial`](super::spatial)).
//!
//! Where no error is passed on, as from a frozen column, `Wᵀ δ` is never computed: the gain of source j is also
//! `⟨W_j, (δᵀ h)_j⟩`, a by-product of the weights' gradient `(δᵀ h) g`. Multiply-adds are counted by the formulas above all the same.
//!
//! Every parameter of a dense connection is used once for each row, so the sums of squares of single rows' gradients are the
//! same products of squared factors: `Σ_r (δ_ri h_rj)² = Σ_r δ_ri² h_rj²`. The same holds for their absolute values.

mod connection;

use super::activation::{differentiate, needs_input};
use super::batch_norm;
use super::block::Block;
use super::forward::{Pass, factor};
use super::meters::Meters;
use super::network::{Network, Over};
use super::norm::denormalise;
use super::pooling;
use super::schedule::{How, Schedule};
use super::sink::Delivery;
use super::span::Span;
use super::sparse::Sparse;
use super::through::gate;
use dentate_core::{Link, Power};

/// Buffers of the backward pass.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    pub(super) tile: Block,
    /// `Wᵀ δ` of a connection with a gain.
    pulled: Block,
    /// The non-zero entries of a connection's inputs, column by column.
    columns: Sparse,
    raised_x: Block,
    raised_error: Block,
    /// Gradients of a normalisation.
    by_scale: Block,
    by_shift: Block,
    /// The gradient of a connection's gains.
    by_gain: Block,
    /// The error at activations that differ from the outputs.
    apart: Block,
    /// The gradient of a convolution's kernels, and that of one row.
    by_kernel: Block,
    of_row: Block,
    /// Sources with a value other than 0 in any row of the batch.
    present: Vec<u32>,
}

/// The backward pass.
pub(super) struct Backward<'a, 'b> {
    pub(super) network: &'a Network,
    pub(super) schedule: &'a Schedule,
    /// The blocks that the pass ran through, if not the parameters.
    pub(super) through: Option<&'a [Block]>,
    pub(super) pass: &'a mut Pass,
    pub(super) scratch: &'a mut Scratch,
    pub(super) delivery: &'a mut Delivery<'b>,
    /// The power of single rows' gradients that is summed instead of the gradients.
    pub(super) power: Option<Power>,
    /// Meters that accumulate the errors at layers' outputs, in a step.
    pub(super) meters: Option<&'a mut Meters>,
}

impl Backward<'_, '_> {
    /// Run the backward pass from the errors that the losses left at outputs.
    pub(super) fn run(&mut self, weights: &mut [Block]) {
        for &(layer, how) in self.schedule.order.iter().rev() {
            if !self.pass.layers[layer].reached || !self.schedule.wants[layer] {
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
        let gates = self.pass.gates.get(layer).filter(|gates| !gates.is_empty());
        let apart = pooling::apart(node) || gates.is_some();
        if let Some(gates) = gates {
            gate(&mut state.error, gates, node.outputs.positions());
        }
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
            sum_rows(&mut self.scratch.tile, shape, self.power, |i, j| error.row(i)[j]);
            self.delivery
                .deliver(weights, bias, Span::From(0), &mut self.scratch.tile);
        }
        let error = std::mem::take(&mut self.pass.layers[layer].error);
        if let Some(meters) = &mut self.meters {
            meters.take_slope(layer, node.grid.positions(), &error);
        }
        let mut raised = std::mem::take(&mut self.scratch.raised_error);
        if let Some(power) = self.power {
            raise(power, &error, &mut raised);
        }
        for &e in &node.incoming {
            // The same factor as in the forward pass: the gain may be updated first.
            let factor = factor(&self.network.edges[e], self.through.unwrap_or(weights));
            self.pass_on(weights, e, &error);
            let convolved = self.network.edges[e].link != Link::Dense;
            let by = if self.power.is_some() && !convolved {
                &raised
            } else {
                &error
            };
            self.weights(weights, e, factor, by);
        }
        self.scratch.raised_error = raised;
        self.pass.layers[layer].error = error;
    }

    fn normalisation(&mut self, weights: &mut [Block], layer: usize) {
        let node = &self.network.nodes[layer];
        let Some(norm) = node.norm else {
            return;
        };
        // The errors are passed back before scale and shift change, and the gradients computed before the errors change.
        let state = &self.pass.layers[layer];
        let (rows, positions) = (state.error.rows(), node.grid.positions());
        let shape = (rows, node.width(), positions);
        let (by_scale, by_shift) = (&mut self.scratch.by_scale, &mut self.scratch.by_shift);
        let wanted = self.delivery.wants(norm.scale);
        if wanted {
            let along = |i: usize, j: usize| state.error.row(i)[j] * state.kept.row(i)[j];
            sum_rows(by_scale, shape, self.power, along);
            sum_rows(by_shift, shape, self.power, |i, j| state.error.row(i)[j]);
        }
        let state = &mut self.pass.layers[layer];
        let scale = self.through.unwrap_or(weights)[norm.scale].row(0);
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
}

fn add(onto: &mut [f32], values: &[f32]) {
    onto.iter_mut().zip(values).for_each(|(o, v)| *o += v);
}

/// A power of every entry.
fn raise(power: Power, x: &Block, out: &mut Block) {
    out.reshape(x.rows(), x.cols());
    for i in 0..x.rows() {
        out.row_mut(i)
            .iter_mut()
            .zip(x.row(i))
            .for_each(|(o, v)| *o = power.of(*v));
    }
}

/// `out[0, j] ← Σ_i Σ_p value(i, (j, p))` over rows and positions, or the sum over rows of a power of these.
fn sum_rows(
    out: &mut Block,
    (rows, units, positions): (usize, usize, usize),
    power: Option<Power>,
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
            *sum += power.map_or(v, |power| power.of(v));
        }
    }
}
