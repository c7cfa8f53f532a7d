//! Forward pass: `h = drop(pool(f(norm(b + Σ_c W_c (g_c ⊙ h_from(c))))))`, layer by layer along a schedule. The backward pass's
//! inputs are kept.

use super::activation::{activate, is_own, needs_input};
use super::convolution::{By, Convolution, Recorded};
use super::hits::Counted;
use super::norm::{Normal, normalise};
use super::pooling::{self, Pooling};
use super::tensors::{by_unit, flat, of_units};
use super::through::Through;
use crate::network::{Edge, Network, Node};
use crate::schedule::{How, Schedule};
use dentate_core::{Activation, Gain};
use tch::{Kind, Tensor};

/// The mode of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Evaluation without a backward pass.
    Outputs,
    /// Evaluation.
    Evaluating,
    /// Training, after so many updates, with dropout drawn from a seed: layers that learn are normalised by the batch and apply
    /// dropout. `slopes`: errors at summed inputs are needed, so convolutions are not recorded with what follows them.
    Training { updates: u64, seed: u64, slopes: bool },
}

/// The state of a layer after a pass; every tensor is `[rows, units × positions]`.
#[derive(Debug, Default)]
pub(super) struct State {
    /// h.
    pub(super) out: Tensor,
    /// Activations, which are the outputs where there is no pooling or dropout; where the rectifier is applied after max
    /// pooling, the input of the pooling.
    pub(super) full: Tensor,
    /// The convolution whose recording extends to the pooled values.
    pub(super) within: Option<usize>,
    /// The positions of the values that max pooling selected.
    pub(super) places: Option<Tensor>,
    /// Factors of dropout and gates.
    pub(super) dropping: Option<Tensor>,
    /// The inputs of the activation, for activations that need them in the backward pass.
    pub(super) pre: Tensor,
    /// The state of a normalisation.
    pub(super) normal: Option<Normal>,
    /// The error: by h first, then by the summed input. `None`: none has reached the layer, or it was computed within a
    /// recording.
    pub(super) error: Option<Tensor>,
    /// Σ |Σ h · ∂L/∂h|, over the rows and within over positions, if requested and if an error reached the layer.
    pub(super) saliency: Option<Tensor>,
    /// Σ |Σ (h − ĥ) · ∂L/∂h| and Σ |∂L/∂z|, likewise.
    pub(super) centred: Option<Tensor>,
    pub(super) slope: Option<Tensor>,
}

/// The state after a pass.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) rows: usize,
    mode: Mode,
    pub(super) layers: Vec<State>,
    /// `g ⊙ h` of each connection that has a gain.
    pub(super) carried: Vec<Option<Tensor>>,
    /// The recording of each convolution.
    pub(super) recorded: Vec<Option<Recorded>>,
    /// The route's weights, mask and gates, if they are not the parameters alone.
    pub(super) through: Through,
    /// The rows' features, clean.
    pub(super) inputs: Tensor,
    /// Counts of its rows' hits.
    pub(super) counted: Vec<Counted>,
    /// Multiply-adds, forward and backward.
    pub(super) multiply_adds: u64,
}

impl Pass {
    /// Run the layers of a schedule on a batch: its inputs, and the values where rows enter.
    pub(super) fn run(
        network: &Network,
        weights: &[Tensor],
        schedule: &Schedule,
        through: Through,
        (inputs, entering): (Tensor, Tensor),
        mode: Mode,
    ) -> Self {
        let mut pass = Self {
            rows: inputs.size()[0] as usize,
            mode,
            layers: Vec::new(),
            carried: Vec::new(),
            recorded: Vec::new(),
            through,
            inputs,
            counted: Vec::new(),
            multiply_adds: 0,
        };
        pass.layers.resize_with(network.nodes.len(), State::default);
        pass.carried.resize_with(network.edges.len(), || None);
        pass.recorded.resize_with(network.edges.len(), || None);
        pass.layers[schedule.entry].out = entering;
        for &(layer, how) in &schedule.order {
            match how {
                How::Enter => {}
                How::Copy(by) => pass.layers[layer].out = pass.layers[by].out.shallow_clone(),
                How::Compute => pass.compute(network, weights, schedule, layer),
            }
        }
        pass
    }

    /// Compute a layer from those before it, with the parameters or their replacement.
    pub(super) fn compute(
        &mut self,
        network: &Network,
        weights: &[Tensor],
        schedule: &Schedule,
        layer: usize,
    ) {
        let through = std::mem::take(&mut self.through);
        self.compute_by(network, through.weights(weights), schedule, layer);
        if let Some(gates) = through.gates(layer) {
            let state = &mut self.layers[layer];
            // A gate is a factor like that of dropout.
            state.out = &state.out * gates;
            let factor = state.dropping.take();
            state.dropping = Some(factor.map_or_else(|| gates.shallow_clone(), |factor| factor * gates));
        }
        self.through = through;
    }

    fn compute_by(&mut self, network: &Network, weights: &[Tensor], schedule: &Schedule, layer: usize) {
        let node = &network.nodes[layer];
        let within = self.recordable(network, schedule, layer);
        let mut z = self.sums(network, weights, schedule, node, within.is_some());
        let wanted = schedule.wants[layer];
        let training = match self.mode {
            Mode::Training { updates, seed, .. } if wanted => Some((updates, seed)),
            _ => None,
        };
        let state = &mut self.layers[layer];
        if let Some(norm) = node.norm {
            let (y, normal) = normalise(node, norm, weights, &z, training.is_some());
            z = y;
            state.normal = Some(normal);
        }
        if needs_input(node.activation) {
            state.pre = z.shallow_clone();
        }
        let mut finish = |z: Tensor| {
            let pooling = Pooling::of(node);
            // Only the largest value may be rectified instead of all: its position and its error are the same.
            let late = node.activation == Activation::Relu && node.pool.is_max();
            let full = if late { z } else { activate(node.activation, z) };
            state.full = flat(&full.detach());
            let (out, places) = match pooling {
                Some(pooling) => pooling.pool(&full),
                None => (full, None),
            };
            let out = if late { out.relu() } else { out };
            (state.out, state.places) = (flat(&out.detach()), places);
            out
        };
        match within.and_then(|e| self.recorded[e].as_mut()) {
            Some(recorded) => {
                recorded.go_on(finish);
                state.within = within;
            }
            None => {
                let _ = finish(z);
            }
        }
        let dropping = training.filter(|_| node.dropout > 0.0);
        state.dropping = dropping
            .map(|(updates, seed)| pooling::dropping(node, self.rows, seed, updates, self.inputs.device()));
        if let Some(dropping) = &state.dropping {
            state.out = &state.out * dropping;
        }
    }

    /// The convolution with which a layer can be recorded up to its dropout, in a training pass.
    fn recordable(&self, network: &Network, schedule: &Schedule, layer: usize) -> Option<usize> {
        let node = &network.nodes[layer];
        let &[e] = &node.incoming[..] else {
            return None;
        };
        let convolution = Convolution::of(network, &network.edges[e]).is_some();
        // Within a recording there is no error at a summed input.
        let training = matches!(self.mode, Mode::Training { slopes: false, .. }) && schedule.wants[layer];
        (training && convolution && node.norm.is_none() && is_own(node.activation)).then_some(e)
    }

    /// The summed input of a layer: its bias and its connections. The gradient of the bias is recorded or not.
    fn sums(
        &mut self,
        network: &Network,
        weights: &[Tensor],
        schedule: &Schedule,
        node: &Node,
        recorded: bool,
    ) -> Tensor {
        let positions = node.grid.positions();
        // Biases of units on a grid, broadcast over values that are stored unit by unit.
        let bias = node.bias.map(|bias| &weights[bias]);
        let mut sums: Option<Tensor> = None;
        for &e in &node.incoming {
            let edge = &network.edges[e];
            self.multiply_adds += (self.rows * network.multiply_adds(e)) as u64;
            self.carried[e] = carry(network, edge, weights, &self.layers[edge.from].out);
            let x = self.carried[e].as_ref().unwrap_or(&self.layers[edge.from].out);
            let Some(v) = edge.weight.map(|weight| &weights[weight]) else {
                sums = Some(match (sums, bias) {
                    (Some(mut sums), _) => sums.g_add_(x),
                    (None, Some(bias)) => flat(&(by_unit(x, positions) + of_units(bias))),
                    // The following terms are added in place.
                    (None, None) => x.copy(),
                });
                continue;
            };
            if let Some(convolution) = Convolution::of(network, edge) {
                let recording = self.mode != Mode::Outputs;
                let by_source = schedule.wants[edge.from] || network.gain_learns(e);
                let by = By {
                    source: recording && by_source,
                    kernels: recording && network.weight_learns(e),
                    bias: recorded && node.bias.is_some_and(|bias| network.learns(bias)),
                };
                let bias = bias.filter(|_| sums.is_none());
                let (brought, recorded) = convolution.forward(x, v, bias, by);
                self.recorded[e] = recorded;
                sums = Some(match sums {
                    Some(mut sums) => sums.g_add_(&brought),
                    None => brought,
                });
                continue;
            }
            sums = Some(match (sums, bias) {
                (Some(mut sums), _) => sums.addmm_(x, &v.tr()),
                (None, Some(bias)) => bias.addmm(x, &v.tr()),
                (None, None) => x.mm(&v.tr()),
            });
        }
        let (rows, units) = (self.rows as i64, node.width() as i64);
        sums.unwrap_or_else(|| match bias {
            Some(bias) => {
                let expanded = of_units(bias).expand([rows, units, positions as i64], false);
                flat(&expanded.contiguous())
            }
            None => {
                let columns = units * positions as i64;
                Tensor::zeros([rows, columns], (Kind::Float, self.inputs.device()))
            }
        })
    }

    /// Move the running statistics of the layers that this pass normalised by the batch, scaled by `keep` and only if `alive`
    /// is true.
    pub(super) fn follow_batch(
        &self,
        network: &Network,
        schedule: &Schedule,
        weights: &mut [Tensor],
        keep: Option<&[Tensor]>,
        alive: Option<&Tensor>,
    ) {
        for &(layer, how) in &schedule.order {
            if let (How::Compute, Some(norm), Some(normal)) =
                (how, network.nodes[layer].norm, &self.layers[layer].normal)
            {
                normal.follow(norm.over, weights, keep, alive);
            }
        }
    }

    /// Add to the error at a layer's output.
    pub(super) fn add_error(&mut self, layer: usize, error: Tensor) {
        let state = &mut self.layers[layer];
        state.error = Some(match state.error.take() {
            // The existing error may be shared with another layer.
            Some(there) => there + error,
            None => error,
        });
    }
}

/// `g ⊙ x`, where there is a gain.
fn carry(network: &Network, edge: &Edge, weights: &[Tensor], x: &Tensor) -> Option<Tensor> {
    let gains = edge.gains.filter(|_| edge.gain != Gain::None)?;
    Some(scaled(network, edge, &weights[gains], x))
}

/// Values of a connection's source times its gains.
pub(super) fn scaled(network: &Network, edge: &Edge, gains: &Tensor, x: &Tensor) -> Tensor {
    let positions = network.nodes[edge.from].outputs.positions();
    flat(&(by_unit(x, positions) * of_units(gains)))
}
