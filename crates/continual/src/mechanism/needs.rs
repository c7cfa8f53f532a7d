//! The needs that a mechanism declares before a run.

use dentate_core::SlotKind;

/// What a mechanism needs. What it declares is what it gets: a slot that is not named here cannot be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Slots, by a name of the mechanism's own. Their kinds say how they follow growth.
    pub slots: Vec<(SlotKind, &'static str)>,
    /// Whether it looks at the update's gradient, or changes it: an update is then a gradient and an update from it.
    pub gradient: bool,
    /// Whether passes see the network otherwise under it ([`Mechanism::view`](super::Mechanism::view)).
    pub view: bool,
}

impl Needs {
    /// Nothing but these slots.
    #[must_use]
    pub fn slots(slots: &[(SlotKind, &'static str)]) -> Self {
        Self {
            slots: slots.to_vec(),
            ..Self::default()
        }
    }
}
