//! The end of a plan: draws fresh values, checks given values against the resulting shapes, and writes the receipt.

use super::draft::{Added, Draft, Lineage, Provenance, Start};
use super::error::{PlanError, Problem};
use crate::graph::Graph;
use crate::ids::{ConnectionId, LayerId};
use crate::init::NewWeights;
use crate::layer::Layer;
use crate::receipt::{Axis, Carry, Receipt};
use ndarray::Array2;
use std::collections::BTreeMap;

mod adjustments;
mod connections;
mod ends;
mod layers;

/// Checks that weights were given only where they are used for new units, which excludes `added` connections: given weights
/// that are not read would be an unnoticed mistake.
pub(super) fn check_given(
    graph: &Graph,
    added: &BTreeMap<ConnectionId, Added>,
    start: &Start,
) -> Result<(), Problem> {
    let ends = |id: &ConnectionId| graph.connections.get(id).map(|c| (c.from, c.to));
    let strange = |weights: &NewWeights, incoming: bool| {
        let fits = |(from, to)| start.layer == if incoming { to } else { from };
        let read = |id: &ConnectionId| !added.contains_key(id) && ends(id).is_some_and(fits);
        weights.given.keys().copied().find(|id| !read(id))
    };
    match strange(&start.incoming, true).or_else(|| strange(&start.outgoing, false)) {
        Some(connection) => Err(Problem::Unread(connection)),
        None => Ok(()),
    }
}

impl Draft<'_> {
    pub(super) fn settle(mut self) -> Result<(Graph, Receipt), PlanError> {
        for (&index, start) in &self.starts {
            check_given(&self.graph, &self.added, start).map_err(|problem| PlanError {
                index,
                edit: start.name,
                problem,
            })?;
        }
        let mut parameters = BTreeMap::new();
        for c in self.graph.connections.values() {
            self.settle_connection(c, &mut parameters)?;
        }
        let mut units = BTreeMap::new();
        for layer in self.graph.layers.values() {
            self.settle_layer(layer, &mut parameters, &mut units);
        }
        let adjustments = self.settle_adjustments()?;
        let receipt = Receipt {
            moment: self.moment,
            folded_means: std::mem::take(&mut self.folded_means),
            parameters,
            units,
            adjustments,
            born: std::mem::take(&mut self.born),
            died: std::mem::take(&mut self.died),
            parameter_count: self.graph.parameter_count(),
        };
        Ok((self.graph, receipt))
    }

    /// Attributes a problem to the last edit that changed the units of a layer.
    fn blame(&self, layer: LayerId, problem: Problem) -> PlanError {
        let (index, edit) = self.resized_by.get(&layer).copied().unwrap_or((0, "none"));
        PlanError { index, edit, problem }
    }

    fn width(&self, id: LayerId) -> usize {
        self.graph.layers.get(&id).map_or(0, Layer::width)
    }

    fn width_before(&self, id: LayerId) -> usize {
        self.old.layers.get(&id).map_or(0, Layer::width)
    }
}

/// A `[1, units]` block whose columns changed.
pub(super) fn per_unit(columns: Axis, fresh_columns: Array2<f32>) -> Carry {
    let fresh_rows = Array2::zeros((0, columns.after));
    Carry::Mapped {
        rows: Axis::same(1),
        columns,
        fresh_rows,
        fresh_columns,
    }
}

/// The axis over these units, with or without their factors on outgoing weights.
fn axis(units: &Lineage, before: usize, outgoing: bool) -> Axis {
    if let Some(fresh) = units.appended() {
        return Axis {
            before,
            after: fresh.end as usize,
            moved: None,
            fresh: fresh.collect(),
        };
    }
    let entry = |p: &Provenance| match *p {
        Provenance::Old {
            position,
            outgoing: share,
        } => Some((position, if outgoing { share } else { 1.0 })),
        Provenance::Fresh { .. } => None,
    };
    let entries: Vec<Option<(u32, f32)>> = units.all().map(|p| entry(&p)).collect();
    let in_place = entries
        .iter()
        .enumerate()
        .all(|(i, e)| e.is_none_or(|(p, c)| p as usize == i && c == 1.0));
    let fresh = entries
        .iter()
        .enumerate()
        .filter(|(_, e)| e.is_none())
        .map(|(i, _)| i as u32)
        .collect();
    Axis {
        before,
        after: entries.len(),
        moved: (!in_place).then_some(entries),
        fresh,
    }
}
