//! The learner's whole state, out and in.

use crate::asking::Asking;
use crate::books::Books;
use crate::learner::{GradientLearner, Stage, Within};
use crate::lives::Lives;
use crate::phase::PhaseRun;
use crate::regulariser::Consolidating;
use crate::replay::Reservoir;
use dentate_core::{Architecture, Arrays, ExperienceInfo, LearnError, Saved, Seed, Snapshot};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct State {
    seed: Seed,
    architecture: Architecture,
    numbers: Snapshot,
    arrays: Arrays,
    strategy: Vec<u8>,
    memory: Option<Reservoir>,
    regulariser: Option<Vec<u8>>,
    consolidating: Option<Consolidating>,
    experience: Option<ExperienceInfo>,
    stage: Stage,
    progress: Within,
    asking: Asking,
    books: Books,
    lives: Lives,
    phase: Option<PhaseRun>,
}

impl GradientLearner {
    pub(crate) fn give(&mut self) -> Result<Saved, LearnError> {
        let mut saved = Saved::default();
        let mut numbers = self.backend.snapshot();
        let state = State {
            seed: self.seed,
            architecture: self.architecture.clone(),
            arrays: saved.take(&mut numbers),
            numbers,
            strategy: self.strategy.save()?,
            memory: self.memory.clone(),
            regulariser: match &self.regulariser {
                Some(regulariser) => Some(regulariser.save()?),
                None => None,
            },
            consolidating: self.consolidating.clone(),
            experience: self.experience.clone(),
            stage: self.stage.clone(),
            progress: self.progress.clone(),
            asking: self.asking.clone(),
            books: self.books.clone(),
            lives: self.lives.clone(),
            phase: self.phase.clone(),
        };
        saved.state = dentate_core::state::to_bytes(&state)?;
        Ok(saved)
    }

    pub(crate) fn take(&mut self, saved: &Saved) -> Result<(), LearnError> {
        let mut state: State = dentate_core::state::from_bytes(&saved.state)?;
        saved.put_back(&state.arrays, &mut state.numbers)?;
        self.backend.restore(state.architecture.graph(), &state.numbers)?;
        self.strategy.load(&state.strategy)?;
        if let (Some(regulariser), Some(saved)) = (&mut self.regulariser, &state.regulariser) {
            regulariser.load(saved)?;
        }
        self.consolidating = state.consolidating;
        self.seed = state.seed;
        self.architecture = state.architecture;
        self.memory = state.memory;
        self.experience = state.experience;
        self.stage = state.stage;
        self.progress = state.progress;
        self.asking = state.asking;
        self.books = state.books;
        self.lives = state.lives;
        self.resume_phase(state.phase)
    }
}
