//! Weight clipping: after every update, weights are clipped to a multiple of the bound of their initial draw.
//!
//! Elsayed, M., Lan, Q., Lyle, C. & Mahmood, A. R. (2024). Weight clipping for deep continual and reinforcement learning. *RLC*,
//! arXiv:2407.01704:
//!
//! ```text
//! θ ← min(max(θ, −κ s), κ s)    after every update
//! ```
//!
//! s is the bound of the initial draw of a weight: √(6 / fan-in) with `init = "he"`, √(1 / fan-in) with `"fan-in"`, the limit itself
//! with `uniform`. For a bias it is that of the weights into its unit, all connections taken together.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `factor` | κ, dimensionless | 1, the default of the authors' code; the paper tunes it for each problem |
//!
//! **Growth.** A weight keeps the bound of its birth: s for the fan-in at that time, or the magnitude that it was born with, if an
//! initializer started it beyond s. So nothing that an initializer has set is lost to clipping at κ ≥ 1, and widening the layer
//! below does not tighten the bounds of old weights. What a strategy adds before the first experience counts as the first network. Bounds and first values are slots, which follow growth by themselves.
//!
//! **Preserves** weights within their bounds, and every bit of frozen parameters. Gains and normalisations are not clipped.
//!
//! **Departures.** For an initialisation without a bound, s is the bound of the uniform draw of the same variance
//! (`normal`), or the magnitude (`constant`); with `zero` it would be 0, which is refused. A network that is loaded gets the
//! bounds of the learner's initialisation. The authors' option to leave the last layer unclipped is not offered.

use super::initial_draw::bound;
use crate::mechanism::{Context, Mechanism, Needs, Then, Update, Work};
use dentate_core::{Expr, Init, LearnError, Receipt, Slot, SlotKind, config, state};

/// s, and 0 where it is not known yet.
const BOUND: &str = "bound";
/// The value that a weight was born with; 0 in the first network.
const FIRST: &str = "first";

config! {
    /// Configuration; see [the module](self) for the equation.
    pub struct WeightClipping {
        /// κ: multiple of the bound of the initial draw.
        #[schemars(extend("exclusiveMinimum" = 0))]
        pub factor: f32 = 1.0,
    }
}

state! {
    /// Progress: whether every weight has its bound.
    pub struct Bounded {
        complete: bool,
    }
}

impl Mechanism for WeightClipping {
    type State = Bounded;

    fn needs(&self) -> Needs {
        Needs {
            rewrites: true,
            ..Needs::slots(&[(SlotKind::Statistic, BOUND), (SlotKind::Anchor, FIRST)])
        }
    }

    fn begin(&self, _: &mut Bounded, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        if matches!(
            cx.init(),
            Init::Zero | Init::Constant(0.0) | Init::Uniform(0.0) | Init::Normal(0.0)
        ) {
            let sentence = "it bounds weights by their initial draw, and the learner's `init` starts them at 0: set another `init`";
            return Err(cx.failed(sentence.into()));
        }
        let (own, first) = (cx.slot(BOUND)?, cx.slot(FIRST)?);
        if !cx.network.has(own) {
            let none = Expr::constant(0.0);
            cx.network.map_all(&[(own, &none), (first, &none)])?;
        }
        Ok(Work::Done)
    }

    fn updated(
        &self,
        bounded: &mut Bounded,
        cx: &mut Context<'_>,
        _: &Update<'_>,
    ) -> Result<Then, LearnError> {
        let own = cx.slot(BOUND)?;
        if !bounded.complete {
            let birth = bound(cx.init()).max(Expr::slot(cx.slot(FIRST)?).abs());
            let known = Expr::slot(own).greater(0.0);
            cx.network.map(own, &known.select(own, birth))?;
            bounded.complete = true;
        }
        let most = || self.factor * Expr::slot(own);
        let clipped = Expr::slot(Slot::WEIGHT).min(most()).max(-most());
        // Weights and biases have inputs, other blocks have none.
        let kept = Expr::fan_in().greater(0.0).select(clipped, Slot::WEIGHT);
        cx.network.map(Slot::WEIGHT, &kept)?;
        Ok(Then::On)
    }

    fn grown(&self, bounded: &mut Bounded, _: &mut Context<'_>, _: &Receipt) -> Result<(), LearnError> {
        bounded.complete = false;
        Ok(())
    }
}

crate::register!(
    mechanism,
    WeightClipping,
    "weight-clipping",
    summary = "Keeps weights within a multiple of the bound of their initial draw.",
    citation = "Elsayed et al. 2024, arXiv:2407.01704",
    source = include_str!("weight_clipping.rs"),
);
