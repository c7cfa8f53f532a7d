//! The requirements that a mechanism declares before a run.

use dentate_core::SlotKind;
use dentate_growth::Change;

/// The requirements of a mechanism. Only declared slots are available.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Slots, each with a local name. Their kinds determine how they follow growth.
    pub slots: Vec<(SlotKind, &'static str)>,
    /// Whether it reads or changes the update's gradient: an update is then split into computing the gradient and applying
    /// it.
    pub gradient: bool,
    /// Whether it needs outputs of the update's own pass ([`Update::outputs`](super::Update::outputs)).
    pub outputs: bool,
    /// The parts of the network's view that it changes ([`Mechanism::view`](super::Mechanism::view)).
    pub views: Views,
    /// Changes of the network that it does not support: a strategy that makes one is refused before a run.
    pub forbids: Vec<Change>,
}

/// The parts of the network's view that a mechanism changes. In a list, only one mechanism each may set weights, a mask,
/// and the scaling of updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Views {
    /// Other weights.
    pub weights: bool,
    /// A mask.
    pub mask: bool,
    /// Gates.
    pub gates: bool,
    /// A slot that scales updates down.
    pub keep: bool,
}

impl Views {
    /// Returns whether any is set.
    pub(super) fn any(self) -> bool {
        self != Self::default()
    }

    /// The parts that only one mechanism of a list may set: name, and whether it is set.
    pub(super) fn once(self) -> [(&'static str, bool); 3] {
        [
            ("weights of its own for passes", self.weights),
            ("a mask", self.mask),
            ("to keep updates back", self.keep),
        ]
    }
}

impl Needs {
    /// Requirements that consist of these slots only.
    #[must_use]
    pub fn slots(slots: &[(SlotKind, &'static str)]) -> Self {
        Self {
            slots: slots.to_vec(),
            ..Self::default()
        }
    }
}
