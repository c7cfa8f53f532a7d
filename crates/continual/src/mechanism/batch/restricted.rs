//! A loss on the stream's rows over some classes only.

use dentate_core::{Active, DataId, Dataset, Graph, LearnError, Rows, Tally, Target, Term};
use std::collections::{BTreeMap, BTreeSet};

/// The classes whose outputs the stream's rows are learned on.
pub(super) struct Restricted {
    /// The mechanism that restricts.
    pub(super) mechanism: &'static str,
    pub(super) classes: BTreeSet<u32>,
}

impl Restricted {
    /// Refuses rows of another class.
    pub(super) fn check(&self, data: &BTreeMap<DataId, Dataset>, rows: &Rows) -> Result<(), LearnError> {
        let mut labels = rows.iter().filter_map(|(id, _, row)| data.get(&id)?.label(row));
        match labels.find(|label| !self.classes.contains(label)) {
            None => Ok(()),
            Some(label) => Err(LearnError::Mechanism {
                mechanism: self.mechanism.into(),
                message: format!(
                    "it restricts the loss to the classes {:?}, and a row of the stream is of class {label}",
                    self.classes
                ),
            }),
        }
    }

    /// The terms for one: its rows of the stream over the units of the classes, the others over all. A term of weight 0
    /// counts rows of the stream over all outputs, as without a restriction.
    pub(super) fn terms(&self, graph: &Graph, term: Term) -> Vec<Term> {
        let head = graph.layer(term.layer).and_then(|layer| layer.head());
        let (Some(head), Some(rows), Tally::Stream(own)) = (head, term.rows.clone(), term.tally) else {
            return vec![term];
        };
        let own = own.min(rows.len());
        let named = |(_, class): &(u32, &u32)| self.classes.contains(class);
        let active: Vec<u32> = (0..)
            .zip(&head.classes)
            .filter(named)
            .map(|(unit, _)| unit)
            .collect();
        if own == 0 || active.len() == head.classes.len() || !matches!(term.target, Target::Labels { .. }) {
            return vec![term];
        }
        let (all, border) = (rows.len() as f32, rows.start + own);
        let mut terms = vec![
            Term {
                rows: Some(rows.start..border),
                active: Active::Units(active),
                weight: term.weight * (own as f32 / all),
                tally: Tally::None,
                ..term.clone()
            },
            Term {
                rows: Some(rows.start..border),
                weight: 0.0,
                tally: Tally::CURRENT,
                ..term.clone()
            },
        ];
        if border < rows.end {
            terms.push(Term {
                rows: Some(border..rows.end),
                weight: term.weight * ((all - own as f32) / all),
                tally: Tally::REPLAYED,
                ..term
            });
        }
        terms
    }
}
