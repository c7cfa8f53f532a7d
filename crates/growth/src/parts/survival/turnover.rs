//! Turnover: a tiny share of the mature units that do least gives way to newborn ones, which take their places. The survival rule
//! of continual backprop.
//!
//! Dohare, S. et al. (2024). Loss of plasticity in deep continual learning. *Nature* 632, 768–774. It judges all units of the hidden
//! layers whose units can be replaced, and not only those that growth has brought. With e the units of a layer older than the
//! maturity threshold m, and n the updates since it last looked, a layer owes
//!
//! ```text
//! min(ρ · n / leniency, 1) · e
//! ```
//!
//! units more; as soon as a whole one is owed, the mature units of lowest utility go. The initializer says how the newborns in their
//! places start, and the mean outputs of those who went stay behind in the biases of the layers they fed.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `replacement_rate` | ρ, per eligible unit and update, dimensionless | 1e-4 |
//! | `maturity` | m, in updates | 100 |
//! | `utility` | `contribution` or `adaptable-contribution`, as in `continual-backprop` | contribution |
//! | `rounding` | what is done with fractions of units: `accumulate` or `random` | accumulate |
//!
//! **Preserves** every width, and with an initializer whose newborns put out nothing (`zero-fan-out`) the function up to the
//! deviation of the replaced units' outputs from their means. With that initializer, the trigger `never`, no modulation and
//! `every = 1` the composition is continual backprop to the bit. **Departures.** Looked at less often, it counts eligible units at
//! its looks only. Layers whose widths move together are judged each by itself, as they are there. Initializers that copy units
//! are refused.

use crate::owed::{Merit, Owed, Rounding, Terms};
use crate::parts::{Answer, Answered, Dead, Part, Survival, Young};
use crate::strategy::{Occasion, View};
use dentate_core::MeterKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration; see the module for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Turnover {
    /// ρ: units replaced per eligible unit and update.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub replacement_rate: f64,
    /// m: updates that a unit is safe for.
    #[schemars(range(min = 1))]
    pub maturity: u64,
    /// What a unit is judged by.
    pub utility: Merit,
    /// What is done with fractions of units.
    pub rounding: Rounding,
}

impl Default for Turnover {
    fn default() -> Self {
        Self {
            replacement_rate: 1e-4,
            maturity: 100,
            utility: Merit::Contribution,
            rounding: Rounding::Accumulate,
        }
    }
}

impl Turnover {
    fn terms(&self) -> Terms {
        Terms {
            rate: self.replacement_rate,
            maturity: self.maturity,
            utility: self.utility,
            rounding: self.rounding,
        }
    }
}

/// What is owed, and the update up to which it has been booked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Booked {
    owed: Owed,
    until: u64,
}

impl Part for Turnover {
    type State = Booked;

    fn meters(&self) -> Vec<MeterKind> {
        self.terms().meters().into()
    }
}

impl Survival for Turnover {
    fn judges(&self, booked: &mut Booked, view: &View<'_>, leniency: f64) -> bool {
        if view.occasion != Occasion::Update {
            return false;
        }
        let updates = view.moment.step.saturating_sub(booked.until);
        booked.until = view.moment.step;
        booked.owed.book(&self.terms(), view, updates as f64 / leniency)
    }

    fn judge(&self, booked: &mut Booked, view: &View<'_>, _: &[Young], _: f64) -> Answered<Vec<Dead>> {
        Ok(Answer::Is(booked.owed.pay(&self.terms(), view)))
    }

    fn replaces(&self) -> bool {
        true
    }
}

crate::register!(
    survival,
    Turnover,
    "turnover",
    summary = "A tiny share of the mature units that do least gives way to newborn ones in their places.",
    citation = "Dohare et al. 2024, Nature 632, 768-774",
    source = include_str!("turnover.rs"),
);
