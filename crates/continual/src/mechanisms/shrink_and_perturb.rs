//! Shrink and perturb: all weights are shrunk and perturbed by noise, so that no unit stays dead. A simple control for
//! methods that replace units.
//!
//! Ash, J. & Adams, R. P. (2020). On warm-starting neural network training. *NeurIPS*, arXiv:1910.08475:
//!
//! ```text
//! θ ← shrink · θ + noise · p,    p drawn as the network's first weights were.
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `shrink` | factor on every weight and bias, in (0, 1] | 0.6 |
//! | `noise` | factor on the fresh weights that are added, dimensionless | 0.1 |
//! | `every` | updates between two applications | when an experience begins |
//!
//! Frozen parameters do not change. Biases are shrunk but not perturbed, also where `bias_init` draws them.

use super::fresh;
use crate::mechanism::{Context, Mechanism, Needs, Then, Update, Work};
use dentate_core::{
    Adjustment, Connection, Edit, Graph, Init, Layer, LearnError, Parameter, Plan, PlanBuilder, Seed,
    StreamFacts, Unsuited,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration; see [the module](self) for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShrinkAndPerturb {
    /// Factor on every weight and bias.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub shrink: f32,
    /// Factor on the fresh weights that are added.
    #[schemars(range(min = 0.0))]
    pub noise: f32,
    /// Updates between two applications; when an experience begins, if absent.
    #[schemars(range(min = 1))]
    pub every: Option<u64>,
}

impl Default for ShrinkAndPerturb {
    fn default() -> Self {
        Self {
            shrink: 0.6,
            noise: 0.1,
            every: None,
        }
    }
}

/// Returns whether a connection's weights can change at all.
fn learns(graph: &Graph, connection: &Connection) -> bool {
    let units = |id| graph.layer(id).map_or(&[][..], |l| l.units.as_slice());
    let incoming = units(connection.to).iter().all(|u| u.incoming_lr_scale > 0.0);
    connection.lr_scale > 0.0
        && (incoming || units(connection.from).iter().all(|u| u.outgoing_lr_scale > 0.0))
}

fn own_learn(layer: &Layer) -> bool {
    layer.bias && layer.lr_scale > 0.0 && layer.units.iter().all(|u| u.incoming_lr_scale > 0.0)
}

impl ShrinkAndPerturb {
    fn plan(&self, graph: &Graph, init: Init, seed: Seed) -> Option<Plan> {
        let mut plan = PlanBuilder::new(graph, "shrink-and-perturb", seed);
        let mut any = false;
        for connection in graph.connections().filter(|c| learns(graph, c)) {
            let Some((parameter, mut fresh)) = fresh::weights(graph, connection, init, seed) else {
                continue;
            };
            fresh *= self.noise;
            any = true;
            for by in [Adjustment::Scale(self.shrink), Adjustment::Add(fresh)] {
                plan.edit(Edit::Adjust { parameter, by });
            }
        }
        for layer in graph.layers().filter(|l| own_learn(l)) {
            let (parameter, by) = (Parameter::Bias(layer.id), Adjustment::Scale(self.shrink));
            plan.edit(Edit::Adjust { parameter, by });
        }
        any.then(|| plan.finish())
    }
}

impl Mechanism for ShrinkAndPerturb {
    /// True if the current application is done.
    type State = bool;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        if self.every.is_none() && stream.experiences.len() < 2 {
            let reason = "the learner sees one experience, and weights are perturbed at the start of later ones: set `every`";
            return Err(Unsuited::new("every", "left out", reason));
        }
        Ok(())
    }

    fn needs(&self) -> Needs {
        Needs {
            rewrites: true,
            ..Needs::default()
        }
    }

    fn begin(&self, done: &mut bool, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        if self.every.is_some() || cx.network.clock().step == 0 {
            return Ok(Work::Done);
        }
        Ok(self.work(done, cx))
    }

    fn updated(&self, _: &mut bool, cx: &mut Context<'_>, _: &Update<'_>) -> Result<Then, LearnError> {
        let now = cx.network.clock().step;
        let due = self.every.is_some_and(|every| now.is_multiple_of(every));
        Ok(if due { Then::Turn } else { Then::On })
    }

    fn turn(&self, done: &mut bool, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        Ok(self.work(done, cx))
    }
}

impl ShrinkAndPerturb {
    fn work(&self, done: &mut bool, cx: &Context<'_>) -> Work {
        if *done {
            *done = false;
            return Work::Done;
        }
        // No two applications are at the same update, so each has different noise.
        let seed = cx.seed(&format!("after/{}", cx.network.clock().step));
        match self.plan(cx.network.graph(), cx.init(), seed) {
            Some(plan) => {
                *done = true;
                Work::Apply(plan)
            }
            None => Work::Done,
        }
    }
}

crate::register!(
    mechanism,
    ShrinkAndPerturb,
    "shrink-and-perturb",
    summary = "Shrinks all weights towards zero and adds noise: the control for methods that replace units.",
    citation = "Ash & Adams 2020, arXiv:1910.08475",
    source = include_str!("shrink_and_perturb.rs"),
);

#[cfg(test)]
mod tests;
