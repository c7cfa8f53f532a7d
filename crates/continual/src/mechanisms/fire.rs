//! FIRE (Frobenius-isometry reinitialization): when an experience begins, every matrix of weights becomes the nearest
//! semi-orthogonal one.
//!
//! Han, I. et al. (2026). FIRE: Frobenius-isometry reinitialization for balancing the stability–plasticity tradeoff. *ICLR*,
//! arXiv:2602.08040. The nearest matrix to W (in the Frobenius norm) whose singular values are all 1 is `U Vᵀ`, with `W = U Σ Vᵀ`.
//! Newton–Schulz iterations approach it without a decomposition:
//!
//! ```text
//! X ← W / ‖W‖_F
//! X ← 3/2 X − 1/2 X Xᵀ X       so many times
//! W ← √(d_out / d_in) · X
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `iterations` | Newton–Schulz steps | 10, as in the authors' code |
//! | `scale` | factor on the result: `fan`, √(d_out / d_in), or `one` | fan, as in the authors' code |
//!
//! After ten steps small singular values have not arrived at 1: one of σ/‖W‖_F below 0.01 is still below 0.6. More steps bring
//! those of a matrix of full rank to 1.
//!
//! **Preserves** the singular vectors, the heads' and hidden layers' biases, gains and normalisations, and every bit of frozen
//! parameters. Rows and columns of zeros stay zero, so a newborn unit without outgoing weights still has none.
//!
//! **Departures.** A kernel of a convolution is one matrix of `d_in · area` columns, and `scale` counts all of them as d_in; the
//! authors' code takes it tap by tap. It costs `2 · min(d_out, d_in)` multiply-adds for each weight and step, which are not
//! counted among those of training.

use crate::mechanism::{Context, Mechanism, Needs, Work};
use dentate_core::{
    Adjustment, Edit, Expr, Graph, LearnError, Over, Parameter, Plan, PlanBuilder, Reduction, Seed, Slot,
    SlotKind, Snapshot, StreamFacts, Unsuited, state,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// X.
const NEAREST: &str = "nearest";
/// X Xᵀ X.
const CUBE: &str = "cube";

/// The factor on the semi-orthogonal matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IsometryScale {
    /// √(d_out / d_in).
    #[default]
    Fan,
    /// 1: the singular values are 1.
    One,
}

/// Configuration; see [the module](self) for the equation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Fire {
    /// Newton–Schulz steps.
    #[schemars(range(min = 1, max = 200))]
    pub iterations: u32,
    /// Factor on the result.
    pub scale: IsometryScale,
}

impl Default for Fire {
    fn default() -> Self {
        Self {
            iterations: 10,
            scale: IsometryScale::Fan,
        }
    }
}

state! {
    /// Progress of the current application.
    pub struct Reinitialising {
        computed: bool,
        applied: bool,
    }
}

impl Fire {
    /// Computes the isometric matrices.
    fn compute(&self, cx: &mut Context<'_>) -> Result<(), LearnError> {
        let (x, cube) = (cx.slot(NEAREST)?, cx.slot(CUBE)?);
        let weight = || Expr::slot(Slot::WEIGHT);
        // A matrix of zeros stays one.
        let norm = weight().norm(Over::Block).max(f32::MIN_POSITIVE);
        cx.network.map(x, &(Expr::weights() * weight() / norm))?;
        for _ in 0..self.iterations {
            cx.network.multiply(cube, x, x, x)?;
            cx.network
                .map(x, &(1.5 * Expr::slot(x) - 0.5 * Expr::slot(cube)))?;
        }
        if self.scale == IsometryScale::Fan {
            let entries = weight().reduce(Reduction::Count, Over::Block);
            let d_in = || Expr::fan_in().max(1.0);
            cx.network.map(x, &((entries / d_in() / d_in()).sqrt() * x))?;
        }
        Ok(())
    }
}

/// Sets the weights of all connections that learn to the values of a slot; `None` if nothing learns.
fn plan(graph: &Graph, mut held: Snapshot, values: Slot, seed: Seed) -> Option<Plan> {
    let mut plan = PlanBuilder::new(graph, "fire", seed);
    let mut any = false;
    let weights = held.slots.remove(&Slot::WEIGHT)?;
    let mut values = held.slots.remove(&values)?;
    for connection in graph.connections().filter(|c| c.lr_scale > 0.0) {
        let parameter = Parameter::Weight(connection.id);
        let (Some(weights), Some(mut set)) = (weights.get(&parameter), values.remove(&parameter)) else {
            continue;
        };
        let units = |id| graph.layer(id).map_or(&[][..], |l| l.units.as_slice());
        let (targets, sources) = (units(connection.to), units(connection.from));
        let (each, heeds) = (
            graph.columns_each(connection).max(1),
            !(connection.link.in_groups() || connection.link.one_to_one()),
        );
        let mut learns = false;
        for ((i, j), set) in set.indexed_iter_mut() {
            let incoming = targets.get(i).is_some_and(|u| u.incoming_lr_scale > 0.0);
            let outgoing = heeds && sources.get(j / each).is_some_and(|u| u.outgoing_lr_scale > 0.0);
            if incoming || outgoing {
                learns = true;
            } else if let Some(&frozen) = weights.get((i, j)) {
                *set = frozen;
            }
        }
        if learns {
            let by = Adjustment::Set(set);
            plan.edit(Edit::Adjust { parameter, by });
            any = true;
        }
    }
    any.then(|| plan.finish())
}

impl Mechanism for Fire {
    type State = Reinitialising;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        if stream.experiences.len() < 2 {
            let reason = "the learner sees one experience, and weights are made isometric when a later one begins: use a stream \
                          of several experiences";
            return Err(Unsuited::new("name", "fire", reason));
        }
        Ok(())
    }

    fn needs(&self) -> Needs {
        Needs {
            rewrites: true,
            ..Needs::slots(&[(SlotKind::Statistic, NEAREST), (SlotKind::Statistic, CUBE)])
        }
    }

    fn begin(&self, done: &mut Reinitialising, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        if done.applied || cx.network.clock().step == 0 {
            *done = Reinitialising::default();
            return Ok(Work::Done);
        }
        if !done.computed {
            self.compute(cx)?;
            done.computed = true;
            return Ok(Work::Again);
        }
        done.applied = true;
        let (held, seed) = (cx.network.snapshot(), cx.seed("plan"));
        let plan = plan(cx.network.graph(), held, cx.slot(NEAREST)?, seed);
        Ok(plan.map_or(Work::Again, Work::Apply))
    }
}

crate::register!(
    mechanism,
    Fire,
    "fire",
    summary = "Replaces every weight matrix by the nearest isometric one when an experience begins.",
    citation = "Han et al. 2026, arXiv:2602.08040",
    source = include_str!("fire.rs"),
);
