//! The terms of an objective on a batch that has run: their values, and the errors they leave at their layers.

use super::forward::Pass;
use super::hits;
use super::loss::{Aim, losses};
use super::tensors;
use crate::network::Network;
use crate::rows::Shown;
use crate::schedule::Schedule;
use crate::terms::{self, Placed, Scale};
use dentate_core::{Active, BackendError, Objective, Rows, Target, Term};
use std::ops::Range;
use tch::{Kind, Tensor};

/// A batch that has run, with the data it was gathered from.
pub(super) struct Criterion<'a> {
    pub(super) network: &'a Network,
    pub(super) schedule: &'a Schedule,
    pub(super) pass: &'a mut Pass,
    pub(super) data: &'a Shown,
    pub(super) rows: &'a Rows,
}

impl Criterion<'_> {
    /// The objective's value without penalties, in double precision on the device. Errors are left in the pass.
    pub(super) fn terms(&mut self, objective: &Objective, scale: Scale) -> Result<Tensor, BackendError> {
        let mut value: Option<Tensor> = None;
        for term in &objective.terms {
            let this = self.term(term, scale)?;
            value = Some(match value {
                Some(sum) => sum + this,
                None => this,
            });
        }
        Ok(value.unwrap_or_else(|| Tensor::zeros([], (Kind::Double, self.pass.inputs.device()))))
    }

    fn term(&mut self, term: &Term, scale: Scale) -> Result<Tensor, BackendError> {
        let placed = Placed::of("libtorch", self.network, term)?;
        let layer = placed.layer;
        let range = terms::range(term, self.pass.rows)?;
        let aim = self.aim(term, placed, &range)?;
        let (start, count) = (range.start as i64, range.len() as i64);
        let active = match &term.active {
            Active::All => None,
            Active::Units(units) => Some(self.units(units)),
        };
        let whole = self.pass.layers[layer].out.shallow_clone();
        let mut z = whole.narrow(0, start, count);
        if let Some(active) = &active {
            z = z.index_select(1, active);
        }
        if let Aim::Labels(right) = &aim {
            hits::count(&mut self.pass.counted, term, self.rows, &range, (&z, right));
        }
        let factor = scale.factor(term, range.len());
        let (value, mut gradient) = losses(term.loss, &z, &aim);
        if self.schedule.wants[layer] {
            let _ = gradient.g_mul_scalar_(f64::from(factor));
            if active.is_some() || range.len() != self.pass.rows {
                let error = whole.zeros_like();
                let mut part = error.narrow(0, start, count);
                match &active {
                    Some(active) => drop(part.index_copy_(1, active, &gradient)),
                    None => part.copy_(&gradient),
                }
                gradient = error;
            }
            self.pass.add_error(layer, gradient);
        }
        Ok(value * f64::from(factor))
    }

    fn units(&self, units: &[u32]) -> Tensor {
        tensors::places(
            units.iter().map(|&unit| i64::from(unit)),
            self.pass.inputs.device(),
        )
    }

    /// The targets of a term's rows.
    fn aim(&self, term: &Term, placed: Placed, range: &Range<usize>) -> Result<Aim, BackendError> {
        let Placed { width, from, .. } = placed;
        let device = self.pass.inputs.device();
        let (start, count) = (range.start as i64, range.len() as i64);
        let part = |of: &Tensor| of.narrow(0, start, count);
        let values = match &term.target {
            Target::Labels { unit_of } => return self.labels(term, unit_of, width, range),
            Target::Values => return self.values(term, width, range),
            Target::Given(values) => tensors::put(values.view(), device),
            Target::Inputs => part(&self.pass.inputs),
            Target::Layer(_) => part(&self.pass.layers[from].out),
        };
        // Targets are given for the whole layer, or for the active units alone.
        let found = values.size()[1] as usize;
        terms::fits(term, width, found)?;
        Ok(Aim::Values(match &term.active {
            Active::Units(units) if found == width => values.index_select(1, &self.units(units)),
            _ => values,
        }))
    }

    fn labels(
        &self,
        term: &Term,
        unit_of: &[Option<u32>],
        width: usize,
        range: &Range<usize>,
    ) -> Result<Aim, BackendError> {
        let mut places = Vec::with_capacity(range.len());
        for (data, _, row) in self.rows.iter().skip(range.start).take(range.len()) {
            let right = terms::right(term, unit_of, width, self.data, (data, row))?;
            places.push(right as i64);
        }
        let places = tensors::places(places, self.pass.inputs.device());
        Ok(Aim::Labels(places.view([-1, 1])))
    }

    /// Real targets of the rows for the active units.
    fn values(&self, term: &Term, width: usize, range: &Range<usize>) -> Result<Aim, BackendError> {
        let mut all: Vec<f32> = Vec::new();
        for (data, _, row) in self.rows.iter().skip(range.start).take(range.len()) {
            let values = terms::values(self.data, data)?;
            let values = values.row(row as usize);
            match &term.active {
                Active::Units(units) if values.len() == width => {
                    all.extend(units.iter().map(|&unit| values[unit as usize]));
                }
                _ => {
                    terms::fits(term, width, values.len())?;
                    all.extend(values);
                }
            }
        }
        let shape = [range.len() as i64, (all.len() / range.len()) as i64];
        let values = tensors::vector(&all, shape, self.pass.inputs.device());
        Ok(Aim::Values(values))
    }
}
