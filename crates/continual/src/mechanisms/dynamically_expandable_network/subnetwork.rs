//! Parts of the network that are trained: by the units that they consist of.

use dentate_core::{Graph, Layer, LayerId, Parameter, Role};
use ndarray::Array2;
use std::collections::BTreeMap;

/// The trained part of a network.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Used {
    /// The units of each layer whose incoming weights are trained, from the sources below, with their biases.
    targets: BTreeMap<LayerId, Vec<bool>>,
    /// The units of each layer that these weights come from.
    sources: BTreeMap<LayerId, Vec<bool>>,
    /// True if a weight is trained where either of its units is in, and not only where both are.
    either: bool,
}

impl Used {
    /// These heads alone.
    pub(super) fn heads(graph: &Graph, heads: &[LayerId]) -> Self {
        let own = |layer: &Layer| vec![heads.contains(&layer.id); layer.width()];
        Self {
            targets: graph.layers().map(|layer| (layer.id, own(layer))).collect(),
            sources: graph
                .layers()
                .map(|layer| (layer.id, vec![true; layer.width()]))
                .collect(),
            either: false,
        }
    }

    /// The units that are reached from these heads downwards over weights other than 0, with all inputs.
    pub(super) fn below(
        graph: &Graph,
        weights: &BTreeMap<Parameter, Array2<f32>>,
        heads: &[LayerId],
    ) -> Self {
        let mut reached: BTreeMap<LayerId, Vec<bool>> = BTreeMap::new();
        let order = graph.order().into_iter().rev();
        for layer in order.filter_map(|id| graph.layer(id)) {
            let all = heads.contains(&layer.id) || layer.role == Role::Input;
            let mut own = vec![all; layer.width()];
            for connection in graph.out_of(layer.id) {
                let (Some(block), Some(above)) = (
                    weights.get(&Parameter::Weight(connection.id)),
                    reached.get(&connection.to),
                ) else {
                    continue;
                };
                let each = graph.columns_each(connection).max(1);
                for (row, _) in block.rows().into_iter().zip(above).filter(|(_, above)| **above) {
                    for (column, _) in row.iter().enumerate().filter(|(_, weight)| **weight != 0.0) {
                        if let Some(own) = own.get_mut(column / each) {
                            *own = true;
                        }
                    }
                }
            }
            reached.insert(layer.id, own);
        }
        Self {
            targets: reached.clone(),
            sources: reached,
            either: false,
        }
    }

    /// The weights into new hidden units, and those from them into other hidden units and into these heads. The heads are trained as a
    /// whole if `whole`.
    pub(super) fn touching(
        graph: &Graph,
        heads: &[LayerId],
        whole: bool,
        new: &dyn Fn(&Layer, usize) -> bool,
    ) -> Self {
        let hidden = |layer: &Layer| layer.role == Role::Hidden;
        let units = |layer: &Layer| {
            (0..layer.width())
                .map(|unit| hidden(layer) && new(layer, unit))
                .collect()
        };
        let sources: BTreeMap<LayerId, Vec<bool>> =
            graph.layers().map(|layer| (layer.id, units(layer))).collect();
        let mut targets = sources.clone();
        for layer in graph.layers().filter(|layer| layer.head().is_some()) {
            if heads.contains(&layer.id) {
                targets.insert(layer.id, vec![whole; layer.width()]);
            } else {
                // No weight into the head of another task is trained, wherever it comes from.
                targets.remove(&layer.id);
            }
        }
        Self {
            targets,
            sources,
            either: true,
        }
    }

    /// Writes 1 into the entries of a block that are trained.
    pub(super) fn mark(&self, graph: &Graph, parameter: Parameter, values: &mut Array2<f32>) {
        let of = |all: &[bool], place: usize| all.get(place).copied().unwrap_or(false);
        let one = |trained: bool| if trained { 1.0 } else { 0.0 };
        match parameter {
            Parameter::Weight(id) => {
                let Some(connection) = graph.connection(id) else {
                    return;
                };
                let Some(targets) = self.targets.get(&connection.to) else {
                    return;
                };
                let Some(sources) = self.sources.get(&connection.from) else {
                    return;
                };
                let each = graph.columns_each(connection).max(1);
                for ((row, column), value) in values.indexed_iter_mut() {
                    let (target, source) = (of(targets, row), of(sources, column / each));
                    *value = one(if self.either {
                        target || source
                    } else {
                        target && source
                    });
                }
            }
            Parameter::Gain(id) => {
                let sources = graph.connection(id).and_then(|c| self.sources.get(&c.from));
                let Some(sources) = sources else { return };
                for ((_, column), value) in values.indexed_iter_mut() {
                    *value = one(of(sources, column));
                }
            }
            Parameter::Bias(layer)
            | Parameter::Scale(layer)
            | Parameter::Shift(layer)
            | Parameter::Mean(layer)
            | Parameter::Variance(layer) => {
                let Some(targets) = self.targets.get(&layer) else {
                    return;
                };
                for ((_, unit), value) in values.indexed_iter_mut() {
                    *value = one(of(targets, unit));
                }
            }
        }
    }
}
