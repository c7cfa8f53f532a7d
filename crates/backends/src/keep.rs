//! Slots of factors that scale what an update writes.

use dentate_core::{BackendError, Slot};

/// Check that a slot can hold factors on an update: it must not be one that the update changes.
pub(super) fn check(keep: Option<Slot>) -> Result<(), BackendError> {
    match keep {
        Some(slot @ (Slot::WEIGHT | Slot::FIRST_MOMENT | Slot::SECOND_MOMENT)) => {
            Err(BackendError::Keep(slot))
        }
        _ => Ok(()),
    }
}
