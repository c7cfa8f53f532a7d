//! Laws of updates.

use super::compare::{all_admit, close, fine, same_bits};
use super::fixture::{Fixture, mild_cases, optimizers};
use super::keeping::{KEEP, factors};
use super::law::{Make, check_law};
use crate::naive::{Number, Optimization, Rounded, Values};
use dentate_core::{Clock, Edit, LrScaleOf, Moment, Optimizer, Plan, Purpose, Seed, Slot};
use proptest::prelude::*;

/// Set learning-rate scales of any kind, some of every other unit only.
fn set_rates(fixture: &mut Fixture, rates: &[(u16, u8, f32)]) -> Result<(), TestCaseError> {
    let layers: Vec<_> = fixture.graph.layers().cloned().collect();
    let connections: Vec<_> = fixture.graph.connections().map(|c| c.id).collect();
    let mut plan = Plan::new("rates", Seed(0));
    for &(pick, kind, rate) in rates {
        let layer = &layers[pick as usize % layers.len()];
        let every = if pick % 2 == 0 { 1 } else { 2 };
        let units = layer.units.iter().map(|u| u.id).step_by(every).collect();
        let of = match kind {
            0 => LrScaleOf::Connection(connections[pick as usize % connections.len()]),
            1 => LrScaleOf::Layer(layer.id),
            2 => LrScaleOf::Incoming(layer.id, units),
            _ => LrScaleOf::Outgoing(layer.id, units),
        };
        plan.edits.push(Edit::SetLrScale { of, lr_scale: rate });
    }
    super::fixture::grow(
        &mut *fixture.backend,
        &mut fixture.graph,
        &plan,
        Moment::default(),
    )?;
    fixture.naive = crate::naive::Network::of(&fixture.graph);
    Ok(())
}

/// An update follows the optimizer's formula, with learning-rate scales and with bias corrections that count from creation.
pub fn updates_follow_their_formula(make: Make) {
    let rate = (
        any::<u16>(),
        0u8..4,
        prop::sample::select(vec![0.0, 0.01, 1.0, 2.0]),
    );
    let rates = prop::collection::vec(rate, 0..6);
    let strategy = (mild_cases(), optimizers(), 0u64..40, rates, any::<bool>());
    check_law(
        make,
        "updates_follow_their_formula",
        64,
        strategy,
        |(case, optimizer, age, rates, held)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            set_rates(&mut fixture, &rates)?;
            let mut snapshot = fixture.backend.snapshot();
            let draw = |name: &'static str, positive: bool| {
                move |(p, shape): (dentate_core::Parameter, (usize, usize))| {
                    let seed = Seed(3).derive(&format!("{name} {p:?}"));
                    let draw = if positive {
                        crate::generators::positive
                    } else {
                        crate::generators::block
                    };
                    (p, draw(shape, seed))
                }
            };
            let parameters = fixture.graph.parameters();
            let block = |name, positive| parameters.clone().into_iter().map(draw(name, positive)).collect();
            snapshot.slots.insert(Slot::FIRST_MOMENT, block("first", false));
            snapshot.slots.insert(Slot::SECOND_MOMENT, block("second", true));
            snapshot.slots.insert(Slot::GRADIENT, block("gradient", false));
            if held {
                snapshot.slots.insert(KEEP, factors(&fixture.graph));
            }
            let keep = held.then_some(KEEP);
            snapshot.updates = 40;
            for (p, clock) in snapshot.clocks.values_mut().enumerate() {
                clock.updates = 20 + (age + p as u64) % 20;
                let births = clock.rows.iter_mut().chain(&mut clock.columns);
                for (k, birth) in births.enumerate() {
                    *birth = (age + 7 * k as u64) % 20;
                }
            }
            fine(fixture.backend.restore(&fixture.graph, &snapshot))?;
            fine(fixture.backend.update(Slot::GRADIENT, &optimizer, keep))?;
            let after = fixture.backend.snapshot();
            prop_assert_eq!(after.updates, 41);
            let mut wanted: [Values<Rounded>; 3] = Default::default();
            for (parameter, grid) in fixture.naive.grids() {
                let shape = (grid.len(), grid[0].len());
                for w in &mut wanted {
                    w.insert(
                        parameter,
                        ndarray::Array2::from_elem(
                            shape,
                            Rounded {
                                value: 0.0,
                                error: 0.0,
                            },
                        ),
                    );
                }
                for (i, row) in grid.iter().enumerate() {
                    for (j, cell) in row.iter().enumerate() {
                        let read =
                            |slot: Slot| Rounded::of(f64::from(snapshot.slots[&slot][&parameter][(i, j)]));
                        let mut state = Optimization {
                            weight: read(Slot::WEIGHT),
                            first: read(Slot::FIRST_MOMENT),
                            second: read(Slot::SECOND_MOMENT),
                            age: snapshot.clocks[&parameter].age(i, j),
                        };
                        let factor = if held {
                            snapshot.slots[&KEEP][&parameter][(i, j)]
                        } else {
                            1.0
                        };
                        let rate = fixture.naive.rate(*cell) * factor;
                        state.update(&optimizer, read(Slot::GRADIENT), rate);
                        let states = [state.weight, state.first, state.second];
                        for (w, state) in wanted.iter_mut().zip(states) {
                            w.get_mut(&parameter).expect("just put there")[(i, j)] = state;
                        }
                    }
                }
            }
            let plain = matches!(optimizer, Optimizer::Sgd { momentum, .. } if momentum == 0.0);
            all_admit("weight", &wanted[0], &after.slots[&Slot::WEIGHT])?;
            if !plain {
                all_admit("first moment", &wanted[1], &after.slots[&Slot::FIRST_MOMENT])?;
            }
            if !matches!(optimizer, Optimizer::Sgd { .. }) {
                all_admit("second moment", &wanted[2], &after.slots[&Slot::SECOND_MOMENT])?;
            }
            Ok(())
        },
    );
}

/// A loss that is not finite is reported, and parameters and moments stay as they are.
pub fn a_diverged_step_leaves_the_parameters(make: Make) {
    let strategy = (mild_cases(), optimizers());
    check_law(
        make,
        "a_diverged_step_leaves_the_parameters",
        32,
        strategy,
        |(case, optimizer)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            fixture.step(&optimizer)?;
            fixture.backend.drain();
            let before = fixture.backend.snapshot();
            // One target is out of range: whatever precision the loss is summed in, it is infinite.
            let term = &mut fixture.objective.terms[0];
            let rows = term.rows.clone().map_or(fixture.rows.len(), |r| r.len());
            let width = fixture.naive.layers[&term.layer].features();
            let mut beyond = ndarray::Array2::zeros((rows, width));
            beyond[(rows - 1, width - 1)] = f32::INFINITY;
            term.loss = dentate_core::Loss::MeanSquared;
            term.active = dentate_core::Active::All;
            term.target = dentate_core::Target::Given(beyond);
            fixture.step(&optimizer)?;
            prop_assert!(fixture.backend.drain().diverged);
            let after = fixture.backend.snapshot();
            for slot in [Slot::WEIGHT, Slot::FIRST_MOMENT, Slot::SECOND_MOMENT] {
                if let (Some(a), Some(b)) = (before.slots.get(&slot), after.slots.get(&slot)) {
                    same_bits(&format!("{slot}"), a, b)?;
                }
            }
            prop_assert!(!fixture.backend.drain().diverged);
            Ok(())
        },
    );
}

/// After a reset the optimizer is like a new one: without moments, bias corrections counted from now.
pub fn resetting_forgets_moments_and_ages(make: Make) {
    let strategy = (mild_cases(), optimizers());
    check_law(
        make,
        "resetting_forgets_moments_and_ages",
        32,
        strategy,
        |(case, optimizer)| {
            let (Some(mut reset), Some(mut begun)) = (case.fixture(make)?, case.fixture(make)?) else {
                return Ok(());
            };
            for _ in 0..3 {
                reset.step(&optimizer)?;
            }
            let mut bare = reset.backend.snapshot();
            bare.slots
                .retain(|slot, _| ![Slot::FIRST_MOMENT, Slot::SECOND_MOMENT].contains(slot));
            for (parameter, shape) in reset.graph.parameters() {
                bare.clocks.insert(parameter, Clock::new(shape));
            }
            fine(begun.backend.restore(&begun.graph, &bare))?;
            reset.backend.reset_optimizer();
            for fixture in [&mut reset, &mut begun] {
                fixture.step(&optimizer)?;
                fixture.step(&optimizer)?;
            }
            same_bits("weights", &reset.slot(Slot::WEIGHT), &begun.slot(Slot::WEIGHT))
        },
    );
}

/// Drained statistics are those of the updates: their number, their rows, and the objective's values without penalties.
pub fn statistics_count_what_happened(make: Make) {
    check_law(
        make,
        "statistics_count_what_happened",
        32,
        mild_cases(),
        |mut case| {
            case.pull = false;
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            fixture.backend.drain();
            let mut sum = 0.0;
            for _ in 0..3 {
                let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
                sum += fine(fixture.backend.gradient(
                    rows,
                    route,
                    objective,
                    Slot::GRADIENT,
                    Purpose::ReadOnly,
                ))?;
                fixture.step(&Optimizer::sgd(0.01))?;
            }
            let stats = fixture.backend.drain();
            prop_assert_eq!((stats.updates, stats.rows), (3, 3 * fixture.rows.len() as u64));
            prop_assert!(!stats.diverged);
            close("the loss", stats.loss, sum, 1e-6 * (1.0 + sum.abs()))?;
            let after = fixture.backend.drain();
            prop_assert_eq!((after.updates, after.rows, after.multiply_adds), (0, 0, 0));
            Ok(())
        },
    );
}
