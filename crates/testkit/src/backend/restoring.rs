//! Laws of saved state and of repetition.

use super::compare::fine;
use super::law::{Make, hold};
use super::world::{World, grow, mild_worlds, optimizers};
use crate::generators::{Intent, intents, plan};
use dentate_core::{Meter, MeterKind, Moment, Optimizer, Purpose, Seed, Slot};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn meters(world: &World) -> Vec<Meter> {
    let meter = |of| {
        world.graph.hidden().map(move |l| Meter {
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
fn live(world: &mut World, optimizer: &Optimizer, intents: &[Intent], k: u64) -> Result<(), TestCaseError> {
    // A layer of the objective may have been resized since the last time; then both are refused alike.
    let step = |world: &mut World| {
        drop(
            world
                .backend
                .step(&world.rows, &world.route, &world.objective, optimizer),
        );
    };
    step(world);
    let plan = plan(&world.graph, intents, Seed(k));
    let moment = Moment {
        experience: 0,
        step: k,
    };
    grow(&mut *world.backend, &mut world.graph, &plan, moment)?;
    for _ in 0..2 {
        step(world);
    }
    drop(world.backend.gradient(
        &world.rows,
        &world.route,
        &world.objective,
        Slot::GRADIENT,
        Purpose::Look,
    ));
    Ok(())
}

/// A snapshot restored into a new backend continues as the old one does, bit for bit, also through growth.
pub fn snapshots_continue_bit_for_bit(make: Make) {
    let strategy = (mild_worlds(), optimizers(), intents(3), intents(3));
    hold(
        make,
        "snapshots_continue_bit_for_bit",
        48,
        strategy,
        |(making, optimizer, first, second)| {
            let (Some(mut world), Some(mut again)) = (making.world(make)?, making.world(make)?) else {
                return Ok(());
            };
            fine(world.backend.watch(&meters(&world)))?;
            live(&mut world, &optimizer, &first, 1)?;
            let snapshot = world.backend.snapshot();
            again.backend = make.backend();
            fine(again.backend.load(&again.data))?;
            again.graph = world.graph.clone();
            fine(again.backend.restore(&again.graph, &snapshot))?;
            prop_assert_eq!(text(&mut again), text_of(&snapshot));
            live(&mut world, &optimizer, &second, 2)?;
            live(&mut again, &optimizer, &second, 2)?;
            prop_assert_eq!(text(&mut again), text(&mut world));
            for layer in world.graph.hidden() {
                let (a, b) = (world.backend.readings(layer.id), again.backend.readings(layer.id));
                prop_assert_eq!(format!("{a:?}"), format!("{b:?}"));
            }
            Ok(())
        },
    );
}

/// The sizes of slots are those of the arrays of a snapshot, after training and growth, and in a backend that it was restored into.
pub fn slots_are_as_large_as_in_a_snapshot(make: Make) {
    let strategy = (mild_worlds(), optimizers(), intents(3));
    hold(
        make,
        "slots_are_as_large_as_in_a_snapshot",
        24,
        strategy,
        |(making, optimizer, intents)| {
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            live(&mut world, &optimizer, &intents, 1)?;
            let snapshot = world.backend.snapshot();
            let sizes = snapshot.slots.iter();
            let sizes: BTreeMap<Slot, usize> = sizes
                .map(|(slot, blocks)| (*slot, blocks.values().map(|block| block.len()).sum()))
                .collect();
            prop_assert_eq!(world.backend.held(), sizes.clone());
            let mut again = make.backend();
            fine(again.restore(&world.graph, &snapshot))?;
            prop_assert_eq!(again.held(), sizes);
            Ok(())
        },
    );
}

/// All state of a backend as text: there a NaN equals itself, and −0 is not 0.
fn text(world: &mut World) -> String {
    text_of(&world.backend.snapshot())
}

fn text_of(snapshot: &dentate_core::Snapshot) -> String {
    format!("{snapshot:?}")
}

/// Two backends with the same calls hold the same bits.
pub fn one_seed_gives_the_same_bits(make: Make) {
    let strategy = (mild_worlds(), optimizers(), intents(4));
    hold(
        make,
        "one_seed_gives_the_same_bits",
        32,
        strategy,
        |(making, optimizer, intents)| {
            let (Some(mut a), Some(mut b)) = (making.world(make)?, making.world(make)?) else {
                return Ok(());
            };
            live(&mut a, &optimizer, &intents, 1)?;
            live(&mut b, &optimizer, &intents, 1)?;
            prop_assert_eq!(text(&mut a), text(&mut b));
            Ok(())
        },
    );
}
