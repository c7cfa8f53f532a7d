//! The terms of an objective on a batch that has run: their values, and the errors they leave at the layers they judge.

use super::block::Block;
use super::course::Course;
use super::loss::{Aim, row_loss};
use super::network::Network;
use super::pass::Pass;
use super::rows::{Shown, shown};
use super::settle::settled;
use super::terms::{check_active, rank};
use dentate_core::{Activation, Active, BackendError, DataId, Loss, Objective, Rows, Target, Term};

/// Buffers for one row.
#[derive(Debug, Default)]
pub(super) struct Judge {
    z: Vec<f32>,
    t: Vec<f32>,
    gradient: Vec<f32>,
    softened: Vec<f32>,
}

/// How a term's values are scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// As the mean over the term's rows.
    Mean,
    /// Each row as if it were alone.
    Single,
}

impl Judge {
    /// The objective's value without penalties. Errors are left in the pass.
    #[expect(
        clippy::too_many_arguments,
        reason = "a whole pass with all that bears on it; called in one place"
    )]
    pub(super) fn terms(
        &mut self,
        network: &Network,
        course: &Course,
        pass: &mut Pass,
        data: &Shown,
        rows: &Rows,
        objective: &Objective,
        scale: Scale,
    ) -> Result<f64, BackendError> {
        let mut value = 0.0;
        for term in &objective.terms {
            let id = term.layer;
            let layer = network.position(id).ok_or(BackendError::NoLayer(id))?;
            let node = &network.nodes[layer];
            if !matches!(term.loss, Loss::MeanSquared) && node.activation != Activation::Identity {
                return Err(BackendError::Activation(id));
            }
            if matches!(
                (term.loss, &term.target),
                (Loss::Distillation { .. }, Target::Labels { .. })
            ) {
                return Err(BackendError::Unsupported {
                    backend: "native",
                    what: "distillation towards labels".into(),
                });
            }
            let from = match term.target {
                Target::Layer(id) => Some(network.position(id).ok_or(BackendError::NoLayer(id))?),
                _ => None,
            };
            check_active(&term.active, id, node.features())?;
            value += self.term(
                layer,
                node.features(),
                from,
                course,
                pass,
                data,
                rows,
                term,
                scale,
            )?;
        }
        Ok(value)
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one term with all that bears on it; called in one place"
    )]
    fn term(
        &mut self,
        layer: usize,
        width: usize,
        from: Option<usize>,
        course: &Course,
        pass: &mut Pass,
        data: &Shown,
        rows: &Rows,
        term: &Term,
        scale: Scale,
    ) -> Result<f64, BackendError> {
        let range = term.rows.clone().unwrap_or(0..pass.rows);
        let count = range.len();
        let targets = match &term.target {
            Target::Given(values) => values.nrows(),
            _ => count,
        };
        if count == 0 || range.end > pass.rows || targets != count {
            return Err(BackendError::TermRows {
                start: range.start,
                end: range.end,
                targets,
                rows: pass.rows,
            });
        }
        let factor = match scale {
            Scale::Mean => term.weight / count as f32,
            Scale::Single => term.weight,
        };
        // The error is taken out while outputs are read, and put back.
        let wanted = course.wants[layer];
        let mut error = if wanted {
            std::mem::take(pass.error(layer))
        } else {
            Block::default()
        };
        let mut sum = 0.0;
        let mut outcome = Ok(());
        for (k, (set, _, row)) in rows.iter().skip(range.start).take(count).enumerate() {
            let i = range.start + k;
            match self.row(layer, width, from, pass, data, (set, row), (i, k), term) {
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
    #[expect(
        clippy::too_many_arguments,
        reason = "one row with all that bears on it; called in one place"
    )]
    fn row(
        &mut self,
        layer: usize,
        width: usize,
        from: Option<usize>,
        pass: &Pass,
        data: &Shown,
        (set, row): (DataId, u32),
        (i, k): (usize, usize),
        term: &Term,
    ) -> Result<f64, BackendError> {
        pick(&term.active, pass.layers[layer].out.row(i), &mut self.z);
        let values = match &term.target {
            Target::Labels { unit_of } => {
                let wanted = "labels";
                let label = shown(data, set)?
                    .label(row)
                    .ok_or(BackendError::Targets { data: set, wanted })?;
                let unit = unit_of.get(label as usize).copied().flatten();
                let right = unit.and_then(|unit| rank(&term.active, unit, width));
                let right = right.ok_or(BackendError::Label {
                    layer: term.layer,
                    label,
                })?;
                return Ok(row_loss(
                    term.loss,
                    &self.z,
                    Aim::Label(right),
                    &mut self.gradient,
                    &mut self.softened,
                ));
            }
            Target::Values => {
                let wanted = "values";
                let values = shown(data, set)?
                    .values()
                    .ok_or(BackendError::Targets { data: set, wanted })?;
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
            Target::Layer(_) => Some(pass.layers[from.unwrap_or(layer)].out.row(i)),
        };
        if let Some(values) = values {
            self.t.clear();
            self.t.extend_from_slice(values);
        }
        // Targets are given for the whole layer, or for the active units alone.
        let found = self.t.len();
        if found == width {
            keep(&term.active, &mut self.t);
        } else if found != self.z.len() {
            return Err(BackendError::Width {
                what: "the target",
                layer: term.layer,
                found,
                expected: width,
            });
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

/// Reduce a row to its active entries. Units rise, so each is read before its place is overwritten.
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
