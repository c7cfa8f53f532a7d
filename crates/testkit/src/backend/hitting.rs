//! Laws of the counts and outputs of an update's own pass.

use super::compare::{admits, fine};
use super::fixture::{Fixture, mild_cases, optimizers};
use super::law::{Make, check_law, skip};
use crate::naive::{Rounded, values};
use dentate_core::{
    Active, BackendError, Hits, LayerId, Purpose, Slot, Tallies, Tally, Target, TaskId, Term,
};
use ndarray::Array2;
use proptest::prelude::*;

/// Count the rows of a term by task, for these outputs of its layer.
fn count(fixture: &Fixture, term: &Term, outputs: &Array2<f32>, tallies: &mut Tallies) {
    let Target::Labels { unit_of } = &term.target else {
        return;
    };
    let tasks: Vec<TaskId> = fixture.rows.iter().map(|(_, task, _)| task).collect();
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
        let label = fixture.batch.labels[i].and_then(|label| unit_of[label as usize]);
        let right = u64::from(best.is_some() && best == label);
        tallies.count(tasks[i], again, Hits { rows: 1, right });
    }
}

/// Rows are counted by task and as their terms say, from the outputs of the update's own pass; other passes count nothing.
pub fn hits_are_counted_where_the_loss_is_computed(make: Make) {
    let strategy = (mild_cases(), optimizers(), any::<bool>(), any::<bool>());
    let name = "hits_are_counted_where_the_loss_is_computed";
    check_law(make, name, 64, strategy, |(mut case, optimizer, apart, flat)| {
        case.labels = true;
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        let labels = |t: &Term| matches!(t.target, Target::Labels { .. });
        // A head over classes gets labels whatever the goals were.
        let head = fixture
            .graph
            .layers()
            .find(|l| l.head().is_some_and(|h| !h.classes.is_empty()));
        let fallback =
            head.filter(|l| fixture.reached.contains(&l.id) && !fixture.objective.terms.iter().any(labels));
        if let Some(layer) = fallback {
            let classes = layer.width() as u32;
            let known = fixture
                .batch
                .labels
                .iter()
                .flatten()
                .all(|label| *label < classes);
            let plain = layer.activation == dentate_core::Activation::Identity && known;
            if plain && fixture.route.entry != Some(layer.id) {
                fixture.objective.terms.push(Term {
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
        if !fixture
            .objective
            .terms
            .iter()
            .any(|t| labels(t) && t.tally != Tally::None)
        {
            return skip();
        }
        if flat {
            // All outputs of a head are equal: the first counts.
            fixture.put(Slot::WEIGHT, |_, shape| Array2::zeros(shape))?;
        }
        fixture.backend.drain();
        let mut wanted = Tallies::default();
        for _ in 0..3 {
            let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
            let into = Slot::GRADIENT;
            fine(
                fixture
                    .backend
                    .gradient(rows, route, objective, into, Purpose::ReadOnly),
            )?;
            if apart {
                fine(
                    fixture
                        .backend
                        .gradient(rows, route, objective, into, Purpose::Update),
                )?;
                fine(fixture.backend.update(into, &optimizer, None))?;
            } else {
                fixture.step(&optimizer)?;
            }
            let terms = fixture.objective.terms.clone();
            for term in terms.iter().filter(|t| labels(t)) {
                match fixture.backend.outputs(term.layer) {
                    Ok(outputs) => count(&fixture, term, &outputs, &mut wanted),
                    // A frozen layer of the objective has outputs to show.
                    Err(error) => return Err(TestCaseError::fail(error.to_string())),
                }
            }
        }
        let drained = fixture.backend.drain();
        if drained.diverged {
            return skip();
        }
        prop_assert_eq!(&drained.hits, &wanted);
        prop_assert_eq!(fixture.backend.drain().hits, Tallies::default());
        Ok(())
    });
}

/// After an update, and after the update's gradient, the outputs of layers are those that the naive model computes in training
/// with the previous weights; after any other pass, or a change of the network, there are none.
pub fn outputs_are_those_of_the_updates_own_pass(make: Make) {
    let strategy = (mild_cases(), optimizers(), any::<bool>(), 0u8..4);
    let name = "outputs_are_those_of_the_updates_own_pass";
    check_law(make, name, 48, strategy, |(case, optimizer, apart, further)| {
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        let none = |layer: LayerId| Err(BackendError::NoOutputs(layer));
        let some = fixture.reached[0];
        prop_assert_eq!(fixture.backend.outputs(some), none(some));
        fixture.batch.training = Some(0);
        let bounds =
            fixture
                .batch
                .outputs::<Rounded>(&fixture.naive, &values(&fixture.weights), &fixture.route);
        let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
        let into = Slot::GRADIENT;
        if apart {
            fine(
                fixture
                    .backend
                    .gradient(rows, route, objective, into, Purpose::Update),
            )?;
            fine(fixture.backend.update(into, &optimizer, None))?;
        } else {
            fixture.step(&optimizer)?;
        }
        for layer in fixture.graph.layers().map(|l| l.id).collect::<Vec<_>>() {
            match fixture.backend.outputs(layer) {
                Ok(found) => {
                    let width = bounds[0].after[&layer].len();
                    let bound =
                        Array2::from_shape_fn((bounds.len(), width), |(r, j)| bounds[r].after[&layer][j]);
                    admits(&format!("{layer}"), &bound, &found)?;
                }
                Err(error) => {
                    prop_assert_eq!(error, BackendError::NoOutputs(layer));
                    let with_loss = fixture.objective.terms.iter().any(|t| t.layer == layer);
                    prop_assert!(!with_loss, "{} has a loss and does not show", layer);
                }
            }
        }
        let (rows, route, objective) = (&fixture.rows, &fixture.route, &fixture.objective);
        match further {
            0 => drop(fine(fixture.backend.forward(rows, route, &[some]))?),
            1 => drop(fine(fixture.backend.gradient(
                rows,
                route,
                objective,
                into,
                Purpose::ReadOnly,
            ))?),
            2 => fixture.backend.set_rates(&fixture.graph),
            _ => {
                let held = fixture.backend.snapshot();
                fine(fixture.backend.restore(&fixture.graph, &held))?;
            }
        }
        for layer in fixture.graph.layers().map(|l| l.id).collect::<Vec<_>>() {
            prop_assert_eq!(fixture.backend.outputs(layer), none(layer));
        }
        let missing = LayerId(u32::MAX);
        prop_assert_eq!(
            fixture.backend.outputs(missing),
            Err(BackendError::NoLayer(missing))
        );
        Ok(())
    });
}
