//! The needs that a mechanism declares before a run.

use dentate_core::SlotKind;
use dentate_growth::Doing;

/// What a mechanism needs. What it declares is what it gets: a slot that is not named here cannot be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Slots, by a name of the mechanism's own. Their kinds say how they follow growth.
    pub slots: Vec<(SlotKind, &'static str)>,
    /// Whether it looks at the update's gradient, or changes it: an update is then a gradient and an update from it.
    pub gradient: bool,
    /// Whether it wants outputs of the update's own pass ([`Update::outputs`](super::Update::outputs)).
    pub outputs: bool,
    /// How passes see the network otherwise under it ([`Mechanism::view`](super::Mechanism::view)).
    pub views: Views,
    /// Changes of the network that it cannot live with: a strategy that makes one is refused before a run.
    pub forbids: Vec<Doing>,
}

/// What a mechanism's view of the network may change. Of weights, a mask and what keeps updates back, a list has room for one each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Views {
    /// Other weights.
    pub weights: bool,
    /// A mask.
    pub mask: bool,
    /// Gates.
    pub gates: bool,
    /// What keeps updates back.
    pub keep: bool,
}

impl Views {
    /// Whether there is any.
    pub(super) fn any(self) -> bool {
        self != Self::default()
    }

    /// What of a list there is room for once, by its name, and whether it is wanted.
    pub(super) fn once(self) -> [(&'static str, bool); 3] {
        [
            ("weights of its own for passes", self.weights),
            ("a mask", self.mask),
            ("to keep updates back", self.keep),
        ]
    }
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
