//! Laws of the entries that updates and writes leave alone: held and frozen ones.

use super::compare::{Outcome, fine};
use super::fixture::{Fixture, grow, mild_cases, optimizers};
use super::law::{Make, check_law};
use crate::generators::positive;
use crate::naive::{Arrays, Cell, Network};
use dentate_core::{
    BackendError, Edit, Expr, Graph, LrScaleOf, Moment, Optimizer, Parameter, Plan, Power, Purpose, Seed,
    Slot, SlotKind,
};
use ndarray::Array2;
use proptest::prelude::*;

/// The slot of factors on updates.
pub(super) const KEEP: Slot = Slot::new(SlotKind::Mask, 3);

/// Factors of a block: 0, 1 and values between, or all of them 0.
fn block(parameter: Parameter, shape: (usize, usize)) -> Array2<f32> {
    let seed = Seed(31).derive(&format!("{parameter:?}"));
    let mut pick = positive(shape, seed).mapv(|v| (v * 1000.0) as u32);
    if pick.iter().sum::<u32>() % 4 == 0 {
        pick.fill(0);
    }
    pick.mapv(|pick| [0.0, 1.0, 0.0, 0.25][pick as usize % 4])
}

/// Factors for all parameters of a network.
pub(super) fn factors(graph: &Graph) -> Arrays {
    let parameters = graph.parameters().into_iter();
    parameters.map(|(p, shape)| (p, block(p, shape))).collect()
}

/// Scale the updates of the fixture's objective by factors.
pub(super) fn hold_back(fixture: &mut Fixture) -> Outcome {
    fixture.put(KEEP, block)?;
    fixture.objective.keep = Some(KEEP);
    Ok(())
}

/// The entries of arrays that `fits` selects, in order.
fn those(arrays: &Arrays, fits: impl Fn(Parameter, (usize, usize)) -> bool) -> Vec<u32> {
    let all = arrays
        .iter()
        .flat_map(|(p, a)| a.indexed_iter().map(|(at, v)| (*p, at, *v)));
    all.filter(|(p, at, _)| fits(*p, *at))
        .map(|(.., v)| v.to_bits())
        .collect()
}

/// With a factor of 0, no bit of a parameter, of its moments or of a running statistic changes, whatever the optimizer; a block
/// with no other factor does not age, and creation times do not change at all. Slots that an update changes are refused.
pub fn what_is_held_keeps_every_bit(make: Make) {
    let strategy = (mild_cases(), optimizers(), any::<bool>());
    check_law(
        make,
        "what_is_held_keeps_every_bit",
        64,
        strategy,
        |(case, optimizer, apart)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            // This creates moments.
            fixture.step(&optimizer)?;
            hold_back(&mut fixture)?;
            let before = fixture.backend.snapshot();
            for _ in 0..3 {
                if apart {
                    let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
                    let into = Slot::GRADIENT;
                    fine(
                        fixture
                            .backend
                            .gradient(rows, route, objective, into, Purpose::Update),
                    )?;
                    fine(fixture.backend.update(into, &optimizer, Some(KEEP)))?;
                } else {
                    fixture.step(&optimizer)?;
                }
            }
            let after = fixture.backend.snapshot();
            let factors = factors(&fixture.graph);
            let held = |p: Parameter, at: (usize, usize)| factors[&p][at] == 0.0;
            for slot in [Slot::WEIGHT, Slot::FIRST_MOMENT, Slot::SECOND_MOMENT] {
                if let (Some(a), Some(b)) = (before.slots.get(&slot), after.slots.get(&slot)) {
                    prop_assert_eq!(those(a, held), those(b, held), "{}", slot);
                }
            }
            for (parameter, clock) in &after.clocks {
                let was = &before.clocks[parameter];
                prop_assert_eq!((&was.rows, &was.columns), (&clock.rows, &clock.columns));
                if factors[parameter].iter().all(|factor| *factor == 0.0) {
                    prop_assert_eq!(was.updates, clock.updates, "{} aged", parameter);
                }
            }
            for slot in [Slot::WEIGHT, Slot::FIRST_MOMENT, Slot::SECOND_MOMENT] {
                let refused = Err(BackendError::Keep(slot));
                prop_assert_eq!(
                    fixture.backend.update(KEEP, &optimizer, Some(slot)),
                    refused.clone()
                );
                fixture.objective.keep = Some(slot);
                let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
                prop_assert_eq!(fixture.backend.step(rows, route, objective, &optimizer), refused);
            }
            let empty = Slot::new(SlotKind::Mask, 9);
            let missing = Err(BackendError::EmptySlot(empty));
            prop_assert_eq!(fixture.backend.update(KEEP, &optimizer, Some(empty)), missing);
            Ok(())
        },
    );
}

/// A running statistic moves by its factor times the change it would have without one.
pub fn statistics_follow_by_their_factors(make: Make) {
    let strategy = (mild_cases(), optimizers());
    check_law(
        make,
        "statistics_follow_by_their_factors",
        64,
        strategy,
        |(case, optimizer)| {
            let (Some(mut free), Some(mut held)) = (case.fixture(make)?, case.fixture(make)?) else {
                return Ok(());
            };
            hold_back(&mut held)?;
            let before = free.slot(Slot::WEIGHT);
            free.step(&optimizer)?;
            held.step(&optimizer)?;
            let (whole, part) = (free.slot(Slot::WEIGHT), held.slot(Slot::WEIGHT));
            let factors = factors(&held.graph);
            for (parameter, was) in before.iter().filter(|(p, _)| !p.learned()) {
                for (at, &was) in was.indexed_iter() {
                    let (whole, part) = (whole[parameter][at], part[parameter][at]);
                    let wanted = was + factors[parameter][at] * (whole - was);
                    let tolerance = 1e-5 * (was.abs() + whole.abs()) + 1e-7;
                    let near = (wanted - part).abs() <= tolerance;
                    prop_assert!(near, "{} at {:?}: {} for {}", parameter, at, part, wanted);
                }
            }
            Ok(())
        },
    );
}

/// Writes into the parameters other than updates leave entries with a learning-rate scale of 0 as they are.
pub fn writes_leave_what_is_frozen(make: Make) {
    let strategy = (mild_cases(), any::<u16>(), 0u8..3);
    check_law(
        make,
        "writes_leave_what_is_frozen",
        48,
        strategy,
        |(case, pick, how)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            let layers: Vec<_> = fixture.graph.layers().cloned().collect();
            let layer = &layers[pick as usize % layers.len()];
            let units = layer
                .units
                .iter()
                .map(|u| u.id)
                .step_by(1 + pick as usize % 2)
                .collect();
            let mut plan = Plan::new("rates", Seed(0));
            let of = LrScaleOf::Incoming(layer.id, units);
            plan.edits.push(Edit::SetLrScale { of, lr_scale: 0.0 });
            grow(
                &mut *fixture.backend,
                &mut fixture.graph,
                &plan,
                Moment::default(),
            )?;
            fixture.naive = Network::of(&fixture.graph);
            fine(fixture.backend.watch(&[]))?;
            let before = fixture.slot(Slot::WEIGHT);
            let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
            let into = Slot::WEIGHT;
            let halved = 0.5 * Expr::slot(Slot::WEIGHT);
            match how {
                0 => fine(fixture.backend.map(into, &halved))?,
                1 => drop(fine(fixture.backend.gradient(
                    rows,
                    route,
                    objective,
                    into,
                    Purpose::ReadOnly,
                ))?),
                // Terms over some of the rows are refused, and then nothing is written.
                _ => drop(
                    fixture
                        .backend
                        .accumulate(rows, route, objective, Power::Absolute, 1.0, into),
                ),
            }
            let after = fixture.slot(Slot::WEIGHT);
            let grids = fixture.naive.grids();
            let rate = |p: Parameter, (i, j): (usize, usize)| {
                let cell: Cell = grids[&p][i][j];
                fixture.naive.rate(cell)
            };
            let still = |p, at| rate(p, at) == 0.0;
            prop_assert_eq!(those(&before, still), those(&after, still));
            if how == 0 {
                for (p, block) in &after {
                    for (at, found) in block.indexed_iter().filter(|(at, _)| rate(*p, *at) != 0.0) {
                        let half = 0.5 * before[p][at];
                        let gone = half.abs() < f32::MIN_POSITIVE && *found == 0.0;
                        prop_assert!(
                            *found == half || gone,
                            "{} at {:?}: {} for {}",
                            p,
                            at,
                            found,
                            half
                        );
                    }
                }
            }
            // A step continues from there.
            let _ = fixture.backend.step(
                &fixture.rows,
                &fixture.route,
                &fixture.objective,
                &Optimizer::sgd(0.01),
            );
            Ok(())
        },
    );
}
