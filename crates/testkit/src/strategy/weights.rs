//! A network's parameters one by one, each named by the units it connects, so that it can be followed through growth.

use dentate_core::{Graph, Layer, Parameter, SavedState, UnitId};
use ndarray::Array2;
use std::collections::BTreeMap;

/// A parameter: its block, its target unit and its source unit, as far as it has them, and its index among those between these.
pub(super) type Name = (Parameter, Option<UnitId>, Option<UnitId>, usize);

/// A parameter's value and its learning-rate scale.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight {
    pub(super) value: f32,
    pub(super) rate: f32,
}

/// All parameters. The error names a block whose shape differs from the graph's.
pub(super) fn weights(graph: &Graph, saved: &SavedState) -> Result<BTreeMap<Name, Weight>, String> {
    let mut all = BTreeMap::new();
    for (parameter, shape) in graph.parameters() {
        let values = saved.arrays.get(&parameter.to_string());
        let values = values.ok_or_else(|| format!("the backend holds no {parameter}"))?;
        if values.dim() != shape {
            let (found, wanted) = (values.dim(), shape);
            return Err(format!(
                "{parameter} is {found:?} in the backend and {wanted:?} in the graph"
            ));
        }
        for ((i, j), &value) in values.indexed_iter() {
            let (target, source, rate) =
                named(graph, parameter, i, j).ok_or("a parameter belongs to no unit")?;
            let name = (parameter, target, source, between(graph, parameter, j));
            all.insert(name, Weight { value, rate });
        }
    }
    Ok(all)
}

/// Parameter-shaped state of one slot, entry by entry.
pub(super) type Entries = BTreeMap<Name, f32>;

/// All parameter-shaped state except for the parameters themselves: by slot, entry by entry.
pub(super) fn state(graph: &Graph, arrays: &BTreeMap<String, Array2<f32>>) -> BTreeMap<String, Entries> {
    let mut all: BTreeMap<String, Entries> = BTreeMap::new();
    for (parameter, shape) in graph.parameters() {
        let suffix = format!("/{parameter}");
        for (array, values) in arrays {
            let Some(slot) = array.strip_suffix(&suffix).filter(|_| values.dim() == shape) else {
                continue;
            };
            let kept = all.entry(slot.to_string()).or_default();
            for ((i, j), &value) in values.indexed_iter() {
                if let Some((target, source, _)) = named(graph, parameter, i, j) {
                    kept.insert((parameter, target, source, between(graph, parameter, j)), value);
                }
            }
        }
    }
    all
}

/// The index of a column's weights among those between the same two units.
fn between(graph: &Graph, parameter: Parameter, j: usize) -> usize {
    match parameter {
        Parameter::Weight(id) => graph
            .connection(id)
            .map_or(0, |c| j % graph.columns_each(c).max(1)),
        _ => 0,
    }
}

/// The units that an entry connects, and its learning-rate scale (the rule at the top of `graph.rs`).
fn named(
    graph: &Graph,
    parameter: Parameter,
    i: usize,
    j: usize,
) -> Option<(Option<UnitId>, Option<UnitId>, f32)> {
    let own = |layer: &Layer| {
        let unit = layer.units.get(j)?;
        Some((Some(unit.id), None, layer.lr_scale * unit.incoming_lr_scale))
    };
    match parameter {
        Parameter::Weight(id) => {
            let connection = graph.connection(id)?;
            let target = graph.layer(connection.to)?.units.get(i)?;
            if connection.link.one_to_one() {
                let rate = connection.lr_scale * target.incoming_lr_scale;
                return Some((Some(target.id), Some(target.id), rate));
            }
            let source = graph.layer(connection.from)?;
            let source = source.units.get(j / graph.columns_each(connection))?;
            let rate = connection.lr_scale * target.incoming_lr_scale.max(source.outgoing_lr_scale);
            Some((Some(target.id), Some(source.id), rate))
        }
        Parameter::Gain(id) => {
            let connection = graph.connection(id)?;
            let from = graph.layer(connection.from)?;
            let (_, columns) = graph.parameters()[&parameter];
            let source = (columns > 1).then(|| from.units.get(j).map(|u| u.id)).flatten();
            Some((None, source, connection.lr_scale))
        }
        Parameter::Bias(id) | Parameter::Scale(id) | Parameter::Shift(id) => own(graph.layer(id)?),
        // They move if their unit learns.
        Parameter::Mean(id) | Parameter::Variance(id) => own(graph.layer(id)?),
    }
}
