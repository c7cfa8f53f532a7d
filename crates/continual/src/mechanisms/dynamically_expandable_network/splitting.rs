//! Which units are split, and the plan of it.
//!
//! With W the weights now, W' those at the beginning of the task, i a source and k a target of a connection, i* and k* their copies, the weights after the plan are
//!
//! ```text
//!                   from i, not split   from i, split    from i*
//! into k, split     W'[k, i]            W'[k, i]         0
//! into k*           W[k, i]             0                W[k, i]
//! into k, new       W[k, i]             0                W[k, i]
//! into k, older     W[k, i]             W[k, i]          0
//! ```
//!
//! New are units of this task and its head: no earlier task uses them.

use dentate_core::{Adjustment, Edit, Graph, Layer, LayerId, Parameter, PlanBuilder, Role};
use ndarray::{Array2, concatenate};
use std::collections::BTreeMap;

type Blocks = BTreeMap<Parameter, Array2<f32>>;

/// Units by place, with their drifts.
pub(super) type Drifts = BTreeMap<LayerId, Vec<(usize, f64)>>;

/// The distance of what comes into each hidden unit of earlier tasks from what came into it before: weights from units of earlier
/// tasks, and the bias.
pub(super) fn drifts(graph: &Graph, now: &Blocks, before: &Blocks, experience: u32) -> Drifts {
    let old = |layer: &Layer, place: usize| {
        layer.role == Role::Input
            || layer
                .units
                .get(place)
                .is_some_and(|u| u.born.experience < experience)
    };
    let square = |parameter: Parameter, at: (usize, usize)| {
        let of = |all: &Blocks| all.get(&parameter).and_then(|block| block.get(at)).copied();
        match (of(now), of(before)) {
            (Some(now), Some(before)) => (f64::from(now) - f64::from(before)).powi(2),
            _ => 0.0,
        }
    };
    let drift = |layer: &Layer, unit: usize| {
        let mut sum = square(Parameter::Bias(layer.id), (0, unit));
        for connection in graph.into_layer(layer.id) {
            let Some(from) = graph.layer(connection.from) else {
                continue;
            };
            let parameter = Parameter::Weight(connection.id);
            let each = graph.columns_each(connection).max(1);
            let columns = now.get(&parameter).map_or(0, Array2::ncols);
            sum += (0..columns)
                .filter(|column| old(from, column / each))
                .map(|column| square(parameter, (unit, column)))
                .sum::<f64>();
        }
        sum.sqrt()
    };
    let of = |layer: &Layer| {
        let units = (0..layer.width()).filter(|unit| old(layer, *unit));
        units.map(|unit| (unit, drift(layer, unit))).collect()
    };
    graph.hidden().map(|layer| (layer.id, of(layer))).collect()
}

/// The units of each layer with a drift above the threshold, the most drifted first and no more than there is room for.
pub(super) fn most_drifted(drifts: &Drifts, threshold: f64, rooms: &BTreeMap<LayerId, usize>) -> Drifts {
    let mut chosen = Drifts::new();
    for (layer, units) in drifts {
        let mut above: Vec<_> = units
            .iter()
            .copied()
            .filter(|(_, drift)| *drift > threshold)
            .collect();
        above.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        above.truncate(rooms.get(layer).copied().unwrap_or(0));
        if !above.is_empty() {
            chosen.insert(*layer, above);
        }
    }
    chosen
}

/// The kind of unit that a row or a column of a block belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Older,
    New,
    Split,
    Copy,
}

/// The places of a layer after the plan: the kind of each, and the place that it had or whose copy it is.
fn places(layer: &Layer, chosen: &Drifts, heads: &[LayerId], experience: u32) -> Vec<(Kind, usize)> {
    let split: Vec<usize> = chosen
        .get(&layer.id)
        .into_iter()
        .flatten()
        .map(|(unit, _)| *unit)
        .collect();
    let kind = |unit: usize| match layer.role {
        Role::Input => Kind::Older,
        Role::Head(_) if heads.contains(&layer.id) => Kind::New,
        Role::Head(_) => Kind::Older,
        Role::Hidden if split.contains(&unit) => Kind::Split,
        Role::Hidden if layer.units[unit].born.experience >= experience => Kind::New,
        Role::Hidden => Kind::Older,
    };
    let mut all: Vec<_> = (0..layer.width()).map(|unit| (kind(unit), unit)).collect();
    all.extend(split.iter().map(|unit| (Kind::Copy, *unit)));
    all
}

/// Adds the edits that split the chosen units.
pub(super) fn plan(
    graph: &Graph,
    now: &Blocks,
    before: &Blocks,
    chosen: &Drifts,
    heads: &[LayerId],
    experience: u32,
    plan: &mut PlanBuilder,
) {
    for (layer, units) in chosen {
        for unit in units
            .iter()
            .filter_map(|(unit, _)| graph.layer(*layer)?.units.get(*unit))
        {
            plan.edit(Edit::Split {
                layer: *layer,
                unit: unit.id,
                share: 0.0,
                noise: 0.0,
            });
        }
    }
    let mut set = |parameter, values| {
        plan.edit(Edit::Adjust {
            parameter,
            by: Adjustment::Set(values),
        });
    };
    for connection in graph.connections() {
        if !chosen.contains_key(&connection.from) && !chosen.contains_key(&connection.to) {
            continue;
        }
        let parameter = Parameter::Weight(connection.id);
        let (Some(from), Some(to)) = (graph.layer(connection.from), graph.layer(connection.to)) else {
            continue;
        };
        let (Some(now), Some(before)) = (now.get(&parameter), before.get(&parameter)) else {
            continue;
        };
        let each = graph.columns_each(connection).max(1);
        let columns = places(from, chosen, heads, experience);
        let rows = places(to, chosen, heads, experience);
        let value = |row: usize, column: usize| {
            let ((target, k), (source, i)) = (rows[row], columns[column / each]);
            let at = (k, i * each + column % each);
            match (target, source) {
                (Kind::Split | Kind::Older, Kind::Copy) | (Kind::Copy | Kind::New, Kind::Split) => 0.0,
                (Kind::Split, _) => before[at],
                _ => now[at],
            }
        };
        set(
            parameter,
            Array2::from_shape_fn((rows.len(), columns.len() * each), |(row, column)| {
                value(row, column)
            }),
        );
    }
    for (layer, units) in chosen {
        let parameter = Parameter::Bias(*layer);
        let (Some(now), Some(before)) = (now.get(&parameter), before.get(&parameter)) else {
            continue;
        };
        let places: Vec<usize> = units.iter().map(|(unit, _)| *unit).collect();
        let mut kept = now.clone();
        for &unit in &places {
            kept[(0, unit)] = before[(0, unit)];
        }
        let copies = now.select(ndarray::Axis(1), &places);
        if let Ok(values) = concatenate(ndarray::Axis(1), &[kept.view(), copies.view()]) {
            set(parameter, values);
        }
    }
}
