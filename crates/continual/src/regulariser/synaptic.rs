//! Synaptic intelligence: weights whose changes brought the loss down are held near where that left them.
//!
//! Zenke, F., Poole, B., Ganguli, S. (2017). Continual learning through synaptic intelligence. *ICML*, arXiv:1703.04200. What is
//! minimised is
//!
//! ```text
//! L(θ) + λ/2 · Σ_i Ω_i (θ_i − θ*_i)²
//! ω_i ← ω_i − g_i · Δθ_i                          at every update
//! Ω_i ← Ω_i + max(0, ω_i) / ((θ_i − θ*_i)² + ξ)   when an experience is over; then θ* ← θ and ω ← 0,
//! ```
//!
//! g the gradient of the loss L alone, without the penalty, where the update sets out from, on the update's own rows, and Δθ
//! what the update did to θ, penalty, optimizer, rates and all. θ* is where the last experience ended.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `strength` | λ, dimensionless: twice the paper's c | 2 |
//! | `damping` | ξ, in squared weights, positive | 0.1 |
//!
//! **Costs** a gradient of its own for each update, so that a run takes about twice the multiply-adds, which its records count.
//! That gradient is a look: running statistics and meters move once an update, as without it. It costs memory for five numbers
//! a parameter. It looks at no row a second time, so it works in a single pass.
//!
//! **Preserves** nothing exactly: it pulls. Ω, ω and θ* follow growth: what is newborn has Ω = ω = 0 and its own first value
//! for θ*, and is pulled nowhere.
//!
//! **Departures.** The paper lets Ω fall where ω is negative (with momentum, g and Δθ may agree in sign); here such a weight
//! adds 0, since a negative importance would push weights away without bound. Updates of a growth strategy's own phases are
//! neither penalised nor part of the path; what an edit does to old weights counts as displacement and not as path.

use super::{Lesson, Regulariser, Update};
use dentate_core::{
    Backend, BackendError, Graph, Parameter, Penalty, Product, Purpose, Slot, SlotKind, Snapshot,
};
use ndarray::{Array2, Zip};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Ω.
const IMPORTANCE: Slot = Slot::new(SlotKind::Importance, 0);
/// θ*.
const ANCHOR: Slot = Slot::new(SlotKind::Anchor, 0);
/// ω.
const PATH: Slot = Slot::new(SlotKind::Statistic, 1);
/// g, from the beginning to the end of an update.
const LOSS_GRADIENT: Slot = Slot::new(SlotKind::Statistic, 2);
/// θ at the beginning of an update, and −Δθ at its end.
const STEP: Slot = Slot::new(SlotKind::Statistic, 3);

/// Configuration; see the module for equations and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SynapticIntelligence {
    /// λ: how strongly weights are held.
    #[schemars(range(min = 0.0))]
    pub strength: f32,
    /// ξ: bounds what a weight that hardly moved can count for.
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

/// How far it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Followed {
    /// Whether there is a θ*.
    anchored: bool,
    /// Whether anything is in ω.
    moved: bool,
    /// Whether there is anything to hold on to.
    any: bool,
}

fn times(factor: f32, a: Slot) -> Product {
    Product { factor, a, b: None }
}

impl Regulariser for SynapticIntelligence {
    type State = Followed;

    fn penalties(&self, state: &Followed) -> Vec<Penalty> {
        let penalty = Penalty {
            importance: IMPORTANCE,
            anchor: ANCHOR,
            strength: self.strength,
        };
        if state.any { vec![penalty] } else { Vec::new() }
    }

    fn before_update(
        &self,
        state: &mut Followed,
        network: &mut dyn Backend,
        update: &Update<'_>,
    ) -> Result<(), BackendError> {
        if !state.anchored {
            network.combine(ANCHOR, &[times(1.0, Slot::WEIGHT)])?;
            state.anchored = true;
        }
        // The step that comes makes the update's own pass: what that moves, this one must not.
        network.gradient(
            update.rows,
            update.route,
            update.objective,
            LOSS_GRADIENT,
            Purpose::Look,
        )?;
        network.combine(STEP, &[times(1.0, Slot::WEIGHT)])
    }

    fn after_update(&self, state: &mut Followed, network: &mut dyn Backend) -> Result<(), BackendError> {
        // The difference first: g·θ − g·θ' would lose in rounding what a small step did.
        network.combine(STEP, &[times(1.0, STEP), times(-1.0, Slot::WEIGHT)])?;
        let gained = Product {
            factor: 1.0,
            a: LOSS_GRADIENT,
            b: Some(STEP),
        };
        if state.moved {
            network.combine(PATH, &[times(1.0, PATH), gained])?;
        } else {
            network.combine(PATH, &[gained])?;
        }
        state.moved = true;
        Ok(())
    }

    fn samples(&self) -> usize {
        0
    }

    fn study(&self, _: &mut Followed, _: &mut dyn Backend, _: &Lesson<'_>) -> Result<(), BackendError> {
        Ok(())
    }

    fn consolidate(
        &self,
        state: &mut Followed,
        network: &mut dyn Backend,
        graph: &Graph,
    ) -> Result<(), BackendError> {
        if !state.moved {
            return Ok(());
        }
        // The contract has no division, so this one is done outside, once an experience.
        let mut all = network.snapshot();
        self.gather(&mut all, state.any)?;
        network.restore(graph, &all)?;
        network.combine(PATH, &[times(0.0, PATH)])?;
        network.combine(ANCHOR, &[times(1.0, Slot::WEIGHT)])?;
        *state = Followed {
            anchored: true,
            moved: false,
            any: true,
        };
        Ok(())
    }
}

impl SynapticIntelligence {
    /// Add what the experience has shown to Ω; `any` if there is an Ω to add to.
    fn gather(&self, all: &mut Snapshot, any: bool) -> Result<(), BackendError> {
        let of = |slot: Slot| all.slots.get(&slot).ok_or(BackendError::EmptySlot(slot));
        let (path, anchor, weight) = (of(PATH)?, of(ANCHOR)?, of(Slot::WEIGHT)?);
        let mut importance = match all.slots.get(&IMPORTANCE) {
            Some(importance) if any => importance.clone(),
            _ => path
                .iter()
                .map(|(at, path)| (*at, Array2::zeros(path.dim())))
                .collect(),
        };
        for (at, importance) in &mut importance {
            let missing = |slot: Slot| BackendError::Snapshot(format!("{slot} has no {at}"));
            let path = path.get(at).ok_or_else(|| missing(PATH))?;
            let anchor = anchor.get(at).ok_or_else(|| missing(ANCHOR))?;
            let weight = weight.get(at).ok_or_else(|| missing(Slot::WEIGHT))?;
            Zip::from(importance).and(path).and(anchor).and(weight).for_each(
                |importance, path, anchor, weight| {
                    let off = weight - anchor;
                    *importance += path.max(0.0) / (off * off + self.damping);
                },
            );
        }
        all.slots.insert(IMPORTANCE, importance);
        // A block that no update has reached is not reached by the penalty either.
        let left = |slot: Slot| all.unreached.get(&slot).cloned().unwrap_or_default();
        let mut unreached = left(PATH);
        if any {
            let before = left(IMPORTANCE);
            unreached.retain(|at: &Parameter| before.contains(at));
        }
        all.unreached.insert(IMPORTANCE, unreached);
        Ok(())
    }
}

crate::register!(
    regulariser,
    SynapticIntelligence,
    "synaptic-intelligence",
    summary = "Holds weights whose changes brought the loss down near where that left them.",
    citation = "Zenke, Poole & Ganguli 2017, arXiv:1703.04200",
    source = include_str!("synaptic.rs"),
);

#[cfg(test)]
mod tests;
