//! Runs that follow from other runs: static twins of growing methods, and settings that were chosen by a sweep.

use super::{Status, Sum};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run whose outcome another run follows from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Its id.
    pub run: String,
    /// The checksum of its record log; none if it ended without one, as a setting of a sweep that diverged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Sum>,
}

/// The origin of a static twin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwinEntry {
    /// The name of the growing method.
    pub of: String,
    /// The budget that both have, as [`TwinBudget::name`](crate::TwinBudget::name) has it.
    pub budget: String,
}

/// The choice of a method's settings on a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepEntry {
    /// The method's name.
    pub method: String,
    /// The stream's name.
    pub stream: String,
    /// The measure that settings were chosen by, on rows that are neither trained on nor among the test rows.
    pub measure: String,
    /// The settings, in the order of the sweep: of equally good ones the first is chosen.
    pub settings: Vec<SettingEntry>,
    /// Index of the chosen setting, once it is known.
    pub chosen: Option<usize>,
}

/// A setting of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettingEntry {
    /// Its values by key, as TOML.
    pub values: BTreeMap<String, String>,
    /// The mean of the measure over its runs; none before they have finished, or if one ended early.
    pub score: Option<f64>,
    /// Its runs, one for each seed.
    pub runs: Vec<SweepRun>,
}

/// A run of a sweep. It is no part of the comparison.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepRun {
    /// Its id.
    pub id: String,
    /// Its seed, which no run of the comparison has.
    pub seed: u64,
    /// Its outcome.
    #[serde(flatten)]
    pub status: Status,
}
