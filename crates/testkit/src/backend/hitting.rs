//! Laws of the counts and outputs of an update's own pass.

use super::compare::{admits, fine};
use super::law::{Make, hold, skip};
use super::world::{World, mild_worlds, optimizers};
use crate::naive::{Rounded, values};
use dentate_core::{
    Active, BackendError, Hits, LayerId, Purpose, Slot, Tallies, Tally, Target, TaskId, Term,
};
use ndarray::Array2;
use proptest::prelude::*;

/// Count the rows of a term by task, for these outputs of its layer.
fn count(world: &World, term: &Term, outputs: &Array2<f32>, tallies: &mut Tallies) {
    let Target::Labels { unit_of } = &term.target else {
        return;
    };
    let tasks: Vec<TaskId> = world.rows.iter().map(|(_, task, _)| task).collect();
    for (place, i) in term.rows.clone().unwrap_or(0..tasks.len()).enumerate() {
        let Some(again) = term.tally.again(place) else {
            continue;
        };
        let active: Vec<u32> = match &term.active {
            Active::All => (0..outputs.ncols() as u32).collect(),
            Active::Units(units) => units.clone(),
        };
        let scores = ndarray::Array1::from_iter(active.iter().map(|&u| outputs[(i, u as usize)]));
        let best = dentate_core::Predictions::best(scores.view()).map(|place| active[place as usize]);
        let label = world.batch.labels[i].and_then(|label| unit_of[label as usize]);
        let right = u64::from(best.is_some() && best == label);
        tallies.count(tasks[i], again, Hits { rows: 1, right });
    }
}

/// Rows are counted by task and as their terms say, from the outputs of the update's own pass; other passes count nothing.
pub fn hits_are_counted_where_rows_are_judged(make: Make) {
    let strategy = (mild_worlds(), optimizers(), any::<bool>(), any::<bool>());
    let name = "hits_are_counted_where_rows_are_judged";
    hold(
        make,
        name,
        64,
        strategy,
        |(mut making, optimizer, apart, flat)| {
            making.labels = true;
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            let labels = |t: &Term| matches!(t.target, Target::Labels { .. });
            // A head over classes gets labels whatever the goals were.
            let head = world
                .graph
                .layers()
                .find(|l| l.head().is_some_and(|h| !h.classes.is_empty()));
            let fallback =
                head.filter(|l| world.reached.contains(&l.id) && !world.objective.terms.iter().any(labels));
            if let Some(layer) = fallback {
                let classes = layer.width() as u32;
                let known = world.batch.labels.iter().flatten().all(|label| *label < classes);
                let plain = layer.activation == dentate_core::Activation::Identity && known;
                if plain && world.route.entry != Some(layer.id) {
                    world.objective.terms.push(Term {
                        rows: None,
                        layer: layer.id,
                        active: Active::All,
                        loss: dentate_core::Loss::CrossEntropy,
                        target: Target::Labels {
                            unit_of: (0..classes).map(Some).collect(),
                        },
                        weight: 1.0,
                        tally: Tally::CURRENT,
                    });
                }
            }
            if !world
                .objective
                .terms
                .iter()
                .any(|t| labels(t) && t.tally != Tally::None)
            {
                return skip();
            }
            if flat {
                // All outputs of a head are equal: the first counts.
                world.put(Slot::WEIGHT, |_, shape| Array2::zeros(shape))?;
            }
            world.backend.drain();
            let mut wanted = Tallies::default();
            for _ in 0..3 {
                let (rows, route, objective) = (&world.rows, &world.route, &world.objective);
                let into = Slot::GRADIENT;
                fine(
                    world
                        .backend
                        .gradient(rows, route, objective, into, Purpose::Look),
                )?;
                if apart {
                    fine(
                        world
                            .backend
                            .gradient(rows, route, objective, into, Purpose::Update),
                    )?;
                    fine(world.backend.update(into, &optimizer, None))?;
                } else {
                    world.step(&optimizer)?;
                }
                let terms = world.objective.terms.clone();
                for term in terms.iter().filter(|t| labels(t)) {
                    match world.backend.outputs(term.layer) {
                        Ok(outputs) => count(&world, term, &outputs, &mut wanted),
                        // A frozen layer of the objective has outputs to show.
                        Err(error) => return Err(TestCaseError::fail(error.to_string())),
                    }
                }
            }
            let drained = world.backend.drain();
            if drained.diverged {
                return skip();
            }
            prop_assert_eq!(&drained.hits, &wanted);
            prop_assert_eq!(world.backend.drain().hits, Tallies::default());
            Ok(())
        },
    );
}

/// After an update, and after the update's gradient, the outputs of layers are those that the naive model computes in training
/// with the previous weights; after any other pass, or a change of the network, there are none.
pub fn outputs_are_those_of_the_updates_own_pass(make: Make) {
    let strategy = (mild_worlds(), optimizers(), any::<bool>(), 0u8..4);
    let name = "outputs_are_those_of_the_updates_own_pass";
    hold(make, name, 48, strategy, |(making, optimizer, apart, further)| {
        let Some(mut world) = making.world(make)? else {
            return Ok(());
        };
        let none = |layer: LayerId| Err(BackendError::NoOutputs(layer));
        let some = world.reached[0];
        prop_assert_eq!(world.backend.outputs(some), none(some));
        world.batch.training = Some(0);
        let bounds = world
            .batch
            .outputs::<Rounded>(&world.naive, &values(&world.weights), &world.route);
        let (rows, route, objective) = (&world.rows, &world.route, &world.objective);
        let into = Slot::GRADIENT;
        if apart {
            fine(
                world
                    .backend
                    .gradient(rows, route, objective, into, Purpose::Update),
            )?;
            fine(world.backend.update(into, &optimizer, None))?;
        } else {
            world.step(&optimizer)?;
        }
        for layer in world.graph.layers().map(|l| l.id).collect::<Vec<_>>() {
            match world.backend.outputs(layer) {
                Ok(found) => {
                    let width = bounds[0].after[&layer].len();
                    let bound =
                        Array2::from_shape_fn((bounds.len(), width), |(r, j)| bounds[r].after[&layer][j]);
                    admits(&format!("{layer}"), &bound, &found)?;
                }
                Err(error) => {
                    prop_assert_eq!(error, BackendError::NoOutputs(layer));
                    let judged = world.objective.terms.iter().any(|t| t.layer == layer);
                    prop_assert!(!judged, "{} is judged and does not show", layer);
                }
            }
        }
        let (rows, route, objective) = (&world.rows, &world.route, &world.objective);
        match further {
            0 => drop(fine(world.backend.forward(rows, route, &[some]))?),
            1 => drop(fine(world.backend.gradient(
                rows,
                route,
                objective,
                into,
                Purpose::Look,
            ))?),
            2 => world.backend.set_rates(&world.graph),
            _ => {
                let held = world.backend.snapshot();
                fine(world.backend.restore(&world.graph, &held))?;
            }
        }
        for layer in world.graph.layers().map(|l| l.id).collect::<Vec<_>>() {
            prop_assert_eq!(world.backend.outputs(layer), none(layer));
        }
        let missing = LayerId(u32::MAX);
        prop_assert_eq!(
            world.backend.outputs(missing),
            Err(BackendError::NoLayer(missing))
        );
        Ok(())
    });
}
