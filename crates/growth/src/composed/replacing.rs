//! Replacement of units in place, for survival rules that replace.
//!
//! A replacement combines three parts of the composition: the survival rule gives the units and the means to fold, the
//! initializer the weights of the new units, and the strategy draws them by the layer's name, as `continual-backprop` does.

use crate::parts::{Removals, Start};
use crate::strategy::{StrategyError, View};
use dentate_core::{Graph, Replacement};

/// The units among `gone` that are in layers where units can be replaced.
pub(super) fn replaceable(graph: &Graph, mut gone: Vec<Removals>) -> Vec<Removals> {
    gone.retain(|dead| !dead.units.is_empty() && graph.replaceable(dead.layer));
    gone
}

/// Builds the replacements of `gone` by new units initialised as `starts`.
pub(super) fn replacements(
    view: &View<'_>,
    gone: Vec<Removals>,
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
                fold_mean: dead.fold_mean,
                seed: view.seed.derive(name),
            })
        })
        .collect()
}

/// The error for initializers that copy: a copy shares the outgoing weights of its original, but a replacement changes no
/// other unit.
fn copies() -> StrategyError {
    let sentence = "its survival rule puts newborn units in the places of others, and its initializer starts them as copies, \
                    which need places of their own; set an initializer whose units have weights of their own, as `zero-fan-out`";
    StrategyError::Unsuited(sentence.into())
}

#[cfg(test)]
mod tests;
