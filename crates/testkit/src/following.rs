//! State that follows a receipt, as [`Receipt`] specifies it for backends, on plain arrays.

use crate::naive::Arrays;
use dentate_core::{Gain, Graph, Groups, Link, Parameter, Receipt, SlotKind};
use ndarray::Array2;

/// A slot's arrays after `receipt`, from those before it. `before` is the graph that the plan was applied to.
#[must_use]
pub fn follow(receipt: &Receipt, kind: SlotKind, before: &Graph, old: &Arrays) -> Arrays {
    let mut state = old.clone();
    if kind == SlotKind::Weight {
        fold_mean(receipt, before, old, &mut state);
    }
    let none = Array2::zeros((0, 0));
    for (parameter, carry) in &receipt.parameters {
        let old = state.get(parameter).unwrap_or(&none);
        let new = carry.apply(kind, old.view());
        state.insert(*parameter, new);
    }
    if kind == SlotKind::Weight {
        for (parameter, by) in &receipt.adjustments {
            if let Some(values) = state.get_mut(parameter) {
                by.apply(values);
            }
        }
    }
    state
}

fn fold_mean(receipt: &Receipt, before: &Graph, old: &Arrays, state: &mut Arrays) {
    for fold_mean in &receipt.folded_means {
        let position = fold_mean.position as usize;
        for c in before.out_of(fold_mean.layer) {
            let Some(bias) = state.get_mut(&Parameter::Bias(c.to)) else {
                continue;
            };
            let gain = match c.gain {
                Gain::None => 1.0,
                Gain::Scalar => old[&Parameter::Gain(c.id)][(0, 0)],
                Gain::PerUnit => old[&Parameter::Gain(c.id)][(0, position)],
            };
            let Some(weights) = old.get(&Parameter::Weight(c.id)) else {
                continue;
            };
            let groups = match c.link {
                Link::Convolution { groups, .. } => groups,
                Link::Dense | Link::Direct => Groups::One,
            };
            let width = |l| before.layer(l).map_or(1, dentate_core::Layer::width);
            let groups = match groups {
                Groups::One => 1,
                Groups::Count(n) => n as usize,
                Groups::Depthwise => width(c.from),
            };
            let (each, sources, targets) = (
                before.columns_each(c),
                width(c.from) / groups,
                width(c.to) / groups,
            );
            let (group, first) = (position / sources, position % sources * each);
            for column in first..first + each {
                for i in group * targets..(group + 1) * targets {
                    bias[(0, i)] += weights[(i, column)] * gain * fold_mean.mean;
                }
            }
        }
    }
}

/// Arrays of a graph's shapes, each parameter's drawn from the seed and its name.
#[must_use]
pub fn random(graph: &Graph, seed: dentate_core::Seed) -> Arrays {
    let block = |p: &Parameter, shape| {
        let seed = seed.derive(&format!("{p:?}"));
        if matches!(p, Parameter::Variance(_)) {
            return crate::generators::positive(shape, seed);
        }
        crate::generators::block(shape, seed)
    };
    graph
        .parameters()
        .iter()
        .map(|(p, shape)| (*p, block(p, *shape)))
        .collect()
}

/// The first entry in which two sets of arrays differ by a bit, with both values. All NaNs are equal.
#[must_use]
pub fn difference(a: &Arrays, b: &Arrays) -> Option<String> {
    if !a.keys().eq(b.keys()) {
        let (a, b): (Vec<_>, Vec<_>) = (a.keys().collect(), b.keys().collect());
        return Some(format!("blocks {a:?} against {b:?}"));
    }
    for (parameter, x) in a {
        let y = &b[parameter];
        if x.dim() != y.dim() {
            return Some(format!(
                "{parameter:?}: shape {:?} against {:?}",
                x.dim(),
                y.dim()
            ));
        }
        for (place, x) in x.indexed_iter() {
            if x.to_bits() != y[place].to_bits() {
                return Some(format!("{parameter:?} at {place:?}: {x} against {}", y[place]));
            }
        }
    }
    None
}
