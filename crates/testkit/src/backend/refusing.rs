//! Laws of refusals: each returns the documented error and changes nothing.

use super::compare::fine;
use super::law::{Make, hold};
use super::world::{World, mild_worlds};
use dentate_core::{
    Activation, Active, BackendError, ConnectionId, DataId, LayerId, Loss, Objective, Optimizer, Parameter,
    Purpose, Request, Route, Rows, Slot, Tally, Target, TaskId, Term,
};
use proptest::prelude::*;

fn term(layer: LayerId, target: Target) -> Term {
    Term {
        rows: None,
        layer,
        active: Active::All,
        loss: Loss::MeanSquared,
        target,
        weight: 1.0,
        tally: Tally::None,
    }
}

/// Check that a step, a gradient and a squared gradient are all refused in the same way, and change nothing.
fn refused(
    world: &mut World,
    rows: &Rows,
    route: &Route,
    terms: Vec<Term>,
    is: impl Fn(&BackendError) -> bool,
) -> Result<(), TestCaseError> {
    let objective = Objective {
        terms,
        penalties: Vec::new(),
        keep: None,
    };
    let before = format!("{:?}", world.backend.snapshot());
    let optimizer = Optimizer::adam(0.1);
    let outcomes = [
        world.backend.step(rows, route, &objective, &optimizer),
        world
            .backend
            .gradient(rows, route, &objective, Slot::GRADIENT, Purpose::Look)
            .map(drop),
    ];
    for outcome in outcomes {
        match outcome {
            Err(error) if is(&error) => {}
            other => {
                return Err(TestCaseError::fail(format!(
                    "not refused as it should be: {other:?}"
                )));
            }
        }
    }
    prop_assert_eq!(format!("{:?}", world.backend.snapshot()), before);
    Ok(())
}

/// Every invalid call is refused with the variant for its problem.
pub fn refusals_are_the_documented_ones(make: Make) {
    hold(
        make,
        "refusals_are_the_documented_ones",
        24,
        mild_worlds(),
        |mut making| {
            making.route = 0;
            making.history.clear();
            let Some(mut world) = making.world(make)? else {
                return Ok(());
            };
            world.step(&Optimizer::adam(0.01))?;
            fine(world.backend.gradient(
                &world.rows,
                &world.route,
                &world.objective,
                Slot::GRADIENT,
                Purpose::Look,
            ))?;
            let (rows, plain, id) = (world.rows.clone(), Route::default(), world.data.id());
            let head = world
                .graph
                .named(crate::generators::Shape::VALUES)
                .expect("a shape has it")
                .clone();
            let classes = world
                .graph
                .named(crate::generators::Shape::CLASSES)
                .expect("a shape has it")
                .clone();
            let given = |n| Target::Given(ndarray::Array2::zeros((n, head.width())));
            let good = term(head.id, given(rows.len()));

            let unknown = Rows::of(DataId(77), TaskId(0), vec![0]);
            refused(&mut world, &unknown, &plain, vec![term(head.id, given(1))], |e| {
                *e == BackendError::NotLoaded(DataId(77))
            })?;
            let len = world.data.len();
            let outside = Rows::of(id, TaskId(0), vec![0, len as u32]);
            let wanted = BackendError::Row {
                data: id,
                row: len as u32,
                len,
            };
            refused(&mut world, &outside, &plain, vec![term(head.id, given(2))], |e| {
                *e == wanted
            })?;
            refused(
                &mut world,
                &Rows::default(),
                &plain,
                vec![term(head.id, given(0))],
                |e| *e == BackendError::EmptyBatch,
            )?;
            let nowhere = LayerId(999);
            refused(
                &mut world,
                &rows,
                &plain,
                vec![term(nowhere, Target::Inputs)],
                |e| *e == BackendError::NoLayer(nowhere),
            )?;
            let short = term(head.id, given(rows.len() + 1));
            refused(&mut world, &rows, &plain, vec![short], |e| {
                matches!(e, BackendError::TermRows { .. })
            })?;
            let beyond = Term {
                rows: Some(0..rows.len() + 1),
                ..term(head.id, given(rows.len() + 1))
            };
            refused(&mut world, &rows, &plain, vec![beyond], |e| {
                matches!(e, BackendError::TermRows { .. })
            })?;
            let narrow = term(
                head.id,
                Target::Given(ndarray::Array2::zeros((rows.len(), head.width() + 1))),
            );
            refused(&mut world, &rows, &plain, vec![narrow], |e| {
                matches!(e, BackendError::Width { .. })
            })?;
            // A valid term before an invalid one must have no effect.
            let bad = term(nowhere, Target::Inputs);
            refused(&mut world, &rows, &plain, vec![good.clone(), bad], |e| {
                *e == BackendError::NoLayer(nowhere)
            })?;
            let missing = if making.labels {
                Target::Values
            } else {
                Target::Labels {
                    unit_of: vec![Some(0); 9],
                }
            };
            refused(
                &mut world,
                &rows,
                &plain,
                vec![good.clone(), term(head.id, missing)],
                |e| matches!(e, BackendError::Targets { data, .. } if *data == id),
            )?;
            if making.labels {
                let none = Target::Labels {
                    unit_of: vec![None; 9],
                };
                refused(
                    &mut world,
                    &rows,
                    &plain,
                    vec![term(classes.id, none)],
                    |e| matches!(e, BackendError::Label { layer, .. } if *layer == classes.id),
                )?;
            }
            let bent = world
                .graph
                .hidden()
                .find(|l| l.activation != Activation::Identity)
                .map(|l| (l.id, l.features()));
            if let Some(bent) = bent {
                let target = Target::Given(ndarray::Array2::zeros((rows.len(), bent.1)));
                let bent_term = Term {
                    loss: Loss::Distillation { temperature: 2.0 },
                    ..term(bent.0, target)
                };
                refused(&mut world, &rows, &plain, vec![bent_term], |e| {
                    *e == BackendError::Activation(bent.0)
                })?;
            }
            let astray = Route {
                entry: Some(nowhere),
                ..Route::default()
            };
            refused(&mut world, &rows, &astray, vec![good.clone()], |e| {
                *e == BackendError::NoLayer(nowhere)
            })?;
            let other = world
                .graph
                .layers()
                .find(|l| l.features() != head.width())
                .map(|l| l.id);
            if let Some(other) = other {
                let uneven = Route {
                    substitute: vec![(head.id, other)],
                    ..Route::default()
                };
                refused(&mut world, &rows, &uneven, vec![good.clone()], |e| {
                    matches!(e, BackendError::Route(_))
                })?;
            }
            let equal = |l: &LayerId| {
                world
                    .graph
                    .hidden()
                    .any(|h| h.id == *l && h.width() == head.width())
            };
            let below = world.graph.into_layer(head.id).map(|c| c.from).find(equal);
            if let Some(below) = below {
                let circle = Route {
                    substitute: vec![(below, head.id)],
                    ..Route::default()
                };
                refused(&mut world, &rows, &circle, vec![good], |e| {
                    matches!(e, BackendError::Route(_))
                })?;
            }
            let entry = world
                .graph
                .hidden()
                .find(|l| l.features() != world.data.features())
                .map(|l| l.id);
            if let Some(entry) = entry {
                let route = Route {
                    entry: Some(entry),
                    ..Route::default()
                };
                let found = world.backend.forward(&rows, &route, &[entry]);
                prop_assert!(matches!(found, Err(BackendError::Width { .. })), "{:?}", found);
            }
            let parameter = Parameter::Weight(ConnectionId(999));
            let found = world
                .backend
                .measure(&Request::Parameters(vec![parameter]), &rows, &plain);
            prop_assert_eq!(found.err(), Some(BackendError::NoParameter(parameter)));
            prop_assert_eq!(
                world.backend.readings(nowhere).err(),
                Some(BackendError::NoLayer(nowhere))
            );
            prop_assert_eq!(
                world.backend.forward(&rows, &plain, &[nowhere]).err(),
                Some(BackendError::NoLayer(nowhere))
            );

            let before = world.backend.snapshot();
            let mut foreign = before.clone();
            if let Some(array) = foreign
                .slots
                .get_mut(&Slot::WEIGHT)
                .and_then(|w| w.values_mut().next())
            {
                *array = ndarray::Array2::zeros((50, 50));
            }
            let found = world.backend.restore(&world.graph, &foreign);
            prop_assert!(matches!(found, Err(BackendError::Snapshot(_))), "{:?}", found);
            prop_assert_eq!(format!("{:?}", world.backend.snapshot()), format!("{before:?}"));
            Ok(())
        },
    );
    // A backend without a network has no layer where rows can enter.
    let mut empty = make.backend();
    let data = crate::generators::Rowset {
        temper: crate::generators::Temper::Plain,
        rows: 1,
        seed: 0,
    };
    let data = data.classes(0, 1, 1);
    assert_eq!(empty.load(&data), Ok(()));
    let rows = Rows::of(data.id(), TaskId(0), vec![0]);
    assert_eq!(
        empty.forward(&rows, &Route::default(), &[]),
        Err(BackendError::NoInput)
    );
}

/// A data set that was unloaded is gone; loading it again restores it, and loading it twice is the same as once.
pub fn unloaded_data_is_refused(make: Make) {
    hold(make, "unloaded_data_is_refused", 16, mild_worlds(), |making| {
        let Some(mut world) = making.world(make)? else {
            return Ok(());
        };
        let wanted = fine(world.backend.forward(&world.rows, &world.route, &world.reached))?;
        world.backend.unload(world.data.id());
        let refused = Err(BackendError::NotLoaded(world.data.id()));
        prop_assert_eq!(
            world.backend.forward(&world.rows, &world.route, &world.reached),
            refused
        );
        fine(world.backend.load(&world.data))?;
        fine(world.backend.load(&world.data))?;
        prop_assert_eq!(
            fine(world.backend.forward(&world.rows, &world.route, &world.reached))?,
            wanted
        );
        Ok(())
    });
}
