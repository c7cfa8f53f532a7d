//! Laws of routes with other weights. Masks and gates are part of any fixture, so that every law covers them.

use super::compare::{admits, all_admit, fine, same_bits};
use super::fixture::{Fixture, mild_cases};
use super::law::{Make, check_law};
use crate::generators::{block, positive};
use crate::naive::{Rounded, Values, gradient, run, values};
use dentate_core::{
    BackendError, LayerId, Optimizer, Parameter, Purpose, Request, Route, Seed, Slot, SlotKind,
};
use ndarray::Array2;
use proptest::prelude::*;

const OTHER: Slot = Slot::new(SlotKind::Anchor, 6);

/// Gradients where nothing learns are 0.
fn freeze(fixture: &Fixture, slopes: &mut Values<Rounded>) {
    for (parameter, grid) in fixture.naive.grids() {
        let Some(slopes) = slopes.get_mut(&parameter) else {
            continue;
        };
        for ((i, j), slope) in slopes.indexed_iter_mut() {
            if fixture.naive.rate(grid[i][j]) == 0.0 {
                (slope.value, slope.error) = (0.0, 0.0);
            }
        }
    }
}

/// A pass through another slot's weights equals that of a network with these weights, including its statistics, and so does a
/// gradient; a step is refused. The parameters, and passes through them, do not change.
pub fn other_weights_stand_in_for_the_parameters(make: Make) {
    check_law(
        make,
        "other_weights_stand_in_for_the_parameters",
        64,
        mild_cases(),
        |case| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            fixture.objective.penalties.clear();
            fixture.put(OTHER, |p, shape| {
                let seed = Seed(5).derive(&format!("{p:?}"));
                match p {
                    Parameter::Variance(_) => positive(shape, seed),
                    _ => block(shape, seed),
                }
            })?;
            let (own, rows) = (fixture.route.clone(), fixture.rows.clone());
            let route = Route {
                weights: Some(OTHER),
                ..own.clone()
            };
            let (plain, before) = (
                fine(fixture.backend.forward(&rows, &own, &fixture.reached))?,
                fixture.backend.snapshot(),
            );
            let found = fine(fixture.backend.forward(&rows, &route, &fixture.reached))?;
            let other = fixture.naive.arrays(OTHER);
            let exact = values::<Rounded>(&other);
            for (n, (layer, found)) in fixture.reached.iter().zip(&found).enumerate() {
                let after = |row: usize, j: usize| {
                    run(&fixture.naive, &exact, &fixture.batch.inputs[row], &route).after[layer][j]
                };
                // The whole batch was compared with the model on a similar route; some rows suffice here.
                for row in [0, fixture.batch.inputs.len() - 1] {
                    let bound = Array2::from_shape_fn((1, found.ncols()), |(_, j)| after(row, j));
                    let found = found.slice(ndarray::s![row..=row, ..]).to_owned();
                    admits(&format!("{layer}, the {n}th"), &bound, &found)?;
                }
            }
            let request = Request::Activations(fixture.reached.clone());
            let measured = fine(fixture.backend.measure(&request, &rows, &route))?;
            prop_assert_eq!(&measured.arrays, &found);

            fixture.batch.training = Some(before.updates);
            let purpose = Purpose::ReadOnly;
            let objective = fixture.objective.clone();
            fine(
                fixture
                    .backend
                    .gradient(&rows, &route, &objective, Slot::GRADIENT, purpose),
            )?;
            let mut slopes = gradient::<Rounded>(&fixture.naive, &other, &fixture.batch, &route, &objective);
            freeze(&fixture, &mut slopes);
            all_admit(
                "the gradient by other weights",
                &slopes,
                &fixture.slot(Slot::GRADIENT),
            )?;

            let refused = fixture
                .backend
                .step(&rows, &route, &objective, &Optimizer::sgd(0.1));
            prop_assert!(matches!(refused, Err(BackendError::Route(_))), "{:?}", refused);
            let weights = fixture.slot(Slot::WEIGHT);
            same_bits("the parameters", &before.slots[&Slot::WEIGHT], &weights)?;
            let again = fine(fixture.backend.forward(&rows, &own, &fixture.reached))?;
            prop_assert_eq!(again, plain);
            Ok(())
        },
    );
}

/// Slots that were never written, and gates that fit no layer, are refused, and nothing changes.
pub fn routes_that_fit_nothing_are_refused(make: Make) {
    check_law(
        make,
        "routes_that_fit_nothing_are_refused",
        16,
        mild_cases(),
        |mut case| {
            case.route = 0;
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            let empty = Slot::new(SlotKind::Mask, 9);
            let (layer, nowhere) = (fixture.objective.terms[0].layer, LayerId(999));
            let width = fixture.naive.layers[&layer].width();
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
            let before = format!("{:?}", fixture.backend.snapshot());
            for (route, error) in cases {
                let (rows, objective, optimizer) = (&fixture.rows, &fixture.objective, Optimizer::adam(0.1));
                let found = fixture.backend.forward(rows, &route, &[layer]);
                prop_assert_eq!(found, Err(error.clone()));
                let found =
                    fixture
                        .backend
                        .gradient(rows, &route, objective, Slot::GRADIENT, Purpose::ReadOnly);
                prop_assert_eq!(found, Err(error.clone()));
                if route.weights.is_none() {
                    prop_assert_eq!(
                        fixture.backend.step(rows, &route, objective, &optimizer),
                        Err(error)
                    );
                }
            }
            prop_assert_eq!(format!("{:?}", fixture.backend.snapshot()), before);
            // Only computed layers are gated: where rows enter, a gate has no effect.
            let input = fixture.graph.input().map(|l| (l.id, l.width()));
            if let Some((input, width)) = input {
                let route = gated(input, vec![0.0; width]);
                let found = fine(fixture.backend.forward(&fixture.rows, &route, &[input]))?;
                let plain = fine(
                    fixture
                        .backend
                        .forward(&fixture.rows, &Route::default(), &[input]),
                )?;
                prop_assert_eq!(found, plain);
            }
            Ok(())
        },
    );
}
