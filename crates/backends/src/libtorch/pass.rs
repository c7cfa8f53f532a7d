//! Forward: `h = f(norm(b + Σ_c W_c (g_c ⊙ h_from(c))))`, layer by layer along a course. What the way back needs is kept.

use super::activation::{activate, needs_input};
use crate::course::{Course, How};
use crate::network::Network;
use dentate_core::Gain;
use tch::{Kind, Tensor};

/// Added to a variance before its root is divided by.
const EPSILON: f64 = 1e-5;

/// What a pass leaves at a layer; every tensor is `[rows, units]`.
#[derive(Debug, Default)]
pub(super) struct State {
    /// h.
    pub(super) out: Tensor,
    /// What was activated, for activations that need it on the way back.
    pub(super) pre: Tensor,
    /// Normalised sums, and 1 / their standard deviation `[rows, 1]`.
    pub(super) normal: Option<(Tensor, Tensor)>,
    /// The error: with respect to h first, then with respect to the summed input. `None`: none has reached the layer.
    pub(super) error: Option<Tensor>,
    /// Σ |h · ∂L/∂h| over the rows, where that was asked for and an error came by.
    pub(super) saliency: Option<Tensor>,
}

/// What a pass leaves.
#[derive(Debug)]
pub(super) struct Pass {
    pub(super) rows: usize,
    pub(super) layers: Vec<State>,
    /// `g ⊙ h` of each connection that has a gain.
    pub(super) carried: Vec<Option<Tensor>>,
    /// The rows' features, clean.
    pub(super) inputs: Tensor,
    /// Multiply-adds, forward and back.
    pub(super) multiply_adds: u64,
}

impl Pass {
    /// Run the layers of a course on a batch, `entering` where rows enter.
    pub(super) fn run(
        network: &Network,
        weights: &[Tensor],
        course: &Course,
        inputs: Tensor,
        entering: Tensor,
    ) -> Self {
        let mut pass = Self {
            rows: inputs.size()[0] as usize,
            layers: Vec::new(),
            carried: Vec::new(),
            inputs,
            multiply_adds: 0,
        };
        pass.layers.resize_with(network.nodes.len(), State::default);
        pass.carried.resize_with(network.edges.len(), || None);
        pass.layers[course.entry].out = entering;
        for &(layer, how) in &course.order {
            match how {
                How::Enter => {}
                How::Copy(by) => pass.layers[layer].out = pass.layers[by].out.shallow_clone(),
                How::Compute => pass.compute(network, weights, layer),
            }
        }
        pass
    }

    pub(super) fn compute(&mut self, network: &Network, weights: &[Tensor], layer: usize) {
        let node = &network.nodes[layer];
        let mut sums: Option<Tensor> = None;
        for &e in &node.incoming {
            let edge = &network.edges[e];
            let source = &self.layers[edge.from].out;
            let v = &weights[edge.weight];
            let carried = carry(source, edge.gain, edge.gains.map(|gains| &weights[gains]));
            let x = carried.as_ref().unwrap_or(source);
            sums = Some(match (sums, node.bias) {
                (Some(mut sums), _) => sums.addmm_(x, &v.tr()),
                (None, Some(bias)) => weights[bias].addmm(x, &v.tr()),
                (None, None) => x.mm(&v.tr()),
            });
            let size = v.size();
            self.multiply_adds += self.rows as u64 * (size[0] * size[1]) as u64;
            self.carried[e] = carried;
        }
        let (rows, width) = (self.rows as i64, node.width() as i64);
        let mut z = sums.unwrap_or_else(|| match node.bias {
            Some(bias) => weights[bias].repeat([rows, 1]),
            None => Tensor::zeros([rows, width], (Kind::Float, self.inputs.device())),
        });
        let state = &mut self.layers[layer];
        if let Some(norm) = node.norm {
            let (scale, shift) = (&weights[norm.scale], &weights[norm.shift]);
            let (normal, inverse) = normalise(&z);
            z = shift.addcmul(&normal, scale);
            state.normal = Some((normal, inverse));
        }
        if needs_input(node.activation) {
            state.pre = z.shallow_clone();
        }
        state.out = activate(node.activation, z);
    }

    /// Add to the error at a layer's output.
    pub(super) fn add_error(&mut self, layer: usize, error: Tensor) {
        let state = &mut self.layers[layer];
        state.error = Some(match state.error.take() {
            // What is there may be another layer's as well.
            Some(there) => there + error,
            None => error,
        });
    }
}

/// `g ⊙ x`, where there is a gain.
fn carry(x: &Tensor, gain: Gain, gains: Option<&Tensor>) -> Option<Tensor> {
    (gain != Gain::None)
        .then(|| gains.map(|gains| x * gains))
        .flatten()
}

/// Layer norm without scale and shift: each row minus its mean, by its standard deviation; and what it was multiplied by.
fn normalise(z: &Tensor) -> (Tensor, Tensor) {
    // Sums that nearly cancel lose less in double precision; what comes out is rounded once.
    let z = z.to_kind(Kind::Double);
    let off = &z - z.mean_dim([-1i64].as_slice(), true, Kind::Double);
    let variance = off.square().mean_dim([-1i64].as_slice(), true, Kind::Double);
    let inverse = (variance + EPSILON).rsqrt();
    (
        (off * &inverse).to_kind(Kind::Float),
        inverse.to_kind(Kind::Float),
    )
}
