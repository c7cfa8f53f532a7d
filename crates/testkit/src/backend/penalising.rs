//! Laws of penalties without an importance or an anchor.

use super::compare::{Outcome, fine, same_bits};
use super::fixture::{ANCHOR, Fixture, IMPORTANCE, mild_cases, optimizers};
use super::law::{Make, check_law, skip};
use crate::generators::{block, positive};
use dentate_core::{Optimizer, Penalty, Purpose, Seed, Slot};
use ndarray::Array2;
use proptest::prelude::*;

/// Fill both slots: with ones and zeros where the penalty is to work without them.
fn fill(fixture: &mut Fixture, (importance, anchor): (bool, bool)) -> Outcome {
    fixture.put(IMPORTANCE, |p, shape| {
        if importance {
            positive(shape, Seed(8).derive(&format!("{p:?}")))
        } else {
            Array2::ones(shape)
        }
    })?;
    fixture.put(ANCHOR, |p, shape| {
        if anchor {
            block(shape, Seed(9).derive(&format!("{p:?}")))
        } else {
            Array2::zeros(shape)
        }
    })
}

/// A missing importance counts as 1, and a missing anchor as 0, bit for bit: in gradients, their value and updates.
pub fn a_penalty_without_slots_is_one_of_ones_and_zeros(make: Make) {
    let strategy = (mild_cases(), optimizers(), any::<(bool, bool)>());
    let name = "a_penalty_without_slots_is_one_of_ones_and_zeros";
    check_law(make, name, 64, strategy, |(case, optimizer, there)| {
        let (Some(mut with), Some(mut without)) = (case.fixture(make)?, case.fixture(make)?) else {
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
        let look = |fixture: &mut Fixture| {
            let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
            let into = Slot::GRADIENT;
            fine(
                fixture
                    .backend
                    .gradient(rows, route, objective, into, Purpose::ReadOnly),
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
    let strategy = (mild_cases(), any::<bool>());
    let name = "a_penalty_without_importance_reaches_all";
    check_law(make, name, 64, strategy, |(mut case, without)| {
        (case.pull, case.route) = (false, 0);
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        fixture.objective.terms.truncate(1);
        let optimizer = Optimizer::adam(0.01);
        // The gradient has reached the blocks that errors reach, and the importance is reached where the gradient was.
        let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
        let purpose = Purpose::ReadOnly;
        fine(
            fixture
                .backend
                .gradient(rows, route, objective, Slot::GRADIENT, purpose),
        )?;
        let reached = fixture.backend.snapshot().unreached;
        let unreached = reached.get(&Slot::GRADIENT).cloned().unwrap_or_default();
        fixture.objective.penalties = vec![Penalty {
            importance: (!without).then_some(Slot::GRADIENT),
            anchor: None,
            strength: 0.5,
        }];
        let before = fixture.backend.snapshot();
        fixture.step(&optimizer)?;
        let after = fixture.backend.snapshot();
        if fixture.backend.drain().diverged {
            return skip();
        }
        let grids = fixture.naive.grids();
        for (parameter, clock) in &after.clocks {
            let learns = grids[parameter]
                .iter()
                .flatten()
                .any(|cell| fixture.naive.rate(*cell) > 0.0);
            let reached = learns && (without || !unreached.contains(parameter));
            let by = clock.updates - before.clocks[parameter].updates;
            prop_assert_eq!(by, u64::from(reached), "{}", parameter);
        }
        Ok(())
    });
}
