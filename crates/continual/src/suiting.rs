//! Checks before a run that a gradient learner suits a stream.

use crate::budget::{Budget, Quota};
use crate::config::Gradient;
use crate::{heads, network};
use dentate_core::{Graph, LearnError, Moment, Protocol, Seed, StreamFacts, TargetKind, Unsuited};
use dentate_growth::Prospect;

/// Checks that a learner with this configuration suits a stream.
pub(crate) fn suits(config: &Gradient, stream: &StreamFacts) -> Result<(), Unsuited> {
    let seen = stream.seen(config.protocol);
    if seen.target == TargetKind::Inputs {
        let reason = "it learns classes or values, and this stream has nothing to predict: use a learner of prototypes, such as \
                      `growing-neural-gas`";
        return Err(Unsuited::new("learner", "gradient", reason));
    }
    budget(config, &seen)?;
    for (i, mechanism) in config.mechanisms.iter().enumerate() {
        let suited = mechanism.goes_with(&seen);
        suited.map_err(|e| e.within(&format!("mechanisms[{i}]")))?;
    }
    bearable(config)?;
    let graph = first_network(config, seen.shape.as_deref())?;
    let headed = match &graph {
        Some(graph) => with_heads(config, graph, &seen)?,
        None => None,
    };
    for (i, mechanism) in config.mechanisms.iter().enumerate() {
        if let Some(graph) = &headed {
            let suited = mechanism.goes_with_network(graph);
            suited.map_err(|e| e.within(&format!("mechanisms[{i}]")))?;
        }
    }
    let run = Prospect {
        updates: updates(config, &seen),
        cadence: config.strategy.start().cadence(),
        init: config.init,
        ..Prospect::new(&seen, graph.as_ref(), headed.as_ref())
    };
    config.strategy.suits(&run).map_err(|e| e.within("strategy"))
}

/// Checks that every mechanism supports the changes that the strategy makes to the network.
fn bearable(config: &Gradient) -> Result<(), Unsuited> {
    let changes = config.strategy.changes();
    for mechanism in &config.mechanisms {
        let forbids = mechanism.start().needs().forbids;
        if let Some(doing) = forbids.into_iter().find(|doing| changes.contains(doing)) {
            let (name, strategy) = (mechanism.typetag_name(), config.strategy.name());
            let reason = format!(
                "with these settings it {doing}, and the mechanism `{name}` does not support that: use another strategy, such as \
                 `dynamic-node-creation` or `progressive-columns`, or leave `{name}` out"
            );
            return Err(Unsuited::new("strategy.name", strategy, reason));
        }
    }
    Ok(())
}

/// Checks that a list has an entry for each experience, and that the budget of a single-pass stream is one epoch at most, with no more
/// updates than batches.
fn budget(config: &Gradient, seen: &StreamFacts) -> Result<(), Unsuited> {
    let experiences = seen.experiences.len();
    if let Some(listed) = config.budget.listed().filter(|listed| *listed != experiences) {
        let reason = format!("this stream has {experiences} experiences: give as many");
        return Err(Unsuited::new("budget", format!("a list of {listed}"), reason));
    }
    if !seen.once() {
        return Ok(());
    }
    match config.budget {
        Budget::Epochs(0 | 1)
        | Budget::MultiplyAdds(_)
        | Budget::UpdatesOfEach(_)
        | Budget::MultiplyAddsOfEach(_) => Ok(()),
        Budget::Epochs(n) => {
            let reason = "this stream is single-pass: set `budget = { epochs = 1 }`";
            Err(Unsuited::new("budget", format!("{n} epochs"), reason))
        }
        Budget::Updates(n) => {
            let fewest = seen.experiences.iter().filter_map(|e| e.train).min();
            let batches = fewest.map(|rows| rows.div_ceil(config.batch.max(1)) as u64);
            match batches.filter(|&most| most < n) {
                None => Ok(()),
                Some(most) => {
                    let reason = format!(
                        "this stream is single-pass, and an experience has {most} batches of {}: set \
                         `budget = {{ updates = {most} }}` or less, or `budget = {{ epochs = 1 }}`",
                        config.batch
                    );
                    Err(Unsuited::new("budget", format!("{n} updates"), reason))
                }
            }
        }
    }
}

/// The updates of each experience, if known.
fn updates(config: &Gradient, seen: &StreamFacts) -> Option<Vec<u64>> {
    let of = |index: usize, rows: Option<usize>| match config.budget.of(index) {
        Quota::Updates(n) | Quota::AllUpdates(n) => Some(n),
        Quota::Epochs(n) => {
            let batches = rows?.div_ceil(config.batch.max(1)) as u64;
            Some(batches.saturating_mul(n))
        }
        Quota::MultiplyAdds(_) => None,
    };
    let each = seen.experiences.iter().enumerate();
    each.map(|(index, e)| of(index, e.train)).collect()
}

/// The initial network of a run; `None` if only the data determine the image shape, or if it is loaded from another run.
fn first_network(config: &Gradient, shape: Option<&[usize]>) -> Result<Option<Graph>, Unsuited> {
    // It is read when the run begins.
    if config.start.is_some() {
        return Ok(None);
    }
    // The number of input features affects no hidden layer.
    let shape = match shape {
        Some(shape) => shape,
        None if config.conv.is_empty() => &[1],
        None => return Ok(None),
    };
    let key = if config.conv.is_empty() { "hidden" } else { "conv" };
    let refused = |why: String| {
        let value = match key {
            "hidden" => format!("{:?}", config.hidden),
            _ => format!("a list of {}", config.conv.len()),
        };
        Unsuited::new(key, value, why)
    };
    let plan = network::initial(config, shape, Seed(0)).map_err(|error| match error {
        LearnError::Unsuited(why) => refused(why),
        other => refused(other.to_string()),
    })?;
    let made = Graph::empty().apply(&plan, Moment::default());
    let (graph, _) = made.map_err(|error| refused(format!("the network is invalid: {error}")))?;
    Ok(Some(graph))
}

/// The network with the heads of the first experience, or of everything.
fn with_heads(config: &Gradient, graph: &Graph, seen: &StreamFacts) -> Result<Option<Graph>, Unsuited> {
    let Some(first) = seen.info(0) else {
        return Ok(None);
    };
    let Some(plan) = heads::missing(graph, &first, config.head_form(), Seed(0)) else {
        return Ok(Some(graph.clone()));
    };
    let made = graph.apply(&plan, Moment::default());
    let made = made.map_err(|error| {
        let key = if config.protocol == Protocol::Joint {
            "protocol"
        } else {
            "hidden"
        };
        let reason = format!("no heads can be made for this stream: {error}");
        Unsuited::new(key, "what it is", reason)
    });
    made.map(|(graph, _)| Some(graph))
}

#[cfg(test)]
mod tests;
