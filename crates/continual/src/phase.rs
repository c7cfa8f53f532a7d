//! A training phase of a strategy, one update per call.

use crate::alone;
use crate::batch::assemble;
use dentate_core::{Cause, Edit, Graph, GrowingNetwork, LearnError, Moment, Plan, Route, Rows, Seed, Slot};
use dentate_growth::{Phase, Select, Until};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

/// A phase in progress.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct PhaseRun {
    phase: Phase,
    rows: Vec<(dentate_core::DataId, dentate_core::TaskId, u32)>,
    next: usize,
    pass: u64,
    updates: u64,
    seed: Seed,
}

impl PhaseRun {
    pub(crate) fn new(phase: Phase) -> Self {
        Self {
            phase,
            rows: Vec::new(),
            next: 0,
            pass: 0,
            updates: 0,
            seed: Seed(0),
        }
    }

    /// The route of its next update through the graph.
    pub(crate) fn route(&self) -> Route {
        Route {
            seed: self.seed.derive(&format!("update/{}", self.updates)).0,
            ..self.phase.route.clone()
        }
    }

    /// The rows that it selects.
    pub(crate) fn rows_wanted(&self) -> &Select {
        &self.phase.rows
    }

    /// Starts the phase on some rows.
    pub(crate) fn start(&mut self, rows: &Rows, seed: Seed) {
        self.rows = rows.iter().collect();
        self.seed = seed;
        self.shuffle();
    }

    /// Returns whether the phase is over; begins the next pass if one is due.
    pub(crate) fn is_over(&mut self) -> bool {
        if self.next >= self.rows.len() {
            self.pass += 1;
            self.shuffle();
        }
        match self.phase.until {
            Until::Updates(n) => self.updates >= n,
            Until::Passes(n) => self.pass >= n,
        }
    }

    /// The graph with the learning-rate scales of this phase. They hold for it alone, so they are set in the backend and
    /// not in the architecture.
    pub(crate) fn rated(&self, graph: &Graph, whose: &str) -> Result<Graph, LearnError> {
        let edits = self.phase.rates.iter().map(|(of, rate)| Edit::SetLrScale {
            of: of.clone(),
            lr_scale: *rate,
        });
        let plan = Plan {
            cause: Cause::Phase,
            observed: None,
            seed: Seed(0),
            edits: edits.collect(),
        };
        let applied = graph.apply(&plan, Moment::default());
        let (graph, _) = applied.map_err(|error| LearnError::Plan {
            strategy: whose.to_string(),
            error,
        })?;
        Ok(graph)
    }

    fn shuffle(&mut self) {
        self.rows
            .shuffle(&mut self.seed.derive(&format!("pass/{}", self.pass)).random());
        self.next = 0;
    }

    fn batch(&mut self, graph: &Graph) -> Rows {
        let left = self.rows.len() - self.next;
        let wanted = alone::batch(graph, self.phase.batch.max(1), Some(left));
        let end = self.next + wanted.min(left);
        let mut rows = Rows::default();
        for &(data, task, index) in &self.rows[self.next..end] {
            rows.push(data, task, index);
        }
        self.next = end;
        rows
    }
}

/// Runs one update.
pub(crate) fn update(
    run: &mut PhaseRun,
    (route, keep): (&Route, Option<Slot>),
    network: &mut GrowingNetwork,
    whose: &str,
) -> Result<(), LearnError> {
    let mut rows = run.batch(network.graph());
    let phase = &run.phase;
    let mut own = if phase.objective.is_empty() {
        let (ordered, own) = assemble(network.graph(), network.data(), &rows)?;
        rows = ordered;
        Some(own)
    } else {
        None
    };
    if keep.is_some() {
        own.get_or_insert_with(|| phase.objective.clone()).keep = keep;
    }
    let objective = own.as_ref().unwrap_or(&phase.objective);
    if rows.len() == 1 {
        alone::refuse(&run.rated(network.graph(), whose)?, 1, objective)?;
    }
    network.step(&rows, route, objective, &phase.optimizer)?;
    run.updates += 1;
    Ok(())
}
