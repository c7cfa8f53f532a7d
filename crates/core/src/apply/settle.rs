//! The end of a plan: fresh values are drawn, given ones are checked against the shapes that came out, and the receipt is
//! written.

use super::draft::{Added, Draft, Lineage, Provenance, Start};
use super::error::{PlanError, Problem};
use super::fresh::{Side, Weights, draw, normalised, values};
use crate::graph::{Connection, Gain, Graph, Parameter};
use crate::ids::{ConnectionId, LayerId};
use crate::init::NewWeights;
use crate::layer::Layer;
use crate::receipt::{Adjustment, Axis, Carry, Receipt};
use ndarray::Array2;
use rand::Rng;
use rand_distr::StandardNormal;
use std::collections::BTreeMap;

/// Check that weights were given only where new units start them, which is not on `added` connections: what nobody reads
/// would be a mistake unnoticed.
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
            absorbed: std::mem::take(&mut self.absorbed),
            parameters,
            units,
            adjustments,
            born: std::mem::take(&mut self.born),
            died: std::mem::take(&mut self.died),
            parameter_count: self.graph.parameter_count(),
        };
        Ok((self.graph, receipt))
    }

    fn settle_connection(
        &self,
        c: &Connection,
        out: &mut BTreeMap<Parameter, Carry>,
    ) -> Result<(), PlanError> {
        let gains = |n| Array2::from_elem((1, n), c.gain_start);
        let weights = Weights::of(&self.graph, c);
        if let Some(added) = self.added.get(&c.id) {
            if let Some(weights) = weights {
                let seed = self.seed.derive(&format!("edit {}/{}", added.edit, c.id));
                let block = values(&added.weights, weights, weights.shape, seed);
                let block = block.map_err(|problem| PlanError {
                    index: added.edit,
                    edit: "connect",
                    problem,
                })?;
                out.insert(Parameter::Weight(c.id), Carry::Created(block));
            }
            match c.gain {
                Gain::None => {}
                Gain::Scalar => drop(out.insert(Parameter::Gain(c.id), Carry::Created(gains(1)))),
                Gain::PerUnit => {
                    drop(out.insert(Parameter::Gain(c.id), Carry::Created(gains(self.width(c.from)))));
                }
            }
            return Ok(());
        }
        let (target, source) = (self.units.get(&c.to), self.units.get(&c.from));
        if target.is_none() && source.is_none() {
            return Ok(());
        }
        self.check_ends(c)?;
        if c.gain == Gain::PerUnit
            && let Some(p) = source
        {
            let columns = axis(p, self.width_before(c.from), false);
            let fresh = gains(columns.fresh.len());
            out.insert(Parameter::Gain(c.id), per_unit(columns, fresh));
        }
        let Some(weights) = weights else { return Ok(()) };
        let ((rows, columns), each) = (weights.shape, weights.each);
        let source = match source {
            Some(p)
                if weights
                    .follows_source(c.link)
                    .map_err(|p| self.blame(c.from, p))? =>
            {
                Some(p)
            }
            _ => None,
        };
        if target.is_none() && source.is_none() {
            return Ok(());
        }
        let row_axis = target.map_or_else(|| Axis::same(rows), |p| axis(p, self.width_before(c.to), false));
        let column_axis = source.map_or_else(
            || Axis::same(columns),
            |p| axis(p, self.width_before(c.from), true).repeated(each),
        );
        let mut fresh_rows = Array2::zeros((row_axis.fresh.len(), columns));
        self.fill(target, weights, Side::Incoming, |k, ordinal, block| {
            fresh_rows.row_mut(k).assign(&block.row(ordinal));
        })?;
        let mut fresh_columns = Array2::zeros((rows, column_axis.fresh.len()));
        self.fill(source, weights, Side::Outgoing, |k, ordinal, block| {
            for e in 0..each {
                let column = block.column(ordinal * each + e);
                fresh_columns.column_mut(k * each + e).assign(&column);
            }
        })?;
        let carry = Carry::Mapped {
            rows: row_axis,
            columns: column_axis,
            fresh_rows,
            fresh_columns,
        };
        out.insert(Parameter::Weight(c.id), carry);
        Ok(())
    }

    /// A problem of the last edit that changed the units of a layer.
    fn blame(&self, layer: LayerId, problem: Problem) -> PlanError {
        let (index, edit) = self.resized_by.get(&layer).copied().unwrap_or((0, "none"));
        PlanError { index, edit, problem }
    }

    /// Units that a connection ties one by one stay so: whatever was kept at its ends has kept the same positions. Those of a
    /// convolution in groups stay where they are.
    fn check_ends(&self, c: &Connection) -> Result<(), PlanError> {
        let kept = |layer| -> Option<Vec<Option<u32>>> {
            let units = self.units.get(&layer)?;
            let old = |p: Provenance| match p {
                Provenance::Old { position, .. } => Some(position),
                Provenance::Fresh { .. } => None,
            };
            Some(units.all().map(old).collect())
        };
        let stayed = |units: &Vec<Option<u32>>| {
            let mut at = 0..;
            units.iter().all(|u| {
                let i = at.next();
                u.is_none() || *u == i
            })
        };
        let (from, to) = (kept(c.from), kept(c.to));
        if c.link.one_to_one() {
            let matching = match (&from, &to) {
                (Some(from), Some(to)) => {
                    from.len() == to.len()
                        && from
                            .iter()
                            .zip(to)
                            .all(|(a, b)| a.is_none() || b.is_none() || a == b)
                }
                (Some(only), None) | (None, Some(only)) => stayed(only),
                (None, None) => true,
            };
            if !matching {
                let by = [c.from, c.to].map(|l| self.resized_by.get(&l).copied());
                let (index, edit) = by.into_iter().flatten().max().unwrap_or((0, "none"));
                return Err(PlanError {
                    index,
                    edit,
                    problem: Problem::Tied(c.from, c.to),
                });
            }
        }
        if c.link.in_groups()
            && let Some(units) = &to
            && (units.len() != self.width_before(c.to) || !stayed(units))
        {
            return Err(self.blame(c.to, Problem::Groups(c.id)));
        }
        Ok(())
    }

    /// Hand each fresh unit of `units` (the `k`-th fresh one, the `ordinal`-th of its edit) its edit's block.
    fn fill(
        &self,
        units: Option<&Lineage>,
        weights: Weights,
        side: Side,
        mut put: impl FnMut(usize, usize, &Array2<f32>),
    ) -> Result<(), PlanError> {
        let mut blocks = BTreeMap::new();
        let mut k = 0;
        for provenance in units.into_iter().flat_map(Lineage::changed) {
            let Provenance::Fresh { edit, ordinal } = *provenance else {
                continue;
            };
            let Some(start) = self.starts.get(&edit) else {
                continue;
            };
            if let std::collections::btree_map::Entry::Vacant(place) = blocks.entry(edit) {
                let block = draw(start, edit, self.seed, weights, side);
                let fail = |problem| PlanError {
                    index: edit,
                    edit: start.name,
                    problem,
                };
                place.insert(block.map_err(fail)?);
            }
            put(k, ordinal, &blocks[&edit]);
            k += 1;
        }
        Ok(())
    }

    fn settle_layer(
        &self,
        layer: &Layer,
        out: &mut BTreeMap<Parameter, Carry>,
        units: &mut BTreeMap<LayerId, Axis>,
    ) {
        let (id, width) = (layer.id, layer.width());
        if let Some(&bias) = self.created.get(&id) {
            let row = |v| Carry::Created(Array2::from_elem((1, width), v));
            if layer.bias {
                out.insert(Parameter::Bias(id), row(bias));
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

    fn settle_adjustments(&mut self) -> Result<Vec<(Parameter, Adjustment)>, PlanError> {
        let shapes = self.graph.parameters();
        let mut out = Vec::new();
        for &(edit, layer, copy, std) in &self.split_noise {
            let Some(row) = self.graph.layers.get(&layer).and_then(|l| l.position(copy)) else {
                continue;
            };
            for c in self.graph.into_layer(layer) {
                let mut random = self.seed.derive(&format!("edit {edit}/{}/noise", c.id)).random();
                let Some((_, columns)) = self.graph.weights_of(c) else {
                    continue;
                };
                let values = (0..columns).map(|_| random.sample::<f32, _>(StandardNormal) * std);
                out.push((
                    Parameter::Weight(c.id),
                    Adjustment::AddRow {
                        row,
                        values: values.collect(),
                    },
                ));
            }
        }
        for (edit, parameter, by) in self.adjustments.drain(..) {
            let expected = shapes.get(&parameter).copied().unwrap_or_default();
            let fits = match &by {
                Adjustment::Scale(_) => true,
                Adjustment::Add(v) | Adjustment::Set(v) => v.dim() == expected,
                Adjustment::AddRow { row, values } => *row < expected.0 && values.len() == expected.1,
            };
            if !fits {
                let given = match &by {
                    Adjustment::Add(v) | Adjustment::Set(v) => v.dim(),
                    Adjustment::AddRow { row, values } => (row + 1, values.len()),
                    Adjustment::Scale(_) => expected,
                };
                let problem = Problem::Shape {
                    parameter,
                    given,
                    expected,
                };
                return Err(PlanError {
                    index: edit,
                    edit: "adjust",
                    problem,
                });
            }
            out.push((parameter, by));
        }
        Ok(out)
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

/// The axis over these units: with their shares of outgoing weights, or plain.
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
