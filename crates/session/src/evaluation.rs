//! The settings of evaluation along a stream.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The settings of evaluation along a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Evaluation {
    /// Rows per forward pass. Fixed, so that the same network gives the same bits at any time.
    #[schemars(range(min = 1, max = 1_048_576))]
    pub batch: usize,
    /// Measurements along each experience, beside the full one at its end.
    #[schemars(range(max = 1000))]
    pub points: usize,
    /// Updates between two measurements of the accuracy on every task learned so far, on the first `sample` rows of each: for the
    /// lowest accuracy since a task was learned. If absent, there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub every: Option<u64>,
    /// Rows per task measured at these points.
    #[schemars(range(min = 1, max = 1_048_576))]
    pub sample: usize,
    /// The rows to evaluate on: `test`, or `validation` while settings are being chosen.
    pub on: EvaluateOn,
    /// The tasks to evaluate after an experience: `all`, or only the `current` one, for long streams that measure what can still be
    /// learned and not what is forgotten. Then nothing is measured along experiences.
    pub tasks: EvaluateTasks,
    /// If true, measure hidden units after each experience, on the first `sample` rows of the task just learned: dead and
    /// dormant units, effective rank, weight magnitude, deviation from isometry.
    pub plasticity: bool,
}

/// The rows that a method is evaluated on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvaluateOn {
    /// Test rows.
    Test,
    /// Validation rows, which the stream has to hold out.
    Validation,
}

/// The tasks that are evaluated after an experience.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EvaluateTasks {
    /// All tasks, including later ones.
    All,
    /// The task just learned.
    Current,
}

impl Default for Evaluation {
    fn default() -> Self {
        Self {
            batch: 250,
            points: 4,
            every: None,
            sample: 500,
            on: EvaluateOn::Test,
            tasks: EvaluateTasks::All,
            plasticity: false,
        }
    }
}
