//! The gradient learner. One call of `advance` does one thing; between two calls the whole of what is going on lies in a
//! [`Stage`], so that a run can stop and go on anywhere.

use crate::books::Books;
use crate::config::Gradient;
use crate::course::{Course, Stage};
use crate::desk::Desk;
use crate::examining;
use crate::growing::{Growing, SavedGrowing};
use crate::lives::Lives;
use crate::mechanism::{At, Mechanisms, Pass, Sight};
use crate::network;
use crate::predicting;
use crate::starting;
use crate::trainee::Trainee;
use crate::training;
use dentate_core::{
    Architecture, Backend, Dataset, Examined, ExperienceInfo, GrowingNetwork, LearnError, Learner, Ledger,
    Network, Predictions, Progress, Route, Saved, SavedNetwork, Scope, Seed, Source, TaskId,
};
use serde::{Deserialize, Serialize};

/// A network that learns by gradient descent and may grow.
pub struct GradientLearner {
    config: Gradient,
    seed: Seed,
    trainee: Trainee,
    growing: Growing,
    course: Course,
    /// The network that it starts from, until it has.
    start: Option<Network>,
}

/// Its whole state, beside the arrays.
#[derive(Serialize, Deserialize)]
struct State {
    seed: Seed,
    network: SavedNetwork,
    growing: SavedGrowing,
    mechanisms: Vec<Vec<u8>>,
    course: Course,
    books: Books,
    lives: Lives,
}

impl GradientLearner {
    /// A learner that has seen nothing.
    #[must_use]
    pub fn new(config: Gradient, backend: Box<dyn Backend>, seed: Seed) -> Self {
        let trainee = Trainee {
            network: GrowingNetwork::new(backend),
            mechanisms: Mechanisms::start(&config.mechanisms, seed),
            lives: Lives::new(config.lives),
            books: Books::default(),
        };
        Self {
            growing: Growing::start(config.strategy.as_ref()),
            config,
            seed,
            trainee,
            course: Course::default(),
            start: None,
        }
    }
}

impl GradientLearner {
    /// The way of predictions through the graph, as the mechanisms see it.
    fn seen(&mut self, task: Option<TaskId>) -> Result<Route, LearnError> {
        let mut route = Route::default();
        if let Some(experience) = &self.course.experience {
            let at = At {
                experience,
                pass: self.course.within.pass,
                source: None,
                optimizer: &self.config.optimizer,
                init: self.config.init,
            };
            let pass = Pass::Predict;
            let Trainee {
                network, mechanisms, ..
            } = &mut self.trainee;
            mechanisms
                .view(network, at, Sight { pass, task })?
                .over(&mut route);
        }
        Ok(route)
    }
}

/// The plan of the first network, for rows as the source has them.
fn initial(desk: &Desk<'_>) -> Result<dentate_core::Plan, LearnError> {
    let features = desk.experience.features;
    let flat = [features];
    let data = desk.source.datasets().first();
    let shape = data.map_or(&flat[..], |data| data.shape());
    let whole = shape.iter().product::<usize>() == features;
    let shape = if whole { shape } else { &flat };
    network::initial(desk.config, shape, desk.seed.derive("initial"))
}

/// Make the source's data sets known.
fn meet(network: &mut GrowingNetwork, source: &dyn Source) -> Result<(), LearnError> {
    for data in source.datasets() {
        if !network.data().contains_key(&data.id()) {
            network.attach(data)?;
        }
    }
    Ok(())
}

impl Learner for GradientLearner {
    fn scope(&self) -> Scope {
        self.config.scope
    }

    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError> {
        let started = self
            .trainee
            .network
            .architecture()
            .journal()
            .base
            .input()
            .is_some();
        match &self.start {
            Some(network) => starting::fits(network.graph(), experience)?,
            None if started => starting::fits(self.trainee.network.graph(), experience)?,
            None => {}
        }
        let network = &mut self.trainee.network;
        if self.config.reset_optimizer {
            network.reset_optimizer();
        }
        network.enter(experience.index);
        self.course.begin(experience);
        self.growing.begin();
        self.trainee.books.answer();
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        let Self {
            config,
            seed,
            trainee,
            growing,
            course,
            start,
        } = self;
        let Course {
            experience: Some(experience),
            stage,
            within,
        } = course
        else {
            return Ok(Progress::Finished);
        };
        let now = stage.clone();
        let desk = &mut Desk {
            config,
            seed: *seed,
            trainee,
            experience,
            stage,
            within,
            source,
            ledger,
        };
        if desk.trainee.network.graph().input().is_none() {
            if let Some(network) = start.take() {
                return starting::start(&network, growing, desk);
            }
            if let Some(path) = &desk.config.start {
                let sentence =
                    format!("`start` is \"{path}\", and nobody has read that network for the learner");
                return Err(LearnError::Unsuited(sentence));
            }
            let plan = initial(desk)?;
            return growing.apply(&plan, desk).map(|()| Progress::Edited);
        }
        meet(&mut desk.trainee.network, desk.source)?;
        desk.within.measure(desk.source);
        if growing.is_training() {
            return growing.advance_phase(desk);
        }
        match now {
            Stage::Idle | Stage::Done => Ok(Progress::Finished),
            Stage::Ask(occasion) => growing.ask(occasion, desk),
            Stage::Heads => {
                *desk.stage = Stage::Begin(0);
                growing.make_heads(desk)
            }
            Stage::Begin(number) => training::begin(number, desk, growing),
            Stage::Train => training::train(desk, growing),
            Stage::Turns(numbers, then) => training::turn(numbers, then, desk, growing),
            Stage::End(number) => training::end(number, desk, growing),
        }
    }

    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        task: Option<TaskId>,
    ) -> Result<Predictions, LearnError> {
        let route = self.seen(task)?;
        predicting::predict(&mut self.trainee.network, &route, data, rows, task)
    }

    fn examine(&mut self, data: &Dataset, rows: &[u32]) -> Result<Vec<Examined>, LearnError> {
        let route = self.seen(None)?;
        examining::examine(&mut self.trainee.network, &route, data, rows)
    }

    fn network(&mut self) -> Result<Network, LearnError> {
        Ok(self.trainee.network.network()?)
    }

    fn start_from(&mut self, network: Network) -> Result<(), LearnError> {
        if let Some(bad) = network.non_finite().first() {
            let sentence = format!("the network to start from has numbers in `{bad}` that are not finite");
            return Err(LearnError::Unsuited(sentence));
        }
        self.start = Some(network);
        Ok(())
    }

    fn architecture(&self) -> &Architecture {
        self.trainee.network.architecture()
    }

    fn fraction(&self) -> f64 {
        self.course.fraction(self.config.budget)
    }

    fn save(&mut self) -> Result<Saved, LearnError> {
        let mut saved = Saved::default();
        let state = State {
            seed: self.seed,
            network: self.trainee.network.save(&mut saved),
            growing: self.growing.save()?,
            mechanisms: self.trainee.mechanisms.save()?,
            course: self.course.clone(),
            books: self.trainee.books.clone(),
            lives: self.trainee.lives.clone(),
        };
        saved.state = dentate_core::state::to_bytes(&state)?;
        Ok(saved)
    }

    fn recall(&mut self, data: &Dataset) -> Result<(), LearnError> {
        Ok(self.trainee.network.attach(data)?)
    }

    fn load(&mut self, saved: &Saved) -> Result<(), LearnError> {
        let state: State = dentate_core::state::from_bytes(&saved.state)?;
        self.trainee.network.load(saved, state.network)?;
        self.growing.load(state.growing, &mut self.trainee)?;
        self.trainee.mechanisms.load(&state.mechanisms)?;
        if self.trainee.network.graph().input().is_some() {
            self.start = None;
        }
        self.seed = state.seed;
        self.course = state.course;
        self.trainee.books = state.books;
        self.trainee.lives = state.lives;
        Ok(())
    }
}
