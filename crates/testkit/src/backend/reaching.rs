//! Laws of reach: parameters that an objective does not reach are left alone, and optimizer state begins at the first update
//! that reaches them.

use super::compare::{fine, same_bits};
use super::fixture::{Fixture, grow, mild_cases, optimizers};
use super::growing::{AGES, ages};
use super::law::{Make, check_law, skip};
use crate::generators::{intents, plan};
use crate::naive::{Arrays, Cell, Network};
use dentate_core::{
    Graph, Grid, Init, LayerId, Moment, Optimizer, Parameter, Plan, PlanBuilder, Purpose, Seed, Slot, Target,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Parameters that learn and that an error reaches, on the plain route: those of the objective's layers, and of the layers that
/// feed these.
fn within_reach(fixture: &Fixture) -> BTreeSet<Parameter> {
    let with_loss = fixture.objective.terms.iter().map(|t| t.layer).collect();
    let layers = fixture.graph.ancestors(&with_loss);
    let of = |p: &Parameter| match *p {
        Parameter::Weight(c) | Parameter::Gain(c) => fixture.graph.connection(c).map(|c| c.to),
        Parameter::Bias(l) | Parameter::Scale(l) | Parameter::Shift(l) => Some(l),
        Parameter::Mean(_) | Parameter::Variance(_) => None,
    };
    let learns = |grid: &Vec<Vec<Cell>>| grid.iter().flatten().any(|cell| fixture.naive.rate(*cell) > 0.0);
    let reached = fixture.naive.grids().into_iter().filter(|(p, grid)| {
        let layer = of(p);
        learns(grid) && layer.is_some_and(|l| layers.contains(&l))
    });
    reached.map(|(p, _)| p).collect()
}

/// Drop all terms but those of one layer, so that something is out of reach more often.
fn judge_one(fixture: &mut Fixture) {
    let keep = fixture.objective.terms[0].layer;
    fixture
        .objective
        .terms
        .retain(|t| t.layer == keep && !matches!(t.target, Target::Layer(_)));
}

/// Parameters that neither an error nor a penalty reaches keep every bit and do not age, whatever the optimizer, its momentum
/// and its decay. Those that are reached and learn age by one.
pub fn what_is_not_reached_keeps_every_bit(make: Make) {
    let strategy = (mild_cases(), optimizers(), any::<bool>());
    check_law(
        make,
        "what_is_not_reached_keeps_every_bit",
        96,
        strategy,
        |(mut case, optimizer, apart)| {
            (case.pull, case.route) = (false, 0);
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            // All layers of the objective first, so that there are moments everywhere.
            fixture.step(&optimizer)?;
            judge_one(&mut fixture);
            if fixture.objective.terms.is_empty() {
                return skip();
            }
            let reach = within_reach(&fixture);
            // Statistics move where the layer they normalise is reached, and do not age.
            let moves = |p: &Parameter| match *p {
                Parameter::Mean(l) | Parameter::Variance(l) => reach.contains(&Parameter::Scale(l)),
                _ => false,
            };
            let before = fixture.backend.snapshot();
            let adam = !matches!(optimizer, Optimizer::Sgd { .. });
            for _ in 0..2 {
                if apart {
                    let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
                    fine(fixture.backend.gradient(
                        rows,
                        route,
                        objective,
                        Slot::GRADIENT,
                        Purpose::ReadOnly,
                    ))?;
                    fine(fixture.backend.update(Slot::GRADIENT, &optimizer, None))?;
                } else {
                    fixture.step(&optimizer)?;
                }
            }
            let after = fixture.backend.snapshot();
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
    let strategy = (mild_cases(), intents(3), any::<u16>());
    check_law(
        make,
        "optimizer_state_begins_where_an_update_comes",
        64,
        strategy,
        |(mut case, intents, pick)| {
            (case.pull, case.route) = (false, 0);
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            let rate = 0.01;
            let optimizer = Optimizer::adam(rate);
            for _ in 0..12 {
                fixture.step(&optimizer)?;
            }
            let moment = Moment {
                experience: 0,
                step: 12,
            };
            let mut naive = Network::of(&fixture.graph);
            naive.set(AGES, &ages(&fixture.backend.snapshot()));
            let grown = plan(&fixture.graph, &intents, Seed(7));
            grow(&mut *fixture.backend, &mut fixture.graph, &grown, moment)?;
            naive.apply(&grown, moment);
            if let Some(joined) = join(&fixture.graph, pick) {
                grow(&mut *fixture.backend, &mut fixture.graph, &joined, moment)?;
                naive.apply(&joined, moment);
            }
            fixture.naive = Network::of(&fixture.graph);
            let before = fixture.backend.snapshot();
            same_bits("ages", &naive.arrays(AGES), &ages(&before))?;
            // A layer of the objective may have been resized or pruned; then there is no step this time.
            if fixture.step(&optimizer).is_err() {
                return skip();
            }
            let after = fixture.backend.snapshot();
            let (old, new) = (ages(&before), ages(&after));
            let (was, is) = (&before.slots[&Slot::WEIGHT], &after.slots[&Slot::WEIGHT]);
            for (parameter, grid) in fixture.naive.grids() {
                for ((i, j), is) in is[&parameter].indexed_iter() {
                    let first = old[&parameter][(i, j)] == 0.0 && new[&parameter][(i, j)] == 1.0;
                    let moved = (is - was[&parameter][(i, j)]).abs();
                    // A sum of two numbers of this size is rounded.
                    let rounding = is.abs() * f32::EPSILON;
                    let most = rate * fixture.naive.rate(grid[i][j]) * 1.001 + rounding;
                    let what = format!("{parameter} {:?} moved by {moved}", (i, j));
                    prop_assert!(!first || moved <= most || !moved.is_finite(), "{}", what);
                }
            }
            Ok(())
        },
    );
}
