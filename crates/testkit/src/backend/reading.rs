//! Laws of measurements and slots.

use super::compare::{admits, cells, close, fine};
use super::law::{Make, hold, skip};
use super::world::{World, mild_worlds};
use crate::naive::{Network, Number, Rounded, ablation, row_gradients, run, values};
use dentate_core::{BackendError, Grid, Optimizer, Product, Request, Seed, Slot, SlotKind, UnitId};
use ndarray::Array2;
use proptest::prelude::*;

/// Every measurement is what the naive model says.
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

            // The gradient of a connection of zeros from the layer where rows enter: loops over δ and h.
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

/// What the loss rises by when a unit is held at a constant is what loops say; where the route does not compute the unit it is 0.
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
            // Another layer comes before it and must leave no trace. The last unit comes first, and twice.
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

/// Sums of products of slots and inner products are those of loops; what was never written is refused, or fresh.
pub fn slots_combine_as_loops_do(make: Make) {
    let strategy = (mild_worlds(), -2f32..2.0, -2f32..2.0);
    hold(
        make,
        "slots_combine_as_loops_do",
        32,
        strategy,
        |(making, x, y)| {
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            let (a, b) = (
                Slot::new(SlotKind::Statistic, 3),
                Slot::new(SlotKind::Importance, 4),
            );
            let empty = Slot::new(SlotKind::Statistic, 9);
            let draw = |name: &'static str| {
                move |p: dentate_core::Parameter, shape| {
                    crate::generators::block(shape, Seed(1).derive(&format!("{name} {p:?}")))
                }
            };
            world.put(a, draw("a"))?;
            world.put(b, draw("b"))?;
            let product = |factor, a, b| Product { factor, a, b };
            let (before_a, before_b) = (cells(&world.slot(a)), cells(&world.slot(b)));
            // Into one of those that are read: all is read before anything is written.
            fine(world.backend.combine(
                a,
                &[product(x, a, Some(b)), product(y, b, None), product(1.0, a, None)],
            ))?;
            for (at, found) in cells(&world.slot(a)) {
                let (a, b) = (f64::from(before_a[&at]), f64::from(before_b[&at]));
                let wanted = f64::from(x) * a * b + f64::from(y) * b + a;
                close("a combination", f64::from(found), wanted, 1e-5)?;
            }
            prop_assert_eq!(&cells(&world.slot(b)), &before_b);
            let now = cells(&world.slot(a));
            let wanted: f64 = now
                .iter()
                .map(|(at, v)| f64::from(*v) * f64::from(before_b[at]))
                .sum();
            let size: f64 = now
                .iter()
                .map(|(at, v)| f64::from(v.abs()) * f64::from(before_b[at].abs()))
                .sum();
            close(
                "an inner product",
                fine(world.backend.dot(a, b))?,
                wanted,
                1e-5 * (1.0 + size),
            )?;
            // Copying is a combination too, into a slot that was empty.
            let anchor = Slot::new(SlotKind::Anchor, 5);
            fine(world.backend.combine(anchor, &[product(1.0, Slot::WEIGHT, None)]))?;
            let weights = world.slot(Slot::WEIGHT);
            super::compare::same_bits("a copy", &weights, &world.slot(anchor))?;

            let refused = BackendError::EmptySlot(empty);
            prop_assert_eq!(
                world.backend.combine(a, &[product(1.0, empty, None)]),
                Err(refused.clone())
            );
            prop_assert_eq!(
                world.backend.combine(a, &[product(1.0, a, Some(empty))]),
                Err(refused.clone())
            );
            prop_assert_eq!(world.backend.dot(a, empty), Err(refused.clone()));
            prop_assert_eq!(world.backend.update(empty, &Optimizer::sgd(0.1)), Err(refused));
            prop_assert_eq!(cells(&world.slot(a)), now);
            Ok(())
        },
    );
}
