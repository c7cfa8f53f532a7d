//! Laws of passes through the network, forward and backward.

use super::compare::{admits, all_admit, close, fine, same_bits};
use super::fixture::{build, cases, mild_cases};
use super::law::{Make, check_law, skip};
use crate::naive::{Rounded, gradient, run, value, values};
use dentate_core::{
    Activation, Graph, Init, Layer, NewLayer, Normalisation, PlanBuilder, Power, Purpose, Request, Route,
    Rows, Seed, Slot, SlotKind, TaskId,
};
use ndarray::Array2;
use proptest::prelude::*;

/// Outputs of every layer that a route reaches equal those of naive loops.
pub fn forward_matches_a_loop(make: Make) {
    check_law(make, "forward_matches_a_loop", 96, cases(), |case| {
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        let outputs = fine(
            fixture
                .backend
                .forward(&fixture.rows, &fixture.route, &fixture.reached),
        )?;
        let exact = values::<Rounded>(&fixture.weights);
        let run = |row: &Vec<f32>| run(&fixture.naive, &exact, row, &fixture.route);
        let wanted: Vec<_> = fixture.batch.inputs.iter().map(run).collect();
        for (layer, found) in fixture.reached.iter().zip(outputs) {
            let width = fixture.naive.layers[layer].features();
            let bound = Array2::from_shape_fn((wanted.len(), width), |(i, j)| wanted[i].after[layer][j]);
            admits(&format!("{layer}"), &bound, &found)?;
        }
        Ok(())
    });
}

/// Gradients and values equal those of forward-mode differentiation, and are 0 for frozen parameters.
pub fn gradients_match_derivatives(make: Make) {
    check_law(make, "gradients_match_derivatives", 96, mild_cases(), |case| {
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
        let found =
            fine(
                fixture
                    .backend
                    .gradient(rows, route, objective, Slot::GRADIENT, Purpose::ReadOnly),
            )?;
        let exact = values::<Rounded>(&fixture.weights);
        fixture.batch.training = Some(fixture.backend.snapshot().updates);
        let wanted = value(&fixture.naive, &exact, &fixture.batch, route, objective);
        // Subnormal numbers have few digits.
        let tolerance = 8.0 * wanted.error + 1e-6 * wanted.value.abs() + 1e-37;
        if tolerance.is_finite() && !case.pull {
            close("the value", found, wanted.value, tolerance)?;
        }
        let mut slopes =
            gradient::<Rounded>(&fixture.naive, &fixture.weights, &fixture.batch, route, objective);
        for (parameter, grid) in fixture.naive.grids() {
            for (i, row) in grid.iter().enumerate() {
                for (j, cell) in row.iter().enumerate() {
                    if fixture.naive.rate(*cell) == 0.0
                        && let Some(slopes) = slopes.get_mut(&parameter)
                    {
                        slopes[(i, j)] = Rounded {
                            value: 0.0,
                            error: 0.0,
                        };
                    }
                }
            }
        }
        let found = fixture.slot(Slot::GRADIENT);
        all_admit("the gradient", &slopes, &found)
    });
}

/// Accumulated powers of gradients equal those of each row by itself.
pub fn powers_of_gradients_add_up_row_by_row(make: Make) {
    let into = Slot::new(SlotKind::Importance, 0);
    check_law(
        make,
        "powers_of_gradients_add_up_row_by_row",
        48,
        (
            mild_cases(),
            prop::sample::select(vec![Power::Absolute, Power::Squared]),
            any::<bool>(),
        ),
        |(mut case, power, penalised)| {
            // In training, these depend on the batch, or on another network.
            for map in case.shape.space.iter_mut().flat_map(|space| &mut space.maps) {
                map.dropout = 0.0;
                if map.normalisation == Normalisation::BatchNorm {
                    map.normalisation = Normalisation::None;
                }
            }
            // Given targets are those of a whole batch: classes or values, layers and inputs replace them.
            for goal in &mut case.goals {
                goal.kind = [u8::from(!case.labels), 4, 5][goal.kind as usize % 3];
            }
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            // A penalty's gradient belongs to every row, and takes another path in backends.
            if !penalised {
                fixture.objective.penalties.clear();
            }
            let plain = |l: &Layer| l.normalisation != Normalisation::BatchNorm && l.dropout == 0.0;
            if !fixture.graph.layers().all(plain) {
                return skip();
            }
            // A term over some of the rows covers none of some single rows.
            let terms = &mut fixture.objective.terms;
            terms.retain(|t| !matches!(t.target, dentate_core::Target::Given(_)));
            terms.iter_mut().for_each(|t| t.rows = None);
            if fixture.objective.terms.is_empty() {
                return skip();
            }
            let (rows, route, objective) = (
                fixture.rows.clone(),
                fixture.route.clone(),
                fixture.objective.clone(),
            );
            let mut wanted = crate::naive::values::<Rounded>(&fixture.weights);
            wanted.values_mut().for_each(|a| {
                a.fill(Rounded {
                    value: 0.0,
                    error: 0.0,
                })
            });
            for (row, (data, task, index)) in rows.iter().enumerate() {
                let one = Rows::of(data, task, vec![index]);
                fine(
                    fixture
                        .backend
                        .gradient(&one, &route, &objective, Slot::GRADIENT, Purpose::ReadOnly),
                )?;
                let single = fixture.batch.row(row);
                let bounds =
                    gradient::<Rounded>(&fixture.naive, &fixture.weights, &single, &route, &objective);
                for (parameter, g) in fixture.slot(Slot::GRADIENT) {
                    for (place, g) in g.indexed_iter() {
                        // Two passes over a row may round differently, each within its bound: behind a norm of few values a
                        // gradient of 0 is a difference of large numbers.
                        let bound = bounds.get(&parameter).map_or(0.0, |bounds| bounds[place].error);
                        let g = Rounded {
                            value: f64::from(*g),
                            error: 1e-5 * f64::from(g.abs()) + 1e-7 + 2.0 * bound,
                        };
                        let sum = &mut wanted.get_mut(&parameter).expect("it has every parameter")[place];
                        *sum = *sum
                            + Rounded {
                                value: 0.5,
                                error: 0.0,
                            } * match power {
                                Power::Squared => g * g,
                                Power::Absolute => Rounded {
                                    value: g.value.abs(),
                                    ..g
                                },
                            };
                    }
                }
            }
            let once = |fixture: &mut super::fixture::Fixture| {
                fine(
                    fixture
                        .backend
                        .accumulate(&rows, &route, &objective, power, 0.5, into),
                )
            };
            once(&mut fixture)?;
            let first = fixture.slot(into);
            all_admit("powers", &wanted, &first)?;
            once(&mut fixture)?;
            let second = fixture.slot(into);
            for ((at, one), two) in super::compare::cells(&first)
                .iter()
                .zip(super::compare::cells(&second).values())
            {
                close(
                    &format!("twice {at:?}"),
                    f64::from(*two),
                    2.0 * f64::from(*one),
                    1e-5 * f64::from(*one),
                )?;
            }
            Ok(())
        },
    );
}

/// Corruption sets some input features to 0 and leaves the others; the same seed selects the same ones; targets stay clean.
pub fn corruption_zeroes_features_and_nothing_else(make: Make) {
    let strategy = (any::<u64>(), 0.1f32..0.9);
    check_law(
        make,
        "corruption_zeroes_features_and_nothing_else",
        16,
        strategy,
        |(seed, corruption)| {
            let mut plan = PlanBuilder::new(&Graph::empty(), "identity", Seed(0));
            let input = plan.layer(NewLayer::input(20));
            let copy = plan.layer(NewLayer::hidden("copy", 20, Activation::Identity));
            plan.connect(input, copy, Init::Identity);
            let (mut backend, _) = build(make, &plan.finish())?;
            let set = crate::generators::Rowset {
                temper: crate::generators::Temper::Plain,
                rows: 40,
                seed,
            };
            let data = set.values(1, 20, 1);
            fine(backend.load(&data))?;
            let rows = Rows::of(data.id(), TaskId(0), (0..40).collect());
            let route = Route {
                corruption,
                seed,
                ..Route::default()
            };
            let clean = fine(data.gather(&(0..40).collect::<Vec<_>>()).map_err(Into::into))?;
            let outputs = fine(backend.forward(&rows, &route, &[copy]))?;
            let again = fine(backend.forward(&rows, &route, &[copy]))?;
            prop_assert_eq!(&outputs, &again);
            let other = Route {
                seed: seed ^ 1,
                ..route.clone()
            };
            prop_assert_ne!(&outputs, &fine(backend.forward(&rows, &other, &[copy]))?);
            let mut gone = 0;
            for (place, &x) in clean.indexed_iter() {
                let found = outputs[0][place];
                prop_assert!(found == x || found == 0.0, "{} became {}", x, found);
                gone += u32::from(found == 0.0 && x != 0.0);
            }
            // 800 features: five standard deviations of a binomial share are below 0.09.
            prop_assert!(
                (f64::from(gone) / 800.0 - f64::from(corruption)).abs() < 0.09,
                "{} gone",
                gone
            );
            let errors = fine(backend.measure(&Request::ReconstructionErrors(copy), &rows, &route))?;
            for (i, row) in clean.rows().into_iter().enumerate() {
                let off = |j: usize| f64::from(outputs[0][(i, j)] - row[j]).powi(2);
                let wanted = (0..20).map(off).sum::<f64>() / 20.0;
                close(
                    "a reconstruction error",
                    f64::from(errors.arrays[0][(i, 0)]),
                    wanted,
                    1e-6,
                )?;
            }
            Ok(())
        },
    );
}

/// A forward pass and a measurement change nothing, and a row's output does not depend on when it is computed.
pub fn reading_changes_nothing(make: Make) {
    check_law(make, "reading_changes_nothing", 32, cases(), |case| {
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        let before = fixture.backend.snapshot();
        let first = fine(
            fixture
                .backend
                .forward(&fixture.rows, &fixture.route, &fixture.reached),
        )?;
        let request = Request::Activations(fixture.reached.clone());
        let measured = fine(fixture.backend.measure(&request, &fixture.rows, &fixture.route))?;
        let second = fine(
            fixture
                .backend
                .forward(&fixture.rows, &fixture.route, &fixture.reached),
        )?;
        for (a, b) in first
            .iter()
            .zip(&second)
            .chain(first.iter().zip(&measured.arrays))
        {
            prop_assert!(
                a.iter().zip(b).all(|(a, b)| a.to_bits() == b.to_bits()),
                "{} against {}",
                a,
                b
            );
        }
        let after = fixture.backend.snapshot();
        for (slot, arrays) in &before.slots {
            same_bits(&format!("{slot}"), arrays, &after.slots[slot])?;
        }
        prop_assert_eq!(before.updates, after.updates);
        Ok(())
    });
}
