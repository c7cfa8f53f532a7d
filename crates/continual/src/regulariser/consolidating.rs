//! An experience is over, and the regulariser looks back at it: one batch a call.

use super::Lesson;
use crate::batch::assemble;
use crate::learner::{GradientLearner, Stage};
use dentate_core::{DataId, LearnError, Ledger, Progress, Rows, Source, TaskId, Term};
use dentate_growth::{Occasion, Select};
use serde::{Deserialize, Serialize};

/// Rows per call.
const BATCH: usize = 64;

/// How far it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Consolidating {
    rows: Vec<(DataId, TaskId, u32)>,
    next: usize,
}

impl GradientLearner {
    /// Begin to look back, if there is a regulariser.
    pub(crate) fn look_back(&mut self, source: &dyn Source) -> Result<(), LearnError> {
        self.stage = Stage::Ask(Occasion::End);
        let Some(regulariser) = &self.regulariser else {
            return Ok(());
        };
        let most = regulariser.samples().try_into().unwrap_or(u32::MAX);
        let seed = self.seed.derive(&format!("regulariser/{}", self.progress.total));
        let rows = self.select(&Select::Sample(most), source, seed)?;
        self.consolidating = Some(Consolidating {
            rows: rows.iter().collect(),
            next: 0,
        });
        self.stage = Stage::Consolidate;
        Ok(())
    }

    pub(crate) fn consolidate(&mut self, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        let (Some(regulariser), Some(mut under_way)) = (&mut self.regulariser, self.consolidating.take())
        else {
            self.stage = Stage::Ask(Occasion::End);
            return Ok(Progress::Measured);
        };
        let total = under_way.rows.len();
        if under_way.next >= total {
            regulariser.consolidate(self.backend.as_mut(), self.architecture.graph())?;
            self.stage = Stage::Ask(Occasion::End);
            return Ok(Progress::Measured);
        }
        let end = (under_way.next + BATCH).min(total);
        let mut rows = Rows::default();
        for &(data, task, index) in &under_way.rows[under_way.next..end] {
            rows.push(data, task, index);
        }
        under_way.next = end;
        let graph = self.architecture.graph();
        let (ordered, objective) = assemble(graph, &self.data, &rows)?;
        let ordered: Vec<_> = ordered.iter().collect();
        for term in &objective.terms {
            let (Some(range), Some(head)) = (term.rows.clone(), graph.layer(term.layer)) else {
                continue;
            };
            let mut rows = Rows::default();
            for &(data, task, index) in &ordered[range] {
                rows.push(data, task, index);
            }
            let term = Term {
                rows: None,
                weight: 1.0,
                ..term.clone()
            };
            let lesson = Lesson {
                rows: &rows,
                head,
                term: &term,
                total,
            };
            regulariser.study(self.backend.as_mut(), &lesson)?;
        }
        self.consolidating = Some(under_way);
        self.books.drain(self.backend.as_mut(), ledger);
        ledger.measurements += 1;
        Ok(Progress::Measured)
    }
}
