//! The terms of an objective on a batch that has run: their values, and the errors they leave at their layers.

use super::block::Block;
use super::forward::Pass;
use super::loss::{Aim, row_loss};
use super::network::Network;
use super::rows::Shown;
use super::schedule::Schedule;
use super::settle::settled;
use super::terms::{self, Placed, Scale};
use dentate_core::{Active, BackendError, DataId, Hits, Objective, Rows, Tallies, Target, TaskId, Term};

/// Buffers for one row, and the counts of the last batch.
#[derive(Debug, Default)]
pub(super) struct Criterion {
    z: Vec<f32>,
    t: Vec<f32>,
    gradient: Vec<f32>,
    softened: Vec<f32>,
    pub(super) tallies: Tallies,
}

impl Criterion {
    /// The objective's value without penalties. Errors are left in the pass.
    #[expect(
        clippy::too_many_arguments,
        reason = "a whole pass with all that bears on it; called in one place"
    )]
    pub(super) fn terms(
        &mut self,
        network: &Network,
        schedule: &Schedule,
        pass: &mut Pass,
        data: &Shown,
        rows: &Rows,
        objective: &Objective,
        scale: Scale,
    ) -> Result<f64, BackendError> {
        let mut value = 0.0;
        self.tallies.clear();
        for term in &objective.terms {
            let placed = Placed::of("native", network, term)?;
            value += self.term(placed, schedule, pass, data, rows, term, scale)?;
        }
        Ok(value)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one term with all that bears on it; called in one place"
    )]
    fn term(
        &mut self,
        placed: Placed,
        schedule: &Schedule,
        pass: &mut Pass,
        data: &Shown,
        rows: &Rows,
        term: &Term,
        scale: Scale,
    ) -> Result<f64, BackendError> {
        let range = terms::range(term, pass.rows)?;
        let (layer, count) = (placed.layer, range.len());
        let factor = scale.factor(term, count);
        // The error is taken out while outputs are read, and stored again afterwards.
        let wanted = schedule.wants[layer];
        let mut error = if wanted {
            std::mem::take(pass.error(layer))
        } else {
            Block::default()
        };
        let mut sum = 0.0;
        let mut outcome = Ok(());
        for (k, (set, task, row)) in rows.iter().skip(range.start).take(count).enumerate() {
            let i = range.start + k;
            match self.row(placed, pass, data, (set, task, row), (i, k), term) {
                Ok(value) => sum += value,
                Err(problem) => {
                    outcome = Err(problem);
                    break;
                }
            }
            if wanted {
                let error = error.row_mut(i);
                match &term.active {
                    Active::All => add(error.iter_mut(), &self.gradient, factor),
                    Active::Units(units) => {
                        for (&unit, g) in units.iter().zip(&self.gradient) {
                            let error = &mut error[unit as usize];
                            *error = settled(*error + factor * g);
                        }
                    }
                }
            }
        }
        if wanted {
            pass.layers[layer].error = error;
        }
        outcome.map(|()| sum * f64::from(factor))
    }

    /// The loss of batch row `i`, the `k`-th of the term.
    fn row(
        &mut self,
        placed: Placed,
        pass: &Pass,
        data: &Shown,
        (set, task, row): (DataId, TaskId, u32),
        (i, k): (usize, usize),
        term: &Term,
    ) -> Result<f64, BackendError> {
        let Placed { layer, width, from } = placed;
        pick(&term.active, pass.layers[layer].out.row(i), &mut self.z);
        let values = match &term.target {
            Target::Labels { unit_of } => {
                let right = terms::right(term, unit_of, width, data, (set, row))?;
                if let Some(again) = term.tally.again(k) {
                    let right = u64::from(is_best(&self.z, right));
                    self.tallies.count(task, again, Hits { rows: 1, right });
                }
                return Ok(row_loss(
                    term.loss,
                    &self.z,
                    Aim::Label(right),
                    &mut self.gradient,
                    &mut self.softened,
                ));
            }
            Target::Values => {
                let values = terms::values(data, set)?;
                let values = values.row(row as usize);
                self.t.clear();
                self.t.extend(values.iter());
                None
            }
            Target::Given(values) => {
                self.t.clear();
                self.t.extend(values.row(k).iter());
                None
            }
            Target::Inputs => Some(pass.inputs().row(i)),
            Target::Layer(_) => Some(pass.layers[from].out.row(i)),
        };
        if let Some(values) = values {
            self.t.clear();
            self.t.extend_from_slice(values);
        }
        // Targets are given for the whole layer, or for the active units alone.
        let found = self.t.len();
        terms::fits(term, width, found)?;
        if found == width {
            keep(&term.active, &mut self.t);
        }
        Ok(row_loss(
            term.loss,
            &self.z,
            Aim::Values(&self.t),
            &mut self.gradient,
            &mut self.softened,
        ))
    }
}

/// The active entries of a row.
fn pick(active: &Active, row: &[f32], out: &mut Vec<f32>) {
    out.clear();
    match active {
        Active::All => out.extend_from_slice(row),
        Active::Units(units) => out.extend(units.iter().map(|&u| row[u as usize])),
    }
}

/// Returns whether an output is the largest, or the first of several that are.
fn is_best(z: &[f32], place: usize) -> bool {
    let own = z[place];
    let beaten = |(i, &other): (usize, &f32)| other > own || (other == own && i < place);
    own > f32::NEG_INFINITY && !z.iter().enumerate().any(beaten)
}

/// Reduce a row to its active entries. Units are in ascending order, so each is read before its place is overwritten.
fn keep(active: &Active, row: &mut Vec<f32>) {
    if let Active::Units(units) = active {
        for (k, &u) in units.iter().enumerate() {
            row[k] = row[u as usize];
        }
        row.truncate(units.len());
    }
}

fn add<'a>(onto: impl Iterator<Item = &'a mut f32>, values: &[f32], factor: f32) {
    onto.zip(values).for_each(|(o, v)| *o = settled(*o + factor * v));
}
