//! Turnover: replaces a tiny share of the mature units, those with the lowest utility, by new ones. The survival rule of
//! continual backprop.
//!
//! Dohare, S. et al. (2024). Loss of plasticity in deep continual learning. *Nature* 632, 768–774. It evaluates all units
//! of the hidden layers whose units can be replaced, and not only those added by growth. With e the number of units of a
//! layer older than the maturity threshold m, and n the updates since its last check, the replacement budget of a layer
//! grows by
//!
//! ```text
//! min(ρ · n / threshold_scale, 1) · e
//! ```
//!
//! units; for every whole unit in it, the mature unit of lowest utility is replaced. The initializer determines the weights
//! of the new units, and the mean outputs of the replaced ones are folded into the biases of the layers they fed.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `replacement_rate` | ρ, per eligible unit and update, dimensionless | 1e-4 |
//! | `maturity` | m, in updates | 100 |
//! | `utility` | `contribution`, `adaptable-contribution`, `gxd` or `grama`, as in `continual-backprop` | contribution |
//! | `rounding` | treatment of fractions of units: `accumulate` or `random` | accumulate |
//!
//! **Preserves** every width, and with an initializer whose new units have no effect on the output (`zero-fan-out`) the
//! function up to the deviation of the replaced units' outputs from their means. With that initializer, the trigger
//! `never`, no modulation and `every = 1` the composition is bit-identical to continual backprop. **Departures.** With
//! fewer checks, eligible units are counted at the checks only. Layers of one width group are ranked separately, as in
//! continual backprop. Initializers that copy units are refused.

use crate::parts::{Answer, Answered, NewUnit, Part, Removals, Survival};
use crate::replacement_budget::{ReplacementBudget, ReplacementTerms, Rounding, UtilityMeasure};
use crate::strategy::{Hook, View};
use dentate_core::MeterKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration of the survival rule; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Turnover {
    /// ρ: units replaced per eligible unit and update.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub replacement_rate: f64,
    /// m: updates for which a new unit is protected.
    #[schemars(range(min = 1))]
    pub maturity: u64,
    /// Utility that units are ranked by.
    pub utility: UtilityMeasure,
    /// Treatment of fractions of units.
    pub rounding: Rounding,
}

impl Default for Turnover {
    fn default() -> Self {
        Self {
            replacement_rate: 1e-4,
            maturity: 100,
            utility: UtilityMeasure::Contribution,
            rounding: Rounding::Accumulate,
        }
    }
}

impl Turnover {
    fn terms(&self) -> ReplacementTerms {
        ReplacementTerms {
            rate: self.replacement_rate,
            maturity: self.maturity,
            utility: self.utility,
            rounding: self.rounding,
        }
    }
}

/// The replacement budget, and the update up to which it has accrued.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TurnoverState {
    budget: ReplacementBudget,
    until: u64,
}

impl Part for Turnover {
    type State = TurnoverState;

    fn meters(&self) -> Vec<MeterKind> {
        self.terms().meters().into()
    }
}

impl Survival for Turnover {
    fn evaluates(&self, booked: &mut TurnoverState, view: &View<'_>, threshold_scale: f64) -> bool {
        if view.hook != Hook::Update {
            return false;
        }
        let updates = view.moment.step.saturating_sub(booked.until);
        booked.until = view.moment.step;
        booked
            .budget
            .accrue(&self.terms(), view, updates as f64 / threshold_scale)
    }

    fn removals(
        &self,
        booked: &mut TurnoverState,
        view: &View<'_>,
        _: &[NewUnit],
        _: f64,
    ) -> Answered<Vec<Removals>> {
        Ok(Answer::Is(booked.budget.take(&self.terms(), view)))
    }

    fn replaces(&self) -> bool {
        true
    }
}

crate::register!(
    survival,
    Turnover,
    "turnover",
    summary = "Replaces a small share of the mature units with the lowest utility by newborn ones.",
    citation = "Dohare et al. 2024, Nature 632, 768-774",
    source = include_str!("turnover.rs"),
);
