//! Laws of meters, measurements and slots.

use super::compare::{admits, cells, close, fine};
use super::law::{Make, hold};
use super::world::{World, mild_worlds};
use crate::naive::{Network, Number, Rounded, row_gradients, run, run_rows, values};
use dentate_core::{
    BackendError, Grid, LayerId, Meter, MeterKind, Moment, Optimizer, Plan, Product, Request, Seed, Slot,
    SlotKind,
};
use ndarray::Array2;
use proptest::prelude::*;

const KINDS: [MeterKind; 3] = [
    MeterKind::Activation,
    MeterKind::Magnitude,
    MeterKind::Contribution,
];

/// What a meter takes in, unit by unit: means over the batch before the update.
fn taken_in(world: &World, updates: u64, layer: LayerId, of: MeterKind) -> Vec<f64> {
    let exact = values::<f64>(&world.weights);
    let outputs = run_rows(
        &world.naive,
        &exact,
        &world.batch.inputs,
        &world.route,
        Some(updates),
        None,
    );
    let outputs: Vec<Vec<f64>> = outputs.into_iter().map(|o| o.after[&layer].clone()).collect();
    let positions = world.naive.layers[&layer].outputs().positions();
    let width = world.naive.layers[&layer].width();
    let out_of = |unit: usize| -> f64 {
        let mut weights: Vec<f64> = Vec::new();
        for c in world.naive.connections.values().filter(|c| c.from == layer) {
            let Some(block) = exact.get(&dentate_core::Parameter::Weight(c.id)) else {
                weights.push(1.0);
                continue;
            };
            let each = world.naive.each(c);
            for i in 0..world.naive.layers[&c.to].width() {
                let sources = world.naive.sources(c, i);
                if let Some(s) = sources.iter().position(|s| *s == unit) {
                    weights.extend((0..each).map(|k| block[(i, s * each + k)]));
                }
            }
        }
        weights.iter().map(|w| w.abs()).sum::<f64>() / weights.len().max(1) as f64
    };
    let count = (outputs.len() * positions) as f64;
    let mean = |unit: usize, f: &dyn Fn(f64) -> f64| {
        let own = |h: &Vec<f64>| {
            h[unit * positions..][..positions]
                .iter()
                .map(|h| f(*h))
                .sum::<f64>()
        };
        outputs.iter().map(own).sum::<f64>() / count
    };
    (0..width)
        .map(|u| match of {
            MeterKind::Activation => mean(u, &|h| h),
            MeterKind::Magnitude => mean(u, &f64::abs),
            MeterKind::Contribution => mean(u, &f64::abs) * out_of(u),
        })
        .collect()
}

/// Meters run along as their formula says, and a newborn's begin at its birth.
pub fn meters_are_what_a_loop_says(make: Make) {
    let strategy = (mild_worlds(), 0.5f32..0.99);
    hold(
        make,
        "meters_are_what_a_loop_says",
        48,
        strategy,
        |(mut making, decay)| {
            making.route = 0;
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            let judged = world.objective.terms.iter().map(|t| t.layer).collect();
            let below = world.graph.ancestors(&judged);
            let Some(layer) = world.graph.hidden().find(|l| below.contains(&l.id)).map(|l| l.id) else {
                return Ok(());
            };
            let missing = Meter {
                layer: LayerId(999),
                of: KINDS[0],
                decay,
            };
            prop_assert_eq!(
                world.backend.watch(&[missing]),
                Err(BackendError::NoLayer(LayerId(999)))
            );
            fine(world.backend.watch(&KINDS.map(|of| Meter { layer, of, decay })))?;
            let width = world.naive.layers[&layer].width();
            let mut running = vec![vec![0.0; width]; 3];
            let mut age = vec![0u64; width];
            for step in 0..4 {
                if step == 2 {
                    // The first unit is replaced; its meters begin anew.
                    let mut plan = Plan::new("replace", Seed(0));
                    plan.edits.push(dentate_core::Edit::Replace {
                        layer,
                        units: vec![world.naive.layers[&layer].units[0].id],
                        incoming: dentate_core::Init::He.into(),
                        outgoing: dentate_core::Init::Uniform(0.3).into(),
                        bias: 0.1,
                        absorb: Vec::new(),
                    });
                    super::world::grow(&mut *world.backend, &mut world.graph, &plan, Moment::default())?;
                    age[0] = 0;
                    running.iter_mut().for_each(|m| m[0] = 0.0);
                }
                world.naive = Network::of(&world.graph);
                world.weights = world.slot(Slot::WEIGHT);
                let updates = world.backend.snapshot().updates;
                for (m, of) in running.iter_mut().zip(KINDS) {
                    for (m, x) in m.iter_mut().zip(taken_in(&world, updates, layer, of)) {
                        *m = f64::from(decay) * *m + (1.0 - f64::from(decay)) * x;
                    }
                }
                age.iter_mut().for_each(|a| *a += 1);
                world.step(&Optimizer::sgd(0.01))?;
                // Whatever else is read must not count.
                fine(world.backend.forward(&world.rows, &world.route, &[layer]))?;
                let readings = fine(world.backend.readings(layer))?;
                prop_assert_eq!(&readings.age, &age);
                for (m, of) in running.iter().zip(KINDS) {
                    for (u, m) in m.iter().enumerate() {
                        let wanted = m / (1.0 - f64::from(decay).powi(age[u] as i32));
                        let found = f64::from(readings.values[&of][u]);
                        // A layer norm over nearly equal values blows rounding up.
                        let normed = world
                            .graph
                            .layers()
                            .any(|l| l.normalisation != dentate_core::Normalisation::None);
                        let tolerance = if normed { 2e-2 } else { 1e-4 } * (1.0 + wanted.abs());
                        close(&format!("{of:?} of unit {u}"), found, wanted, tolerance)?;
                    }
                }
            }
            Ok(())
        },
    );
}

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
            let one = |row: &Vec<f32>| run(&world.naive, &exact, row, &world.route, None);
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
