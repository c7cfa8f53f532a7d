//! Newborn units in the places of those that have to go, under a survival rule that replaces.
//!
//! What a replacement is comes from three parts of the composition: the survival rule says who goes and what stays behind, the
//! initializer how the newborns start, and the strategy draws their weights by the layer's name, as `continual-backprop` does.

use crate::parts::{Dead, Start};
use crate::strategy::{StrategyError, View};
use dentate_core::{Graph, Replacement};

/// Of those that have to go, the units of layers where they can be replaced.
pub(super) fn replaceable(graph: &Graph, mut gone: Vec<Dead>) -> Vec<Dead> {
    gone.retain(|dead| !dead.units.is_empty() && graph.replaceable(dead.layer));
    gone
}

/// Put newborns that start so in the places of those that have to go.
pub(super) fn replacements(
    view: &View<'_>,
    gone: Vec<Dead>,
    starts: Vec<Start>,
) -> Result<Vec<Replacement>, StrategyError> {
    let pairs = gone.into_iter().zip(starts);
    pairs
        .map(|(dead, start)| {
            let Start::Fresh {
                incoming,
                outgoing,
                bias,
            } = start
            else {
                return Err(copies());
            };
            let name = view.graph.layer(dead.layer).map_or("", |l| &l.name);
            Ok(Replacement {
                layer: dead.layer,
                units: dead.units,
                incoming,
                outgoing,
                bias,
                absorb: dead.absorb,
                seed: view.seed.derive(name),
            })
        })
        .collect()
}

/// A copy shares the outgoing weights of its model, which a plan of replacements cannot do: it touches nobody but who is replaced.
fn copies() -> StrategyError {
    let sentence = "its survival rule puts newborn units in the places of others, and its initializer starts them as copies, \
                    which need places of their own; set an initializer whose units have weights of their own, as `zero-fan-out`";
    StrategyError::Unsuited(sentence.into())
}

#[cfg(test)]
mod tests;
