//! A training phase, one update per call.

use super::ReplayOf;
use super::class_stats::{DREAMT, Row, batch};
use super::learner::NeurogenesisLearner;
use super::stack::Rates;
use dentate_core::{LearnError, Losses, MetricLog, Moment, Progress, Seed, TaskId};
use rand::Rng;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

/// A phase in progress.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Training {
    pub(super) level: usize,
    pub(super) rates: Rates,
    rows: Vec<Row>,
    /// True if earlier classes are replayed.
    replays: bool,
    until: u64,
    done: u64,
    pass: u64,
    next: usize,
    seed: Seed,
}

impl Training {
    /// The progress, from 0 to 1.
    pub(super) fn fraction(&self) -> f64 {
        self.done as f64 / self.until.max(1) as f64
    }

    fn shuffle(&mut self) {
        let seed = self.seed.derive(&format!("pass/{}", self.pass));
        self.rows.shuffle(&mut seed.random());
        self.next = 0;
    }

    /// The next at most `n` rows of the pass.
    fn take(&mut self, n: usize) -> Vec<Row> {
        if self.next >= self.rows.len() {
            self.pass += 1;
            self.shuffle();
        }
        let end = (self.next + n).min(self.rows.len());
        let rows = self.rows[self.next..end].to_vec();
        self.next = end;
        rows
    }
}

impl NeurogenesisLearner {
    /// Begins a phase of `updates` updates of a level on some rows. Without rows or updates nothing begins.
    pub(super) fn start(
        &mut self,
        level: usize,
        rates: Rates,
        rows: Vec<Row>,
        replays: bool,
        updates: u64,
    ) -> Result<(), LearnError> {
        let seed = self.seed.derive(&format!("phase/{}", self.state.phases));
        self.state.phases += 1;
        if updates == 0 || rows.is_empty() {
            return Ok(());
        }
        let mut training = Training {
            level,
            rates,
            rows,
            replays,
            until: updates,
            done: 0,
            pass: 0,
            next: 0,
            seed,
        };
        training.shuffle();
        if self.config.reset_optimizer {
            self.network.reset_optimizer();
        }
        self.set_rates(&training)?;
        self.state.training = Some(training);
        Ok(())
    }

    /// Sets the learning-rate scales of a phase. They hold for it alone, so they are set in the backend and not in the
    /// architecture.
    pub(super) fn set_rates(&mut self, training: &Training) -> Result<(), LearnError> {
        let graph = self.network.graph();
        let plan = self.state.stack.rates(graph, training.level, &training.rates);
        let applied = graph.apply(&plan, Moment::default());
        let (graph, _) = applied.map_err(Self::refused)?;
        self.network.set_rates(&graph);
        Ok(())
    }

    /// Runs one update of the current phase.
    pub(super) fn train(
        &mut self,
        mut training: Training,
        log: &mut MetricLog,
    ) -> Result<Progress, LearnError> {
        let seed = training.seed.derive(&format!("update/{}", training.done));
        let replayed = if training.replays {
            (self.config.batch as f64 * self.config.replay_share).round() as usize
        } else {
            0
        };
        let replayed = self.replayed(replayed.min(self.config.batch - 1), seed.derive("replay"));
        let mut rows = batch(&training.take(self.config.batch - replayed.len()));
        rows.extend(batch(&replayed));
        let mut route = self.state.stack.route(training.level);
        route.corruption = self.config.corruption;
        route.seed = seed.derive("corruption").0;
        let objective = self.state.stack.objective();
        let stepped = self
            .network
            .step(&rows, &route, &objective, &self.config.optimizer);
        training.done += u64::from(stepped.is_ok());
        let over = training.done >= training.until;
        self.state.training = Some(training);
        stepped?;
        self.network.tick();
        let stats = self.network.drain();
        self.state.losses.book(&stats, log);
        if stats.diverged {
            return Err(self.diverged());
        }
        if Losses::due(self.network.clock().step) {
            self.state.losses.record(log);
        }
        if over {
            self.state.training = None;
            self.network.own_rates();
        }
        Ok(Progress::Updated)
    }

    /// Draws `n` rows of earlier classes, all classes with equal probability; none if there is no replay.
    fn replayed(&self, n: usize, seed: Seed) -> Vec<Row> {
        let concepts = &self.state.concepts;
        let dreamt = self.state.generated.inputs.nrows();
        let some = match self.config.replay {
            ReplayOf::Intrinsic => dreamt > 0,
            ReplayOf::Original => !concepts.is_empty(),
            ReplayOf::None => false,
        };
        if !some {
            return Vec::new();
        }
        let mut random = seed.random();
        let mut rows = Vec::with_capacity(n);
        for _ in 0..n {
            if self.config.replay == ReplayOf::Intrinsic {
                rows.push((DREAMT, TaskId(0), random.random_range(0..dreamt) as u32));
            } else {
                let originals = &concepts[random.random_range(0..concepts.len())].originals;
                rows.push(originals[random.random_range(0..originals.len())]);
            }
        }
        rows
    }
}
