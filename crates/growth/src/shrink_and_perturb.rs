//! Shrink and perturb: all weights are drawn towards zero and shaken, so that no unit stays dead. A plain control for methods
//! that replace units.
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
//! | `every` | updates between two times | when an experience begins |
//!
//! What is frozen stays as it is. Biases are shrunk and not shaken: they begin at 0.

use crate::law::Law;
use crate::prospect::{Prospect, Within};
use crate::strategy::{Action, GrowthStrategy, Occasion, Reason, StrategyError, View};
use dentate_core::{Adjustment, Connection, Edit, Graph, Layer, Parameter, Plan, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration; see the module for the equation and units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ShrinkAndPerturb {
    /// Factor on every weight and bias.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub shrink: f32,
    /// Factor on the fresh weights that are added.
    #[schemars(range(min = 0.0))]
    pub noise: f32,
    /// Updates between two times; when an experience begins, if absent.
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

/// Whether a connection's weights can change at all.
fn learns(graph: &Graph, connection: &Connection) -> bool {
    let units = |id| graph.layer(id).map_or(&[][..], |l| l.units.as_slice());
    let incoming = units(connection.to).iter().all(|u| u.incoming_rate > 0.0);
    connection.rate > 0.0 && (incoming || units(connection.from).iter().all(|u| u.outgoing_rate > 0.0))
}

fn own_learn(layer: &Layer) -> bool {
    layer.bias && layer.rate > 0.0 && layer.units.iter().all(|u| u.incoming_rate > 0.0)
}

impl ShrinkAndPerturb {
    fn plan(&self, view: &View<'_>) -> Option<Plan> {
        let mut plan = view.plan("shrink-and-perturb");
        let mut any = false;
        let shapes = view.graph.parameters();
        for connection in view.graph.connections().filter(|c| learns(view.graph, c)) {
            let parameter = Parameter::Weight(connection.id);
            let Some(&(rows, columns)) = shapes.get(&parameter) else {
                continue;
            };
            let mut random = view.seed.derive(&parameter.to_string()).random();
            let each = view.graph.columns_each(connection);
            let mut fresh = view.init.draw((rows, columns), each, columns, &mut random);
            fresh *= self.noise;
            any = true;
            for by in [Adjustment::Scale(self.shrink), Adjustment::Add(fresh)] {
                plan.edit(Edit::Adjust { parameter, by });
            }
        }
        for layer in view.graph.layers().filter(|l| own_learn(l)) {
            let (parameter, by) = (Parameter::Bias(layer.id), Adjustment::Scale(self.shrink));
            plan.edit(Edit::Adjust { parameter, by });
        }
        any.then(|| plan.finish())
    }
}

impl GrowthStrategy for ShrinkAndPerturb {
    /// Whether this occasion's has been done.
    type State = bool;

    fn suits(&self, run: &Prospect<'_>) -> Result<(), Unsuited> {
        if let Some(every) = self.every {
            return run.needs_looks("every", every, 1, Within::TheRun);
        }
        if run.stream.experiences.len() < 2 {
            let reason = "the learner is shown one experience, and weights are shaken when a later one begins: set `every`";
            return Err(Unsuited::new("every", "left out", reason));
        }
        Ok(())
    }

    fn cadence(&self) -> Option<u64> {
        self.every
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::AtMost(0)]
    }

    fn propose(&self, done: &mut bool, view: &View<'_>) -> Result<Action, StrategyError> {
        let first = view.moment.step == 0;
        let due = match self.every {
            Some(_) => view.occasion == Occasion::Update,
            None => view.occasion == Occasion::Begin && !first,
        };
        if !due || *done {
            *done = false;
            return Ok(Action::Hold(Reason::NotNow));
        }
        match self.plan(view) {
            Some(plan) => {
                *done = true;
                Ok(Action::Grow(plan))
            }
            None => Ok(Action::Hold(Reason::NotNow)),
        }
    }
}

crate::register!(
    strategy,
    ShrinkAndPerturb,
    "shrink-and-perturb",
    summary =
        "Draws all weights towards zero and shakes them: the plain control for methods that replace units.",
    citation = "Ash & Adams 2020, arXiv:1910.08475",
    source = include_str!("shrink_and_perturb.rs"),
);

#[cfg(test)]
mod tests;
