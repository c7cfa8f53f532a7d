//! The learner's whole state, out and in.

use crate::asking::Asking;
use crate::books::Books;
use crate::learner::{GradientLearner, Stage, Within};
use crate::replay::Reservoir;
use dentate_core::{Architecture, ExperienceInfo, LearnError, Seed, Snapshot};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct State {
    seed: Seed,
    architecture: Architecture,
    numbers: Snapshot,
    strategy: Vec<u8>,
    memory: Option<Reservoir>,
    experience: Option<ExperienceInfo>,
    stage: Stage,
    progress: Within,
    asking: Asking,
    books: Books,
}

impl GradientLearner {
    pub(crate) fn give_bytes(&mut self) -> Result<Vec<u8>, LearnError> {
        if self.phase.is_some() {
            let sentence = "a strategy's own phase is under way; save before or after it";
            return Err(LearnError::State(sentence.into()));
        }
        let state = State {
            seed: self.seed,
            architecture: self.architecture.clone(),
            numbers: self.backend.snapshot(),
            strategy: self
                .strategy
                .save()
                .map_err(|e| LearnError::State(e.to_string()))?,
            memory: self.memory.clone(),
            experience: self.experience.clone(),
            stage: self.stage.clone(),
            progress: self.progress.clone(),
            asking: self.asking.clone(),
            books: self.books.clone(),
        };
        rmp_serde::to_vec_named(&state).map_err(|e| LearnError::State(e.to_string()))
    }

    pub(crate) fn take_bytes(&mut self, bytes: &[u8]) -> Result<(), LearnError> {
        let state: State = rmp_serde::from_slice(bytes).map_err(|e| LearnError::State(e.to_string()))?;
        self.backend.restore(state.architecture.graph(), &state.numbers)?;
        self.strategy
            .load(&state.strategy)
            .map_err(|e| LearnError::State(e.to_string()))?;
        self.seed = state.seed;
        self.architecture = state.architecture;
        self.memory = state.memory;
        self.experience = state.experience;
        self.stage = state.stage;
        self.progress = state.progress;
        self.asking = state.asking;
        self.books = state.books;
        self.phase = None;
        Ok(())
    }
}
