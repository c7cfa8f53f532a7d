//! The batch of an update, as composed by mechanisms, and the resulting objective.
//!
//! Rows of the stream and rows joined to them share one mean loss. Rows learned separately have a mean and a weight of
//! their own. Outputs are distilled unit by unit, so that they stay valid when their head grows.

mod restricted;

use crate::batch::{counted, places};
use dentate_core::{
    Active, DataId, Dataset, Graph, Layer, LayerId, LearnError, Loss, Objective, Penalty, Rows, Tally,
    Target, Term, UnitId,
};
use ndarray::{Array2, Axis};
use restricted::Restricted;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Outputs of a head on some rows, by unit: those of a teacher or of an earlier network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outputs {
    /// The head.
    pub layer: LayerId,
    /// The units that the columns belong to.
    pub units: Vec<UnitId>,
    /// Their outputs `[rows, units]`.
    pub values: Array2<f32>,
}

impl Outputs {
    /// Selects the outputs of `units` from all outputs `[rows, units]` of a head. Units that the head lacks are left out.
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

/// Rows whose outputs are pulled towards given ones.
struct Imitated {
    mechanism: &'static str,
    /// `None`: the stream's rows.
    rows: Option<Rows>,
    outputs: Outputs,
    loss: Loss,
    weight: f32,
}

/// The batch of an update.
pub struct Batch<'a> {
    /// The mechanism that is composing.
    mechanism: &'static str,
    rows: &'a Rows,
    joined: Rows,
    apart: Vec<(Rows, f32)>,
    imitated: Vec<Imitated>,
    restricted: Option<Restricted>,
    penalties: Vec<Penalty>,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(rows: &'a Rows) -> Self {
        Self {
            mechanism: "",
            rows,
            joined: Rows::default(),
            apart: Vec::new(),
            imitated: Vec::new(),
            restricted: None,
            penalties: Vec::new(),
        }
    }

    /// Attributes all further additions to this mechanism.
    pub(super) fn belongs_to(&mut self, mechanism: &'static str) {
        self.mechanism = mechanism;
    }

    /// The rows of the stream for this update.
    #[must_use]
    pub fn rows(&self) -> &'a Rows {
        self.rows
    }

    /// Adds rows to learn, in one mean with the stream's.
    pub fn join(&mut self, rows: Rows) {
        self.joined.extend(rows);
    }

    /// Adds rows to learn, as a mean of their own with this weight.
    pub fn learn(&mut self, rows: Rows, weight: f32) {
        if !rows.is_empty() {
            self.apart.push((rows, weight));
        }
    }

    /// Pulls outputs on these rows towards the given ones: a mean over rows and units with this weight, separate from other
    /// calls. Units pruned since then, and heads that no longer exist, are left out; an update that imitates a layer which never existed is
    /// refused. Rows stored before and after a head grew have different units, and need separate calls.
    pub fn imitate(&mut self, rows: Rows, outputs: Outputs, loss: Loss, weight: f32) {
        if !rows.is_empty() {
            self.imitated.push(Imitated {
                mechanism: self.mechanism,
                rows: Some(rows),
                outputs,
                loss,
                weight,
            });
        }
    }

    /// Pulls outputs on the stream's rows towards the given ones, without a second forward pass.
    pub fn imitate_here(&mut self, outputs: Outputs, loss: Loss, weight: f32) {
        self.imitated.push(Imitated {
            mechanism: self.mechanism,
            rows: None,
            outputs,
            loss,
            weight,
        });
    }

    /// Restricts the loss on the stream's rows to the outputs for these classes: the softmax is over them alone, and other
    /// outputs have no gradient from these rows. Rows that are joined or learned separately keep all outputs, and so does
    /// the count of rows that are classified correctly. Heads of values are left as they are. Of several restrictions of a
    /// list the classes that all of them name remain.
    ///
    /// An update with a row of the stream whose class is not among them is refused.
    pub fn restrict(&mut self, mut classes: BTreeSet<u32>) {
        if let Some(before) = self.restricted.take() {
            classes.retain(|class| before.classes.contains(class));
        }
        self.restricted = Some(Restricted {
            mechanism: self.mechanism,
            classes,
        });
    }

    /// Adds a penalty.
    pub fn hold(&mut self, penalty: Penalty) {
        self.penalties.push(penalty);
    }

    pub(super) fn penalties(&self) -> &[Penalty] {
        &self.penalties
    }

    /// Returns rows and terms in the order of heads.
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
        if let Some(restricted) = self.restricted {
            restricted.check(data, self.rows)?;
            let terms = objective.terms.into_iter();
            objective.terms = terms.flat_map(|term| restricted.terms(graph, term)).collect();
        }
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
    /// Refuses a layer that never was. One that was removed has nothing to imitate any more.
    fn gone(&self, graph: &Graph) -> Result<(), LearnError> {
        let layer = self.outputs.layer;
        if layer < graph.next_layer() {
            return Ok(());
        }
        let heads: Vec<String> = graph
            .heads()
            .map(|(head, _)| format!("{} (`{}`)", head.id, head.name))
            .collect();
        let heads = if heads.is_empty() {
            "there is no head yet".to_owned()
        } else {
            format!("the heads are {}", heads.join(", "))
        };
        Err(LearnError::Mechanism {
            mechanism: self.mechanism.into(),
            message: format!("it imitates outputs of {layer}, and no layer ever was that: {heads}"),
        })
    }

    /// Returns a term for each run of consecutive rows.
    fn terms(&self, graph: &Graph, at: &[usize]) -> Result<Vec<Term>, LearnError> {
        let Outputs { layer, units, values } = &self.outputs;
        if values.dim() != (at.len(), units.len()) {
            return Err(LearnError::Mechanism {
                mechanism: self.mechanism.into(),
                message: format!(
                    "it imitates outputs of {} rows and {} units, and gives an array of {:?}",
                    at.len(),
                    units.len(),
                    values.dim()
                ),
            });
        }
        let Some(head) = graph.layer(*layer) else {
            return self.gone(graph).map(|()| Vec::new());
        };
        // Positions in the head, ascending, each with the column of its outputs.
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

/// A batch in the order in which it is run.
pub(crate) struct Assembled {
    pub(crate) rows: Rows,
    /// The objective without penalties.
    pub(crate) objective: Objective,
    pub(crate) penalties: Vec<Penalty>,
}

#[cfg(test)]
mod tests;
