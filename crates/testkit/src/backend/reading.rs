//! Laws of measurements and slots.

use super::compare::{admits, fine};
use super::fixture::{Fixture, mild_cases};
use super::law::{Make, check_law, skip};
use crate::naive::{Network, Number, Rounded, ablation, row_gradients, run, values};
use dentate_core::{BackendError, Expr, Grid, Request, Slot, SlotKind, UnitId};
use ndarray::Array2;
use proptest::prelude::*;

/// Every measurement equals that of the naive model.
pub fn measurements_match_loops(make: Make) {
    check_law(make, "measurements_match_loops", 48, mild_cases(), |case| {
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        let exact = values::<Rounded>(&fixture.weights);
        let one = |row: &Vec<f32>| run(&fixture.naive, &exact, row, &fixture.route);
        let outputs: Vec<_> = fixture.batch.inputs.iter().map(one).collect();
        let rows = fixture.batch.inputs.len();
        let zero = Rounded::of(0.0);
        let measure = |fixture: &mut Fixture, request: Request| {
            fine(fixture.backend.measure(&request, &fixture.rows, &fixture.route)).map(|m| m.arrays)
        };

        let parameters: Vec<_> = fixture.graph.parameters().into_keys().collect();
        let found = measure(&mut fixture, Request::Parameters(parameters.clone()))?;
        for (parameter, found) in parameters.iter().zip(found) {
            prop_assert_eq!(&fixture.weights[parameter], &found);
        }
        // Any slot that was written is read like the parameters.
        let slot = Slot::new(SlotKind::Anchor, 4);
        let request = Request::Slot(slot, parameters.clone());
        let empty = fixture.backend.measure(&request, &fixture.rows, &fixture.route);
        prop_assert_eq!(empty, Err(BackendError::EmptySlot(slot)));
        fine(fixture.backend.map(slot, &(2.0 * Expr::slot(Slot::WEIGHT))))?;
        let found = measure(&mut fixture, request)?;
        for (parameter, found) in parameters.iter().zip(found) {
            prop_assert_eq!(fixture.weights[parameter].mapv(|w| 2.0 * w), found);
        }

        let term = fixture.objective.terms[0].layer;
        let width = fixture.naive.layers[&term].features();
        let of = |network: &Network, fixture: &Fixture, layer| {
            row_gradients::<Rounded>(
                network,
                &fixture.weights,
                &fixture.batch,
                &fixture.route,
                &fixture.objective,
                layer,
            )
        };
        let bound = of(&fixture.naive, &fixture, term);
        let request = Request::Gradients(fixture.objective.clone(), vec![term]);
        admits(
            "gradients by pre-activations",
            &bound,
            &measure(&mut fixture, request)?[0],
        )?;

        // The gradient of a connection of zeros from the layer where rows enter, by loops over δ and h.
        let entry = fixture
            .route
            .entry
            .or(fixture.graph.input().map(|l| l.id))
            .expect("a shape has an input");
        let from_width = fixture.naive.layers[&entry].features();
        let virtual_gradient = || {
            Array2::from_shape_fn((width, from_width), |(i, j)| {
                (0..rows).fold(zero, |sum, r| sum + bound[(r, i)] * outputs[r].after[&entry][j])
            })
        };
        let request = Request::VirtualGradient {
            objective: fixture.objective.clone(),
            from: entry,
            to: term,
        };
        let plain = [entry, term].iter().all(|l| {
            fixture.naive.layers[l].grid == Grid::POINT && fixture.naive.layers[l].outputs() == Grid::POINT
        });
        if plain {
            admits(
                "a virtual gradient",
                &virtual_gradient(),
                &measure(&mut fixture, request)?[0],
            )?;
        }
        if width == fixture.batch.inputs[0].len() {
            let wanted = Array2::from_shape_fn((rows, 1), |(r, _)| {
                let off = |j: usize| {
                    outputs[r].after[&term][j] - Rounded::of(f64::from(fixture.batch.inputs[r][j]))
                };
                let sum = (0..width).fold(zero, |sum, j| sum + off(j) * off(j));
                sum / Rounded::of(width as f64)
            });
            let found = measure(&mut fixture, Request::ReconstructionErrors(term))?;
            admits("reconstruction errors", &wanted, &found[0])?;
        }
        let head = fixture
            .graph
            .named(crate::generators::Shape::VALUES)
            .map(|l| l.id);
        if let Some(head) = head.filter(|h| !case.labels && fixture.reached.contains(h)) {
            let width = fixture.naive.layers[&head].width();
            let wanted = Array2::from_shape_fn((rows, width), |(r, j)| {
                let target = fixture.batch.targets[r].as_ref().map_or(0.0, |t| f64::from(t[j]));
                let off = outputs[r].after[&head][j] - Rounded::of(target);
                off * off
            });
            admits(
                "squared errors",
                &wanted,
                &measure(&mut fixture, Request::SquaredErrors(head))?[0],
            )?;
        }
        Ok(())
    });
}

/// The increase of the loss with a unit held at a constant equals that of loops; it is 0 where the route does not compute the
/// unit.
pub fn ablations_match_loops(make: Make) {
    let strategy = (mild_cases(), any::<u16>(), prop_oneof![Just(0.0f32), -1f32..1.0]);
    check_law(
        make,
        "ablations_match_loops",
        48,
        strategy,
        |(case, pick, constant)| {
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            let hidden: Vec<_> = fixture.graph.hidden().map(|l| l.id).collect();
            let Some(&layer) = hidden.get(pick as usize % hidden.len().max(1)) else {
                return skip();
            };
            let ids: Vec<UnitId> = fixture.naive.layers[&layer].units.iter().map(|u| u.id).collect();
            let request = |layers| Request::Ablations {
                objective: fixture.objective.clone(),
                layers,
            };
            // Another layer comes before it and must have no effect. The last unit comes first, and twice.
            let another = &fixture.naive.layers[&hidden[0]];
            let another = (another.id, vec![(another.units[0].id, 0.5)]);
            let order: Vec<usize> = (0..ids.len()).rev().chain([ids.len() - 1]).collect();
            let all = order.iter().map(|&u| (ids[u], constant)).collect();
            let all = request(vec![another, (layer, all)]);
            let unit = UnitId(u64::MAX);
            let nobody = request(vec![(layer, vec![(ids[0], constant), (unit, constant)])]);
            let found = fine(fixture.backend.measure(&all, &fixture.rows, &fixture.route))?;
            let outputs = run(
                &fixture.naive,
                &values::<Rounded>(&fixture.weights),
                &fixture.batch.inputs[0],
                &fixture.route,
            );
            let computed = outputs.before.contains_key(&layer);
            let wanted = Array2::from_shape_fn((1, order.len()), |(_, i)| {
                if !computed {
                    return Rounded::of(0.0);
                }
                ablation::<Rounded>(
                    &fixture.naive,
                    &fixture.weights,
                    &fixture.batch,
                    &fixture.route,
                    &fixture.objective,
                    (layer, order[i], constant),
                )
            });
            prop_assert_eq!(found.arrays.len(), 2);
            admits("ablations", &wanted, &found.arrays[1])?;
            let refused = fixture.backend.measure(&nobody, &fixture.rows, &fixture.route);
            prop_assert_eq!(refused, Err(BackendError::NoUnit { layer, unit }));
            Ok(())
        },
    );
}
