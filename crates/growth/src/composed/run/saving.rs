//! The state of a composed strategy with that of its parts, as bytes.

use super::ComposedRun;
use super::stage::Standing;
use dentate_core::{StateError, Stateful, state};
use serde::{Deserialize, Serialize};

/// State with that of the parts.
#[derive(Serialize, Deserialize)]
struct Saved {
    standing: Standing,
    trigger: Vec<u8>,
    placement: Vec<u8>,
    initializer: Vec<u8>,
    survival: Vec<u8>,
    modulation: Vec<u8>,
}

impl Stateful for ComposedRun {
    fn save(&self) -> Result<Vec<u8>, StateError> {
        let saved = Saved {
            standing: self.standing.clone(),
            trigger: self.trigger.save()?,
            placement: self.placement.save()?,
            initializer: self.initializer.save()?,
            survival: self.survival.save()?,
            modulation: self.modulation.save()?,
        };
        state::to_bytes(&saved)
    }

    /// Every part takes up its own.
    fn load(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        let saved: Saved = state::from_bytes(bytes)?;
        self.trigger.load(&saved.trigger)?;
        self.placement.load(&saved.placement)?;
        self.initializer.load(&saved.initializer)?;
        self.survival.load(&saved.survival)?;
        self.modulation.load(&saved.modulation)?;
        self.standing = saved.standing;
        Ok(())
    }
}
