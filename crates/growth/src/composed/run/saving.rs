//! The state of a composed strategy with that of its parts, as bytes.

use super::ComposedRun;
use super::stage::Standing;
use crate::strategy::StrategyError;
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

impl ComposedRun {
    /// All of it.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>, StrategyError> {
        let saved = Saved {
            standing: self.standing.clone(),
            trigger: self.trigger.save()?,
            placement: self.placement.save()?,
            initializer: self.initializer.save()?,
            survival: self.survival.save()?,
            modulation: self.modulation.save()?,
        };
        Ok(dentate_core::state::to_bytes(&saved)?)
    }

    /// Go on from there; every part takes up its own.
    pub(super) fn set_bytes(&mut self, state: &[u8]) -> Result<(), StrategyError> {
        let saved: Saved = dentate_core::state::from_bytes(state)?;
        self.trigger.load(&saved.trigger)?;
        self.placement.load(&saved.placement)?;
        self.initializer.load(&saved.initializer)?;
        self.survival.load(&saved.survival)?;
        self.modulation.load(&saved.modulation)?;
        self.standing = saved.standing;
        Ok(())
    }
}
