//! The declaration of a metric in a manifest, and the words that it is made of.

use serde::{Deserialize, Serialize};

/// The format of a metric's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A share, written in percent.
    Percent,
    /// A difference of shares, written in percentage points.
    Points,
    /// A decrease of shares, written in percentage points and signed only if it is an increase.
    Fall,
    /// A ratio in `[0, 1]`.
    Ratio,
    /// A number of things.
    Count,
    /// A large number of operations, written with a prefix.
    Operations,
    /// A number of bytes, written with a prefix.
    Bytes,
    /// An error, written with significant digits.
    Error,
    /// A number without a unit, written with significant digits.
    Number,
}

impl Unit {
    /// The unit in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::Points | Self::Fall => "percentage points",
            Self::Ratio => "ratio, from 0 to 1",
            Self::Count => "count",
            Self::Operations => "operations",
            Self::Bytes => "bytes",
            Self::Error => "error, in the units of the data",
            Self::Number => "none",
        }
    }
}

/// The better direction of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
}

/// The aggregation of a record's values into one number of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Aggregate {
    /// The mean over tasks and items of the last value of each.
    Last,
    /// The mean of all values.
    Mean,
    /// The sum of all values.
    Sum,
    /// The largest value.
    Max,
}

impl Aggregate {
    /// The aggregate in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Last => "the last value, mean over tasks and items",
            Self::Mean => "the mean of all values",
            Self::Sum => "the sum of all values",
            Self::Max => "the largest value",
        }
    }
}

/// A metric that a plugin records, as a manifest declares it. The report reads it there, so it outlives the plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricEntry {
    /// The name that it is recorded under.
    pub name: String,
    /// Its name in a sentence.
    pub title: String,
    /// The format of its values.
    pub unit: Unit,
    /// The better direction; left out if there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<Direction>,
    /// The aggregation of its values into one number of a run.
    pub aggregate: Aggregate,
    /// A definition in one or two sentences with the formula.
    pub formula: String,
    /// Its source: a citation; empty if it needs none.
    pub source: String,
}

impl MetricEntry {
    /// Returns whether a text can be the name of a metric: 1 to 64 letters, digits, dashes and dots.
    #[must_use]
    pub fn is_name(text: &str) -> bool {
        let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        (1..=64).contains(&text.len()) && text.chars().all(fine)
    }
}
