//! A look back on rows of an experience that is over, a few at a time, for importances that are a mean over single rows.

use crate::mechanism::Context;
use dentate_core::{DataId, LearnError, Rows, StreamFacts, TaskId, Term, Unsuited};
use serde::{Deserialize, Serialize};

/// Rows evaluated in one call.
const BATCH: usize = 64;

/// Rows to look at, and the progress.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Looking {
    rows: Vec<(DataId, TaskId, u32)>,
    next: usize,
}

/// Rows of one head.
pub(super) struct HeadBatch {
    pub(super) rows: Rows,
    /// The term they are trained with. It covers all rows, with weight 1.
    pub(super) term: Term,
}

impl Looking {
    /// A look at `samples` rows of the experience at most, another draw at every update of the clock.
    pub(super) fn back(cx: &Context<'_>, samples: usize) -> Result<Self, LearnError> {
        let seed = cx.seed(&cx.network.clock().step.to_string());
        Ok(Self {
            rows: cx.sample(samples, seed)?.iter().collect(),
            next: 0,
        })
    }

    /// The next rows, head by head; `None` after the last.
    pub(super) fn next(&mut self, cx: &Context<'_>) -> Result<Option<Vec<HeadBatch>>, LearnError> {
        let mut rows = Rows::default();
        for &(data, task, index) in self.rows.iter().skip(self.next).take(BATCH) {
            rows.push(data, task, index);
        }
        if rows.is_empty() {
            return Ok(None);
        }
        self.next += rows.len();
        by_head(cx, &rows).map(Some)
    }

    /// The share of one row in a mean over all.
    pub(super) fn share(&self) -> f32 {
        1.0 / self.rows.len() as f32
    }
}

/// Divides rows by the head that they are trained on.
fn by_head(cx: &Context<'_>, rows: &Rows) -> Result<Vec<HeadBatch>, LearnError> {
    let (ordered, objective) = cx.objective(rows)?;
    let ordered: Vec<_> = ordered.iter().collect();
    let of = |term: Term| {
        let mut rows = Rows::default();
        let range = term.rows.clone().unwrap_or(0..ordered.len());
        for &(data, task, index) in ordered.get(range).unwrap_or_default() {
            rows.push(data, task, index);
        }
        let term = Term {
            rows: None,
            weight: 1.0,
            ..term
        };
        HeadBatch { rows, term }
    };
    Ok(objective.terms.into_iter().map(of).collect())
}

/// Refuses a single-pass stream.
pub(super) fn refuse_once(stream: &StreamFacts, samples: usize) -> Result<(), Unsuited> {
    if stream.once() {
        let reason = "it revisits rows at the end of an experience, and this stream is single-pass: use \
                      `synaptic-intelligence`, which uses updates only";
        return Err(Unsuited::new("samples", samples, reason));
    }
    Ok(())
}
