//! Synaptic intelligence: weights whose changes lowered the loss are pulled towards their values at the end of the
//! experience.
//!
//! Zenke, F., Poole, B., Ganguli, S. (2017). Continual learning through synaptic intelligence. *ICML*, arXiv:1703.04200.
//! The objective is
//!
//! ```text
//! L(θ) + λ/2 · Σ_i Ω_i (θ_i − θ*_i)²
//! ω_i ← ω_i − g_i · Δθ_i                          at every update
//! Ω_i ← Ω_i + max(0, ω_i) / ((θ_i − θ*_i)² + ξ)   when an experience is over; then θ* ← θ and ω ← 0,
//! ```
//!
//! where g is the gradient of the loss L alone, without the penalty, at the weights before the update and on its rows, and
//! Δθ the change of θ by the update, including penalty, optimizer and learning-rate scales. θ* are the weights at the end
//! of the last experience.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `strength` | λ, dimensionless: twice the paper's c | 2 |
//! | `damping` | ξ, in squared weights, positive | 0.1 |
//!
//! **Costs** a separate gradient for each update, so that a run takes about twice the multiply-adds, which its records
//! include. That gradient is a look: it does not affect running statistics and meters, which change once per update. It
//! needs memory for five numbers per parameter. It revisits no rows, so it works in a single pass.
//!
//! **Preserves** nothing exactly. Ω, ω and θ* follow growth: new parameters have Ω = ω = 0 and their initial value as θ*,
//! and are not pulled.
//!
//! **Departures.** The paper lets Ω fall where ω is negative (with momentum, g and Δθ may agree in sign); here such a
//! weight adds 0, since a negative importance would push weights away without bound. Updates in a growth strategy's own
//! phases are neither penalised nor part of the path; the effect of an edit on old weights counts as displacement and not
//! as path.

use crate::mechanism::{Batch, Context, Mechanism, Needs, Then, Update, Work};
use dentate_core::{Expr, LearnError, Penalty, Purpose, Slot, SlotKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Ω.
const IMPORTANCE: &str = "importance";
/// θ*.
const ANCHOR: &str = "anchor";
/// ω.
const PATH: &str = "path";
/// g, from the beginning to the end of an update.
const LOSS_GRADIENT: &str = "gradient";
/// θ at the beginning of an update, and −Δθ at its end.
const STEP: &str = "step";

/// Configuration; see [the module](self) for equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SynapticIntelligence {
    /// λ: strength of the penalty.
    #[schemars(range(min = 0.0))]
    pub strength: f32,
    /// ξ: bounds the importance of a weight that hardly moved.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub damping: f32,
}

impl Default for SynapticIntelligence {
    fn default() -> Self {
        Self {
            strength: 2.0,
            damping: 0.1,
        }
    }
}

/// Progress of the mechanism.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Followed {
    /// True if θ* exists.
    anchored: bool,
    /// True if ω holds anything.
    moved: bool,
    /// True if there is anything to penalise.
    any: bool,
}

impl Mechanism for SynapticIntelligence {
    type State = Followed;

    fn needs(&self) -> Needs {
        Needs::slots(&[
            (SlotKind::Importance, IMPORTANCE),
            (SlotKind::Anchor, ANCHOR),
            (SlotKind::Statistic, PATH),
            (SlotKind::Statistic, LOSS_GRADIENT),
            (SlotKind::Statistic, STEP),
        ])
    }

    fn compose(
        &self,
        state: &mut Followed,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        if state.any && self.strength > 0.0 {
            batch.hold(Penalty {
                importance: Some(cx.slot(IMPORTANCE)?),
                anchor: Some(cx.slot(ANCHOR)?),
                strength: self.strength,
            });
        }
        Ok(())
    }

    fn before(
        &self,
        state: &mut Followed,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<(), LearnError> {
        if !state.anchored {
            let anchor = cx.slot(ANCHOR)?;
            cx.network.map(anchor, &Slot::WEIGHT.into())?;
            state.anchored = true;
        }
        let (gradient, step) = (cx.slot(LOSS_GRADIENT)?, cx.slot(STEP)?);
        // The update runs a pass of its own, so this one must not change running statistics and meters.
        let Update {
            rows,
            route,
            objective,
            ..
        } = *update;
        cx.network
            .gradient(rows, route, objective, gradient, Purpose::ReadOnly)?;
        Ok(cx.network.map(step, &Slot::WEIGHT.into())?)
    }

    fn updated(
        &self,
        state: &mut Followed,
        cx: &mut Context<'_>,
        _: &Update<'_>,
    ) -> Result<Then, LearnError> {
        let (gradient, step, path) = (cx.slot(LOSS_GRADIENT)?, cx.slot(STEP)?, cx.slot(PATH)?);
        // The difference first: g·θ − g·θ' would lose a small step to rounding.
        cx.network.map(step, &(Expr::slot(step) - Slot::WEIGHT))?;
        let gained = Expr::slot(gradient) * step;
        if state.moved {
            cx.network.map(path, &(Expr::slot(path) + gained))?;
        } else {
            cx.network.map(path, &gained)?;
        }
        state.moved = true;
        Ok(Then::On)
    }

    fn end(&self, state: &mut Followed, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        if !state.moved {
            return Ok(Work::Done);
        }
        let (importance, anchor, path) = (cx.slot(IMPORTANCE)?, cx.slot(ANCHOR)?, cx.slot(PATH)?);
        cx.network
            .map(importance, &self.gathered(importance, anchor, path, state.any))?;
        cx.network.map(path, &(0.0 * Expr::slot(path)))?;
        cx.network.map(anchor, &Slot::WEIGHT.into())?;
        *state = Followed {
            anchored: true,
            moved: false,
            any: true,
        };
        Ok(Work::Done)
    }
}

impl SynapticIntelligence {
    /// Ω including the experience's contribution; `any` if there is an Ω to add to. A block that no update has reached is
    /// not reached by the penalty either.
    fn gathered(&self, importance: Slot, anchor: Slot, path: Slot, any: bool) -> Expr {
        let off = Expr::slot(Slot::WEIGHT) - anchor;
        let gained = Expr::slot(path).max(0.0) / (off.clone() * off + self.damping);
        if any {
            Expr::slot(importance) + gained
        } else {
            gained
        }
    }
}

crate::register!(
    mechanism,
    SynapticIntelligence,
    "synaptic-intelligence",
    summary =
        "Penalises the change of each weight in proportion to its share in the fall of the loss so far.",
    citation = "Zenke, Poole & Ganguli 2017, arXiv:1703.04200",
    source = include_str!("synaptic.rs"),
);
