//! Objectives relative to a graph.

use super::block;
use dentate_core::{Activation, Active, Graph, Layer, Loss, Objective, Seed, Tally, Target, Term};
use proptest::prelude::*;

/// The description of a term. Kinds: 0 labels, 1 real targets, 2 given values, 3 distillation, 4 another layer, 5 inputs.
#[derive(Clone, Copy, Debug)]
pub struct Goal {
    /// The kind of the term.
    pub kind: u8,
    /// Picks a layer.
    pub layer: u16,
    /// Picks units.
    pub units: u16,
    /// Picks rows.
    pub rows: u16,
    /// Its weight.
    pub weight: f32,
}

/// Up to three goals.
pub fn goals() -> impl Strategy<Value = Vec<Goal>> {
    let one = (0u8..6, any::<u16>(), any::<u16>(), any::<u16>(), 0.25f32..2.0).prop_map(
        |(kind, layer, units, rows, weight)| Goal {
            kind,
            layer,
            units,
            rows,
            weight,
        },
    );
    prop::collection::vec(one, 1..4)
}

/// The objective for a batch of `rows` rows: classes if `labels`, else real targets. Goals that the graph cannot serve are left
/// out; there is at least one term.
#[must_use]
pub fn objective(graph: &Graph, goals: &[Goal], rows: usize, labels: bool, seed: Seed) -> Objective {
    let terms: Vec<Term> = goals
        .iter()
        .enumerate()
        .filter_map(|(k, g)| term(graph, *g, rows, labels, seed.derive(&format!("goal {k}"))))
        .collect();
    let fallback = Goal {
        kind: 2,
        layer: 0,
        units: 0,
        rows: 0,
        weight: 1.0,
    };
    let terms = if terms.is_empty() {
        term(graph, fallback, rows, labels, seed).into_iter().collect()
    } else {
        terms
    };
    Objective {
        terms,
        penalties: Vec::new(),
        keep: None,
    }
}

fn term(graph: &Graph, g: Goal, rows: usize, labels: bool, seed: Seed) -> Option<Term> {
    let range = match g.rows % 3 {
        0 => {
            let start = g.rows as usize / 3 % rows;
            Some(start..rows)
        }
        _ => None,
    };
    let count = range.as_ref().map_or(rows, |r| r.len());
    let pick = |fits: &dyn Fn(&&Layer) -> bool| {
        let fitting: Vec<&Layer> = graph.layers().filter(fits).collect();
        (!fitting.is_empty()).then(|| fitting[g.layer as usize % fitting.len()])
    };
    let fed = |l: &&Layer| graph.into_layer(l.id).next().is_some();
    let some = |l: &Layer| {
        let chosen = (0..l.features() as u32).filter(|i| (i + u32::from(g.units)).is_multiple_of(2));
        let chosen: Vec<u32> = chosen.collect();
        if g.units.is_multiple_of(3) && !chosen.is_empty() {
            Active::Units(chosen)
        } else {
            Active::All
        }
    };
    let (layer, active, loss, target) = match g.kind {
        0 if labels => {
            let layer = pick(&|l| l.head().is_some_and(|h| !h.classes.is_empty()) && fed(l))?;
            let classes = &layer.head()?.classes;
            let most = *classes.iter().max()?;
            let unit_of = (0..=most).map(|c| classes.iter().position(|&k| k == c).map(|p| p as u32));
            let target = Target::Labels {
                unit_of: unit_of.collect(),
            };
            let loss = if g.units.is_multiple_of(2) {
                Loss::CrossEntropy
            } else {
                Loss::MeanSquared
            };
            (layer, Active::All, loss, target)
        }
        1 if !labels => {
            let layer = graph.named(super::Shape::VALUES)?;
            (layer, Active::All, Loss::MeanSquared, Target::Values)
        }
        3 => {
            let layer = pick(&|l| l.activation == Activation::Identity && fed(l))?;
            let temperature = [1.0, 2.0][g.units as usize % 2];
            let given = Target::Given(block((count, layer.features()), seed));
            (layer, some(layer), Loss::Distillation { temperature }, given)
        }
        4 => {
            let layer = pick(&fed)?;
            let other = graph
                .layers()
                .find(|l| l.features() == layer.features() && l.id != layer.id)?;
            (layer, some(layer), Loss::MeanSquared, Target::Layer(other.id))
        }
        5 => {
            let width = graph.input()?.features();
            let layer = pick(&|l| l.features() == width && fed(l))?;
            (layer, Active::All, Loss::MeanSquared, Target::Inputs)
        }
        _ => {
            let layer = pick(&fed)?;
            let given = Target::Given(block((count, layer.features()), seed));
            (layer, some(layer), Loss::MeanSquared, given)
        }
    };
    Some(Term {
        rows: range,
        layer: layer.id,
        active,
        loss,
        target,
        weight: g.weight,
        tally: [Tally::None, Tally::CURRENT, Tally::REPLAYED, Tally::Stream(1)][g.units as usize / 3 % 4],
    })
}
