//! Laws of reach: parameters that an objective does not reach are left alone, and optimizer state begins at the first update
//! that reaches them.

use super::compare::{fine, same_bits};
use super::growing::{AGES, ages};
use super::law::{Make, hold, skip};
use super::world::{World, grow, mild_worlds, optimizers};
use crate::generators::{intents, plan};
use crate::naive::{Arrays, Cell, Network};
use dentate_core::{
    Graph, Grid, Init, LayerId, Moment, Optimizer, Parameter, Plan, PlanBuilder, Purpose, Seed, Slot, Target,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Parameters that learn and that an error reaches, on the plain route: those of the objective's layers, and of the layers that
/// feed these.
fn within_reach(world: &World) -> BTreeSet<Parameter> {
    let judged = world.objective.terms.iter().map(|t| t.layer).collect();
    let layers = world.graph.ancestors(&judged);
    let of = |p: &Parameter| match *p {
        Parameter::Weight(c) | Parameter::Gain(c) => world.graph.connection(c).map(|c| c.to),
        Parameter::Bias(l) | Parameter::Scale(l) | Parameter::Shift(l) => Some(l),
        Parameter::Mean(_) | Parameter::Variance(_) => None,
    };
    let learns = |grid: &Vec<Vec<Cell>>| grid.iter().flatten().any(|cell| world.naive.rate(*cell) > 0.0);
    let reached = world.naive.grids().into_iter().filter(|(p, grid)| {
        let layer = of(p);
        learns(grid) && layer.is_some_and(|l| layers.contains(&l))
    });
    reached.map(|(p, _)| p).collect()
}

/// Drop all terms but those of one layer, so that something is out of reach more often.
fn judge_one(world: &mut World) {
    let keep = world.objective.terms[0].layer;
    world
        .objective
        .terms
        .retain(|t| t.layer == keep && !matches!(t.target, Target::Layer(_)));
}

/// Parameters that neither an error nor a penalty reaches keep every bit and do not age, whatever the optimizer, its momentum
/// and its decay. Those that are reached and learn age by one.
pub fn what_is_not_reached_is_left_alone(make: Make) {
    let strategy = (mild_worlds(), optimizers(), any::<bool>());
    hold(
        make,
        "what_is_not_reached_is_left_alone",
        96,
        strategy,
        |(mut making, optimizer, apart)| {
            (making.pull, making.route) = (false, 0);
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            // All layers of the objective first, so that there are moments everywhere.
            world.step(&optimizer)?;
            judge_one(&mut world);
            if world.objective.terms.is_empty() {
                return skip();
            }
            let reach = within_reach(&world);
            // Statistics move where the layer they normalise is reached, and do not age.
            let moves = |p: &Parameter| match *p {
                Parameter::Mean(l) | Parameter::Variance(l) => reach.contains(&Parameter::Scale(l)),
                _ => false,
            };
            let before = world.backend.snapshot();
            let adam = !matches!(optimizer, Optimizer::Sgd { .. });
            for _ in 0..2 {
                if apart {
                    let (rows, route, objective) = (&world.rows, &world.route, &world.objective);
                    fine(
                        world
                            .backend
                            .gradient(rows, route, objective, Slot::GRADIENT, Purpose::Look),
                    )?;
                    fine(world.backend.update(Slot::GRADIENT, &optimizer, None))?;
                } else {
                    world.step(&optimizer)?;
                }
            }
            let after = world.backend.snapshot();
            for slot in [Slot::WEIGHT, Slot::FIRST_MOMENT, Slot::SECOND_MOMENT] {
                let (Some(a), Some(b)) = (before.slots.get(&slot), after.slots.get(&slot)) else {
                    continue;
                };
                let out_of_reach = |all: &Arrays| -> Arrays {
                    let left = all.iter().filter(|(p, _)| !reach.contains(p) && !moves(p));
                    left.map(|(p, v)| (*p, v.clone())).collect()
                };
                same_bits(&format!("{slot}"), &out_of_reach(a), &out_of_reach(b))?;
            }
            let (old, new) = (&before.clocks, &after.clocks);
            for (parameter, clock) in new {
                let by = if adam && reach.contains(parameter) { 2 } else { 0 };
                prop_assert_eq!(clock.updates, old[parameter].updates + by, "{}", parameter);
            }
            Ok(())
        },
    );
}

/// Connect two layers that are not connected yet, if there are any.
fn join(graph: &Graph, pick: u16) -> Option<Plan> {
    let joined: BTreeSet<_> = graph.connections().map(|c| (c.from, c.to)).collect();
    let input = graph.input().map(|l| l.id);
    let layers = || graph.layers().map(|l| l.id);
    let open = |&(from, to): &(LayerId, LayerId)| {
        let behind = graph.ancestors(&[from].into()).contains(&to);
        let plain = graph.layer(to).is_some_and(|l| l.grid == Grid::POINT);
        plain && from != to && Some(to) != input && !behind && !joined.contains(&(from, to))
    };
    let pairs = layers().flat_map(|from| layers().map(move |to| (from, to)));
    let pairs: Vec<_> = pairs.filter(open).collect();
    let (from, to) = *pairs.get(pick as usize % pairs.len().max(1))?;
    let mut plan = PlanBuilder::new(graph, "join", Seed(3));
    plan.connect(from, to, Init::He);
    let plan = plan.finish();
    Some(plan)
}

/// Adam's corrections of new parameters are those of a new optimizer, also in an old network: ages count updates that reached a
/// parameter, and in its first one no weight moves by more than the learning rate.
pub fn optimizer_state_begins_where_an_update_comes(make: Make) {
    let strategy = (mild_worlds(), intents(3), any::<u16>());
    hold(
        make,
        "optimizer_state_begins_where_an_update_comes",
        64,
        strategy,
        |(mut making, intents, pick)| {
            (making.pull, making.route) = (false, 0);
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            let rate = 0.01;
            let optimizer = Optimizer::adam(rate);
            for _ in 0..12 {
                world.step(&optimizer)?;
            }
            let moment = Moment {
                experience: 0,
                step: 12,
            };
            let mut naive = Network::of(&world.graph);
            naive.set(AGES, &ages(&world.backend.snapshot()));
            let grown = plan(&world.graph, &intents, Seed(7));
            grow(&mut *world.backend, &mut world.graph, &grown, moment)?;
            naive.apply(&grown, moment);
            if let Some(joined) = join(&world.graph, pick) {
                grow(&mut *world.backend, &mut world.graph, &joined, moment)?;
                naive.apply(&joined, moment);
            }
            world.naive = Network::of(&world.graph);
            let before = world.backend.snapshot();
            same_bits("ages", &naive.arrays(AGES), &ages(&before))?;
            // A layer of the objective may have been resized or pruned; then there is no step this time.
            if world.step(&optimizer).is_err() {
                return skip();
            }
            let after = world.backend.snapshot();
            let (old, new) = (ages(&before), ages(&after));
            let (was, is) = (&before.slots[&Slot::WEIGHT], &after.slots[&Slot::WEIGHT]);
            for (parameter, grid) in world.naive.grids() {
                for ((i, j), is) in is[&parameter].indexed_iter() {
                    let first = old[&parameter][(i, j)] == 0.0 && new[&parameter][(i, j)] == 1.0;
                    let moved = (is - was[&parameter][(i, j)]).abs();
                    // A sum of two numbers of this size is rounded.
                    let rounding = is.abs() * f32::EPSILON;
                    let most = rate * world.naive.rate(grid[i][j]) * 1.001 + rounding;
                    let what = format!("{parameter} {:?} moved by {moved}", (i, j));
                    prop_assert!(!first || moved <= most || !moved.is_finite(), "{}", what);
                }
            }
            Ok(())
        },
    );
}
