//! The builder of sessions: a stream, a learner, and all settings that determine their results.

use crate::error::SessionError;
use crate::evaluation::Evaluation;
use crate::network::{self, NetworkFiles};
use crate::outcome::Outcome;
use crate::saved::SavedSession;
use crate::session::{MakeLearner, Session};
use crate::setup::Setup;
use dentate_backends::{Choice, Ready};
use dentate_core::Protocol;
use dentate_core::{BuildContext, LearnerSpec, Network, Seed};
use dentate_streams::{DataEnv, Stream, StreamSpec};

/// Returns a function that makes learners of a recipe on a backend, each from a seed. They start from the network, if there is one.
#[must_use]
pub fn maker(recipe: Box<dyn LearnerSpec>, backend: Ready, start: Option<Network>) -> MakeLearner {
    Box::new(move |seed| {
        let backend = || backend.make();
        let mut learner = recipe.build(BuildContext {
            backend: &backend,
            seed,
        })?;
        if let Some(network) = &start {
            learner.start_from(network.clone())?;
        }
        Ok(learner)
    })
}

/// A built stream, or its recipe.
enum Of {
    Recipe(Box<dyn StreamSpec>),
    Built(Stream),
}

/// A learner on a stream, with all settings that determine the results.
///
/// All random numbers come from one seed, by name: the stream's from `stream`, the learner's from `learner`, the order of rows from
/// `source/0` and so on, as in a suite.
pub struct Experiment {
    stream: Of,
    learner: Box<dyn LearnerSpec>,
    setup: Setup,
    data: DataEnv,
    backend: Choice,
    start: Option<Network>,
}

impl Experiment {
    /// A learner on a stream, with seed 1, the default evaluation, the native backend, and public data from `DENTATE_DATA`.
    pub fn new(stream: impl StreamSpec + 'static, learner: impl LearnerSpec + 'static) -> Self {
        Self::from_recipes(Box::new(stream), Box::new(learner))
    }

    /// The same with recipes as trait objects, as they are when read from a file.
    #[must_use]
    pub fn from_recipes(stream: Box<dyn StreamSpec>, learner: Box<dyn LearnerSpec>) -> Self {
        Self::of(Of::Recipe(stream), learner)
    }

    /// A learner on a stream that is already built.
    pub fn on(stream: Stream, learner: impl LearnerSpec + 'static) -> Self {
        Self::of(Of::Built(stream), Box::new(learner))
    }

    fn of(stream: Of, learner: Box<dyn LearnerSpec>) -> Self {
        Self {
            stream,
            learner,
            setup: Setup {
                seed: 1,
                ..Setup::default()
            },
            data: DataEnv {
                root: DataEnv::named(std::env::var_os("DENTATE_DATA")),
                ..DataEnv::default()
            },
            backend: Choice::default(),
            start: None,
        }
    }

    /// Sets the seed of all random numbers.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.setup.seed = seed;
        self
    }

    /// Sets the data that the learner sees in each phase; by default the protocol of the learner.
    #[must_use]
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.setup.protocol = Some(protocol);
        self
    }

    /// Sets the evaluation.
    #[must_use]
    pub fn evaluation(mut self, evaluation: Evaluation) -> Self {
        self.setup.evaluation = evaluation;
        self
    }

    /// Sets the folders of data and cache.
    #[must_use]
    pub fn data(mut self, data: DataEnv) -> Self {
        self.data = data;
        self
    }

    /// Sets the backend.
    #[must_use]
    pub fn backend(mut self, backend: Choice) -> Self {
        self.backend = backend;
        self
    }

    /// Starts from this network, overriding the learner's settings.
    #[must_use]
    pub fn start(mut self, network: Network) -> Self {
        self.start = Some(network);
        self
    }

    /// Makes a session at its beginning.
    ///
    /// # Errors
    /// [`SessionError`]: settings out of range, a learner that does not suit the stream, missing data.
    pub fn session(self) -> Result<Session, SessionError> {
        let Self {
            stream,
            learner,
            mut setup,
            data,
            backend,
            start,
        } = self;
        learner.validate()?;
        setup.learner = Some(serde_json::to_value(&learner)?);
        if let Of::Recipe(recipe) = &stream {
            setup.stream = Some(serde_json::to_value(recipe)?);
        }
        let stream = match stream {
            Of::Recipe(recipe) => {
                recipe.validate()?;
                if let Some(facts) = recipe.facts() {
                    learner.suits(&facts)?;
                }
                recipe.build(&data, Seed(setup.seed).derive("stream"))?
            }
            Of::Built(stream) => stream,
        };
        learner.suits(&stream.facts())?;
        let backend = backend.ready()?;
        let start = match (start, learner.starts_from()) {
            (None, Some(path)) => Some(Network::load(network::place(data.root.as_deref(), path)?)?),
            (start, _) => start,
        };
        let make = maker(learner, backend, start);
        Session::new(stream, make, setup)
    }

    /// Runs it to the end.
    ///
    /// # Errors
    /// As [`Experiment::session`], and [`Session::step`].
    pub fn run(self) -> Result<Outcome, SessionError> {
        self.session()?.run()
    }

    /// Makes a session that continues from a saved one of this experiment.
    ///
    /// # Errors
    /// As [`Experiment::session`], and [`Session::load`].
    pub fn resume(self, saved: SavedSession) -> Result<Session, SessionError> {
        let mut session = self.session()?;
        session.load(saved)?;
        Ok(session)
    }
}
