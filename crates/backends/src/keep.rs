//! Factors on what an update writes.

use dentate_core::{BackendError, Slot};

/// Check that a slot may hold factors on an update: not if the update moves it.
pub(super) fn check(keep: Option<Slot>) -> Result<(), BackendError> {
    match keep {
        Some(slot @ (Slot::WEIGHT | Slot::FIRST_MOMENT | Slot::SECOND_MOMENT)) => {
            Err(BackendError::Keep(slot))
        }
        _ => Ok(()),
    }
}
