//! Why a network was changed: what the framework does of itself, told apart from what a strategy does.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a plan was made.
///
/// What happens around a strategy has a variant of its own. What a strategy does is [`Own`](Self::Own), whatever word it takes:
/// a plan that is called "head" is growth like any other, and counted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cause {
    /// What a learner starts with.
    Initial,
    /// Heads that an experience needs and its strategy has not brought.
    Head,
    /// Rates for a phase of training, which end with it.
    Phase,
    /// Rates and values that follow from the ages of units: nobody is born, and nobody dies.
    Ageing,
    /// A strategy's own, by the word that the report shows, in kebab case.
    Own(String),
}

impl Cause {
    /// Its word, in kebab case.
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

#[cfg(test)]
mod tests;
