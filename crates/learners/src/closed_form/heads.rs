//! The architecture of a learner in closed form: inputs, a fixed projection where there is one, and heads as any learner has
//! them, one for each task where the task is given and otherwise one for all. No backend builds it, so its initial weights are
//! irrelevant.

use crate::widen::widen;
use dentate_core::{
    Activation, Architecture, Cause, ExperienceInfo, Init, LayerId, MissingHead, NewLayer, Plan, PlanBuilder,
    Seed,
};

/// The name of the hidden layer.
const PROJECTION: &str = "projection";

/// The plan for what an experience lacks; `None` if that is nothing. `projection` is the width of the hidden layer.
pub(crate) fn missing(
    architecture: &Architecture,
    experience: &ExperienceInfo,
    projection: Option<usize>,
    bias: bool,
) -> Option<Plan> {
    let graph = architecture.graph();
    let below = graph.hidden().next().or(graph.input()).map(|layer| layer.id);
    let cause = below.map_or(Cause::Initial, |_| Cause::Head);
    let mut plan = PlanBuilder::new(graph, cause, Seed(0));
    let below = below.unwrap_or_else(|| begin(&mut plan, experience.features, projection));
    for missing in MissingHead::of(graph, experience) {
        match missing {
            MissingHead::New { name, width, head } => {
                let mut head = NewLayer::head(name, width, Activation::Identity, head);
                head.bias = bias.then_some(0.0);
                let head = plan.layer(head);
                plan.connect(below, head, Init::Zero);
            }
            MissingHead::Classes { layer, classes } => widen(&mut plan, layer, classes),
        }
    }
    let plan = plan.finish();
    (!plan.edits.is_empty()).then_some(plan)
}

/// Adds the layers that every head stands on; returns the last.
fn begin(plan: &mut PlanBuilder, features: usize, projection: Option<usize>) -> LayerId {
    let input = plan.layer(NewLayer::input(features));
    let Some(width) = projection else {
        return input;
    };
    let mut hidden = NewLayer::hidden(PROJECTION, width, Activation::Relu);
    hidden.bias = None;
    let hidden = plan.layer(hidden);
    plan.connect(input, hidden, Init::Zero);
    hidden
}
