//! A network's parameters one by one, each named by the units it joins, so that it can be followed through growth.

use dentate_core::{Graph, Layer, Parameter, Saved, UnitId};
use ndarray::Array2;
use std::collections::BTreeMap;

/// A parameter: its block, its target unit and its source unit, as far as it has them, and the how-manieth it is between
/// these.
pub(super) type Name = (Parameter, Option<UnitId>, Option<UnitId>, usize);

/// A parameter's value and the rate it learns at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weight {
    pub(super) value: f32,
    pub(super) rate: f32,
}

/// All parameters. The error says which block has another shape than the graph gives it.
pub(super) fn weights(graph: &Graph, saved: &Saved) -> Result<BTreeMap<Name, Weight>, String> {
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

/// State of one slot that is shaped like the parameters, entry by entry.
pub(super) type Kept = BTreeMap<Name, f32>;

/// All state that is shaped like the parameters, but not the parameters themselves: by slot, entry by entry.
pub(super) fn state(graph: &Graph, arrays: &BTreeMap<String, Array2<f32>>) -> BTreeMap<String, Kept> {
    let mut all: BTreeMap<String, Kept> = BTreeMap::new();
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

/// Which of the weights between the same two units a column has.
fn between(graph: &Graph, parameter: Parameter, j: usize) -> usize {
    match parameter {
        Parameter::Weight(id) => graph
            .connection(id)
            .map_or(0, |c| j % graph.columns_each(c).max(1)),
        _ => 0,
    }
}

/// The units that an entry joins, and its rate (the rule that `graph.rs` opens with).
fn named(
    graph: &Graph,
    parameter: Parameter,
    i: usize,
    j: usize,
) -> Option<(Option<UnitId>, Option<UnitId>, f32)> {
    let own = |layer: &Layer| {
        let unit = layer.units.get(j)?;
        Some((Some(unit.id), None, layer.rate * unit.incoming_rate))
    };
    match parameter {
        Parameter::Weight(id) => {
            let connection = graph.connection(id)?;
            let target = graph.layer(connection.to)?.units.get(i)?;
            if connection.link.one_to_one() {
                let rate = connection.rate * target.incoming_rate;
                return Some((Some(target.id), Some(target.id), rate));
            }
            let source = graph.layer(connection.from)?;
            let source = source.units.get(j / graph.columns_each(connection))?;
            let rate = connection.rate * target.incoming_rate.max(source.outgoing_rate);
            Some((Some(target.id), Some(source.id), rate))
        }
        Parameter::Gain(id) => {
            let connection = graph.connection(id)?;
            let from = graph.layer(connection.from)?;
            let (_, columns) = graph.parameters()[&parameter];
            let source = (columns > 1).then(|| from.units.get(j).map(|u| u.id)).flatten();
            Some((None, source, connection.rate))
        }
        Parameter::Bias(id) | Parameter::Scale(id) | Parameter::Shift(id) => own(graph.layer(id)?),
        // They move where their unit learns.
        Parameter::Mean(id) | Parameter::Variance(id) => own(graph.layer(id)?),
    }
}
