//! Plans built from the decisions of the parts: units to prune, units to add, and the units coupled to them. Layers of one
//! width group (both ends of a residual sum, of a depthwise convolution) are widened and pruned together, so that units
//! keep their partners.

use crate::parts::{Place, Removals, Start};
use crate::strategy::View;
use dentate_core::{Edit, Graph, LayerId, Plan, PlanBuilder, UnitId};

/// Plans the pruning of `dead`, but never of the last unit of a layer. `None` if nothing is left to prune.
pub(super) fn pruned(view: &View<'_>, dead: Vec<Removals>, cause: &str) -> Option<Plan> {
    let mut plan = view.plan(cause);
    let mut any = false;
    for Removals {
        layer,
        units,
        fold_mean,
    } in dead
    {
        let living = view.graph.layer(layer).map_or(0, |l| l.width());
        if units.is_empty() || units.len() >= living || !view.graph.resizable(layer) {
            continue;
        }
        any = true;
        for (other, partners) in partners(view.graph, layer, &units) {
            let fold_mean = Vec::new();
            plan.edit(Edit::Prune {
                layer: other,
                units: partners,
                fold_mean,
            });
        }
        plan.edit(Edit::Prune {
            layer,
            units,
            fold_mean,
        });
    }
    any.then(|| plan.finish())
}

/// Returns the plan of a growth, and the number of units it adds.
pub(super) fn grown(view: &View<'_>, places: &[Place], starts: Vec<Start>) -> (Plan, usize) {
    let mut plan = view.plan("grow");
    let mut starts = starts.into_iter();
    let mut units = 0;
    for place in places {
        match *place {
            Place::Deeper { connection } => {
                let connection = view.graph.connection(connection);
                let source = connection.and_then(|c| Some((c.id, view.graph.layer(c.from)?)));
                if let Some((id, from)) = source {
                    let name = format!("deeper-{}", view.graph.next_connection().0);
                    units += from.width();
                    plan.insert_identity(id, name, from.activation);
                }
            }
            Place::Wider { layer, units: count } => {
                if let Some(start) = starts.next() {
                    units += widen(&mut plan, view.graph, layer, count, start);
                }
            }
        }
    }
    (plan.finish(), units)
}

/// Widens a layer and its width group; returns the number of units added.
fn widen(plan: &mut PlanBuilder, graph: &Graph, layer: LayerId, count: usize, start: Start) -> usize {
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
        Start::Copies { of, share, noise } => {
            let mut split = |layer, unit| {
                plan.edit(Edit::Split {
                    layer,
                    unit,
                    share,
                    noise,
                });
            };
            for (other, partners) in partners(graph, layer, &of) {
                units += partners.len();
                partners.into_iter().for_each(|unit| split(other, unit));
            }
            of.into_iter().for_each(|unit| split(layer, unit));
        }
    }
    units
}

/// The units at the same positions in the other layers of the width group.
fn partners(graph: &Graph, layer: LayerId, units: &[UnitId]) -> Vec<(LayerId, Vec<UnitId>)> {
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
