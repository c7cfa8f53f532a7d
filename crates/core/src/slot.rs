//! Kinds of parameter-shaped state, and the table of how each follows growth.
//!
//! | kind | kept entry | fresh entry |
//! | --- | --- | --- |
//! | weight, anchor | old × coefficients | the plan's fresh value |
//! | first moment, second moment | old | 0 |
//! | importance | old | 0 |
//! | mask | old | 1 |
//! | statistic | old | 0 |
//!
//! Folded means and adjustments of a receipt concern the weights only: an anchor keeps what they were.
//!
//! Coefficients other than 1 occur where a unit is split: the two copies share the outgoing weights. A fresh entry of an anchor
//! (a reference for a penalty) equals the fresh weight, so that its penalty starts at zero.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A kind of state that is shaped like the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SlotKind {
    /// The parameters themselves.
    Weight,
    /// A reference weight.
    Anchor,
    /// An optimizer's first moment or momentum.
    FirstMoment,
    /// An optimizer's second moment.
    SecondMoment,
    /// The importance of a parameter for what was learned.
    Importance,
    /// 1 where a weight is in use, 0 where it is not.
    Mask,
    /// Anything else that is accumulated: gradients, path integrals.
    Statistic,
}

impl SlotKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Weight,
        Self::Anchor,
        Self::FirstMoment,
        Self::SecondMoment,
        Self::Importance,
        Self::Mask,
        Self::Statistic,
    ];

    /// Its kebab-case name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Anchor => "anchor",
            Self::FirstMoment => "first-moment",
            Self::SecondMoment => "second-moment",
            Self::Importance => "importance",
            Self::Mask => "mask",
            Self::Statistic => "statistic",
        }
    }

    /// Returns whether kept entries are multiplied by the receipt's coefficients and fresh ones take the plan's value.
    #[must_use]
    pub fn follows_weights(self) -> bool {
        matches!(self, Self::Weight | Self::Anchor)
    }

    /// The initial value of fresh entries, for the kinds that do not follow weights.
    #[must_use]
    pub fn fresh(self) -> f32 {
        if self == Self::Mask { 1.0 } else { 0.0 }
    }
}

/// One parameter-shaped array of numbers in a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    /// Its kind, which determines how it follows growth.
    pub kind: SlotKind,
    /// Its number among those of its kind.
    pub index: u8,
}

impl Slot {
    /// The parameters.
    pub const WEIGHT: Self = Self::new(SlotKind::Weight, 0);
    /// The optimizer's first moment or momentum.
    pub const FIRST_MOMENT: Self = Self::new(SlotKind::FirstMoment, 0);
    /// The optimizer's second moment.
    pub const SECOND_MOMENT: Self = Self::new(SlotKind::SecondMoment, 0);
    /// The default slot for gradients.
    pub const GRADIENT: Self = Self::new(SlotKind::Statistic, 0);

    /// A slot.
    #[must_use]
    pub const fn new(kind: SlotKind, index: u8) -> Self {
        Self { kind, index }
    }

    /// Its kebab-case name: `second-moment`, `importance-1`.
    #[must_use]
    pub fn name(self) -> String {
        match self.index {
            0 => self.kind.name().into(),
            n => format!("{}-{n}", self.kind.name()),
        }
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())
    }
}
