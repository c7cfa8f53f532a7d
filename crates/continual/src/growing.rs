//! Growth: the strategy is asked, and what it answers is done, its own training one update per call.

use crate::batch::assemble;
use crate::course::Stage;
use crate::desk::Desk;
use crate::mechanism::Pass;
use crate::phase::{self, PhaseRun};
use crate::selecting;
use crate::trainee::{Grower, Trainee};
use dentate_core::profile::{self as profiling, Kind};
use dentate_core::record::metric;
use dentate_core::{
    LayerId, LearnError, Measured, Network, Plan, Progress, Readings, Request, Rows, Seed, StateError, TaskId,
};
use dentate_growth::{Action, Growth, GrowthRun, Occasion, Select, StopReason, StrategyError, View};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

/// The most actions that a strategy may take at one occasion: beyond it, it is going in circles.
const MOST_ACTIONS: u32 = 100_000;

/// Where a conversation with the strategy stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Asking {
    /// Calls so far, over all experiences: each gets a seed of its own.
    calls: u64,
    /// Actions at this occasion.
    actions: u32,
    /// The answer to its last measurement.
    measured: Option<Measured>,
    /// The loss it is told at this occasion.
    loss: Option<f64>,
    /// Whether this occasion's first question was put.
    open: bool,
    /// Whether the strategy has asked for its meters on this occasion.
    reads: bool,
}

/// What is saved of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SavedGrowing {
    strategy: Vec<u8>,
    asking: Asking,
    phase: Option<PhaseRun>,
}

/// A strategy at work.
pub(crate) struct Growing {
    name: &'static str,
    grows: bool,
    run: Box<dyn GrowthRun>,
    asking: Asking,
    phase: Option<PhaseRun>,
}

impl Growing {
    /// A strategy that was asked nothing yet.
    pub(crate) fn start(strategy: &dyn Growth) -> Self {
        Self {
            name: strategy.name(),
            grows: strategy.grows(),
            run: strategy.start(),
            asking: Asking::default(),
            phase: None,
        }
    }

    /// A conversation begins: an experience does, or the one before is over.
    pub(crate) fn begin(&mut self) {
        let calls = self.asking.calls;
        self.asking = Asking {
            calls,
            ..Asking::default()
        };
    }

    pub(crate) fn cadence(&self) -> Option<u64> {
        self.run.cadence()
    }

    /// Whether training of the strategy's own is going on.
    pub(crate) fn is_training(&self) -> bool {
        self.phase.is_some()
    }

    /// Carry out a plan of the strategy's, or of the learner's own.
    pub(crate) fn apply(&self, plan: &Plan, desk: &mut Desk<'_>) -> Result<(), LearnError> {
        self.apply_for(self.name, plan, desk)
    }

    /// Carry out anybody's plan: what the strategy meters follows.
    pub(crate) fn apply_for(&self, name: &str, plan: &Plan, desk: &mut Desk<'_>) -> Result<(), LearnError> {
        let meters = |graph: &_| self.run.meters(graph);
        let meters = &meters;
        desk.apply(plan, Grower { name, meters })
    }

    /// Start from a network that was trained before.
    pub(crate) fn start_from(&self, network: &Network, desk: &mut Desk<'_>) -> Result<(), LearnError> {
        let meters = |graph: &_| self.run.meters(graph);
        desk.trainee.start(network, &meters, desk.ledger)
    }

    /// Make what heads and outputs the experience needs and the network has not.
    pub(crate) fn make_heads(&self, desk: &mut Desk<'_>) -> Result<Progress, LearnError> {
        match desk.missing_heads() {
            None => Ok(Progress::Measured),
            Some(plan) => self.apply(&plan, desk).map(|()| Progress::Edited),
        }
    }

    pub(crate) fn ask(&mut self, occasion: Occasion, desk: &mut Desk<'_>) -> Result<Progress, LearnError> {
        let _growth = profiling::enter(Kind::Growth);
        if !self.asking.open {
            self.asking.open = true;
            self.asking.loss = if occasion == Occasion::Update {
                desk.trainee.books.answer()
            } else {
                None
            };
        }
        let measured = self.asking.measured.take();
        let seed = desk.seed.derive(&format!("strategy/{}", self.asking.calls));
        let readings = if self.asking.reads {
            Some(self.readings(desk)?)
        } else {
            None
        };
        let network = &desk.trainee.network;
        let view = View {
            occasion,
            graph: network.graph(),
            experience: desk.experience,
            moment: network.clock(),
            loss: self.asking.loss.take(),
            measured: measured.as_ref(),
            readings: readings.as_ref(),
            init: desk.config.init,
            seed,
        };
        self.asking.calls += 1;
        self.asking.actions += 1;
        let action = self.run.propose(&view);
        let action = action.map_err(|error| self.failed(error))?;
        if self.asking.actions > MOST_ACTIONS {
            let sentence = format!("it took {MOST_ACTIONS} actions in a row without holding");
            return Err(self.failed(StrategyError::Unsuited(sentence)));
        }
        match action {
            Action::Hold(reason) => {
                if self.grows {
                    desk.trainee.books.hold(reason);
                }
                self.close(occasion, desk);
                Ok(Progress::Measured)
            }
            Action::Grow(plan) => self.apply(&plan, desk).map(|()| Progress::Edited),
            Action::Replace(requests) => {
                for request in &requests {
                    desk.replace(request, self.name)?;
                }
                Ok(Progress::Edited)
            }
            Action::Read => {
                self.asking.reads = true;
                Ok(Progress::Measured)
            }
            Action::Train(phase) => {
                if phase.objective.is_empty() {
                    self.make_heads(desk)?;
                }
                self.start_phase(PhaseRun::new(*phase), desk)?;
                Ok(Progress::Measured)
            }
            Action::Measure(request, select, mut route) => {
                // What the learner trains for needs its heads, which otherwise come after the strategy had its say.
                if left_to_the_learner(&request) {
                    self.make_heads(desk)?;
                }
                let rows = select_rows(&select, desk, seed)?;
                let (request, rows) = completed(desk, request, rows)?;
                desk.seen(Pass::Measure, &mut route)?;
                let network = &mut desk.trainee.network;
                self.asking.measured = Some(network.measure(&request, &rows, &route)?);
                forget(&select, desk);
                desk.measured();
                Ok(Progress::Measured)
            }
            Action::Done(reason) => {
                desk.ledger.note(metric::STOP, Some(reason.name()), 1.0);
                desk.within.stopped = true;
                self.close(occasion, desk);
                if reason == StopReason::Solved && occasion == Occasion::Update {
                    desk.trainee.books.note_loss(desk.ledger);
                    desk.trainee.books.note_hits(desk.ledger);
                    *desk.stage = Stage::Ask(Occasion::End);
                }
                Ok(Progress::Measured)
            }
        }
    }

    /// The strategy holds: go on with what comes after this occasion.
    fn close(&mut self, occasion: Occasion, desk: &mut Desk<'_>) {
        if occasion == Occasion::End {
            desk.trainee.books.note_held(desk.ledger);
        }
        self.begin();
        *desk.stage = match occasion {
            Occasion::Begin => Stage::Heads,
            Occasion::Update => Stage::Train,
            Occasion::End => Stage::Done,
        };
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

    /// What the strategy's meters say.
    fn readings(&self, desk: &mut Desk<'_>) -> Result<BTreeMap<LayerId, Readings>, LearnError> {
        let network = &mut desk.trainee.network;
        let mut all = BTreeMap::new();
        for meter in self.run.meters(network.graph()) {
            if let Entry::Vacant(place) = all.entry(meter.layer) {
                place.insert(network.readings(meter.layer)?);
            }
        }
        Ok(all)
    }

    fn start_phase(&mut self, mut run: PhaseRun, desk: &mut Desk<'_>) -> Result<(), LearnError> {
        let seed = desk.seed.derive(&format!("phase/{}", self.asking.calls));
        let rows = select_rows(run.rows_wanted(), desk, seed)?;
        if rows.is_empty() {
            return Ok(()); // nothing to train on: the strategy is asked again at once
        }
        run.start(&rows, seed);
        let rated = run.rated(desk.trainee.network.graph(), self.name)?;
        desk.trainee.network.set_rates(&rated);
        self.phase = Some(run);
        Ok(())
    }

    /// One update of a phase.
    pub(crate) fn advance_phase(&mut self, desk: &mut Desk<'_>) -> Result<Progress, LearnError> {
        let Some(mut run) = self.phase.take() else {
            return Ok(Progress::Measured);
        };
        if run.is_over() {
            desk.trainee.network.own_rates();
            forget(run.rows_wanted(), desk);
            return Ok(Progress::Measured);
        }
        let mut route = run.route();
        let keep = desk.seen(Pass::Phase, &mut route)?;
        phase::update(&mut run, (&route, keep), &mut desk.trainee.network, self.name)?;
        self.phase = Some(run);
        desk.count_update()?;
        Ok(Progress::Updated)
    }

    pub(crate) fn save(&self) -> Result<SavedGrowing, StateError> {
        Ok(SavedGrowing {
            strategy: self.run.save()?,
            asking: self.asking.clone(),
            phase: self.phase.clone(),
        })
    }

    pub(crate) fn load(&mut self, saved: SavedGrowing, trainee: &mut Trainee) -> Result<(), LearnError> {
        self.run.load(&saved.strategy)?;
        self.asking = saved.asking;
        if let Some(run) = &saved.phase {
            if let Select::Own(data) = run.rows_wanted() {
                trainee.network.attach(data)?;
            }
            let rated = run.rated(trainee.network.graph(), self.name)?;
            trainee.network.set_rates(&rated);
        }
        self.phase = saved.phase;
        Ok(())
    }
}

/// Let go of data of a strategy's own when the action that brought it is over: it is brought again when it is needed.
fn forget(select: &Select, desk: &mut Desk<'_>) {
    if let Select::Own(data) = select {
        desk.trainee.network.detach(data.id());
    }
}

/// A request whose objective is left to the learner, with that objective and the rows in its order.
fn completed(desk: &Desk<'_>, mut request: Request, rows: Rows) -> Result<(Request, Rows), LearnError> {
    let left = left_to_the_learner(&request);
    match &mut request {
        Request::Gradients(objective, _)
        | Request::VirtualGradient { objective, .. }
        | Request::Ablations { objective, .. }
            if left =>
        {
            let network = &desk.trainee.network;
            let (rows, own) = assemble(network.graph(), network.data(), &rows)?;
            *objective = own;
            Ok((request, rows))
        }
        _ => Ok((request, rows)),
    }
}

/// The rows that a strategy's action is about. A sample is drawn from `seed`.
fn select_rows(select: &Select, desk: &mut Desk<'_>, seed: Seed) -> Result<Rows, LearnError> {
    match select {
        Select::Sample(most) => selecting::sample(desk.source, *most as usize, seed),
        Select::Experience => selecting::all(desk.source),
        Select::Positions(positions) => Ok(desk.source.gather(positions)?),
        Select::Own(data) => {
            desk.trainee.network.attach(data)?;
            let all = (0..data.len() as u32).collect();
            let task = desk.experience.tasks.first().map_or(TaskId(0), |t| t.id);
            Ok(Rows::of(data.id(), task, all))
        }
    }
}

/// Whether a request leaves the objective to the learner.
fn left_to_the_learner(request: &Request) -> bool {
    match request {
        Request::Gradients(objective, _)
        | Request::VirtualGradient { objective, .. }
        | Request::Ablations { objective, .. } => objective.is_empty(),
        _ => false,
    }
}
