//! The kinds of change that a strategy may make to a network, declared before a run so that mechanisms can refuse those
//! they do not support.

use dentate_core::{Edit, Event};
use std::collections::BTreeSet;
use std::fmt;

/// A kind of change to a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Adds layers and connections, as columns do.
    Add,
    /// Adds units to layers.
    Widen,
    /// Copies units; the original and the copy share the outgoing weights.
    Split,
    /// Inserts layers into connections.
    Deepen,
    /// Removes units.
    Prune,
    /// Replaces units by new ones.
    Replace,
    /// Changes values of parameters.
    Adjust,
}

impl Change {
    /// All kinds of change.
    pub const ALL: [Self; 7] = [
        Self::Add,
        Self::Widen,
        Self::Split,
        Self::Deepen,
        Self::Prune,
        Self::Replace,
        Self::Adjust,
    ];

    /// The kind of change as a phrase for a sentence: `splits units`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Add => "adds layers",
            Self::Widen => "widens layers",
            Self::Split => "splits units",
            Self::Deepen => "inserts layers",
            Self::Prune => "prunes units",
            Self::Replace => "replaces units",
            Self::Adjust => "changes weights",
        }
    }

    /// The kinds of change recorded by an event of a journal.
    #[must_use]
    pub fn of(event: &Event) -> BTreeSet<Self> {
        let Event::Applied { plan, .. } = event else {
            return [Self::Replace].into();
        };
        let of = |edit: &Edit| match edit {
            Edit::AddLayer { .. } | Edit::Connect { .. } => Some(Self::Add),
            Edit::Widen { .. } => Some(Self::Widen),
            Edit::Split { .. } => Some(Self::Split),
            Edit::InsertIdentity { .. } => Some(Self::Deepen),
            Edit::Prune { .. } => Some(Self::Prune),
            Edit::Replace { .. } => Some(Self::Replace),
            Edit::Adjust { .. } => Some(Self::Adjust),
            Edit::SetLrScale { .. } => None,
        };
        plan.edits.iter().filter_map(of).collect()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
