//! A head in closed form as a [`Learner`]: one pass over an experience, a batch per call.

use super::heads;
use super::readout::ReadOut;
use super::rule::Rule;
use dentate_core::{
    Architecture, Dataset, ExperienceInfo, LearnError, Learner, LearnerMemory, MetricLog, Moment,
    Predictions, Progress, Rows, SavedState, Seed, Source, TargetKind, TaskId,
};
use ndarray::{Array2, Axis, concatenate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Progress in the stream, and facts about the stream so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct LearnerState {
    architecture: Architecture,
    /// The current experience.
    experience: Option<ExperienceInfo>,
    /// The classes of each task so far.
    tasks: BTreeMap<TaskId, Vec<u32>>,
    /// Features of a row of the stream; 0 before the first.
    inputs: usize,
    /// Rows taken in of the experience, and all that it has, if known.
    taken: usize,
    length: Option<usize>,
    /// Batches of all experiences.
    batches: u64,
}

#[derive(Deserialize)]
struct SavedParts<S> {
    seed: Seed,
    state: LearnerState,
    statistics: S,
}

#[derive(Serialize)]
struct SavedPartsRef<'a, S> {
    seed: Seed,
    state: &'a LearnerState,
    statistics: &'a S,
}

/// The learner of any head in closed form.
#[derive(Debug)]
pub(crate) struct ClosedFormLearner<R: Rule> {
    rule: R,
    seed: Seed,
    state: LearnerState,
    statistics: R::Statistics,
    /// Drawn when the number of inputs is known.
    projection: Option<Array2<f64>>,
    /// Computed from the statistics when needed.
    readout: Option<ReadOut>,
}

impl<R: Rule> ClosedFormLearner<R> {
    pub(crate) fn new(rule: R, seed: Seed) -> Self {
        Self {
            rule,
            seed,
            state: LearnerState::default(),
            statistics: R::Statistics::default(),
            projection: None,
            readout: None,
        }
    }

    fn diverged(&self) -> LearnError {
        LearnError::Diverged {
            step: self.state.batches,
        }
    }

    /// Takes note of the number of inputs.
    fn enter(&mut self, inputs: usize) -> Result<(), LearnError> {
        if self.state.inputs == 0 {
            self.state.inputs = inputs;
            self.projection = self.rule.projection(inputs, self.seed);
        }
        self.fits(inputs)
    }

    fn fits(&self, inputs: usize) -> Result<(), LearnError> {
        if inputs == self.state.inputs {
            return Ok(());
        }
        Err(LearnError::Unsuited(format!(
            "it has learned rows of {} features, and these have {inputs}",
            self.state.inputs
        )))
    }

    /// The number of features that the head works on.
    fn features(&self) -> usize {
        self.projection.as_ref().map_or(self.state.inputs, Array2::ncols)
    }

    /// Projects rows, where there is a projection.
    fn features_of(&self, rows: &Array2<f32>) -> Array2<f64> {
        let rows = rows.mapv(f64::from);
        match &self.projection {
            Some(projection) => rows.dot(projection).mapv_into(|v| v.max(0.0)),
            None => rows,
        }
    }

    fn grow(&mut self, experience: &ExperienceInfo, log: &mut MetricLog) -> Result<bool, LearnError> {
        let width = self.projection.as_ref().map(Array2::ncols);
        let plan = heads::missing(&self.state.architecture, experience, width, self.rule.bias());
        let Some(plan) = plan else {
            return Ok(false);
        };
        let moment = Moment {
            experience: experience.index as u32,
            step: self.state.batches,
        };
        let applied = self.state.architecture.apply(&plan, moment);
        applied.map_err(|error| LearnError::Plan {
            strategy: "closed form".into(),
            error,
        })?;
        log.edits += 1;
        log.record_size(&self.state.architecture);
        Ok(true)
    }

    fn learn(&mut self, source: &dyn Source, rows: &Rows) -> Result<(), LearnError> {
        let (mut blocks, mut labels) = (Vec::new(), Vec::with_capacity(rows.len()));
        for segment in &rows.segments {
            let data = source.datasets().iter().find(|data| data.id() == segment.data);
            let data = data
                .ok_or_else(|| LearnError::Unsuited(format!("{} is not among the source's", segment.data)))?;
            self.fits(data.features())?;
            blocks.push(data.gather(&segment.indices)?);
            for &row in &segment.indices {
                labels.push(data.label(row).ok_or_else(no_classes)?);
            }
        }
        let views: Vec<_> = blocks.iter().map(|block| block.view()).collect();
        let rows = concatenate(Axis(0), &views).map_err(|error| LearnError::Unsuited(error.to_string()))?;
        if !rows.iter().all(|v| v.is_finite()) {
            return Err(self.diverged());
        }
        let features = self.features_of(&rows);
        self.rule.learn(&mut self.statistics, &features, &labels);
        self.readout = None;
        Ok(())
    }
}

fn no_classes() -> LearnError {
    LearnError::Unsuited("a head in closed form learns classes, and these rows have none".into())
}

impl<R: Rule> Learner for ClosedFormLearner<R> {
    fn begin(&mut self, experience: &ExperienceInfo) -> Result<(), LearnError> {
        if experience.target != TargetKind::Classes {
            return Err(no_classes());
        }
        self.enter(experience.features)?;
        let features = self.features();
        self.rule.begin(&mut self.statistics, features);
        for task in &experience.tasks {
            self.state.tasks.insert(task.id, task.classes.clone());
        }
        self.state.experience = Some(experience.clone());
        (self.state.taken, self.state.length) = (0, None);
        Ok(())
    }

    fn advance(&mut self, source: &mut dyn Source, log: &mut MetricLog) -> Result<Progress, LearnError> {
        let Some(experience) = self.state.experience.clone() else {
            return Ok(Progress::Finished);
        };
        self.state.length = source.len();
        if self.grow(&experience, log)? {
            return Ok(Progress::Edited);
        }
        let Some(rows) = source.next(self.rule.batch()).filter(|rows| !rows.is_empty()) else {
            return Ok(Progress::Finished);
        };
        self.learn(source, &rows)?;
        self.state.taken += rows.len();
        self.state.batches += 1;
        let projected = self.projection.as_ref().map_or(0, Array2::len);
        log.updates += 1;
        log.rows += rows.len() as u64;
        log.multiply_adds += (rows.len() * (projected + self.rule.cost(self.features()))) as u64;
        Ok(Progress::Updated)
    }

    fn predict(
        &mut self,
        data: &Dataset,
        rows: &[u32],
        task: Option<TaskId>,
    ) -> Result<Predictions, LearnError> {
        let (Some(classes), true) = (data.classes(), self.state.batches > 0) else {
            return Ok(Predictions::Abstain);
        };
        self.fits(data.features())?;
        let rows = self.features_of(&data.gather(rows)?);
        let features = self.features();
        let readout = match self.readout.take() {
            Some(readout) => readout,
            None => self
                .rule
                .readout(&mut self.statistics, features)
                .ok_or_else(|| self.diverged())?,
        };
        let asked = task.map(|task| self.state.tasks.get(&task).map_or(&[][..], Vec::as_slice));
        let predictions = if readout.knows(asked) {
            let most = readout.labels.iter().max().map_or(0, |&label| label as usize + 1);
            Predictions::Scores(readout.scores(&rows, asked, most.max(classes as usize)))
        } else {
            Predictions::Abstain
        };
        self.readout = Some(readout);
        Ok(predictions)
    }

    /// The parameters of its read-out and projection, and the statistics.
    fn memory(&self) -> LearnerMemory {
        let doubles = R::numbers(&self.statistics) as u64;
        LearnerMemory {
            parameters: LearnerMemory::of(self.architecture().graph().parameter_count()),
            statistics: doubles.saturating_mul(8),
            ..LearnerMemory::default()
        }
    }

    fn architecture(&self) -> &Architecture {
        &self.state.architecture
    }

    fn fraction(&self) -> f64 {
        let length = self.state.length.map_or(0, |length| length.max(1));
        if length == 0 {
            return 0.0;
        }
        (self.state.taken as f64 / length as f64).min(1.0)
    }

    fn save(&mut self) -> Result<SavedState, LearnError> {
        let saved = SavedPartsRef {
            seed: self.seed,
            state: &self.state,
            statistics: &self.statistics,
        };
        // Sums in double precision would lose bits as arrays.
        Ok(SavedState {
            state: dentate_core::state::to_bytes(&saved)?,
            arrays: BTreeMap::new(),
        })
    }

    fn attach_data(&mut self, _: &Dataset) -> Result<(), LearnError> {
        Ok(()) // it stores sums, not rows
    }

    fn load(&mut self, saved: &SavedState) -> Result<(), LearnError> {
        let saved: SavedParts<R::Statistics> = dentate_core::state::from_bytes(&saved.state)?;
        (self.seed, self.state, self.readout) = (saved.seed, saved.state, None);
        let inputs = self.state.inputs;
        self.projection = (inputs > 0)
            .then(|| self.rule.projection(inputs, self.seed))
            .flatten();
        if !R::fits(&saved.statistics, self.features()) {
            return Err(LearnError::State(format!(
                "its statistics are not of {} features",
                self.features()
            )));
        }
        self.statistics = saved.statistics;
        Ok(())
    }
}
