//! Laws of saved state and of repetition.

use super::compare::fine;
use super::fixture::{Fixture, grow, mild_cases, optimizers};
use super::law::{Make, check_law};
use crate::generators::{Intent, intents, plan};
use dentate_core::{Meter, MeterKind, Moment, Optimizer, Purpose, Seed, Slot};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn meters(fixture: &Fixture) -> Vec<Meter> {
    let meter = |of| {
        fixture.graph.hidden().map(move |l| Meter {
            layer: l.id,
            of,
            decay: 0.9,
        })
    };
    meter(MeterKind::Activation)
        .chain(meter(MeterKind::Contribution))
        .chain(meter(MeterKind::Silence))
        .chain(meter(MeterKind::Silences))
        .collect()
}

/// Train, grow, train.
fn live(
    fixture: &mut Fixture,
    optimizer: &Optimizer,
    intents: &[Intent],
    k: u64,
) -> Result<(), TestCaseError> {
    // A layer of the objective may have been resized since the last time; then both are refused alike.
    let step = |fixture: &mut Fixture| {
        drop(
            fixture
                .backend
                .step(&fixture.rows, &fixture.route, &fixture.objective, optimizer),
        );
    };
    step(fixture);
    let plan = plan(&fixture.graph, intents, Seed(k));
    let moment = Moment {
        experience: 0,
        step: k,
    };
    grow(&mut *fixture.backend, &mut fixture.graph, &plan, moment)?;
    for _ in 0..2 {
        step(fixture);
    }
    drop(fixture.backend.gradient(
        &fixture.rows,
        &fixture.route,
        &fixture.objective,
        Slot::GRADIENT,
        Purpose::ReadOnly,
    ));
    Ok(())
}

/// A snapshot restored into a new backend continues as the old one does, bit for bit, also through growth.
pub fn snapshots_continue_bit_for_bit(make: Make) {
    let strategy = (mild_cases(), optimizers(), intents(3), intents(3));
    check_law(
        make,
        "snapshots_continue_bit_for_bit",
        48,
        strategy,
        |(case, optimizer, first, second)| {
            let (Some(mut fixture), Some(mut again)) = (case.fixture(make)?, case.fixture(make)?) else {
                return Ok(());
            };
            fine(fixture.backend.watch(&meters(&fixture)))?;
            live(&mut fixture, &optimizer, &first, 1)?;
            let snapshot = fixture.backend.snapshot();
            again.backend = make.backend();
            fine(again.backend.load(&again.data))?;
            again.graph = fixture.graph.clone();
            fine(again.backend.restore(&again.graph, &snapshot))?;
            prop_assert_eq!(text(&mut again), text_of(&snapshot));
            live(&mut fixture, &optimizer, &second, 2)?;
            live(&mut again, &optimizer, &second, 2)?;
            prop_assert_eq!(text(&mut again), text(&mut fixture));
            for layer in fixture.graph.hidden() {
                let (a, b) = (
                    fixture.backend.readings(layer.id),
                    again.backend.readings(layer.id),
                );
                prop_assert_eq!(format!("{a:?}"), format!("{b:?}"));
            }
            Ok(())
        },
    );
}

/// The sizes of slots are those of the arrays of a snapshot, after training and growth, and in a backend that it was restored into.
pub fn slots_are_as_large_as_in_a_snapshot(make: Make) {
    let strategy = (mild_cases(), optimizers(), intents(3));
    check_law(
        make,
        "slots_are_as_large_as_in_a_snapshot",
        24,
        strategy,
        |(case, optimizer, intents)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            live(&mut fixture, &optimizer, &intents, 1)?;
            let snapshot = fixture.backend.snapshot();
            let sizes = snapshot.slots.iter();
            let sizes: BTreeMap<Slot, usize> = sizes
                .map(|(slot, blocks)| (*slot, blocks.values().map(|block| block.len()).sum()))
                .collect();
            prop_assert_eq!(fixture.backend.held(), sizes.clone());
            let mut again = make.backend();
            fine(again.restore(&fixture.graph, &snapshot))?;
            prop_assert_eq!(again.held(), sizes);
            Ok(())
        },
    );
}

/// All state of a backend as text: there a NaN equals itself, and −0 is not 0.
fn text(fixture: &mut Fixture) -> String {
    text_of(&fixture.backend.snapshot())
}

fn text_of(snapshot: &dentate_core::Snapshot) -> String {
    format!("{snapshot:?}")
}

/// Two backends with the same calls hold the same bits.
pub fn one_seed_gives_the_same_bits(make: Make) {
    let strategy = (mild_cases(), optimizers(), intents(4));
    check_law(
        make,
        "one_seed_gives_the_same_bits",
        32,
        strategy,
        |(case, optimizer, intents)| {
            let (Some(mut a), Some(mut b)) = (case.fixture(make)?, case.fixture(make)?) else {
                return Ok(());
            };
            live(&mut a, &optimizer, &intents, 1)?;
            live(&mut b, &optimizer, &intents, 1)?;
            prop_assert_eq!(text(&mut a), text(&mut b));
            Ok(())
        },
    );
}
