//! When to grow.

use super::spec::{AnyPart, doors};
use super::{Answered, Part};
use crate::strategy::{Reason, View};
use dentate_core::{Running, Stateful};
use std::fmt::Debug;

mod drift;
mod effective_rank;
mod every;
mod experience_start;
mod gradient_norm;
mod loss_plateau;
mod never;
mod outlier_quota;
mod slope;
pub use drift::{Detector, Drift};
pub use effective_rank::EffectiveRank;
pub use every::Every;
pub use experience_start::ExperienceStart;
pub use gradient_norm::GradientNorm;
pub use loss_plateau::LossPlateau;
pub use never::Never;
pub use outlier_quota::OutlierQuota;
pub use slope::Slope;

/// What a trigger says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    /// Not now, and why.
    Rest(Reason),
    /// Grow, by so many times the number of units that the strategy is set to; 1 where the trigger has no opinion.
    Grow(f64),
}

/// A part that says when to grow. It is asked on every occasion.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no trigger",
    label = "it does not implement `Trigger`",
    note = "implement `dentate_growth::parts::Trigger` for `{Self}`; `cargo xtask new trigger NAME` makes one that works"
)]
pub trait Trigger: Part {
    /// Whether it is time.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError) ends the run.
    fn fires(&self, state: &mut Self::State, view: &View<'_>) -> Answered<Verdict>;

    /// Whether it rests whatever happens: the control that is meant never to grow.
    fn rests(&self) -> bool {
        false
    }
}

/// A trigger's configuration, whatever its type: [`register!`](crate::register) puts it behind this door.
#[typetag::serde(tag = "name")]
pub trait TriggerSpec: AnyPart<ATrigger> + Debug + Send + Sync {}

doors!(Trigger, ATrigger, TriggerSpec, TriggerRun);

/// A trigger that is running.
pub trait TriggerRun: Stateful + Send {
    /// Whether it is time.
    ///
    /// # Errors
    /// [`StrategyError`](crate::StrategyError).
    fn fires(&mut self, view: &View<'_>) -> Answered<Verdict>;
    /// Whether it rests whatever happens.
    fn rests(&self) -> bool;
}

impl<P: Trigger> TriggerRun for Running<P, P::State> {
    fn fires(&mut self, view: &View<'_>) -> Answered<Verdict> {
        self.config.fires(&mut self.state, view)
    }

    fn rests(&self) -> bool {
        self.config.rests()
    }
}
