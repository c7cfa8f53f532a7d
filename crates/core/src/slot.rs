//! Kinds of parameter-shaped state, and the one table that says how each follows growth.
//!
//! | kind | kept entry | fresh entry |
//! | --- | --- | --- |
//! | weight, anchor | old × coefficients | the plan's fresh value |
//! | first moment, second moment | old | 0 |
//! | importance | old | 0 |
//! | mask | old | 1 |
//! | statistic | old | 0 |
//!
//! What a receipt absorbs and adjusts concerns the weights alone: an anchor remembers what they were.
//!
//! A coefficient other than 1 arises where a unit is split: its copies share the outgoing weight. An anchor (a weight to
//! stay near) starts where the weight starts, so that a penalty is zero on what was just born.

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
    /// How much a parameter matters to what was learned.
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

    /// Whether kept entries are multiplied by the receipt's coefficients and fresh ones take the plan's value.
    #[must_use]
    pub fn follows_weights(self) -> bool {
        matches!(self, Self::Weight | Self::Anchor)
    }

    /// What a fresh entry starts at, for the kinds that do not follow weights.
    #[must_use]
    pub fn fresh(self) -> f32 {
        if self == Self::Mask { 1.0 } else { 0.0 }
    }
}

/// One parameter-shaped set of numbers that a backend holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Slot {
    /// How it follows growth.
    pub kind: SlotKind,
    /// Which of its kind.
    pub index: u8,
}

impl Slot {
    /// The parameters.
    pub const WEIGHT: Self = Self::new(SlotKind::Weight, 0);
    /// The optimizer's first moment or momentum.
    pub const FIRST_MOMENT: Self = Self::new(SlotKind::FirstMoment, 0);
    /// The optimizer's second moment.
    pub const SECOND_MOMENT: Self = Self::new(SlotKind::SecondMoment, 0);
    /// Where gradients go when nothing else is said.
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
