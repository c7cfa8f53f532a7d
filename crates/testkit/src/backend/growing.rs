//! Laws of growth.

use super::compare::{close, fine, same_bits};
use super::fixture::{grow, mild_cases, optimizers};
use super::law::{Make, check_law, skip};
use crate::generators::{block, intents, plan, positive};
use crate::naive::{Arrays, Network};
use dentate_core::{
    Backend, Clock, Edit, Graph, Init, Moment, Optimizer, Parameter, Plan, Replacement, Seed, Slot, SlotKind,
    Snapshot,
};
use ndarray::Array2;
use proptest::prelude::*;

/// The slot in which the naive model keeps ages.
pub(super) const AGES: Slot = Slot::new(SlotKind::Statistic, 200);

/// The number of updates of each parameter of a network.
pub(super) fn ages(snapshot: &Snapshot) -> Arrays {
    let of = |(p, clock): (&Parameter, &Clock)| {
        let shape = (clock.rows.len(), clock.columns.len());
        (*p, Array2::from_shape_fn(shape, |(i, j)| clock.age(i, j) as f32))
    };
    snapshot.clocks.iter().map(of).collect()
}

/// One slot of every kind, except for weights.
fn slots() -> Vec<Slot> {
    let index = |kind| match kind {
        SlotKind::FirstMoment | SlotKind::SecondMoment => 0,
        _ => 2,
    };
    let others = SlotKind::ALL.into_iter().filter(|k| *k != SlotKind::Weight);
    others.map(|k| Slot::new(k, index(k))).collect()
}

/// Fill every slot with random state.
fn fill(backend: &mut dyn Backend, graph: &Graph, seed: Seed) -> Result<(), TestCaseError> {
    let mut snapshot = backend.snapshot();
    for slot in slots() {
        let block = |(p, shape): (Parameter, (usize, usize))| {
            let seed = seed.derive(&format!("{slot} {p:?}"));
            let draw = if slot.kind == SlotKind::SecondMoment {
                positive
            } else {
                block
            };
            (p, draw(shape, seed))
        };
        let arrays: Arrays = graph.parameters().into_iter().map(block).collect();
        snapshot.slots.insert(slot, arrays);
    }
    fine(backend.restore(graph, &snapshot))
}

/// A sequence of plans, with training steps between, carries every slot as the naive model does. Only biases with folded means
/// may differ, by a rounding.
pub fn growth_carries_every_slot_as_the_naive_model_does(make: Make) {
    let plans = prop::collection::vec(intents(5), 1..5);
    let strategy = (mild_cases(), optimizers(), plans);
    check_law(
        make,
        "growth_carries_every_slot_as_the_naive_model_does",
        96,
        strategy,
        |(case, optimizer, plans)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            let step = |fixture: &mut super::fixture::Fixture| {
                // A layer of the objective may have been resized or pruned; then there is no step this time.
                drop(
                    fixture
                        .backend
                        .step(&fixture.rows, &fixture.route, &fixture.objective, &optimizer),
                );
            };
            for (k, intents) in plans.iter().enumerate() {
                step(&mut fixture);
                fill(&mut *fixture.backend, &fixture.graph, Seed(k as u64))?;
                step(&mut fixture);
                let before = fixture.backend.snapshot();
                let mut naive = Network::of(&fixture.graph);
                for (slot, arrays) in &before.slots {
                    naive.set(*slot, arrays);
                }
                naive.set(AGES, &ages(&before));
                let moment = Moment {
                    experience: k as u32,
                    step: before.updates,
                };
                let plan = plan(&fixture.graph, intents, Seed(100 + k as u64));
                grow(&mut *fixture.backend, &mut fixture.graph, &plan, moment)?;
                naive.apply(&plan, moment);
                let after = fixture.backend.snapshot();
                prop_assert_eq!(
                    before.slots.keys().collect::<Vec<_>>(),
                    after.slots.keys().collect::<Vec<_>>()
                );
                for (slot, found) in &after.slots {
                    compare(*slot, &plan, &naive.arrays(*slot), found)?;
                }
                // Ages are carried like statistics: 0 for fresh entries, and a copy has its original's.
                same_bits("ages", &naive.arrays(AGES), &ages(&after))?;
            }
            Ok(())
        },
    );
}

fn compare(slot: Slot, plan: &Plan, wanted: &Arrays, found: &Arrays) -> Result<(), TestCaseError> {
    let absorbs = |e: &Edit| matches!(e, Edit::Prune { fold_mean, .. } | Edit::Replace { fold_mean, .. } if !fold_mean.is_empty());
    if slot != Slot::WEIGHT || !plan.edits.iter().any(absorbs) {
        return same_bits(&format!("{slot}"), wanted, found);
    }
    let is_bias = |p: &Parameter| matches!(p, Parameter::Bias(_));
    let (mut wanted, mut found) = (wanted.clone(), found.clone());
    for (parameter, wanted) in wanted.iter().filter(|(p, _)| is_bias(p)) {
        for (place, w) in wanted.indexed_iter() {
            let f = found[parameter][place];
            close(
                &format!("{parameter:?}"),
                f64::from(f),
                f64::from(*w),
                1e-5 * (1.0 + f64::from(w.abs())),
            )?;
        }
    }
    wanted.retain(|p, _| !is_bias(p));
    found.retain(|p, _| !is_bias(p));
    same_bits(&format!("{slot}"), &wanted, &found)
}

/// Applying a replacement in place equals applying a plan of one `Edit::Replace`.
pub fn replacing_in_place_is_applying_one_replace(make: Make) {
    let strategy = (mild_cases(), any::<u16>(), any::<bool>());
    check_law(
        make,
        "replacing_in_place_is_applying_one_replace",
        48,
        strategy,
        |(case, pick, fold_mean)| {
            let (Some(mut applied), Some(mut replaced)) = (case.fixture(make)?, case.fixture(make)?) else {
                return Ok(());
            };
            let optimizer = Optimizer::adam(0.01);
            for fixture in [&mut applied, &mut replaced] {
                fixture.step(&optimizer)?;
                fill(&mut *fixture.backend, &fixture.graph, Seed(5))?;
            }
            let graph = &applied.graph;
            let hidden = graph.hidden().filter(|l| graph.replaceable(l.id));
            let hidden: Vec<_> = hidden.cloned().collect();
            if hidden.is_empty() {
                return skip();
            }
            let layer = &hidden[pick as usize % hidden.len()];
            let units: Vec<_> = layer.units.iter().map(|u| u.id).rev().step_by(2).collect();
            let request = Replacement {
                layer: layer.id,
                fold_mean: if fold_mean {
                    vec![0.5; units.len()]
                } else {
                    Vec::new()
                },
                units,
                incoming: Init::He.into(),
                outgoing: Init::Zero.into(),
                bias: 0.1,
                seed: Seed(11),
            };
            let mut plan = Plan::new("replace", request.seed);
            plan.edits.push(Edit::Replace {
                layer: request.layer,
                units: request.units.clone(),
                incoming: request.incoming.clone(),
                outgoing: request.outgoing.clone(),
                bias: request.bias,
                fold_mean: request.fold_mean.clone(),
            });
            let moment = Moment {
                experience: 0,
                step: 1,
            };
            grow(&mut *applied.backend, &mut applied.graph, &plan, moment)?;
            let receipt = replaced
                .graph
                .replace(&request, moment)
                .map_err(|e| TestCaseError::fail(e.to_string()))?;
            fine(replaced.backend.apply(&replaced.graph, &receipt))?;
            for _ in 0..2 {
                applied.step(&optimizer)?;
                replaced.step(&optimizer)?;
            }
            let (a, b) = (applied.backend.snapshot(), replaced.backend.snapshot());
            for (slot, arrays) in &a.slots {
                same_bits(&format!("{slot}"), arrays, &b.slots[slot])?;
            }
            prop_assert_eq!(a.clocks, b.clocks);
            Ok(())
        },
    );
}
