//! The static twin of a growing network: all widths of the method's own network times one factor, the largest that keeps within the budget,
//! and everything else as the method has it, but for mechanisms that make it grow.
//!
//! The count is that of the network at the end of the stream, with all heads; a mean is over the updates of each experience, with the heads that
//! there are by then. A network that has become deeper has a twin as deep: further
//! levels are, before scaling, as wide as the method's last one. Columns stand side by side, so their twin has the depth of one. A budget
//! of updates or multiply-adds is given to a network of the final size, experience by experience.

use crate::budget::Budget;
use crate::config::Gradient;
use crate::mechanism::MechanismSpec;
use crate::{heads, network};
use dentate_core::{
    BiasInit, Graph, Init, Moment, Protocol, RunCosts, Seed, StreamFacts, TwinBudget, Unsuited, scaled_widths,
};
use dentate_growth::Fixed;

/// Refuses what has no twin.
pub(crate) fn has_twin(config: &Gradient) -> Result<(), Unsuited> {
    if let Some(path) = &config.start {
        let reason = "widths of a network that was trained before cannot be scaled: a method that starts from one has no static twin";
        return Err(Unsuited::new("start", format!("\"{path}\""), reason));
    }
    if config.protocol == Protocol::Separate {
        let reason = "every experience has a network of its own then, and there is no single one of their size: take another protocol";
        return Err(Unsuited::new("protocol", "separate", reason));
    }
    Ok(())
}

/// Returns whether a mechanism makes a network grow by itself.
pub(crate) fn grows(mechanism: &dyn MechanismSpec) -> bool {
    !mechanism.start().needs().changes.is_empty()
}

/// The twin of a finished run.
pub(crate) fn twin(
    config: &Gradient,
    budget: TwinBudget,
    run: &RunCosts,
    stream: &StreamFacts,
) -> Result<Gradient, Unsuited> {
    has_twin(config)?;
    let mut twin = Gradient {
        strategy: Box::new(Fixed {}),
        mechanisms: config
            .mechanisms
            .iter()
            .filter(|one| !grows(one.as_ref()))
            .cloned()
            .collect(),
        track_survival: None,
        track_newborn_gradients: false,
        ..config.clone()
    };
    deepened(config, run, &mut twin.hidden);
    let seen = stream.seen(config.protocol);
    let fits = |widths: &[usize]| {
        let sizes = sizes(&widened(&twin, widths), &seen);
        let size = sizes.and_then(|sizes| match budget {
            TwinBudget::MeanParameters => Some(mean(&sizes, &run.updates)),
            _ => sizes.last().copied(),
        });
        size.is_some_and(|n| run.allows(budget, n, run.memory.statistics))
    };
    let Some(widths) = scaled_widths(&widths(&twin), fits) else {
        let reason = format!(
            "no network of {} levels keeps within what the run has shown ({} parameters at the end)",
            widths(&twin).len(),
            run.parameters
        );
        return Err(Unsuited::new("twin", budget, reason));
    };
    twin = widened(&twin, &widths);
    match budget {
        TwinBudget::Updates => twin.budget = Budget::UpdatesOfEach(run.updates.clone()),
        TwinBudget::MultiplyAdds => twin.budget = Budget::MultiplyAddsOfEach(run.multiply_adds.clone()),
        TwinBudget::FinalParameters | TwinBudget::MeanParameters | TwinBudget::Memory => {}
    }
    Ok(twin)
}

/// Adds the levels that the network has got while it grew.
fn deepened(config: &Gradient, run: &RunCosts, hidden: &mut Vec<usize>) {
    let start = config.conv.len() + config.hidden.len();
    let levels = config.strategy.levels(start, run.units.len());
    let last = hidden
        .last()
        .copied()
        .or_else(|| config.conv.iter().rev().find_map(|conv| conv.channels));
    let more = levels.saturating_sub(start);
    hidden.extend(std::iter::repeat_n(last.unwrap_or(1), more));
}

/// The widths that are scaled: channels from the bottom up, then units. Grouped convolutions count in channels of a group.
fn widths(config: &Gradient) -> Vec<usize> {
    let channels = config.conv.iter().filter_map(|conv| conv.channels);
    channels.chain(config.hidden.iter().copied()).collect()
}

/// The same network with other widths. What a convolution in groups connects keeps a number that its groups divide.
fn widened(config: &Gradient, widths: &[usize]) -> Gradient {
    let mut wider = config.clone();
    let mut widths = widths.iter().copied();
    let groups = config.conv.iter().map(|conv| conv.groups.max(1));
    let divisor = groups.fold(1, least_common_multiple);
    for channels in wider.conv.iter_mut().filter_map(|conv| conv.channels.as_mut()) {
        if let Some(width) = widths.next() {
            *channels = (width / divisor).max(1) * divisor;
        }
    }
    for (hidden, width) in wider.hidden.iter_mut().zip(widths) {
        *hidden = width;
    }
    wider
}

fn least_common_multiple(a: usize, b: usize) -> usize {
    let (mut larger, mut smaller) = (a, b);
    while smaller > 0 {
        (larger, smaller) = (smaller, larger % smaller);
    }
    a / larger.max(1) * b
}

/// The parameters of the network in each experience of a stream if nothing grows but its heads; `None` for one that cannot be made.
fn sizes(config: &Gradient, seen: &StreamFacts) -> Option<Vec<u64>> {
    // Only sizes matter here, so nothing is drawn.
    let plain = Gradient {
        init: Init::Zero,
        bias_init: BiasInit::Constant,
        ..config.clone()
    };
    let apply = |graph: &Graph, plan| Some(graph.apply(&plan, Moment::default()).ok()?.0);
    let shape = seen.shape.as_deref()?;
    let plan = network::initial(&plain, shape, Seed(0)).ok()?;
    let mut graph = apply(&Graph::empty(), plan)?;
    let mut sizes = Vec::new();
    for index in 0..seen.experiences.len() {
        let info = seen.info(index)?;
        if let Some(plan) = heads::missing(&graph, &info, plain.head_form(), Seed(0)) {
            graph = apply(&graph, plan)?;
        }
        sizes.push(graph.parameter_count() as u64);
    }
    Some(sizes)
}

/// The mean of sizes over the updates of each experience, rounded down.
fn mean(sizes: &[u64], updates: &[u64]) -> u64 {
    let weighted = sizes
        .iter()
        .zip(updates)
        .map(|(size, n)| u128::from(*size) * u128::from(*n));
    let all: u128 = updates.iter().take(sizes.len()).map(|n| u128::from(*n)).sum();
    (weighted.sum::<u128>() / all.max(1)) as u64
}

#[cfg(test)]
mod tests;
