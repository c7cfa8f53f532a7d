//! The architecture of a cascade: every unit is a layer of its own. No backend builds it, so its initial weights are irrelevant.

use crate::widen::widen;
use dentate_core::{
    Activation, Cause, ExperienceInfo, Graph, Init, LayerId, LrScaleOf, MissingHead, NewLayer, Plan,
    PlanBuilder, Seed,
};

/// The plan for the inputs and outputs that an experience lacks; `None` if that is nothing.
pub(super) fn missing(graph: &Graph, experience: &ExperienceInfo) -> Option<Plan> {
    let cause = graph.input().map_or(Cause::Initial, |_| Cause::Head);
    let mut plan = PlanBuilder::new(graph, cause, Seed(0));
    let mut below: Vec<LayerId> = graph.hidden().map(|layer| layer.id).collect();
    match graph.input() {
        Some(input) => below.insert(0, input.id),
        None => below.push(plan.layer(NewLayer::input(experience.features))),
    }
    for missing in MissingHead::of(graph, experience) {
        match missing {
            MissingHead::New { name, width, head } => {
                let head = plan.layer(NewLayer::head(name, width, Activation::Sigmoid, head));
                for &from in &below {
                    plan.connect(from, head, Init::Zero);
                }
            }
            MissingHead::Classes { layer, classes } => widen(&mut plan, layer, classes),
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
