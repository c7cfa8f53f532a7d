//! Start from a previously trained network instead of the initial plan.

use crate::context::StrategyContext;
use crate::growing::Growing;
use dentate_core::{ExperienceInfo, Graph, LearnError, Network, Progress, Scenario, TargetKind};

/// Adopts the network.
pub(crate) fn start(
    network: &Network,
    growing: &Growing,
    context: &mut StrategyContext<'_>,
) -> Result<Progress, LearnError> {
    fits(network.graph(), context.experience)?;
    growing.start_from(network, context)?;
    Ok(Progress::Edited)
}

/// Refuses an experience whose inputs or classes differ from those of a loaded network.
pub(crate) fn fits(graph: &Graph, experience: &ExperienceInfo) -> Result<(), LearnError> {
    let refused = |sentence: String| {
        Err(LearnError::Unsuited(format!(
            "the network to start from does not fit the stream: {sentence}"
        )))
    };
    let (taken, given) = (
        graph.input().map_or(0, |input| input.features()),
        experience.features,
    );
    if taken != given {
        return refused(format!("it takes rows of {taken} values, and these have {given}"));
    }
    for (layer, head) in graph.heads() {
        let (width, classes) = (layer.width(), &head.classes);
        match experience.target {
            TargetKind::Values(wanted) if !classes.is_empty() || width != wanted => {
                let what = if classes.is_empty() { "values" } else { "classes" };
                return refused(format!(
                    "`{}` stands for {width} {what}, and {wanted} values are to be predicted",
                    layer.name
                ));
            }
            TargetKind::Classes if classes.is_empty() => {
                return refused(format!(
                    "`{}` stands for {width} values, and classes are to be predicted",
                    layer.name
                ));
            }
            _ => {}
        }
        let Some(task) = head.task else { continue };
        if experience.scenario != Scenario::TaskIncremental {
            return refused(format!(
                "`{}` serves one task, and this stream does not say which task a row is of",
                layer.name
            ));
        }
        let own = experience.tasks.iter().find(|own| own.id == task);
        if let Some(own) = own.filter(|own| own.classes != *classes) {
            return refused(format!(
                "`{}` stands for the classes {classes:?}, and this task has {:?}",
                layer.name, own.classes
            ));
        }
    }
    Ok(())
}
