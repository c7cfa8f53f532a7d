//! The replacements of the parameters in a pass: another slot's values, a mask on either, and gates on layers' outputs. Nothing
//! is computed here for a route without them.

use super::LibTorch;
use super::slots;
use super::tensors;
use crate::network::Place;
use crate::veil;
use dentate_core::{BackendError, Power, Route};
use tch::Tensor;

/// The replacements that a route makes.
#[derive(Debug, Default)]
pub(super) struct Through {
    /// The blocks that a pass runs through, if these are not the parameters.
    weights: Option<Vec<Tensor>>,
    /// The mask that gradients are multiplied by.
    mask: Option<Vec<Tensor>>,
    /// Factors on layers' outputs `[1, values]`; empty if there are no gates.
    gates: Vec<Option<Tensor>>,
}

impl Through {
    /// The blocks to run through.
    pub(super) fn weights<'a>(&'a self, parameters: &'a [Tensor]) -> &'a [Tensor] {
        self.weights.as_deref().unwrap_or(parameters)
    }

    /// The factors on a layer's outputs.
    pub(super) fn gates(&self, layer: usize) -> Option<&Tensor> {
        self.gates.get(layer).and_then(Option::as_ref)
    }

    /// A block's gradient, or the squares of its gradients, under the mask.
    pub(super) fn masked(&self, place: usize, gradient: Tensor, power: Option<Power>) -> Tensor {
        match (&self.mask, power) {
            (None, _) => gradient,
            (Some(mask), None) => gradient * &mask[place],
            (Some(mask), Some(power)) => gradient * tensors::raised(power, &mask[place]),
        }
    }
}

impl LibTorch {
    /// The replacements of a route.
    pub(super) fn through(&self, route: &Route) -> Result<Through, BackendError> {
        if route.is_open() {
            return Ok(Through::default());
        }
        veil::check(&self.network, route)?;
        let read = |slot| slots::read(&self.weights, &self.slots, slot);
        let copies = |blocks: &[Tensor]| blocks.iter().map(Tensor::shallow_clone).collect::<Vec<_>>();
        let mut weights = route.weights.map(read).transpose()?.map(copies);
        let mask = route.mask.map(read).transpose()?.map(copies);
        if let Some(mask) = &mask {
            let blocks = weights.as_deref().unwrap_or(&self.weights);
            let masked = |((place, block), mask): ((&Place, &Tensor), &Tensor)| {
                if place.parameter.learned() {
                    block * mask
                } else {
                    block.shallow_clone()
                }
            };
            weights = Some(
                self.network
                    .places
                    .iter()
                    .zip(blocks)
                    .zip(mask)
                    .map(masked)
                    .collect(),
            );
        }
        let mut gates = Vec::new();
        for (&layer, factors) in &route.gates {
            gates.resize_with(self.network.nodes.len(), || None);
            if let Some(layer) = self.network.position(layer) {
                let positions = self.network.nodes[layer].outputs.positions();
                let each = factors
                    .iter()
                    .flat_map(|factor| std::iter::repeat_n(*factor, positions));
                let each: Vec<f32> = each.collect();
                gates[layer] = Some(tensors::vector(&each, [1, each.len() as i64], self.device));
            }
        }
        Ok(Through { weights, mask, gates })
    }
}
