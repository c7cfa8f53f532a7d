//! State of a composed strategy between two calls.

use crate::parts::{Factors, GrowthEvent, Place, Removals, Start};
use dentate_core::Observation;
use serde::{Deserialize, Serialize};

/// The next phase of the current check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) enum CheckPhase {
    /// Start of a new check.
    #[default]
    Open,
    /// The meters are being read.
    Reading,
    Evaluating,
    /// Units are being replaced by new ones.
    Replacing {
        gone: Vec<Removals>,
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
    /// The check is finished.
    Over,
}

/// State of the strategy besides that of its parts.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct ComposedState {
    pub(super) phase: CheckPhase,
    /// The loss reported at this check.
    pub(super) loss: Option<f64>,
    pub(super) factors: Factors,
    /// The quantity that made the trigger fire, until the plan of this growth is made.
    pub(super) because: Option<Observation>,
    /// The fraction of a unit left over from earlier growths.
    pub(super) left: f64,
    pub(super) history: Vec<GrowthEvent>,
    /// Step of the last scheduled pruning (`pruned`), and of the last change of learning-rate scales and weight decay
    /// (`aged`).
    pub(super) pruned: u64,
    pub(super) aged: u64,
}
