//! The batch of an update, as mechanisms make it up, and the objective that comes of it.
//!
//! Rows of the stream and rows that join them are judged together, by one mean. Rows that are learned apart have a mean and a weight
//! of their own. Outputs are imitated unit by unit, so that they outlive the growth of the head they are of.

use crate::batch::{counted, places};
use dentate_core::{
    Active, DataId, Dataset, Graph, Layer, LayerId, LearnError, Loss, Objective, Penalty, Rows, Tally,
    Target, Term, UnitId,
};
use ndarray::{Array2, Axis};
use std::collections::BTreeMap;

/// Outputs of a head on some rows, by unit: what a teacher or an earlier network said.
#[derive(Clone, Debug, PartialEq)]
pub struct Outputs {
    /// The head.
    pub layer: LayerId,
    /// The units that the columns are of.
    pub units: Vec<UnitId>,
    /// Their outputs `[rows, units]`.
    pub values: Array2<f32>,
}

impl Outputs {
    /// Those of `units` among all outputs `[rows, units]` of a head. A unit that it has not is left out.
    #[must_use]
    pub fn of(head: &Layer, values: &Array2<f32>, units: &[UnitId]) -> Self {
        let place = |unit: &UnitId| head.units.iter().position(|u| u.id == *unit);
        let places: Vec<usize> = units.iter().filter_map(place).collect();
        Self {
            layer: head.id,
            units: units
                .iter()
                .copied()
                .filter(|unit| place(unit).is_some())
                .collect(),
            values: values.select(Axis(1), &places),
        }
    }
}

/// Rows whose outputs are pulled to given ones.
struct Imitated {
    /// `None`: the stream's.
    rows: Option<Rows>,
    outputs: Outputs,
    loss: Loss,
    weight: f32,
}

/// The batch of an update.
pub struct Batch<'a> {
    rows: &'a Rows,
    joined: Rows,
    apart: Vec<(Rows, f32)>,
    imitated: Vec<Imitated>,
    penalties: Vec<Penalty>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(rows: &'a Rows) -> Self {
        Self {
            rows,
            joined: Rows::default(),
            apart: Vec::new(),
            imitated: Vec::new(),
            penalties: Vec::new(),
        }
    }

    /// The rows that the stream gave for this update.
    #[must_use]
    pub fn rows(&self) -> &'a Rows {
        self.rows
    }

    /// Learn these rows too, in one mean with the stream's.
    pub fn join(&mut self, rows: Rows) {
        self.joined.extend(rows);
    }

    /// Learn these rows too, as a mean of their own with this weight.
    pub fn learn(&mut self, rows: Rows, weight: f32) {
        if !rows.is_empty() {
            self.apart.push((rows, weight));
        }
    }

    /// Pull outputs of these rows to the given ones. Units that have died since are left out.
    pub fn imitate(&mut self, rows: Rows, outputs: Outputs, loss: Loss, weight: f32) {
        if !rows.is_empty() {
            self.imitated.push(Imitated {
                rows: Some(rows),
                outputs,
                loss,
                weight,
            });
        }
    }

    /// Pull outputs of the stream's rows to the given ones, without running them twice.
    pub fn imitate_here(&mut self, outputs: Outputs, loss: Loss, weight: f32) {
        self.imitated.push(Imitated {
            rows: None,
            outputs,
            loss,
            weight,
        });
    }

    /// Add a penalty.
    pub fn hold(&mut self, penalty: Penalty) {
        self.penalties.push(penalty);
    }

    pub(super) fn penalties(&self) -> &[Penalty] {
        &self.penalties
    }

    /// Rows and terms in the order of heads.
    pub(crate) fn assembled(
        self,
        graph: &Graph,
        data: &BTreeMap<DataId, Dataset>,
    ) -> Result<Assembled, LearnError> {
        let (mut rows, mut objective) = if self.joined.is_empty() {
            counted(graph, data, self.rows, self.rows.len())?
        } else {
            let mut together = self.rows.clone();
            together.extend(self.joined.clone());
            counted(graph, data, &together, self.rows.len())?
        };
        for (apart, weight) in self.apart {
            let (ordered, own) = counted(graph, data, &apart, 0)?;
            let start = rows.len();
            objective.terms.extend(own.terms.into_iter().map(|term| Term {
                rows: term.rows.map(|r| r.start + start..r.end + start),
                weight: term.weight * weight,
                ..term
            }));
            rows.extend(ordered);
        }
        for one in self.imitated {
            let at: Vec<usize> = match &one.rows {
                Some(own) => (rows.len()..rows.len() + own.len()).collect(),
                None => {
                    let mut together = self.rows.clone();
                    together.extend(self.joined.clone());
                    let mut all = places(graph, data, &together)?;
                    all.truncate(self.rows.len());
                    all
                }
            };
            objective.terms.extend(one.terms(graph, &at)?);
            rows.extend(one.rows.unwrap_or_default());
        }
        Ok(Assembled {
            rows,
            objective,
            penalties: self.penalties,
        })
    }
}

impl Imitated {
    /// A term for each run of rows that lie one behind the other.
    fn terms(&self, graph: &Graph, at: &[usize]) -> Result<Vec<Term>, LearnError> {
        let Outputs { layer, units, values } = &self.outputs;
        if values.dim() != (at.len(), units.len()) {
            return Err(LearnError::State(format!(
                "outputs of {} rows and {} units are to be imitated, and {:?} are given",
                at.len(),
                units.len(),
                values.dim()
            )));
        }
        let Some(head) = graph.layer(*layer) else {
            return Ok(Vec::new());
        };
        // Positions in the head, rising, with the column that each is given by.
        let mut active: Vec<(u32, usize)> = Vec::new();
        for (position, unit) in head.units.iter().enumerate() {
            if let Some(column) = units.iter().position(|u| *u == unit.id) {
                active.push((position as u32, column));
            }
        }
        if active.is_empty() {
            return Ok(Vec::new());
        }
        let mut terms = Vec::new();
        let mut first = 0;
        while first < at.len() {
            let mut end = first + 1;
            while end < at.len() && at[end] == at[end - 1] + 1 {
                end += 1;
            }
            let mut target = Array2::zeros((end - first, head.width()));
            for (position, column) in &active {
                for row in first..end {
                    target[[row - first, *position as usize]] = values[[row, *column]];
                }
            }
            terms.push(Term {
                rows: Some(at[first]..at[end - 1] + 1),
                layer: *layer,
                active: Active::Units(active.iter().map(|(position, _)| *position).collect()),
                loss: self.loss,
                target: Target::Given(target),
                weight: self.weight * (end - first) as f32 / at.len() as f32,
                tally: Tally::None,
            });
            first = end;
        }
        Ok(terms)
    }
}

/// A batch in the order that it is run in.
pub(crate) struct Assembled {
    pub(crate) rows: Rows,
    /// Without penalties.
    pub(crate) objective: Objective,
    pub(crate) penalties: Vec<Penalty>,
}

#[cfg(test)]
mod tests;
