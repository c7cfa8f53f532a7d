//! Serialised state of a composed strategy and its parts.

use super::ComposedRun;
use super::phase::ComposedState;
use dentate_core::{StateError, Stateful, state};
use serde::{Deserialize, Serialize};

/// The strategy's state together with that of the parts.
#[derive(Serialize, Deserialize)]
struct SavedState {
    state: ComposedState,
    trigger: Vec<u8>,
    placement: Vec<u8>,
    initializer: Vec<u8>,
    survival: Vec<u8>,
    modulation: Vec<u8>,
}

impl Stateful for ComposedRun {
    fn save(&self) -> Result<Vec<u8>, StateError> {
        let saved = SavedState {
            state: self.state.clone(),
            trigger: self.trigger.save()?,
            placement: self.placement.save()?,
            initializer: self.initializer.save()?,
            survival: self.survival.save()?,
            modulation: self.modulation.save()?,
        };
        state::to_bytes(&saved)
    }

    /// Restores the state of every part.
    fn load(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        let saved: SavedState = state::from_bytes(bytes)?;
        self.trigger.load(&saved.trigger)?;
        self.placement.load(&saved.placement)?;
        self.initializer.load(&saved.initializer)?;
        self.survival.load(&saved.survival)?;
        self.modulation.load(&saved.modulation)?;
        self.state = saved.state;
        Ok(())
    }
}
