//! The changes of connections' weights and gains.

use super::{axis, per_unit};
use crate::apply::draft::{Draft, Lineage, Provenance};
use crate::apply::error::PlanError;
use crate::apply::fresh::{Side, Weights, draw, values};
use crate::graph::{Connection, Gain, Parameter};
use crate::receipt::{Axis, Carry};
use ndarray::Array2;
use std::collections::BTreeMap;

impl Draft<'_> {
    pub(super) fn settle_connection(
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

    /// Calls `put` for each fresh unit of `units` (the `k`-th fresh one, the `ordinal`-th of its edit) with its edit's block.
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
}
