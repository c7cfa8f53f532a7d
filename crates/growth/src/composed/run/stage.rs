//! What a composed strategy is about between two calls.

use crate::parts::{Dead, Factors, Grown, Place, Start};
use serde::{Deserialize, Serialize};

/// What comes next at this occasion.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// A new look.
    #[default]
    Open,
    /// The meters are being read.
    Reading,
    Judging,
    /// Newborns take the places of those that have to go.
    Replacing {
        gone: Vec<Dead>,
        starts: Vec<Start>,
    },
    Pruning,
    Rating,
    Fading,
    Triggering,
    Placing {
        units: usize,
    },
    Starting {
        places: Vec<Place>,
        starts: Vec<Start>,
    },
    /// Everything has been done.
    Over,
}

/// Its state beside that of its parts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Standing {
    pub(super) stage: Stage,
    /// The loss told at this look.
    pub(super) loss: Option<f64>,
    pub(super) factors: Factors,
    /// The fraction of a unit that is left over from earlier growths.
    pub(super) left: f64,
    pub(super) history: Vec<Grown>,
    /// When units were last pruned on schedule, and when rates were last set and weights last faded.
    pub(super) pruned: u64,
    pub(super) aged: u64,
}
