//! Laws of penalties without an importance or an anchor.

use super::compare::{Outcome, fine, same_bits};
use super::law::{Make, hold, skip};
use super::world::{ANCHOR, IMPORTANCE, World, mild_worlds, optimizers};
use crate::generators::{block, positive};
use dentate_core::{Optimizer, Penalty, Purpose, Seed, Slot};
use ndarray::Array2;
use proptest::prelude::*;

/// Fill both slots: with ones and zeros where the penalty is to work without them.
fn fill(world: &mut World, (importance, anchor): (bool, bool)) -> Outcome {
    world.put(IMPORTANCE, |p, shape| {
        if importance {
            positive(shape, Seed(8).derive(&format!("{p:?}")))
        } else {
            Array2::ones(shape)
        }
    })?;
    world.put(ANCHOR, |p, shape| {
        if anchor {
            block(shape, Seed(9).derive(&format!("{p:?}")))
        } else {
            Array2::zeros(shape)
        }
    })
}

/// A missing importance counts as 1, and a missing anchor as 0, bit for bit: in gradients, their value and updates.
pub fn a_penalty_without_slots_is_one_of_ones_and_zeros(make: Make) {
    let strategy = (mild_worlds(), optimizers(), any::<(bool, bool)>());
    let name = "a_penalty_without_slots_is_one_of_ones_and_zeros";
    hold(make, name, 64, strategy, |(making, optimizer, there)| {
        let (Some(mut with), Some(mut without)) = (making.world(make)?, making.world(make)?) else {
            return Ok(());
        };
        fill(&mut with, there)?;
        fill(&mut without, there)?;
        let penalty = Penalty {
            importance: Some(IMPORTANCE),
            anchor: Some(ANCHOR),
            strength: 0.5,
        };
        with.objective.penalties = vec![penalty];
        without.objective.penalties = vec![Penalty {
            importance: there.0.then_some(IMPORTANCE),
            anchor: there.1.then_some(ANCHOR),
            ..penalty
        }];
        let look = |world: &mut World| {
            let (rows, route, objective) = (&world.rows, &world.route, &world.objective);
            let into = Slot::GRADIENT;
            fine(
                world
                    .backend
                    .gradient(rows, route, objective, into, Purpose::Look),
            )
        };
        let (a, b) = (look(&mut with)?, look(&mut without)?);
        prop_assert_eq!(a.to_bits(), b.to_bits(), "{} and {}", a, b);
        same_bits(
            "the gradient",
            &with.slot(Slot::GRADIENT),
            &without.slot(Slot::GRADIENT),
        )?;
        for _ in 0..2 {
            with.step(&optimizer)?;
            without.step(&optimizer)?;
        }
        same_bits("weights", &with.slot(Slot::WEIGHT), &without.slot(Slot::WEIGHT))?;
        prop_assert_eq!(with.backend.snapshot().clocks, without.backend.snapshot().clocks);
        Ok(())
    });
}

/// Without an importance a penalty reaches every block that learns; with one, only blocks that are reached in it or by an
/// error.
pub fn a_penalty_without_importance_reaches_all(make: Make) {
    let strategy = (mild_worlds(), any::<bool>());
    let name = "a_penalty_without_importance_reaches_all";
    hold(make, name, 64, strategy, |(mut making, without)| {
        (making.pull, making.route) = (false, 0);
        let Some(mut world) = making.world(make)? else {
            return Ok(());
        };
        world.objective.terms.truncate(1);
        let optimizer = Optimizer::adam(0.01);
        // The gradient has reached the blocks that errors reach, and the importance is reached where the gradient was.
        let (rows, route, objective) = (&world.rows, &world.route, &world.objective);
        let look = Purpose::Look;
        fine(
            world
                .backend
                .gradient(rows, route, objective, Slot::GRADIENT, look),
        )?;
        let reached = world.backend.snapshot().unreached;
        let unreached = reached.get(&Slot::GRADIENT).cloned().unwrap_or_default();
        world.objective.penalties = vec![Penalty {
            importance: (!without).then_some(Slot::GRADIENT),
            anchor: None,
            strength: 0.5,
        }];
        let before = world.backend.snapshot();
        world.step(&optimizer)?;
        let after = world.backend.snapshot();
        if world.backend.drain().diverged {
            return skip();
        }
        let grids = world.naive.grids();
        for (parameter, clock) in &after.clocks {
            let learns = grids[parameter]
                .iter()
                .flatten()
                .any(|cell| world.naive.rate(*cell) > 0.0);
            let reached = learns && (without || !unreached.contains(parameter));
            let by = clock.updates - before.clocks[parameter].updates;
            prop_assert_eq!(by, u64::from(reached), "{}", parameter);
        }
        Ok(())
    });
}
