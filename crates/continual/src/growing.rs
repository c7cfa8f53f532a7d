//! Growth: calls the strategy and carries out its actions; its own training phases advance by one update per call.

use crate::batch::assemble;
use crate::context::StrategyContext;
use crate::mechanism::Pass;
use crate::phase::{self, PhaseRun};
use crate::selecting;
use crate::train_loop::TrainPhase;
use crate::train_state::{Grower, TrainState};
use dentate_core::profile::{self as profiling, Kind};
use dentate_core::record::metric;
use dentate_core::{
    LayerId, LearnError, Measured, Network, Objective, Plan, Progress, Readings, Request, Route, Rows, Seed,
    StateError, TaskId,
};
use dentate_growth::{Action, Growth, GrowthRun, Hook, Select, StopReason, StrategyError, View};
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The maximum number of actions of a strategy at one check; beyond it, it is assumed to be in a loop.
const MOST_ACTIONS: u32 = 100_000;

/// The state of the calls of the strategy at a check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct StrategyCalls {
    /// Calls so far, over all experiences: each gets a seed of its own.
    calls: u64,
    /// Actions at this check.
    actions: u32,
    /// The result of its last measurement.
    measured: Option<Measured>,
    /// The loss reported to it at this check.
    loss: Option<f64>,
    /// True if the strategy has been called at this check.
    open: bool,
    /// True if the strategy has read its meters at this check.
    reads: bool,
}

/// The saved state of a running strategy.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SavedGrowing {
    strategy: Vec<u8>,
    strategy_calls: StrategyCalls,
    phase: Option<PhaseRun>,
}

/// A running strategy.
pub(crate) struct Growing {
    name: &'static str,
    grows: bool,
    run: Box<dyn GrowthRun>,
    strategy_calls: StrategyCalls,
    phase: Option<PhaseRun>,
}

impl Growing {
    /// A strategy that has not been called yet.
    pub(crate) fn start(strategy: &dyn Growth) -> Self {
        Self {
            name: strategy.name(),
            grows: strategy.grows(),
            run: strategy.start(),
            strategy_calls: StrategyCalls::default(),
            phase: None,
        }
    }

    /// Resets the check, when an experience begins or the previous check is over.
    pub(crate) fn begin(&mut self) {
        let calls = self.strategy_calls.calls;
        self.strategy_calls = StrategyCalls {
            calls,
            ..StrategyCalls::default()
        };
    }

    pub(crate) fn cadence(&self) -> Option<u64> {
        self.run.cadence()
    }

    /// Returns whether a training phase of the strategy is running.
    pub(crate) fn is_training(&self) -> bool {
        self.phase.is_some()
    }

    /// Applies a plan of the strategy or of the learner.
    pub(crate) fn apply(&self, plan: &Plan, context: &mut StrategyContext<'_>) -> Result<(), LearnError> {
        self.apply_for(self.name, plan, context)
    }

    /// Applies a plan under the name of its author, and updates the strategy's meters.
    pub(crate) fn apply_for(
        &self,
        name: &str,
        plan: &Plan,
        context: &mut StrategyContext<'_>,
    ) -> Result<(), LearnError> {
        let meters = |graph: &_| self.run.meters(graph);
        let meters = &meters;
        context.apply(plan, Grower { name, meters })
    }

    /// Starts from a previously trained network.
    pub(crate) fn start_from(
        &self,
        network: &Network,
        context: &mut StrategyContext<'_>,
    ) -> Result<(), LearnError> {
        let meters = |graph: &_| self.run.meters(graph);
        context.train_state.start(network, &meters, context.log)
    }

    /// Adds the heads and outputs that the experience needs and the network lacks.
    pub(crate) fn make_heads(&self, context: &mut StrategyContext<'_>) -> Result<Progress, LearnError> {
        match context.missing_heads() {
            None => Ok(Progress::Measured),
            Some(plan) => self.apply(&plan, context).map(|()| Progress::Edited),
        }
    }

    pub(crate) fn ask(
        &mut self,
        hook: Hook,
        context: &mut StrategyContext<'_>,
    ) -> Result<Progress, LearnError> {
        let _growth = profiling::enter(Kind::Growth);
        if !self.strategy_calls.open {
            self.strategy_calls.open = true;
            self.strategy_calls.loss = if hook == Hook::Update {
                context.train_state.stats.answer()
            } else {
                None
            };
        }
        let measured = self.strategy_calls.measured.take();
        let seed = context
            .seed
            .derive(&format!("strategy/{}", self.strategy_calls.calls));
        let readings = if self.strategy_calls.reads {
            Some(self.readings(context)?)
        } else {
            None
        };
        let network = &context.train_state.network;
        let view = View {
            hook,
            graph: network.graph(),
            experience: context.experience,
            moment: network.clock(),
            loss: self.strategy_calls.loss.take(),
            measured: measured.as_ref(),
            readings: readings.as_ref(),
            init: context.config.init,
            seed,
            notes: Some(context.notes),
        };
        self.strategy_calls.calls += 1;
        self.strategy_calls.actions += 1;
        let action = self.run.propose(&view);
        let action = action.map_err(|error| self.failed(error))?;
        if self.strategy_calls.actions > MOST_ACTIONS {
            let sentence = format!("it took {MOST_ACTIONS} actions in a row without holding");
            return Err(self.failed(StrategyError::Unsuited(sentence)));
        }
        match action {
            Action::Hold(reason) => {
                if self.grows {
                    context.train_state.stats.hold(reason);
                }
                self.close(hook, context)?;
                Ok(Progress::Measured)
            }
            Action::Grow(plan) => self.apply(&plan, context).map(|()| Progress::Edited),
            Action::Replace(requests) => {
                for request in &requests {
                    context.replace(request, self.name)?;
                }
                Ok(Progress::Edited)
            }
            Action::Read => {
                self.strategy_calls.reads = true;
                Ok(Progress::Measured)
            }
            Action::Train(phase) => {
                if phase.objective.is_empty() {
                    self.make_heads(context)?;
                }
                self.start_phase(PhaseRun::new(*phase), context)?;
                Ok(Progress::Measured)
            }
            Action::Measure(requests, select, mut route) => {
                // The learner's objective needs its heads, which are otherwise added only after the strategy's call.
                if requests.iter().any(left_to_the_learner) {
                    self.make_heads(context)?;
                }
                let rows = select_rows(&select, context, seed)?;
                let (requests, rows) = completed(context, requests, rows)?;
                context.seen(Pass::Measure, &mut route)?;
                let network = &mut context.train_state.network;
                let mut measured = Measured { arrays: Vec::new() };
                for request in &requests {
                    measured
                        .arrays
                        .extend(network.measure(request, &rows, &route)?.arrays);
                }
                self.strategy_calls.measured = Some(measured);
                forget(&select, context);
                context.measured();
                Ok(Progress::Measured)
            }
            Action::Try(plans, select) => {
                self.make_heads(context)?;
                let rows = select_rows(&select, context, seed)?;
                let (rows, objective) = own_objective(context, &rows)?;
                let mut route = Route::default();
                context.seen(Pass::Measure, &mut route)?;
                let network = &mut context.train_state.network;
                let values = network.values_after(&plans, &rows, &route, &objective);
                let values = values.map_err(|error| error.of(self.name))?;
                let array = Array2::from_shape_fn((1, values.len()), |(_, i)| values[i] as f32);
                self.strategy_calls.measured = Some(Measured { arrays: vec![array] });
                forget(&select, context);
                context.measured();
                Ok(Progress::Measured)
            }
            Action::Done(reason) => {
                context.log.record(metric::STOP, Some(reason.name()), 1.0);
                context.within.stopped = true;
                self.close(hook, context)?;
                if reason == StopReason::Solved && hook == Hook::Update {
                    context.train_state.stats.record_loss(context.log);
                    context.train_state.stats.record_hits(context.log);
                    *context.stage = TrainPhase::Ask(Hook::End);
                }
                Ok(Progress::Measured)
            }
        }
    }

    /// Ends the check after the strategy holds, and moves on to the next stage.
    fn close(&mut self, hook: Hook, context: &mut StrategyContext<'_>) -> Result<(), LearnError> {
        if hook == Hook::End {
            // Plans since the last update may fold means into biases that overflow, and no loss follows that would show it.
            if !context.train_state.network.is_finite()? {
                return Err(context.train_state.diverged(&context.config.optimizer));
            }
            context.train_state.stats.record_held(context.log);
            context.train_state.newborns.record(context.log);
            context.train_state.resets.note(context.log);
        }
        self.begin();
        *context.stage = match hook {
            Hook::Begin => TrainPhase::Heads,
            Hook::Update => TrainPhase::Train,
            Hook::End => TrainPhase::Done,
        };
        Ok(())
    }

    fn failed(&self, error: StrategyError) -> LearnError {
        match error {
            StrategyError::Unsuited(sentence) => LearnError::Unsuited(sentence),
            other => {
                let (strategy, message) = (self.name.to_string(), other.to_string());
                LearnError::Strategy { strategy, message }
            }
        }
    }

    /// The values of the strategy's meters.
    fn readings(&self, context: &mut StrategyContext<'_>) -> Result<BTreeMap<LayerId, Readings>, LearnError> {
        let network = &mut context.train_state.network;
        let mut all = BTreeMap::new();
        for meter in self.run.meters(network.graph()) {
            if let Entry::Vacant(place) = all.entry(meter.layer) {
                place.insert(network.readings(meter.layer)?);
            }
        }
        Ok(all)
    }

    fn start_phase(
        &mut self,
        mut run: PhaseRun,
        context: &mut StrategyContext<'_>,
    ) -> Result<(), LearnError> {
        let seed = context
            .seed
            .derive(&format!("phase/{}", self.strategy_calls.calls));
        let rows = select_rows(run.rows_wanted(), context, seed)?;
        if rows.is_empty() {
            return Ok(()); // nothing to train on: the strategy is called again at once
        }
        run.start(&rows, seed);
        let rated = run.rated(context.train_state.network.graph(), self.name)?;
        context.train_state.network.set_rates(&rated);
        self.phase = Some(run);
        Ok(())
    }

    /// Runs one update of a phase.
    pub(crate) fn advance_phase(
        &mut self,
        context: &mut StrategyContext<'_>,
    ) -> Result<Progress, LearnError> {
        let Some(mut run) = self.phase.take() else {
            return Ok(Progress::Measured);
        };
        if run.is_over() {
            context.train_state.network.own_rates();
            forget(run.rows_wanted(), context);
            return Ok(Progress::Measured);
        }
        let mut route = run.route();
        let keep = context.seen(Pass::Phase, &mut route)?;
        phase::update(
            &mut run,
            (&route, keep),
            &mut context.train_state.network,
            self.name,
        )?;
        self.phase = Some(run);
        context.count_update()?;
        Ok(Progress::Updated)
    }

    pub(crate) fn save(&self) -> Result<SavedGrowing, StateError> {
        Ok(SavedGrowing {
            strategy: self.run.save()?,
            strategy_calls: self.strategy_calls.clone(),
            phase: self.phase.clone(),
        })
    }

    pub(crate) fn load(
        &mut self,
        saved: SavedGrowing,
        train_state: &mut TrainState,
    ) -> Result<(), LearnError> {
        self.run.load(&saved.strategy)?;
        self.strategy_calls = saved.strategy_calls;
        if let Some(run) = &saved.phase {
            if let Select::Own(data) = run.rows_wanted() {
                train_state.network.attach(data)?;
            }
            let rated = run.rated(train_state.network.graph(), self.name)?;
            train_state.network.set_rates(&rated);
        }
        self.phase = saved.phase;
        Ok(())
    }
}

/// Detaches a data set of the strategy when its action is over; it is attached again when needed.
fn forget(select: &Select, context: &mut StrategyContext<'_>) {
    if let Select::Own(data) = select {
        context.train_state.network.detach(data.id());
    }
}

/// Fills in the learner's objective in requests without one, with the rows in its order.
fn completed(
    context: &StrategyContext<'_>,
    mut requests: Vec<Request>,
    rows: Rows,
) -> Result<(Vec<Request>, Rows), LearnError> {
    if !requests.iter().any(left_to_the_learner) {
        return Ok((requests, rows));
    }
    let (rows, own) = own_objective(context, &rows)?;
    for request in &mut requests {
        let left = left_to_the_learner(request);
        match request {
            Request::Gradients(objective, _)
            | Request::VirtualGradient { objective, .. }
            | Request::Ablations { objective, .. }
                if left =>
            {
                *objective = own.clone();
            }
            _ => {}
        }
    }
    Ok((requests, rows))
}

/// The learner's objective on these rows, with the rows in its order.
fn own_objective(context: &StrategyContext<'_>, rows: &Rows) -> Result<(Rows, Objective), LearnError> {
    let network = &context.train_state.network;
    assemble(network.graph(), network.data(), rows)
}

/// The rows that a strategy's action selects. A sample is drawn from `seed`.
fn select_rows(select: &Select, context: &mut StrategyContext<'_>, seed: Seed) -> Result<Rows, LearnError> {
    match select {
        Select::Sample(most) => selecting::sample(context.source, *most as usize, seed),
        Select::Experience => selecting::all(context.source),
        Select::Positions(positions) => Ok(context.source.gather(positions)?),
        Select::Own(data) => {
            context.train_state.network.attach(data)?;
            let all = (0..data.len() as u32).collect();
            let task = context.experience.tasks.first().map_or(TaskId(0), |t| t.id);
            Ok(Rows::of(data.id(), task, all))
        }
    }
}

/// Returns whether a request leaves the objective to the learner.
fn left_to_the_learner(request: &Request) -> bool {
    match request {
        Request::Gradients(objective, _)
        | Request::VirtualGradient { objective, .. }
        | Request::Ablations { objective, .. } => objective.is_empty(),
        _ => false,
    }
}
