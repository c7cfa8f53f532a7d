//! The causes of changes of a network, which separate the framework's own from those of a strategy.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The cause of a plan.
///
/// Changes that the framework makes have variants of their own. A change by a strategy is [`Own`](Self::Own), whatever its name:
/// a plan called "head" is growth like any other, and is counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cause {
    /// The initial network of a learner.
    Initial,
    /// Heads that an experience needs and its strategy has not added.
    Head,
    /// Learning-rate scales for a phase of training, which end with it.
    Phase,
    /// Learning-rate scales and values that depend on the ages of units; no unit is created or removed.
    Ageing,
    /// A strategy's own cause, named as the report shows it, in kebab case.
    Own(String),
}

impl Cause {
    /// The name, in kebab case.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Initial => "initial",
            Self::Head => "head",
            Self::Phase => "phase",
            Self::Ageing => "plasticity",
            Self::Own(word) => word,
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl From<&str> for Cause {
    fn from(word: &str) -> Self {
        Self::Own(word.into())
    }
}

impl From<String> for Cause {
    fn from(word: String) -> Self {
        Self::Own(word)
    }
}

/// A quantity that a strategy looked at when it decided on a change, with its value then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// The quantity as the report shows it, for example `share of outliers`.
    pub quantity: String,
    /// Its value, which is finite.
    pub value: f64,
}

impl Observation {
    /// An observation; `None` if the value is not finite, which says nothing about a decision.
    #[must_use]
    pub fn new(quantity: impl Into<String>, value: f64) -> Option<Self> {
        let quantity = quantity.into();
        value.is_finite().then_some(Self { quantity, value })
    }
}

#[cfg(test)]
mod tests;
