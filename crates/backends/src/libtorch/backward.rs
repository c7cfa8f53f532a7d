//! Backward pass, layer by layer against the schedule: the error at a layer's output becomes the error at its summed input,
//!
//! - `δ_y = δ_h ⊙ f'(z)`, then through the normalisation to δ;
//! - gradients: bias `Σ δ`, scale `Σ δ_y ⊙ x̂`, shift `Σ δ_y`, weights `δᵀ (g ⊙ h)`, gains `Σ (δ W) ⊙ h`;
//! - errors passed on: `δ_h ← δ_h + g ⊙ (δ W)`.
//!
//! Before that, dropout and pooling are reversed. Convolutions have kernels of their own ([`convolution`](super::convolution)).
//!
//! Every parameter of a dense connection is used once for each row, so the sums of squares of single rows' gradients are the
//! same products of squared factors. The same holds for their absolute values. Elsewhere the gradient of each row is computed
//! first.

use super::activation::differentiate;
use super::convolution::Convolution;
use super::forward::{Pass, scaled};
use super::meters::Wanted;
use super::pooling::Pooling;
use super::tensors::{by_unit, of_units, raised};
use crate::network::Network;
use crate::schedule::{How, Schedule};
use dentate_core::{Gain, Power};
use tch::{Kind, Tensor};

/// The backward pass.
pub(super) struct Backward<'a> {
    pub(super) network: &'a Network,
    pub(super) weights: &'a [Tensor],
    pub(super) schedule: &'a Schedule,
    pub(super) pass: &'a mut Pass,
    /// Gradients of the blocks that learn and were reached.
    pub(super) gradients: Vec<Option<Tensor>>,
    /// The quantities to compute.
    pub(super) of: Of,
    /// The errors that meters need.
    pub(super) metered: Wanted,
}

/// The quantities that a backward pass computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Errors only.
    Nothing,
    /// Gradients.
    Batch,
    /// Sums of powers of single rows' gradients.
    Rows(Power),
}

impl<'a> Backward<'a> {
    pub(super) fn new(
        network: &'a Network,
        weights: &'a [Tensor],
        schedule: &'a Schedule,
        pass: &'a mut Pass,
        of: Of,
        metered: Wanted,
    ) -> Self {
        let mut gradients = Vec::new();
        gradients.resize_with(network.places.len(), || None);
        Self {
            network,
            weights,
            schedule,
            pass,
            gradients,
            of,
            metered,
        }
    }

    /// Run the backward pass from the errors that the losses left at outputs. Returns the gradients.
    pub(super) fn run(mut self) -> Vec<Option<Tensor>> {
        let schedule = self.schedule;
        for &(layer, how) in schedule.order.iter().rev() {
            if !schedule.wants[layer] {
                continue;
            }
            let Some(error) = self.pass.layers[layer].error.take() else {
                continue;
            };
            self.meter(layer, &error);
            self.pass.layers[layer].error = match how {
                How::Enter => Some(error),
                How::Copy(by) => {
                    self.pass.add_error(by, error.shallow_clone());
                    Some(error)
                }
                How::Compute => self.layer(layer, error),
            };
        }
        self.gradients
    }

    /// Compute what meters need of the error at a layer's output: sums over rows of magnitudes of sums over positions.
    fn meter(&mut self, layer: usize, error: &Tensor) {
        let positions = self.network.nodes[layer].outputs.positions();
        let state = &mut self.pass.layers[layer];
        let (out, error) = (by_unit(&state.out, positions), by_unit(error, positions));
        let sum = |along: Tensor| {
            let of_rows = along.sum_dim_intlist([2i64].as_slice(), false, Kind::Float);
            of_rows
                .abs()
                .sum_dim_intlist([0i64].as_slice(), true, Kind::Float)
        };
        if self.metered.saliency {
            state.saliency = Some(sum(&out * &error));
        }
        if let Some(centre) = self.metered.centres.get(&layer) {
            state.centred = Some(sum((&out - of_units(centre)) * &error));
        }
    }

    fn wants(&self, place: usize) -> bool {
        self.of != Of::Nothing && self.network.learns(place)
    }

    /// Sum over rows and positions `[1, units]`: of single rows' values or of their powers.
    fn sum(&self, values: &Tensor, positions: usize) -> Tensor {
        let values = by_unit(values, positions);
        let over = |of: &Tensor, dims: &[i64]| of.sum_dim_intlist(dims, false, Kind::Float);
        let sum = match self.of {
            Of::Rows(power) => over(&raised(power, &over(&values, &[2])), &[0]),
            _ => over(&values, &[0, 2]),
        };
        sum.view([1, -1])
    }

    /// Turn the error at a layer's output into that at its summed input, which is returned unless it lies within a recording.
    fn layer(&mut self, layer: usize, error: Tensor) -> Option<Tensor> {
        let node = &self.network.nodes[layer];
        let positions = node.grid.positions();
        let state = &self.pass.layers[layer];
        let dropped = state.dropping.as_ref().map(|dropping| &error * dropping);
        let mut error = dropped.unwrap_or(error);
        let within = state.within;
        if let Some((e, recorded)) = within.and_then(|e| Some((e, self.pass.recorded[e].take()?))) {
            let found = recorded.back(&error);
            if let Some((bias, gradient)) = node.bias.zip(found.bias).filter(|(bias, _)| self.wants(*bias)) {
                self.gradients[bias] = Some(gradient);
            }
            self.take(e, found.source, found.kernels);
            return None;
        }
        let state = &self.pass.layers[layer];
        if let Some(pooling) = Pooling::of(node) {
            error = pooling.back(&error, &state.full, state.places.as_ref());
        }
        error = differentiate(node.activation, &state.pre, &state.full, error);
        if let (Some(norm), Some(normal)) = (node.norm, &state.normal) {
            if self.wants(norm.scale) {
                self.gradients[norm.scale] = Some(self.sum(&(&error * &normal.normal), positions));
                self.gradients[norm.shift] = Some(self.sum(&error, positions));
            }
            error = normal.back(&error, &self.weights[norm.scale], positions);
        }
        if self.metered.slopes.contains(&layer) {
            let magnitudes = by_unit(&error, positions).abs();
            let sum = magnitudes.sum_dim_intlist([0i64, 2].as_slice(), false, Kind::Float);
            self.pass.layers[layer].slope = Some(sum.view([1, -1]));
        }
        if let Some(bias) = node.bias
            && self.wants(bias)
        {
            self.gradients[bias] = Some(self.sum(&error, positions));
        }
        for &e in &node.incoming {
            self.connection(e, &error);
        }
        Some(error)
    }

    /// Compute the gradients of a connection's weights and gains, and the error at its source, from the error at its target.
    fn connection(&mut self, e: usize, error: &Tensor) {
        let edge = &self.network.edges[e];
        let x = self.pass.carried[e].as_ref();
        let x = x.unwrap_or(&self.pass.layers[edge.from].out);
        let weight = edge.weight.filter(|&weight| self.wants(weight));
        let (pulled, gradient) = match (edge.weight, Convolution::of(self.network, edge)) {
            (None, _) => (Some(error.shallow_clone()), None),
            (Some(v), None) => {
                let pulled = self.passes_on(e).then(|| error.mm(&self.weights[v]));
                let gradient = weight.map(|_| match self.of {
                    Of::Rows(power) => raised(power, error).tr().mm(&raised(power, x)),
                    _ => error.tr().mm(x),
                });
                (pulled, gradient)
            }
            (Some(_), Some(convolution)) => {
                let powers = match self.of {
                    Of::Rows(power) if weight.is_some() => convolution.powers(power, x, error),
                    _ => None,
                };
                let found = self.pass.recorded[e].take().map(|recorded| recorded.back(error));
                let found = found.unwrap_or_default();
                (found.source, powers.or(found.kernels))
            }
        };
        self.take(e, pulled, gradient);
    }

    /// Returns whether the error at the source of a connection is needed.
    fn passes_on(&self, e: usize) -> bool {
        let edge = &self.network.edges[e];
        self.schedule.wants[edge.from] || edge.gains.is_some_and(|gains| self.wants(gains))
    }

    /// Store the error at the source of a connection and the gradient of its weights, as far as they are needed.
    fn take(&mut self, e: usize, pulled: Option<Tensor>, gradient: Option<Tensor>) {
        let edge = &self.network.edges[e];
        let passed_on = self.passes_on(e);
        let weight = edge.weight.filter(|&weight| self.wants(weight));
        let products = u64::from(passed_on) + u64::from(weight.is_some());
        self.pass.multiply_adds += products * (self.pass.rows * self.network.multiply_adds(e)) as u64;
        if let (Some(weight), Some(gradient)) = (weight, gradient) {
            self.gradients[weight] = Some(gradient);
        }
        if let Some(pulled) = pulled.filter(|_| passed_on) {
            self.pass_on(e, pulled, edge.gains.filter(|&gains| self.wants(gains)));
        }
    }

    /// Store the error at the source of a connection and the gradient of its gains, from what is passed back.
    fn pass_on(&mut self, e: usize, mut pulled: Tensor, learning: Option<usize>) {
        let edge = &self.network.edges[e];
        if let Some(gains) = learning {
            let along = &pulled * &self.pass.layers[edge.from].out;
            let source = &self.network.nodes[edge.from];
            // A single gain for the connection is like one for a single unit that has all positions.
            self.gradients[gains] = Some(match edge.gain {
                Gain::Scalar => self.sum(&along, source.features()),
                _ => self.sum(&along, source.outputs.positions()),
            });
        }
        if !self.schedule.wants[edge.from] {
            return;
        }
        if let Some(gains) = edge.gains {
            pulled = scaled(self.network, edge, &self.weights[gains], &pulled);
        }
        self.pass.add_error(edge.from, pulled);
    }
}
