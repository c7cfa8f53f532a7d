//! Outlier quota: fires when too many rows have a large error.
//!
//! After the rule of neurogenesis deep learning (Draelos et al. 2016, arXiv:1612.03770), applied to output errors: with e_r
//! = ‖∂loss_r/∂z‖ the error of row r at the output of its head (for classes ‖softmax(z) − onehot‖, between 0 and √2), it
//! fires when
//!
//! ```text
//! |{ r : e_r > threshold }| / rows > quota.
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `threshold` | error above which a row is an outlier, as above | 0.7 |
//! | `quota` | tolerated share of outliers, in [0, 1] | 0.1 |
//! | `rows` | rows of the experience that are measured | 256 |
//!
//! It needs rows that can be revisited.

use crate::parts::{Answer, Answered, Decision, Part, Question, Trigger, answering};
use crate::prospect::{CheckPeriod, Prospect};
use crate::strategy::{Hook, Reason, StrategyError, View};
use dentate_core::{Objective, Request, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the trigger; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutlierQuota {
    /// Error above which a row is an outlier.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub threshold: f64,
    /// Tolerated share of outliers.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub quota: f64,
    /// Rows of the experience that are measured.
    #[schemars(range(min = 1))]
    pub rows: u32,
}

impl Default for OutlierQuota {
    fn default() -> Self {
        Self {
            threshold: 0.7,
            quota: 0.1,
            rows: 256,
        }
    }
}

impl Part for OutlierQuota {
    type State = ();

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        run.revisits("rows", self.rows, "use `loss-plateau`, which needs losses only")?;
        run.needs_calls("name", "outlier-quota", 1, CheckPeriod::TheRun)
    }
}

impl Trigger for OutlierQuota {
    fn fires(&self, _: &mut (), view: &View<'_>) -> Answered<Decision> {
        let heads = answering(view);
        if view.hook != Hook::Update || heads.is_empty() {
            return Ok(Answer::Is(Decision::Wait(Reason::NotNow)));
        }
        let Some(measured) = view.measured else {
            let request = Request::Gradients(Objective::default(), heads);
            return Ok(Answer::Ask(Question::new(request, self.rows)));
        };
        let none = || StrategyError::Missing("gradients of its answers, which were asked for".into());
        let rows = measured.arrays.first().ok_or_else(none)?.nrows();
        // The gradients are those of the mean over all rows, so each is 1/rows of the gradient of its row's loss.
        let error = |row: usize| {
            let of = measured
                .arrays
                .iter()
                .map(|a| a.row(row).iter().map(|g| f64::from(*g).powi(2)).sum::<f64>());
            of.sum::<f64>().sqrt() * rows as f64
        };
        let outliers = (0..rows).filter(|&row| error(row) > self.threshold).count();
        let many = rows > 0 && outliers as f64 > self.quota * rows as f64;
        Ok(Answer::Is(if many {
            Decision::grow(1.0).because("share of outliers", outliers as f64 / rows as f64)
        } else {
            Decision::Wait(Reason::Improving)
        }))
    }
}

crate::register!(
    trigger,
    OutlierQuota,
    "outlier-quota",
    summary = "Fires when too many rows have a high loss.",
    citation = "after Draelos et al. 2016, arXiv:1612.03770",
    source = include_str!("outlier_quota.rs"),
);
