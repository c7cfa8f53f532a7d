//! The learner: an autoencoder on a backend, and its state. One call of `advance` makes one step; between two calls the
//! whole progress is kept in [`State`], so that a run can be interrupted and resumed anywhere.

use super::NeurogenesisDeepLearning;
use super::class_group::{ClassGroup, GroupProgress};
use super::class_stats::{ClassStats, GeneratedSamples};
use super::error_scan::Survey;
use super::phases::TrainPhase;
use super::readout::ReadOut;
use super::stack::Stack;
use super::statistics::Moments;
use super::training::Training;
use dentate_core::{
    Architecture, Backend, Cause, Dataset, ExperienceInfo, GrowError, GrowingNetwork, GrowthLog, LearnError,
    Learner, LearnerMemory, Losses, MetricLog, Network, Plan, Predictions, Progress, Route, Rows, SavedState,
    Seed, Source, TargetKind, TaskId,
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// A stacked denoising autoencoder that grows for classes it cannot reconstruct.
pub struct NeurogenesisLearner {
    pub(super) config: NeurogenesisDeepLearning,
    pub(super) network: GrowingNetwork,
    pub(super) seed: Seed,
    pub(super) state: State,
    /// Computed from the concepts when needed.
    pub(super) readout: Option<ReadOut>,
}

/// Its state, besides the weights. Numeric arrays are saved by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) stack: Stack,
    pub(super) experience: Option<ExperienceInfo>,
    pub(super) phase: TrainPhase,
    /// Errors above this are outliers, by level; empty before the first experience is learned.
    pub(super) thresholds: Vec<f32>,
    pub(super) lessons: Vec<ClassGroup>,
    pub(super) class_group: usize,
    pub(super) progress: GroupProgress,
    pub(super) error_scan: Survey,
    pub(super) training: Option<Training>,
    pub(super) concepts: Vec<ClassStats>,
    /// Number of concepts at the beginning of the class group.
    pub(super) earlier: usize,
    pub(super) moments: Moments,
    #[serde(skip)]
    pub(super) generated: GeneratedSamples,
    pub(super) losses: Losses,
    /// Phases and class groups begun in the whole run: each has a seed of its own.
    pub(super) phases: u64,
    pub(super) begun: u64,
}

impl NeurogenesisLearner {
    /// A new, untrained learner.
    #[must_use]
    pub fn new(config: NeurogenesisDeepLearning, backend: Box<dyn Backend>, seed: Seed) -> Self {
        Self {
            config,
            network: GrowingNetwork::new(backend),
            seed,
            state: State::default(),
            readout: None,
        }
    }

    pub(super) fn refused(error: impl Into<GrowError>) -> LearnError {
        error.into().of("neurogenesis-deep-learning")
    }

    pub(super) fn diverged(&self) -> LearnError {
        LearnError::Diverged {
            step: self.network.clock().step,
        }
    }

    /// Applies a plan to the architecture and the backend.
    pub(super) fn apply(&mut self, plan: &Plan, log: &mut MetricLog) -> Result<(), LearnError> {
        let growth = GrowthLog::before(self.network.graph());
        let receipt = self.network.apply(plan).map_err(Self::refused)?;
        log.edits += 1;
        if let Cause::Own(_) = &plan.cause {
            growth.record(plan, &receipt, self.network.graph(), log);
        }
        log.record_size(self.network.architecture());
        Ok(())
    }

    /// Logs the cost of a measurement.
    pub(super) fn measured(&mut self, log: &mut MetricLog) {
        self.state.losses.book(&self.network.drain(), log);
        log.measurements += 1;
    }

    /// The width of the code.
    pub(super) fn code_width(&self) -> usize {
        let graph = self.network.graph();
        let code = self.state.stack.up.last().and_then(|&code| graph.layer(code));
        code.map_or(0, dentate_core::Layer::width)
    }

    /// Checks that the parameters are finite. The loss of an update is computed before its step, so the effect of the last
    /// one shows in no loss.
    pub(super) fn check_parameters(&mut self) -> Result<(), LearnError> {
        if self.network.is_finite()? {
            return Ok(());
        }
        Err(self.diverged())
    }
}

impl Learner for NeurogenesisLearner {
    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError> {
        if experience.target != TargetKind::Classes {
            let sentence = "neurogenesis deep learning learns classes, not values";
            return Err(LearnError::Unsuited(sentence.into()));
        }
        self.network.enter(experience.index);
        self.state.experience = Some(experience.clone());
        self.state.phase = TrainPhase::Read;
        self.state.lessons = Vec::new();
        self.state.class_group = 0;
        self.state.training = None;
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, log: &mut MetricLog) -> Result<Progress, LearnError> {
        let Some(features) = self.state.experience.as_ref().map(|e| e.features) else {
            return Ok(Progress::Finished);
        };
        if self.network.graph().input().is_none() {
            let (plan, stack) = Stack::plan(&self.config, features, self.seed.derive("initial"));
            self.apply(&plan, log)?;
            self.state.stack = stack;
            return Ok(Progress::Edited);
        }
        for data in source.datasets() {
            if !self.network.data().contains_key(&data.id()) {
                self.network.attach(data)?;
            }
        }
        match self.state.training.take() {
            Some(training) => self.train(training, log),
            None => self.go_on(source, log),
        }
    }

    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        task: Option<TaskId>,
    ) -> Result<Predictions, LearnError> {
        self.network.show(data)?;
        if self.readout.is_none() {
            self.readout = ReadOut::new(&self.state.concepts, self.config.jitter);
        }
        let (Some(readout), Some((code, _))) = (&self.readout, self.state.stack.ends()) else {
            return Ok(Predictions::Abstain);
        };
        if rows.is_empty() {
            return Ok(Predictions::Abstain);
        }
        let batch = Rows::of(data.id(), task.unwrap_or(TaskId(0)), rows.to_vec());
        let codes = self.network.forward(&batch, &Route::default(), &[code])?;
        let concepts = &self.state.concepts;
        let own = task.filter(|task| concepts.iter().any(|c| c.task == *task));
        let classes = concepts.iter().map(|c| c.label as usize + 1).max().unwrap_or(0);
        let mut scores = Array2::from_elem((rows.len(), classes), f32::NEG_INFINITY);
        for (all, mut scores) in codes
            .iter()
            .flat_map(|codes| {
                readout
                    .scores(codes)
                    .rows()
                    .into_iter()
                    .map(|r| r.to_vec())
                    .collect::<Vec<_>>()
            })
            .zip(scores.rows_mut())
        {
            for (score, concept) in all.iter().zip(concepts) {
                if own.is_none_or(|task| concept.task == task) {
                    let place = &mut scores[concept.label as usize];
                    *place = place.max(*score);
                }
            }
        }
        Ok(Predictions::Scores(scores))
    }

    fn reconstruct(&mut self, data: &Dataset, rows: &[u32]) -> Result<Option<Array2<f32>>, LearnError> {
        self.network.show(data)?;
        let Some((_, output)) = self.state.stack.ends().filter(|_| !rows.is_empty()) else {
            return Ok(None);
        };
        let batch = Rows::of(data.id(), TaskId(0), rows.to_vec());
        let outputs = self.network.forward(&batch, &Route::default(), &[output])?;
        Ok(outputs.into_iter().next())
    }

    fn network(&mut self) -> Result<Network, LearnError> {
        Ok(self.network.network()?)
    }

    /// Beside the network, the statistics of each class, and its rows where originals are replayed.
    fn memory(&self) -> LearnerMemory {
        let features = self.state.experience.as_ref().map_or(0, |e| e.features);
        let classes = || self.state.concepts.iter();
        let numbers = classes().map(|class| class.mean.len() + class.factor.len()).sum();
        let rows: usize = classes().map(|class| class.originals.len()).sum();
        LearnerMemory {
            rows: LearnerMemory::of(rows * (features + 1)),
            statistics: LearnerMemory::of(numbers),
            ..self.network.memory()
        }
    }

    fn architecture(&self) -> &Architecture {
        self.network.architecture()
    }

    fn fraction(&self) -> f64 {
        self.how_far()
    }

    fn save(&mut self) -> Result<SavedState, LearnError> {
        self.saved_state()
    }

    fn attach_data(&mut self, data: &Dataset) -> Result<(), LearnError> {
        Ok(self.network.attach(data)?)
    }

    fn load(&mut self, saved: &SavedState) -> Result<(), LearnError> {
        self.load_state(saved)
    }
}
