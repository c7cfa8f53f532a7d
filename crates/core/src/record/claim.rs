//! Published statements that a suite's results are held against.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The order that a claim asserts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Order {
    /// More than.
    #[serde(rename = ">")]
    Above,
    /// At least.
    #[serde(rename = ">=")]
    AtLeast,
    /// Less than.
    #[serde(rename = "<")]
    Below,
    /// At most.
    #[serde(rename = "<=")]
    AtMost,
}

impl Order {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Above, Self::AtLeast, Self::Below, Self::AtMost];

    /// Its sign, as a suite writes it.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Above => ">",
            Self::AtLeast => ">=",
            Self::Below => "<",
            Self::AtMost => "<=",
        }
    }

    /// Returns whether `value` is in this order to `figure`.
    #[must_use]
    pub fn holds(self, value: f64, figure: f64) -> bool {
        match self {
            Self::Above => value > figure,
            Self::AtLeast => value >= figure,
            Self::Below => value < figure,
            Self::AtMost => value <= figure,
        }
    }
}

/// The assertion of a claim about a value. Figures are in the metric's unit as reports write it: percent, percentage points, a count.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Assertion {
    /// The value is within a tolerance of a figure.
    Near {
        /// The figure.
        figure: f64,
        /// The largest difference from it, in the same unit.
        tolerance: f64,
    },
    /// The value is above or below a figure.
    Ordered {
        /// The order.
        order: Order,
        /// The figure; 0 says that the value has a sign.
        figure: f64,
    },
}

impl Assertion {
    /// Returns whether a value, in the unit of the figure, is as asserted.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        match *self {
            Self::Near { figure, tolerance } => (value - figure).abs() <= tolerance,
            Self::Ordered { order, figure } => order.holds(value, figure),
        }
    }
}

/// A published statement about a method on a stream, or about the difference of two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClaimEntry {
    /// The statement, in a sentence.
    pub what: String,
    /// The stream's name in the suite.
    pub stream: String,
    /// The method's name in the suite.
    pub method: String,
    /// The method that it is compared with: the value is the difference, seed by seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// The name of the metric.
    pub metric: String,
    /// The assertion.
    #[serde(flatten)]
    pub assertion: Assertion,
    /// True if it is asserted of each run, and not of the mean over seeds.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub each: bool,
    /// The publication.
    pub source: String,
    /// Departures of the suite from the published protocol.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub departures: String,
    /// The cause of a claim that is not held, found by an experiment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
}

#[cfg(test)]
mod tests;
