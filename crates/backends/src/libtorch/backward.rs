//! Backward, layer by layer against the course: the error at a layer's output becomes the error at its summed input,
//!
//! - `δ_y = δ_h ⊙ f'(z)`, then through the normalisation to δ;
//! - gradients: bias `Σ δ`, scale `Σ δ_y ⊙ x̂`, shift `Σ δ_y`, weights `δᵀ (g ⊙ h)`, gains `Σ (δ W) ⊙ h`;
//! - errors passed on: `δ_h ← δ_h + g ⊙ (δ W)`.
//!
//! Every parameter is used once for each row, so the squares of single rows' gradients, summed, are the same products of
//! squared factors.

use super::activation::differentiate;
use super::pass::Pass;
use crate::course::{Course, How};
use crate::network::Network;
use dentate_core::Gain;
use tch::{Kind, Tensor};

/// The way back of one pass.
pub(super) struct Backward<'a> {
    pub(super) network: &'a Network,
    pub(super) weights: &'a [Tensor],
    pub(super) course: &'a Course,
    pub(super) pass: &'a mut Pass,
    /// Gradients of the blocks that learn and were reached.
    pub(super) gradients: Vec<Option<Tensor>>,
    /// What becomes of a gradient.
    pub(super) of: Of,
    /// Whether meters want to know of the errors at layers' outputs.
    pub(super) metered: bool,
}

/// What is worked out on the way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Errors only.
    Nothing,
    /// Gradients.
    Batch,
    /// Sums of the squares of single rows' gradients.
    Squares,
}

impl<'a> Backward<'a> {
    pub(super) fn new(
        network: &'a Network,
        weights: &'a [Tensor],
        course: &'a Course,
        pass: &'a mut Pass,
        of: Of,
        metered: bool,
    ) -> Self {
        let mut gradients = Vec::new();
        gradients.resize_with(network.places.len(), || None);
        Self {
            network,
            weights,
            course,
            pass,
            gradients,
            of,
            metered,
        }
    }

    /// Work back from the errors that the losses left at outputs. Returns the gradients.
    pub(super) fn run(mut self) -> Vec<Option<Tensor>> {
        let course = self.course;
        for &(layer, how) in course.order.iter().rev() {
            if !course.wants[layer] {
                continue;
            }
            let Some(error) = self.pass.layers[layer].error.take() else {
                continue;
            };
            if self.metered {
                let along = (&self.pass.layers[layer].out * &error).abs();
                let sum = along.sum_dim_intlist([0i64].as_slice(), true, Kind::Float);
                self.pass.layers[layer].saliency = Some(sum);
            }
            let error = match how {
                How::Enter => error,
                How::Copy(by) => {
                    self.pass.add_error(by, error.shallow_clone());
                    error
                }
                How::Compute => self.layer(layer, error),
            };
            self.pass.layers[layer].error = Some(error);
        }
        self.gradients
    }

    fn wants(&self, place: usize) -> bool {
        self.of != Of::Nothing && self.network.learns(place)
    }

    /// Sum over rows, of single rows' values or of their squares.
    fn sum(&self, rows: &Tensor) -> Tensor {
        let sum = |of: &Tensor| of.sum_dim_intlist([0i64].as_slice(), true, Kind::Float);
        match self.of {
            Of::Squares => sum(&rows.square()),
            _ => sum(rows),
        }
    }

    /// From the error at a layer's output to that at its summed input, which is returned.
    fn layer(&mut self, layer: usize, error: Tensor) -> Tensor {
        let node = &self.network.nodes[layer];
        let state = &self.pass.layers[layer];
        let mut error = differentiate(node.activation, &state.pre, &state.out, error);
        if let (Some(norm), Some((normal, inverse))) = (node.norm, &state.normal) {
            if self.wants(norm.scale) {
                self.gradients[norm.scale] = Some(self.sum(&(&error * normal)));
                self.gradients[norm.shift] = Some(self.sum(&error));
            }
            error = denormalise(&error, normal, &self.weights[norm.scale], inverse);
        }
        if let Some(bias) = node.bias
            && self.wants(bias)
        {
            self.gradients[bias] = Some(self.sum(&error));
        }
        let squared = (self.of == Of::Squares).then(|| error.square());
        for &e in &node.incoming {
            self.pass_on(e, &error);
            self.weights(e, squared.as_ref().unwrap_or(&error));
        }
        error
    }

    /// Errors and gains at the source of a connection.
    fn pass_on(&mut self, e: usize, error: &Tensor) {
        let edge = &self.network.edges[e];
        let wanted = self.course.wants[edge.from];
        let learns = edge.gains.is_some_and(|gains| self.wants(gains));
        if !wanted && !learns {
            return;
        }
        let v = &self.weights[edge.weight];
        let mut pulled = error.mm(v);
        let size = v.size();
        self.pass.multiply_adds += self.pass.rows as u64 * (size[0] * size[1]) as u64;
        if let Some(gains) = edge.gains {
            if learns {
                let along = &pulled * &self.pass.layers[edge.from].out;
                self.gradients[gains] = Some(match edge.gain {
                    Gain::Scalar => self.sum(&along.sum_dim_intlist([1i64].as_slice(), true, Kind::Float)),
                    _ => self.sum(&along),
                });
            }
            let _ = pulled.g_mul_(&self.weights[gains]);
        }
        if wanted {
            self.pass.add_error(edge.from, pulled);
        }
    }

    /// The gradient of a connection's weights.
    fn weights(&mut self, e: usize, error: &Tensor) {
        let edge = &self.network.edges[e];
        if !self.wants(edge.weight) {
            return;
        }
        let x = self.pass.carried[e].as_ref();
        let x = x.unwrap_or(&self.pass.layers[edge.from].out);
        let gradient = match self.of {
            Of::Squares => error.tr().mm(&x.square()),
            _ => error.tr().mm(x),
        };
        let size = gradient.size();
        self.pass.multiply_adds += self.pass.rows as u64 * (size[0] * size[1]) as u64;
        self.gradients[edge.weight] = Some(gradient);
    }
}

/// Turn δ_y into δ_z: `(δ_x̂ − mean δ_x̂ − x̂ · mean(δ_x̂ ⊙ x̂)) / √(var z + ε)` with `δ_x̂ = s ⊙ δ_y`.
fn denormalise(error: &Tensor, normal: &Tensor, scale: &Tensor, inverse: &Tensor) -> Tensor {
    let error = error * scale;
    let mean = |of: &Tensor| {
        of.mean_dim([-1i64].as_slice(), true, Kind::Double)
            .to_kind(Kind::Float)
    };
    let along = normal * mean(&(&error * normal));
    (&error - mean(&error) - along) * inverse
}
