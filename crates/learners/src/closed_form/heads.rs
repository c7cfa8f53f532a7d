//! The architecture of a learner in closed form: inputs, a fixed projection where there is one, and heads as any learner has
//! them, one for each task where the task is given and otherwise one for all. No backend builds it, so its initial weights are
//! irrelevant.

use dentate_core::{
    Activation, Architecture, Cause, Edit, ExperienceInfo, Head, Init, LayerId, NewLayer, Plan, PlanBuilder,
    Scenario, Seed, TaskId,
};
use std::collections::BTreeSet;

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
    let add = |plan: &mut PlanBuilder, name: String, task: Option<TaskId>, classes: Vec<u32>| {
        let mut head = NewLayer::head(name, classes.len(), Activation::Identity, Head { task, classes });
        head.bias = bias.then_some(0.0);
        let head = plan.layer(head);
        plan.connect(below, head, Init::Zero);
    };
    if experience.scenario == Scenario::TaskIncremental {
        for task in &experience.tasks {
            if graph.heads().all(|(_, head)| head.task != Some(task.id)) {
                let name = format!("head of task {}", task.id.0 + 1);
                add(&mut plan, name, Some(task.id), task.classes.clone());
            }
        }
    } else {
        let wanted: BTreeSet<u32> = experience
            .tasks
            .iter()
            .flat_map(|task| task.classes.clone())
            .collect();
        let known = |class: &u32| graph.heads().any(|(_, head)| head.classes.contains(class));
        let classes: Vec<u32> = wanted.into_iter().filter(|class| !known(class)).collect();
        match graph.heads().next() {
            _ if classes.is_empty() => {}
            None => add(&mut plan, "head".into(), None, classes),
            Some((head, _)) => {
                plan.edit(Edit::Widen {
                    layer: head.id,
                    count: classes.len(),
                    incoming: Init::Zero.into(),
                    outgoing: Init::Zero.into(),
                    bias: 0.0,
                    classes,
                });
            }
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
