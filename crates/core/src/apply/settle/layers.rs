//! The changes of layers' biases, normalisations and units.

use super::{axis, per_unit};
use crate::apply::draft::{Draft, Provenance};
use crate::apply::fresh::normalised;
use crate::graph::Parameter;
use crate::ids::LayerId;
use crate::layer::Layer;
use crate::receipt::{Axis, Carry};
use ndarray::Array2;
use std::collections::BTreeMap;

impl Draft<'_> {
    /// The number of weights into a unit of a layer, from all layers together.
    fn fan_in(&self, layer: LayerId) -> usize {
        let weights = self
            .graph
            .into_layer(layer)
            .filter_map(|c| self.graph.weights_of(c));
        weights.map(|(_, columns)| columns).sum()
    }

    pub(super) fn settle_layer(
        &self,
        layer: &Layer,
        out: &mut BTreeMap<Parameter, Carry>,
        units: &mut BTreeMap<LayerId, Axis>,
    ) {
        let (id, width) = (layer.id, layer.width());
        if let Some(&(bias, init)) = self.created.get(&id) {
            let row = |v| Carry::Created(Array2::from_elem((1, width), v));
            if layer.bias {
                let mut random = self.seed.derive(&format!("{}/bias", layer.id)).random();
                let biases = init.draw(width, bias, self.fan_in(id), &mut random);
                out.insert(Parameter::Bias(id), Carry::Created(biases));
            }
            normalised(layer, |parameter, start| drop(out.insert(parameter, row(start))));
            let fresh = (0..width as u32).collect();
            units.insert(
                id,
                Axis {
                    before: 0,
                    after: width,
                    moved: None,
                    fresh,
                },
            );
            return;
        }
        let Some(provenance) = self.units.get(&id) else {
            return;
        };
        let all = axis(provenance, self.width_before(id), false);
        let row = |v| per_unit(all.clone(), Array2::from_elem((1, all.fresh.len()), v));
        if layer.bias {
            let biases: Vec<f32> = provenance
                .changed()
                .iter()
                .filter_map(|p| match p {
                    Provenance::Fresh { edit, .. } => Some(self.starts.get(edit).map_or(0.0, |s| s.bias)),
                    Provenance::Old { .. } => None,
                })
                .collect();
            let fresh = Array2::from_shape_fn((1, biases.len()), |(_, k)| biases[k]);
            out.insert(Parameter::Bias(id), per_unit(all.clone(), fresh));
        }
        normalised(layer, |parameter, start| drop(out.insert(parameter, row(start))));
        units.insert(id, all);
    }
}
