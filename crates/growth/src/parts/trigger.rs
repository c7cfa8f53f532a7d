//! Triggers: when to grow.

use super::spec::{AnyPart, doors};
use super::{Answered, Part};
use crate::strategy::{Reason, View};
use dentate_core::{Observation, Running, Stateful};
use std::fmt::Debug;

pub mod drift;
pub mod effective_rank;
pub mod every;
pub mod experience_start;
pub mod gradient_norm;
pub mod loss_plateau;
pub mod natural_gradient;
pub mod never;
pub mod outlier_quota;
pub mod plasticity_saturation;
pub mod slope;
pub use drift::{Detector, Drift};
pub use effective_rank::EffectiveRank;
pub use every::Every;
pub use experience_start::ExperienceStart;
pub use gradient_norm::GradientNorm;
pub use loss_plateau::LossPlateau;
pub use natural_gradient::NaturalGradient;
pub use never::Never;
pub use outlier_quota::OutlierQuota;
pub use plasticity_saturation::PlasticitySaturation;
pub use slope::Slope;

/// The answer of a trigger.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// No growth now, with the reason.
    Wait(Reason),
    /// Growth.
    Grow {
        /// Multiple of the number of units that the strategy is set to; 1 if the trigger has no preference.
        demand: f64,
        /// The quantity that made it fire, which the report shows beside the growth.
        because: Option<Observation>,
    },
}

impl Decision {
    /// Growth by a multiple of the number of units that the strategy is set to.
    #[must_use]
    pub const fn grow(demand: f64) -> Self {
        let because = None;
        Self::Grow { demand, because }
    }

    /// The same decision with the quantity that made the trigger fire, for example `share of outliers`.
    #[must_use]
    pub fn because(self, quantity: &str, value: f64) -> Self {
        match self {
            Self::Wait(_) => self,
            Self::Grow { demand, .. } => Self::Grow {
                demand,
                because: Observation::new(quantity, value),
            },
        }
    }
}

/// A part that decides when to grow. It is called at every check.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no trigger",
    label = "it does not implement `Trigger`",
    note = "implement `dentate_growth::parts::Trigger` for `{Self}`; `cargo xtask new trigger NAME` makes one that works"
)]
pub trait Trigger: Part {
    /// Decides whether to grow at this check.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError) ends the run.
    fn fires(&self, state: &mut Self::State, view: &View<'_>) -> Answered<Decision>;

    /// Returns whether the trigger never fires: the control that is meant never to grow.
    fn waits(&self) -> bool {
        false
    }
}

/// The configuration of a trigger as a trait object; [`register!`](crate::register) implements it.
#[typetag::serde(tag = "name")]
pub trait TriggerSpec: AnyPart<ATrigger> + Debug + Send + Sync {}

doors!(Trigger, ATrigger, TriggerSpec, TriggerRun);

/// A running trigger.
pub trait TriggerRun: Stateful + Send {
    /// Decides whether to grow at this check.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError).
    fn fires(&mut self, view: &View<'_>) -> Answered<Decision>;
    /// Returns whether the trigger never fires.
    fn waits(&self) -> bool;
}

impl<P: Trigger> TriggerRun for Running<P, P::State> {
    fn fires(&mut self, view: &View<'_>) -> Answered<Decision> {
        self.config.fires(&mut self.state, view)
    }

    fn waits(&self) -> bool {
        self.config.waits()
    }
}
