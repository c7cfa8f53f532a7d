//! The gradient learner. One call of `advance` makes one step; between two calls the whole progress is kept in a
//! [`TrainPhase`], so that a run can be interrupted and resumed anywhere.

use crate::config::Gradient;
use crate::context::StrategyContext;
use crate::examining;
use crate::growing::{Growing, SavedGrowing};
use crate::mechanism::{At, Mechanisms, Pass, Sight};
use crate::network;
use crate::newborn_gradients::NewbornGradients;
use crate::predicting;
use crate::reset_changes::ResetChanges;
use crate::starting;
use crate::stats::TrainStats;
use crate::survival_tracker::SurvivalTracker;
use crate::train_loop::{TrainLoop, TrainPhase};
use crate::train_state::TrainState;
use crate::training;
use dentate_core::{
    Architecture, Backend, Dataset, Examined, ExperienceInfo, GrowingNetwork, LearnError, Learner,
    LearnerMemory, MetricLog, Network, Notes, Predictions, Progress, Protocol, Route, SavedNetworkState,
    SavedState, Seed, Source, TargetKind, TaskId,
};
use serde::{Deserialize, Serialize};

/// A network trained by gradient descent that may grow.
pub struct GradientLearner {
    config: Gradient,
    seed: Seed,
    train_state: TrainState,
    growing: Growing,
    train_loop: TrainLoop,
    /// The network to start from, until it has been loaded.
    start: Option<Network>,
}

/// The serialised state, besides the arrays.
#[derive(Serialize, Deserialize)]
struct State {
    seed: Seed,
    network: SavedNetworkState,
    growing: SavedGrowing,
    mechanisms: Vec<Vec<u8>>,
    train_loop: TrainLoop,
    stats: TrainStats,
    survival: SurvivalTracker,
    newborns: NewbornGradients,
    resets: ResetChanges,
}

impl GradientLearner {
    /// A new, untrained learner.
    #[must_use]
    pub fn new(config: Gradient, backend: Box<dyn Backend>, seed: Seed) -> Self {
        let train_state = TrainState {
            network: GrowingNetwork::new(backend),
            mechanisms: Mechanisms::start(&config.mechanisms, seed),
            survival: SurvivalTracker::new(config.track_survival),
            newborns: NewbornGradients::new(config.track_newborn_gradients),
            resets: ResetChanges::new(config.track_resets),
            stats: TrainStats::default(),
        };
        Self {
            growing: Growing::start(config.strategy.as_ref()),
            config,
            seed,
            train_state,
            train_loop: TrainLoop::default(),
            start: None,
        }
    }
}

impl GradientLearner {
    /// One step. What the strategy and mechanisms record goes into `notes`.
    fn step(
        &mut self,
        source: &mut dyn Source,
        log: &mut MetricLog,
        notes: &Notes,
    ) -> Result<Progress, LearnError> {
        let Self {
            config,
            seed,
            train_state,
            growing,
            train_loop,
            start,
        } = self;
        let TrainLoop {
            experience: Some(experience),
            stage,
            within,
        } = train_loop
        else {
            return Ok(Progress::Finished);
        };
        within.account(train_state.stats.spent);
        let now = stage.clone();
        let context = &mut StrategyContext {
            config,
            seed: *seed,
            train_state,
            experience,
            stage,
            within,
            source,
            log,
            notes,
        };
        if context.train_state.network.graph().input().is_none() {
            if let Some(network) = start.take() {
                return starting::start(&network, growing, context);
            }
            if let Some(path) = &context.config.start {
                let sentence =
                    format!("`start` is \"{path}\", and nobody has read that network for the learner");
                return Err(LearnError::Unsuited(sentence));
            }
            let plan = initial(context)?;
            return growing.apply(&plan, context).map(|()| Progress::Edited);
        }
        attach_all(&mut context.train_state.network, context.source)?;
        context.within.measure(context.source);
        if growing.is_training() {
            return growing.advance_phase(context);
        }
        match now {
            TrainPhase::Idle | TrainPhase::Done => Ok(Progress::Finished),
            TrainPhase::Ask(hook) => growing.ask(hook, context),
            TrainPhase::Heads => {
                *context.stage = TrainPhase::Begin(0);
                growing.make_heads(context)
            }
            TrainPhase::Begin(number) => training::begin(number, context, growing),
            TrainPhase::Train => training::train(context, growing),
            TrainPhase::Turns(numbers, then) => training::turn(numbers, then, context, growing),
            TrainPhase::End(number) => training::end(number, context, growing),
        }
    }

    /// The network and the mechanisms, and the position of a prediction in the run: `None` before the first experience.
    fn predicting(&mut self) -> (&mut TrainState, Option<At<'_>>) {
        let at = self.train_loop.experience.as_ref().map(|experience| At {
            experience,
            pass: self.train_loop.within.pass,
            source: None,
            optimizer: &self.config.optimizer,
            init: self.config.init,
            notes: None,
        });
        (&mut self.train_state, at)
    }
}

/// The route of predictions through the graph, with the mechanisms' views applied.
fn seen(state: &mut TrainState, at: Option<At<'_>>, task: Option<TaskId>) -> Result<Route, LearnError> {
    let mut route = Route::default();
    if let Some(at) = at {
        let pass = Pass::Predict;
        let lens = state
            .mechanisms
            .view(&mut state.network, at, Sight { pass, task })?;
        lens.over(&mut route);
    }
    Ok(route)
}

/// The plan of the initial network, for the shape of the source's rows.
fn initial(context: &StrategyContext<'_>) -> Result<dentate_core::Plan, LearnError> {
    let features = context.experience.features;
    let flat = [features];
    let data = context.source.datasets().first();
    let shape = data.map_or(&flat[..], |data| data.shape());
    let whole = shape.iter().product::<usize>() == features;
    let shape = if whole { shape } else { &flat };
    network::initial(context.config, shape, context.seed.derive("initial"))
}

/// Attaches the source's data sets to the network.
fn attach_all(network: &mut GrowingNetwork, source: &dyn Source) -> Result<(), LearnError> {
    for data in source.datasets() {
        if !network.data().contains_key(&data.id()) {
            network.attach(data)?;
        }
    }
    Ok(())
}

impl Learner for GradientLearner {
    fn protocol(&self) -> Protocol {
        self.config.protocol
    }

    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError> {
        let started = self
            .train_state
            .network
            .architecture()
            .journal()
            .base
            .input()
            .is_some();
        match &self.start {
            Some(network) => starting::fits(network.graph(), experience)?,
            None if started => starting::fits(self.train_state.network.graph(), experience)?,
            None => {}
        }
        let network = &mut self.train_state.network;
        if self.config.reset_optimizer {
            network.reset_optimizer();
        }
        network.enter(experience.index);
        self.train_loop.begin(experience);
        self.growing.begin();
        self.train_state.stats.answer();
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, log: &mut MetricLog) -> Result<Progress, LearnError> {
        let notes = Notes::default();
        let progress = self.step(source, log, &notes);
        notes.drain(log);
        progress
    }

    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        task: Option<TaskId>,
    ) -> Result<Predictions, LearnError> {
        let (state, at) = self.predicting();
        let route = seen(state, at, task)?;
        let network = (&mut state.network, &mut state.mechanisms);
        predicting::predict(network, at, &route, data, rows, task)
    }

    fn examine(&mut self, data: &Dataset, rows: &[u32]) -> Result<Vec<Examined>, LearnError> {
        let (state, at) = self.predicting();
        let route = seen(state, at, None)?;
        examining::examine(&mut state.network, &route, data, rows)
    }

    fn network(&mut self) -> Result<Network, LearnError> {
        Ok(self.train_state.network.network()?)
    }

    fn start_from(&mut self, network: Network) -> Result<(), LearnError> {
        if let Some(bad) = network.non_finite().first() {
            let sentence = format!("the network to start from has numbers in `{bad}` that are not finite");
            return Err(LearnError::Unsuited(sentence));
        }
        self.start = Some(network);
        Ok(())
    }

    fn memory(&self) -> LearnerMemory {
        let TrainState {
            network, mechanisms, ..
        } = &self.train_state;
        let holds = mechanisms.holds();
        let row = self.train_loop.experience.as_ref().map_or(0, |experience| {
            let targets = match experience.target {
                TargetKind::Classes => 1,
                TargetKind::Values(width) => width,
                TargetKind::Inputs => 0,
            };
            experience.features + targets
        });
        LearnerMemory {
            rows: LearnerMemory::of(holds.rows * row),
            payload: LearnerMemory::of(holds.payload),
            ..network.memory()
        }
    }

    fn architecture(&self) -> &Architecture {
        self.train_state.network.architecture()
    }

    fn fraction(&self) -> f64 {
        let experience = self.train_loop.experience.as_ref().map_or(0, |e| e.index);
        self.train_loop.fraction(self.config.budget.of(experience))
    }

    fn save(&mut self) -> Result<SavedState, LearnError> {
        let mut saved = SavedState::default();
        let state = State {
            seed: self.seed,
            network: self.train_state.network.save(&mut saved),
            growing: self.growing.save()?,
            mechanisms: self.train_state.mechanisms.save()?,
            train_loop: self.train_loop.clone(),
            stats: self.train_state.stats.clone(),
            survival: self.train_state.survival.clone(),
            newborns: self.train_state.newborns.clone(),
            resets: self.train_state.resets.clone(),
        };
        saved.state = dentate_core::state::to_bytes(&state)?;
        Ok(saved)
    }

    fn attach_data(&mut self, data: &Dataset) -> Result<(), LearnError> {
        Ok(self.train_state.network.attach(data)?)
    }

    fn load(&mut self, saved: &SavedState) -> Result<(), LearnError> {
        let state: State = dentate_core::state::from_bytes(&saved.state)?;
        self.train_state.network.load(saved, state.network)?;
        self.growing.load(state.growing, &mut self.train_state)?;
        self.train_state.mechanisms.load(&state.mechanisms)?;
        if self.train_state.network.graph().input().is_some() {
            self.start = None;
        }
        self.seed = state.seed;
        self.train_loop = state.train_loop;
        self.train_state.stats = state.stats;
        self.train_state.survival = state.survival;
        self.train_state.newborns = state.newborns;
        self.train_state.resets = state.resets;
        Ok(())
    }
}
