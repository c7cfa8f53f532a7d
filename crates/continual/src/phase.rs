//! A strategy's own training, one update per call.

use crate::alone;
use crate::batch::assemble;
use crate::learner::GradientLearner;
use dentate_core::{
    Cause, Edit, Graph, LearnError, Learner, Ledger, Moment, Plan, Progress, Rows, Seed, Source,
};
use dentate_growth::{Phase, Select, Until};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

/// A phase under way.
#[derive(Clone, Serialize, Deserialize)]
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

    fn over(&self) -> bool {
        match self.phase.until {
            Until::Updates(n) => self.updates >= n,
            Until::Passes(n) => self.pass >= n,
        }
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

impl GradientLearner {
    pub(crate) fn start_phase(&mut self, mut run: PhaseRun, source: &dyn Source) -> Result<(), LearnError> {
        run.seed = self.seed.derive(&format!("phase/{}", self.asking.calls));
        run.rows = self.select(&run.phase.rows, source, run.seed)?.iter().collect();
        if run.rows.is_empty() {
            return Ok(()); // nothing to train on: the strategy is asked again at once
        }
        run.shuffle();
        self.set_phase_rates(&run.phase)?;
        self.phase = Some(run);
        Ok(())
    }

    /// The rates hold for this phase alone, so they go to the backend and not into the architecture.
    fn set_phase_rates(&mut self, phase: &Phase) -> Result<(), LearnError> {
        let graph = self.at_phase_rates(phase)?;
        self.backend.set_rates(&graph);
        Ok(())
    }

    fn at_phase_rates(&self, phase: &Phase) -> Result<Graph, LearnError> {
        let edits = phase.rates.iter().map(|(of, rate)| Edit::SetRate {
            of: of.clone(),
            rate: *rate,
        });
        let plan = Plan {
            cause: Cause::Phase,
            seed: Seed(0),
            edits: edits.collect(),
        };
        let applied = self.architecture.graph().apply(&plan, Moment::default());
        let (graph, _) = applied.map_err(|error| LearnError::Plan {
            strategy: self.config.strategy.name().to_string(),
            error,
        })?;
        Ok(graph)
    }

    /// Go on with a phase that was saved.
    pub(crate) fn resume_phase(&mut self, run: Option<PhaseRun>) -> Result<(), LearnError> {
        if let Some(run) = &run {
            if let Select::Own(data) = &run.phase.rows {
                self.recall(data)?;
            }
            self.set_phase_rates(&run.phase)?;
        }
        self.phase = run;
        Ok(())
    }

    pub(crate) fn advance_phase(
        &mut self,
        _source: &mut dyn Source,
        ledger: &mut Ledger,
    ) -> Result<Progress, LearnError> {
        let Some(mut run) = self.phase.take() else {
            return Ok(Progress::Measured);
        };
        if run.next >= run.rows.len() {
            run.pass += 1;
            run.shuffle();
        }
        if run.over() {
            self.backend.set_rates(self.architecture.graph());
            self.forget(&run.phase.rows);
            return Ok(Progress::Measured);
        }
        let mut rows = run.batch(self.architecture.graph());
        run.phase.route.seed = run.seed.derive(&format!("update/{}", run.updates)).0;
        let phase = &run.phase;
        let own = if phase.objective.is_empty() {
            let (ordered, own) = assemble(self.architecture.graph(), &self.data, &rows)?;
            rows = ordered;
            Some(own)
        } else {
            None
        };
        let objective = own.as_ref().unwrap_or(&phase.objective);
        if rows.len() == 1 {
            alone::refuse(&self.at_phase_rates(phase)?, 1, objective)?;
        }
        self.backend
            .step(&rows, &phase.route, objective, &phase.optimizer)?;
        run.updates += 1;
        self.phase = Some(run);
        self.count_update(ledger)?;
        Ok(Progress::Updated)
    }
}
