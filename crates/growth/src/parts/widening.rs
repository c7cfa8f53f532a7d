//! Widening a layer with new units as an initializer starts them. Layers of one width group (both ends of a residual sum, of a
//! depthwise convolution) are widened together, so that units keep their partners.

use super::initializer::Start;
use dentate_core::{Adjustment, Edit, Graph, LayerId, Parameter, PlanBuilder, UnitId};
use ndarray::Array2;

/// Widens a layer and its width group; returns the number of units added.
pub(crate) fn widen(
    plan: &mut PlanBuilder,
    graph: &Graph,
    layer: LayerId,
    count: usize,
    start: Start,
) -> usize {
    let width = graph.layer(layer).map_or(0, |l| l.width());
    let after = width + start.count(count);
    let to = Target {
        graph,
        layer,
        first: width,
        after,
    };
    add(plan, to, count, start)
}

/// The layer to widen, with the position of the first new unit and the width after the plan.
#[derive(Clone, Copy)]
struct Target<'a> {
    graph: &'a Graph,
    layer: LayerId,
    first: usize,
    after: usize,
}

fn add(plan: &mut PlanBuilder, to: Target<'_>, count: usize, start: Start) -> usize {
    let Target { graph, layer, .. } = to;
    let mut units = count;
    match start {
        Start::Fresh {
            incoming,
            outgoing,
            bias,
        } => {
            // The other layers of the width group use the same rules: given weights are for this layer only.
            let (into, out) = (incoming.rule, outgoing.rule);
            for other in graph.together(layer).into_iter().skip(1) {
                units += count;
                plan.widen(other, count, into, out);
            }
            plan.edit(Edit::Widen {
                layer,
                count,
                incoming,
                outgoing,
                bias,
                classes: Vec::new(),
            });
        }
        Start::Copies { of, share, noise } => units = split(plan, to, of, share, noise),
        Start::Splits { of, by, bias } => {
            let places = of.iter().filter_map(|&unit| graph.layer(layer)?.position(unit));
            let pairs: Vec<(usize, usize)> = places.zip(to.first..).collect();
            units = split(plan, to, of, 0.5, 0.0);
            for (connection, change) in by {
                let change = apart(&change, &pairs, to.after);
                plan.edit(Edit::Adjust {
                    parameter: Parameter::Weight(connection),
                    by: Adjustment::Add(change),
                });
            }
            if !bias.is_empty() && !pairs.is_empty() {
                let column = Array2::from_shape_fn((bias.len(), 1), |(i, _)| bias[i]);
                let change = apart(&column, &pairs, to.after).reversed_axes();
                plan.edit(Edit::Adjust {
                    parameter: Parameter::Bias(layer),
                    by: Adjustment::Add(change.as_standard_layout().to_owned()),
                });
            }
        }
        Start::Several(parts) => {
            units = 0;
            let mut to = to;
            for (count, start) in parts {
                let new = start.count(count);
                units += add(plan, to, count, start);
                to.first += new;
            }
        }
    }
    units
}

/// Copies units and their partners; returns the number of copies.
fn split(plan: &mut PlanBuilder, to: Target<'_>, of: Vec<UnitId>, share: f32, noise: f32) -> usize {
    let mut units = of.len();
    let mut split = |layer, unit| {
        plan.edit(Edit::Split {
            layer,
            unit,
            share,
            noise,
        });
    };
    for (other, partners) in partners(to.graph, to.layer, &of) {
        units += partners.len();
        partners.into_iter().for_each(|unit| split(other, unit));
    }
    of.into_iter().for_each(|unit| split(to.layer, unit));
    units
}

/// The change of a block in which each copy moves by a row of `change`, and its original by the opposite.
fn apart(change: &Array2<f32>, pairs: &[(usize, usize)], rows: usize) -> Array2<f32> {
    let mut whole = Array2::zeros((rows, change.ncols()));
    for (by, &(original, copy)) in change.rows().into_iter().zip(pairs) {
        whole.row_mut(copy).assign(&by);
        let mut original = whole.row_mut(original);
        original -= &by;
    }
    whole
}

/// The units at the same positions in the other layers of the width group.
pub(crate) fn partners(graph: &Graph, layer: LayerId, units: &[UnitId]) -> Vec<(LayerId, Vec<UnitId>)> {
    let places: Vec<usize> = graph.layer(layer).map_or_else(Vec::new, |l| {
        units.iter().filter_map(|&unit| l.position(unit)).collect()
    });
    let others = graph.together(layer).into_iter().skip(1);
    let at = |other: LayerId| {
        let there = &graph.layer(other)?.units;
        let partners = places
            .iter()
            .filter_map(|&i| there.get(i).map(|u| u.id))
            .collect();
        Some((other, partners))
    };
    others.filter_map(at).collect()
}

#[cfg(test)]
mod tests;
