//! Laws of routes with other weights. Masks and gates are part of any world, so that every law covers them.

use super::compare::{admits, all_admit, fine, same_bits};
use super::law::{Make, hold};
use super::world::{World, mild_worlds};
use crate::generators::{block, positive};
use crate::naive::{Rounded, Values, gradient, run, values};
use dentate_core::{
    BackendError, LayerId, Optimizer, Parameter, Purpose, Request, Route, Seed, Slot, SlotKind,
};
use ndarray::Array2;
use proptest::prelude::*;

const OTHER: Slot = Slot::new(SlotKind::Anchor, 6);

/// Gradients where nothing learns are 0.
fn freeze(world: &World, slopes: &mut Values<Rounded>) {
    for (parameter, grid) in world.naive.grids() {
        let Some(slopes) = slopes.get_mut(&parameter) else {
            continue;
        };
        for ((i, j), slope) in slopes.indexed_iter_mut() {
            if world.naive.rate(grid[i][j]) == 0.0 {
                (slope.value, slope.error) = (0.0, 0.0);
            }
        }
    }
}

/// A pass through another slot's weights equals that of a network with these weights, including its statistics, and so does a
/// gradient; a step is refused. The parameters, and passes through them, do not change.
pub fn other_weights_stand_in_for_the_parameters(make: Make) {
    hold(
        make,
        "other_weights_stand_in_for_the_parameters",
        64,
        mild_worlds(),
        |making| {
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            world.objective.penalties.clear();
            world.put(OTHER, |p, shape| {
                let seed = Seed(5).derive(&format!("{p:?}"));
                match p {
                    Parameter::Variance(_) => positive(shape, seed),
                    _ => block(shape, seed),
                }
            })?;
            let (own, rows) = (world.route.clone(), world.rows.clone());
            let route = Route {
                weights: Some(OTHER),
                ..own.clone()
            };
            let (plain, before) = (
                fine(world.backend.forward(&rows, &own, &world.reached))?,
                world.backend.snapshot(),
            );
            let found = fine(world.backend.forward(&rows, &route, &world.reached))?;
            let other = world.naive.arrays(OTHER);
            let exact = values::<Rounded>(&other);
            for (n, (layer, found)) in world.reached.iter().zip(&found).enumerate() {
                let after = |row: usize, j: usize| {
                    run(&world.naive, &exact, &world.batch.inputs[row], &route).after[layer][j]
                };
                // The whole batch was compared with the model on a similar route; some rows suffice here.
                for row in [0, world.batch.inputs.len() - 1] {
                    let bound = Array2::from_shape_fn((1, found.ncols()), |(_, j)| after(row, j));
                    let found = found.slice(ndarray::s![row..=row, ..]).to_owned();
                    admits(&format!("{layer}, the {n}th"), &bound, &found)?;
                }
            }
            let request = Request::Activations(world.reached.clone());
            let measured = fine(world.backend.measure(&request, &rows, &route))?;
            prop_assert_eq!(&measured.arrays, &found);

            world.batch.training = Some(before.updates);
            let look = Purpose::Look;
            let objective = world.objective.clone();
            fine(
                world
                    .backend
                    .gradient(&rows, &route, &objective, Slot::GRADIENT, look),
            )?;
            let mut slopes = gradient::<Rounded>(&world.naive, &other, &world.batch, &route, &objective);
            freeze(&world, &mut slopes);
            all_admit(
                "the gradient by other weights",
                &slopes,
                &world.slot(Slot::GRADIENT),
            )?;

            let refused = world
                .backend
                .step(&rows, &route, &objective, &Optimizer::sgd(0.1));
            prop_assert!(matches!(refused, Err(BackendError::Route(_))), "{:?}", refused);
            let weights = world.slot(Slot::WEIGHT);
            same_bits("the parameters", &before.slots[&Slot::WEIGHT], &weights)?;
            let again = fine(world.backend.forward(&rows, &own, &world.reached))?;
            prop_assert_eq!(again, plain);
            Ok(())
        },
    );
}

/// Slots that were never written, and gates that fit no layer, are refused, and nothing changes.
pub fn routes_that_fit_nothing_are_refused(make: Make) {
    hold(
        make,
        "routes_that_fit_nothing_are_refused",
        16,
        mild_worlds(),
        |mut making| {
            making.route = 0;
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            let empty = Slot::new(SlotKind::Mask, 9);
            let (layer, nowhere) = (world.objective.terms[0].layer, LayerId(999));
            let width = world.naive.layers[&layer].width();
            let gated = |layer, factors| Route {
                gates: [(layer, factors)].into(),
                ..Route::default()
            };
            let slots = |weights, mask| Route {
                weights,
                mask,
                ..Route::default()
            };
            let wide = BackendError::Width {
                what: "the list of gates",
                layer,
                found: width + 1,
                expected: width,
            };
            let cases = [
                (slots(Some(empty), None), BackendError::EmptySlot(empty)),
                (slots(None, Some(empty)), BackendError::EmptySlot(empty)),
                (gated(nowhere, vec![1.0]), BackendError::NoLayer(nowhere)),
                (gated(layer, vec![1.0; width + 1]), wide),
            ];
            let before = format!("{:?}", world.backend.snapshot());
            for (route, error) in cases {
                let (rows, objective, optimizer) = (&world.rows, &world.objective, Optimizer::adam(0.1));
                let found = world.backend.forward(rows, &route, &[layer]);
                prop_assert_eq!(found, Err(error.clone()));
                let found = world
                    .backend
                    .gradient(rows, &route, objective, Slot::GRADIENT, Purpose::Look);
                prop_assert_eq!(found, Err(error.clone()));
                if route.weights.is_none() {
                    prop_assert_eq!(
                        world.backend.step(rows, &route, objective, &optimizer),
                        Err(error)
                    );
                }
            }
            prop_assert_eq!(format!("{:?}", world.backend.snapshot()), before);
            // Only computed layers are gated: where rows enter, a gate has no effect.
            let input = world.graph.input().map(|l| (l.id, l.width()));
            if let Some((input, width)) = input {
                let route = gated(input, vec![0.0; width]);
                let found = fine(world.backend.forward(&world.rows, &route, &[input]))?;
                let plain = fine(world.backend.forward(&world.rows, &Route::default(), &[input]))?;
                prop_assert_eq!(found, plain);
            }
            Ok(())
        },
    );
}
