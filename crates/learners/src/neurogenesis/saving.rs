//! Saving and loading of the learner's whole state.

use super::class_stats::GeneratedSamples;
use super::learner::{NeurogenesisLearner, State};
use dentate_core::{LearnError, SavedNetworkState, SavedState, Seed};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct Whole {
    seed: Seed,
    network: SavedNetworkState,
    state: State,
    /// Number of replayed rows.
    dreamt: usize,
}

const DREAMS: &str = "replay/inputs";

fn names(concept: usize) -> [String; 2] {
    ["mean", "factor"].map(|what| format!("concept-{concept}/{what}"))
}

impl NeurogenesisLearner {
    pub(super) fn saved_state(&mut self) -> Result<SavedState, LearnError> {
        let mut saved = SavedState::default();
        let whole = Whole {
            seed: self.seed,
            network: self.network.save(&mut saved),
            state: self.state.clone(),
            dreamt: self.state.generated.inputs.nrows(),
        };
        for (i, concept) in self.state.concepts.iter().enumerate() {
            let [mean, factor] = names(i);
            saved.arrays.insert(mean, concept.mean.clone());
            saved.arrays.insert(factor, concept.factor.clone());
        }
        if whole.dreamt > 0 {
            saved
                .arrays
                .insert(DREAMS.into(), self.state.generated.inputs.clone());
        }
        saved.state = dentate_core::state::to_bytes(&whole)?;
        Ok(saved)
    }

    pub(super) fn load_state(&mut self, saved: &SavedState) -> Result<(), LearnError> {
        let mut whole: Whole = dentate_core::state::from_bytes(&saved.state)?;
        for (i, concept) in whole.state.concepts.iter_mut().enumerate() {
            let [mean, factor] = names(i);
            concept.mean = array(saved, &mean)?;
            concept.factor = array(saved, &factor)?;
            let (rows, width) = concept.mean.dim();
            if rows != 1 || concept.factor.dim() != (width, width) {
                let sentence = format!("`{mean}` and `{factor}` do not fit each other");
                return Err(LearnError::State(sentence));
            }
        }
        whole.state.generated = GeneratedSamples {
            inputs: match whole.dreamt {
                0 => Array2::default((0, 0)),
                _ => array(saved, DREAMS)?,
            },
        };
        let (found, wanted) = (whole.state.generated.inputs.nrows(), whole.dreamt);
        if found != wanted {
            let sentence = format!("`{DREAMS}` has {found} rows, and {wanted} are replayed");
            return Err(LearnError::State(sentence));
        }
        self.network.load(saved, whole.network)?;
        self.seed = whole.seed;
        self.state = whole.state;
        self.readout = None;
        if let Some(generated) = self.state.generated.dataset()? {
            self.network.show(&generated)?;
        }
        if let Some(training) = self.state.training.clone() {
            self.set_rates(&training)?;
        }
        Ok(())
    }
}

fn array(saved: &SavedState, name: &str) -> Result<Array2<f32>, LearnError> {
    let found = saved.arrays.get(name).cloned();
    found.ok_or_else(|| LearnError::State(format!("the array `{name}` is missing")))
}
