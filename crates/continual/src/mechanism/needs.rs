//! The requirements that a mechanism declares before a run.

use dentate_core::SlotKind;
use dentate_growth::Change;

/// The requirements of a mechanism. Only declared slots are available.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Slots, each with a local name. Their kinds determine how they follow growth.
    pub slots: Vec<(SlotKind, &'static str)>,
    /// True if it reads or changes the update's gradient: an update is then split into computing the gradient and applying
    /// it.
    pub gradient: bool,
    /// True if it needs outputs of the update's own pass ([`Update::outputs`](super::Update::outputs)).
    pub outputs: bool,
    /// The parts of the network's view that it changes ([`Mechanism::view`](super::Mechanism::view)).
    pub views: Views,
    /// True if it answers in place of the heads ([`Mechanism::scores`](super::Mechanism::scores)). At most one of a list may.
    pub answers: bool,
    /// True if it writes weights beside the optimizer's updates. It does not go together with a mechanism that keeps updates back
    /// ([`Views::keep`]): what that holds would move.
    pub rewrites: bool,
    /// Changes of units and layers that it makes itself, by plans that it returns: a method with it grows. Leave out those of
    /// values alone if it makes no others.
    pub changes: Vec<Change>,
    /// Changes of the network that it does not support: a strategy or another mechanism that makes one is refused before a run.
    pub forbids: Vec<Change>,
}

/// The parts of the network's view that a mechanism changes. In a list, only one mechanism each may set weights, a mask,
/// and the scaling of updates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Views {
    /// Other weights.
    pub weights: bool,
    /// A mask on the weights in passes.
    pub mask: bool,
    /// Gates on outputs of layers in passes.
    pub gates: bool,
    /// A slot that scales updates down.
    pub keep: bool,
}

impl Views {
    /// Returns whether any is set.
    pub(super) fn any(self) -> bool {
        self != Self::default()
    }
}

impl Needs {
    /// The needs that only one mechanism of a list may have: the name of each, and whether it is wanted.
    pub(super) fn once(&self) -> [(&'static str, bool); 4] {
        [
            ("weights of its own for passes", self.views.weights),
            ("a mask", self.views.mask),
            ("a factor on updates", self.views.keep),
            ("predictions in place of the heads", self.answers),
        ]
    }

    /// Requirements that consist of these slots only.
    #[must_use]
    pub fn slots(slots: &[(SlotKind, &'static str)]) -> Self {
        Self {
            slots: slots.to_vec(),
            ..Self::default()
        }
    }
}
