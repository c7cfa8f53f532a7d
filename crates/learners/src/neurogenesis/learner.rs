//! The learner: an autoencoder behind a backend, and where it stands. One call of `advance` does one thing; between two calls the
//! whole of what is going on lies in [`State`], so that a run can stop and go on anywhere.

use super::NeurogenesisDeepLearning;
use super::course::Stage;
use super::lesson::{Lesson, Standing};
use super::readout::ReadOut;
use super::recollection::{Concept, Dreams};
use super::stack::Stack;
use super::statistics::Moments;
use super::survey::Survey;
use super::training::Training;
use dentate_core::record::metric;
use dentate_core::{
    Architecture, Backend, Cause, Dataset, ExperienceInfo, GrowError, GrowingNetwork, LearnError, Learner,
    Ledger, Losses, Network, Plan, Predictions, Progress, Route, Rows, Saved, Seed, Source, TargetKind,
    TaskId,
};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

/// A stacked denoising autoencoder that grows for classes it cannot reconstruct.
pub struct NeurogenesisLearner {
    pub(super) config: NeurogenesisDeepLearning,
    pub(super) network: GrowingNetwork,
    pub(super) seed: Seed,
    pub(super) state: State,
    /// Worked out from the concepts when it is needed.
    pub(super) readout: Option<ReadOut>,
}

/// Where it stands, beside its weights. Arrays of numbers are saved by name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct State {
    pub(super) stack: Stack,
    pub(super) experience: Option<ExperienceInfo>,
    pub(super) stage: Stage,
    /// Errors above this are outliers, by level; none before the first experience is learned.
    pub(super) thresholds: Vec<f32>,
    pub(super) lessons: Vec<Lesson>,
    pub(super) lesson: usize,
    pub(super) standing: Standing,
    pub(super) survey: Survey,
    pub(super) training: Option<Training>,
    pub(super) concepts: Vec<Concept>,
    /// Concepts that were there when the lesson began.
    pub(super) earlier: usize,
    pub(super) moments: Moments,
    #[serde(skip)]
    pub(super) dreams: Dreams,
    pub(super) losses: Losses,
    /// Phases and lessons begun in the whole run: each draws from a seed of its own.
    pub(super) phases: u64,
    pub(super) begun: u64,
}

impl NeurogenesisLearner {
    /// A learner that has seen nothing.
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

    /// Carry out a plan on the architecture and the backend.
    pub(super) fn apply(&mut self, plan: &Plan, ledger: &mut Ledger) -> Result<(), LearnError> {
        let receipt = self.network.apply(plan).map_err(Self::refused)?;
        ledger.edits += 1;
        if let Cause::Own(word) = &plan.cause {
            ledger.note(metric::GROWTH, Some(word), receipt.born.len() as f64);
        }
        ledger.note_size(self.network.architecture());
        Ok(())
    }

    /// Book what a measurement cost.
    pub(super) fn measured(&mut self, ledger: &mut Ledger) {
        self.state.losses.book(&self.network.drain(), ledger);
        ledger.measurements += 1;
    }

    /// Units of the code.
    pub(super) fn code_width(&self) -> usize {
        let graph = self.network.graph();
        let code = self.state.stack.up.last().and_then(|&code| graph.layer(code));
        code.map_or(0, dentate_core::Layer::width)
    }

    /// The loss of an update is worked out before its step, so what the last step did shows in no loss.
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
        self.state.stage = Stage::Read;
        self.state.lessons = Vec::new();
        self.state.lesson = 0;
        self.state.training = None;
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, ledger: &mut Ledger) -> Result<Progress, LearnError> {
        let Some(features) = self.state.experience.as_ref().map(|e| e.features) else {
            return Ok(Progress::Finished);
        };
        if self.network.graph().input().is_none() {
            let (plan, stack) = Stack::plan(&self.config, features, self.seed.derive("initial"));
            self.apply(&plan, ledger)?;
            self.state.stack = stack;
            return Ok(Progress::Edited);
        }
        for data in source.datasets() {
            if !self.network.data().contains_key(&data.id()) {
                self.network.attach(data)?;
            }
        }
        match self.state.training.take() {
            Some(training) => self.train(training, ledger),
            None => self.go_on(source, ledger),
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

    fn architecture(&self) -> &Architecture {
        self.network.architecture()
    }

    fn fraction(&self) -> f64 {
        self.how_far()
    }

    fn save(&mut self) -> Result<Saved, LearnError> {
        self.give()
    }

    fn recall(&mut self, data: &Dataset) -> Result<(), LearnError> {
        Ok(self.network.attach(data)?)
    }

    fn load(&mut self, saved: &Saved) -> Result<(), LearnError> {
        self.take(saved)
    }
}
