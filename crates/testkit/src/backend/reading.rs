//! Laws of measurements and slots.

use super::compare::{admits, fine};
use super::law::{Make, hold, skip};
use super::world::{World, mild_worlds};
use crate::naive::{Network, Number, Rounded, ablation, row_gradients, run, values};
use dentate_core::{BackendError, Expr, Grid, Request, Slot, SlotKind, UnitId};
use ndarray::Array2;
use proptest::prelude::*;

/// Every measurement equals that of the naive model.
pub fn measurements_are_what_loops_say(make: Make) {
    hold(
        make,
        "measurements_are_what_loops_say",
        48,
        mild_worlds(),
        |making| {
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            let exact = values::<Rounded>(&world.weights);
            let one = |row: &Vec<f32>| run(&world.naive, &exact, row, &world.route);
            let outputs: Vec<_> = world.batch.inputs.iter().map(one).collect();
            let rows = world.batch.inputs.len();
            let zero = Rounded::of(0.0);
            let measure = |world: &mut World, request: Request| {
                fine(world.backend.measure(&request, &world.rows, &world.route)).map(|m| m.arrays)
            };

            let parameters: Vec<_> = world.graph.parameters().into_keys().collect();
            let found = measure(&mut world, Request::Parameters(parameters.clone()))?;
            for (parameter, found) in parameters.iter().zip(found) {
                prop_assert_eq!(&world.weights[parameter], &found);
            }
            // Any slot that was written is read like the parameters.
            let slot = Slot::new(SlotKind::Anchor, 4);
            let request = Request::Slot(slot, parameters.clone());
            let empty = world.backend.measure(&request, &world.rows, &world.route);
            prop_assert_eq!(empty, Err(BackendError::EmptySlot(slot)));
            fine(world.backend.map(slot, &(2.0 * Expr::slot(Slot::WEIGHT))))?;
            let found = measure(&mut world, request)?;
            for (parameter, found) in parameters.iter().zip(found) {
                prop_assert_eq!(world.weights[parameter].mapv(|w| 2.0 * w), found);
            }

            let term = world.objective.terms[0].layer;
            let width = world.naive.layers[&term].features();
            let of = |network: &Network, world: &World, layer| {
                row_gradients::<Rounded>(
                    network,
                    &world.weights,
                    &world.batch,
                    &world.route,
                    &world.objective,
                    layer,
                )
            };
            let bound = of(&world.naive, &world, term);
            let request = Request::Gradients(world.objective.clone(), vec![term]);
            admits(
                "gradients by pre-activations",
                &bound,
                &measure(&mut world, request)?[0],
            )?;

            // The gradient of a connection of zeros from the layer where rows enter, by loops over δ and h.
            let entry = world
                .route
                .entry
                .or(world.graph.input().map(|l| l.id))
                .expect("a shape has an input");
            let from_width = world.naive.layers[&entry].features();
            let virtual_gradient = || {
                Array2::from_shape_fn((width, from_width), |(i, j)| {
                    (0..rows).fold(zero, |sum, r| sum + bound[(r, i)] * outputs[r].after[&entry][j])
                })
            };
            let request = Request::VirtualGradient {
                objective: world.objective.clone(),
                from: entry,
                to: term,
            };
            let plain = [entry, term].iter().all(|l| {
                world.naive.layers[l].grid == Grid::POINT && world.naive.layers[l].outputs() == Grid::POINT
            });
            if plain {
                admits(
                    "a virtual gradient",
                    &virtual_gradient(),
                    &measure(&mut world, request)?[0],
                )?;
            }
            if width == world.batch.inputs[0].len() {
                let wanted = Array2::from_shape_fn((rows, 1), |(r, _)| {
                    let off = |j: usize| {
                        outputs[r].after[&term][j] - Rounded::of(f64::from(world.batch.inputs[r][j]))
                    };
                    let sum = (0..width).fold(zero, |sum, j| sum + off(j) * off(j));
                    sum / Rounded::of(width as f64)
                });
                let found = measure(&mut world, Request::ReconstructionErrors(term))?;
                admits("reconstruction errors", &wanted, &found[0])?;
            }
            let head = world.graph.named(crate::generators::Shape::VALUES).map(|l| l.id);
            if let Some(head) = head.filter(|h| !making.labels && world.reached.contains(h)) {
                let width = world.naive.layers[&head].width();
                let wanted = Array2::from_shape_fn((rows, width), |(r, j)| {
                    let target = world.batch.targets[r].as_ref().map_or(0.0, |t| f64::from(t[j]));
                    let off = outputs[r].after[&head][j] - Rounded::of(target);
                    off * off
                });
                admits(
                    "squared errors",
                    &wanted,
                    &measure(&mut world, Request::SquaredErrors(head))?[0],
                )?;
            }
            Ok(())
        },
    );
}

/// The increase of the loss with a unit held at a constant equals that of loops; it is 0 where the route does not compute the
/// unit.
pub fn ablations_are_what_loops_say(make: Make) {
    let strategy = (mild_worlds(), any::<u16>(), prop_oneof![Just(0.0f32), -1f32..1.0]);
    hold(
        make,
        "ablations_are_what_loops_say",
        48,
        strategy,
        |(making, pick, constant)| {
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            let hidden: Vec<_> = world.graph.hidden().map(|l| l.id).collect();
            let Some(&layer) = hidden.get(pick as usize % hidden.len().max(1)) else {
                return skip();
            };
            let ids: Vec<UnitId> = world.naive.layers[&layer].units.iter().map(|u| u.id).collect();
            let request = |layers| Request::Ablations {
                objective: world.objective.clone(),
                layers,
            };
            // Another layer comes before it and must have no effect. The last unit comes first, and twice.
            let another = &world.naive.layers[&hidden[0]];
            let another = (another.id, vec![(another.units[0].id, 0.5)]);
            let order: Vec<usize> = (0..ids.len()).rev().chain([ids.len() - 1]).collect();
            let all = order.iter().map(|&u| (ids[u], constant)).collect();
            let all = request(vec![another, (layer, all)]);
            let unit = UnitId(u64::MAX);
            let nobody = request(vec![(layer, vec![(ids[0], constant), (unit, constant)])]);
            let found = fine(world.backend.measure(&all, &world.rows, &world.route))?;
            let outputs = run(
                &world.naive,
                &values::<Rounded>(&world.weights),
                &world.batch.inputs[0],
                &world.route,
            );
            let computed = outputs.before.contains_key(&layer);
            let wanted = Array2::from_shape_fn((1, order.len()), |(_, i)| {
                if !computed {
                    return Rounded::of(0.0);
                }
                ablation::<Rounded>(
                    &world.naive,
                    &world.weights,
                    &world.batch,
                    &world.route,
                    &world.objective,
                    (layer, order[i], constant),
                )
            });
            prop_assert_eq!(found.arrays.len(), 2);
            admits("ablations", &wanted, &found.arrays[1])?;
            let refused = world.backend.measure(&nobody, &world.rows, &world.route);
            prop_assert_eq!(refused, Err(BackendError::NoUnit { layer, unit }));
            Ok(())
        },
    );
}
