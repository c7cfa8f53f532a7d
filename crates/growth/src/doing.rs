//! The kinds of change that a strategy makes to a network, declared before a run: what stands beside it may be able to live with some
//! and not with others.

use dentate_core::{Edit, Event};
use std::collections::BTreeSet;
use std::fmt;

/// A kind of change to a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doing {
    /// Layers and connections are added, as by columns.
    Add,
    /// Layers get new units.
    Widen,
    /// Units are copied, and share their outgoing weights with the copy.
    Split,
    /// Layers are inserted into connections.
    Deepen,
    /// Units are removed.
    Prune,
    /// Newborn units take the places of old ones.
    Replace,
    /// Values of parameters are changed.
    Adjust,
}

impl Doing {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Add,
        Self::Widen,
        Self::Split,
        Self::Deepen,
        Self::Prune,
        Self::Replace,
        Self::Adjust,
    ];

    /// In a sentence: `it splits units`.
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

    /// What an event of a journal did.
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
            Edit::SetRate { .. } => None,
        };
        plan.edits.iter().filter_map(of).collect()
    }
}

impl fmt::Display for Doing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}
