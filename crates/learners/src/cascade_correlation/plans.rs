//! The architecture of a cascade: every unit is a layer of its own. No backend builds it, so its initial weights are irrelevant.

use dentate_core::{
    Activation, Cause, Edit, ExperienceInfo, Graph, Head, Init, LayerId, LrScaleOf, NewLayer, Plan,
    PlanBuilder, Scenario, Seed, TargetKind, TaskId,
};
use std::collections::BTreeSet;

/// The plan for the inputs and outputs that an experience lacks; `None` if that is nothing.
pub(super) fn missing(graph: &Graph, experience: &ExperienceInfo) -> Option<Plan> {
    let cause = graph.input().map_or(Cause::Initial, |_| Cause::Head);
    let mut plan = PlanBuilder::new(graph, cause, Seed(0));
    let mut below: Vec<LayerId> = graph.hidden().map(|layer| layer.id).collect();
    match graph.input() {
        Some(input) => below.insert(0, input.id),
        None => below.push(plan.layer(NewLayer::input(experience.features))),
    }
    let mut add = |name: String, width: usize, head: Head| {
        let head = plan.layer(NewLayer::head(name, width, Activation::Sigmoid, head));
        for &from in &below {
            plan.connect(from, head, Init::Zero);
        }
    };
    if let TargetKind::Values(width) = experience.target {
        if graph.heads().next().is_none() {
            let (task, classes) = (None, Vec::new());
            add("head".into(), width, Head { task, classes });
        }
    } else if experience.scenario == Scenario::TaskIncremental {
        for task in &experience.tasks {
            if graph.heads().all(|(_, head)| head.task != Some(task.id)) {
                let (name, classes) = (format!("head of task {}", task.id.0 + 1), task.classes.clone());
                let task: Option<TaskId> = Some(task.id);
                add(name, classes.len(), Head { task, classes });
            }
        }
    } else {
        let known = |class: &u32| graph.heads().any(|(_, head)| head.classes.contains(class));
        let wanted: BTreeSet<u32> = experience
            .tasks
            .iter()
            .flat_map(|task| task.classes.clone())
            .collect();
        let classes: Vec<u32> = wanted.into_iter().filter(|class| !known(class)).collect();
        match graph.heads().next() {
            _ if classes.is_empty() => {}
            None => add("head".into(), classes.len(), Head { task: None, classes }),
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

/// The plan for a new unit, whose incoming weights are frozen.
pub(super) fn unit(graph: &Graph) -> Plan {
    let mut plan = PlanBuilder::new(graph, "install", Seed(0));
    let number = graph.hidden().count() + 1;
    let below: Vec<LayerId> = graph
        .input()
        .into_iter()
        .chain(graph.hidden())
        .map(|l| l.id)
        .collect();
    let unit = plan.layer(NewLayer::hidden(format!("unit-{number}"), 1, Activation::Sigmoid));
    for from in below {
        plan.connect(from, unit, Init::Zero);
    }
    for (head, _) in graph.heads() {
        plan.connect(unit, head.id, Init::Zero);
    }
    plan.lr_scale(LrScaleOf::Incoming(unit, Vec::new()), 0.0);
    plan.finish()
}
