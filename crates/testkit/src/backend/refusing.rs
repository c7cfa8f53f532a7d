//! Laws of refusals: each returns the documented error and changes nothing.

use super::compare::fine;
use super::fixture::{Fixture, mild_cases};
use super::law::{Make, check_law};
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
    fixture: &mut Fixture,
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
    let before = format!("{:?}", fixture.backend.snapshot());
    let optimizer = Optimizer::adam(0.1);
    let outcomes = [
        fixture.backend.step(rows, route, &objective, &optimizer),
        fixture
            .backend
            .gradient(rows, route, &objective, Slot::GRADIENT, Purpose::ReadOnly)
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
    prop_assert_eq!(format!("{:?}", fixture.backend.snapshot()), before);
    Ok(())
}

/// Every invalid call is refused with the variant for its problem.
pub fn refusals_are_the_documented_ones(make: Make) {
    check_law(
        make,
        "refusals_are_the_documented_ones",
        24,
        mild_cases(),
        |mut case| {
            case.route = 0;
            case.history.clear();
            let Some(mut fixture) = case.fixture(make)? else {
                return Ok(());
            };
            fixture.step(&Optimizer::adam(0.01))?;
            fine(fixture.backend.gradient(
                &fixture.rows,
                &fixture.route,
                &fixture.objective,
                Slot::GRADIENT,
                Purpose::ReadOnly,
            ))?;
            let (rows, plain, id) = (fixture.rows.clone(), Route::default(), fixture.data.id());
            let head = fixture
                .graph
                .named(crate::generators::Shape::VALUES)
                .expect("a shape has it")
                .clone();
            let classes = fixture
                .graph
                .named(crate::generators::Shape::CLASSES)
                .expect("a shape has it")
                .clone();
            let given = |n| Target::Given(ndarray::Array2::zeros((n, head.width())));
            let good = term(head.id, given(rows.len()));

            let unknown = Rows::of(DataId(77), TaskId(0), vec![0]);
            refused(
                &mut fixture,
                &unknown,
                &plain,
                vec![term(head.id, given(1))],
                |e| *e == BackendError::NotLoaded(DataId(77)),
            )?;
            let len = fixture.data.len();
            let outside = Rows::of(id, TaskId(0), vec![0, len as u32]);
            let wanted = BackendError::Row {
                data: id,
                row: len as u32,
                len,
            };
            refused(
                &mut fixture,
                &outside,
                &plain,
                vec![term(head.id, given(2))],
                |e| *e == wanted,
            )?;
            refused(
                &mut fixture,
                &Rows::default(),
                &plain,
                vec![term(head.id, given(0))],
                |e| *e == BackendError::EmptyBatch,
            )?;
            let nowhere = LayerId(999);
            refused(
                &mut fixture,
                &rows,
                &plain,
                vec![term(nowhere, Target::Inputs)],
                |e| *e == BackendError::NoLayer(nowhere),
            )?;
            let short = term(head.id, given(rows.len() + 1));
            refused(&mut fixture, &rows, &plain, vec![short], |e| {
                matches!(e, BackendError::TermRows { .. })
            })?;
            let beyond = Term {
                rows: Some(0..rows.len() + 1),
                ..term(head.id, given(rows.len() + 1))
            };
            refused(&mut fixture, &rows, &plain, vec![beyond], |e| {
                matches!(e, BackendError::TermRows { .. })
            })?;
            let narrow = term(
                head.id,
                Target::Given(ndarray::Array2::zeros((rows.len(), head.width() + 1))),
            );
            refused(&mut fixture, &rows, &plain, vec![narrow], |e| {
                matches!(e, BackendError::Width { .. })
            })?;
            // A valid term before an invalid one must have no effect.
            let bad = term(nowhere, Target::Inputs);
            refused(&mut fixture, &rows, &plain, vec![good.clone(), bad], |e| {
                *e == BackendError::NoLayer(nowhere)
            })?;
            let missing = if case.labels {
                Target::Values
            } else {
                Target::Labels {
                    unit_of: vec![Some(0); 9],
                }
            };
            refused(
                &mut fixture,
                &rows,
                &plain,
                vec![good.clone(), term(head.id, missing)],
                |e| matches!(e, BackendError::Targets { data, .. } if *data == id),
            )?;
            if case.labels {
                let none = Target::Labels {
                    unit_of: vec![None; 9],
                };
                refused(
                    &mut fixture,
                    &rows,
                    &plain,
                    vec![term(classes.id, none)],
                    |e| matches!(e, BackendError::Label { layer, .. } if *layer == classes.id),
                )?;
            }
            let bent = fixture
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
                refused(&mut fixture, &rows, &plain, vec![bent_term], |e| {
                    *e == BackendError::Activation(bent.0)
                })?;
            }
            let astray = Route {
                entry: Some(nowhere),
                ..Route::default()
            };
            refused(&mut fixture, &rows, &astray, vec![good.clone()], |e| {
                *e == BackendError::NoLayer(nowhere)
            })?;
            let other = fixture
                .graph
                .layers()
                .find(|l| l.features() != head.width())
                .map(|l| l.id);
            if let Some(other) = other {
                let uneven = Route {
                    substitute: vec![(head.id, other)],
                    ..Route::default()
                };
                refused(&mut fixture, &rows, &uneven, vec![good.clone()], |e| {
                    matches!(e, BackendError::Route(_))
                })?;
            }
            let equal = |l: &LayerId| {
                fixture
                    .graph
                    .hidden()
                    .any(|h| h.id == *l && h.width() == head.width())
            };
            let below = fixture.graph.into_layer(head.id).map(|c| c.from).find(equal);
            if let Some(below) = below {
                let circle = Route {
                    substitute: vec![(below, head.id)],
                    ..Route::default()
                };
                refused(&mut fixture, &rows, &circle, vec![good], |e| {
                    matches!(e, BackendError::Route(_))
                })?;
            }
            let entry = fixture
                .graph
                .hidden()
                .find(|l| l.features() != fixture.data.features())
                .map(|l| l.id);
            if let Some(entry) = entry {
                let route = Route {
                    entry: Some(entry),
                    ..Route::default()
                };
                let found = fixture.backend.forward(&rows, &route, &[entry]);
                prop_assert!(matches!(found, Err(BackendError::Width { .. })), "{:?}", found);
            }
            let parameter = Parameter::Weight(ConnectionId(999));
            let found = fixture
                .backend
                .measure(&Request::Parameters(vec![parameter]), &rows, &plain);
            prop_assert_eq!(found.err(), Some(BackendError::NoParameter(parameter)));
            prop_assert_eq!(
                fixture.backend.readings(nowhere).err(),
                Some(BackendError::NoLayer(nowhere))
            );
            prop_assert_eq!(
                fixture.backend.forward(&rows, &plain, &[nowhere]).err(),
                Some(BackendError::NoLayer(nowhere))
            );

            let before = fixture.backend.snapshot();
            let mut foreign = before.clone();
            if let Some(array) = foreign
                .slots
                .get_mut(&Slot::WEIGHT)
                .and_then(|w| w.values_mut().next())
            {
                *array = ndarray::Array2::zeros((50, 50));
            }
            let found = fixture.backend.restore(&fixture.graph, &foreign);
            prop_assert!(matches!(found, Err(BackendError::Snapshot(_))), "{:?}", found);
            prop_assert_eq!(format!("{:?}", fixture.backend.snapshot()), format!("{before:?}"));
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
    check_law(make, "unloaded_data_is_refused", 16, mild_cases(), |case| {
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        let wanted = fine(
            fixture
                .backend
                .forward(&fixture.rows, &fixture.route, &fixture.reached),
        )?;
        fixture.backend.unload(fixture.data.id());
        let refused = Err(BackendError::NotLoaded(fixture.data.id()));
        prop_assert_eq!(
            fixture
                .backend
                .forward(&fixture.rows, &fixture.route, &fixture.reached),
            refused
        );
        fine(fixture.backend.load(&fixture.data))?;
        fine(fixture.backend.load(&fixture.data))?;
        prop_assert_eq!(
            fine(
                fixture
                    .backend
                    .forward(&fixture.rows, &fixture.route, &fixture.reached)
            )?,
            wanted
        );
        Ok(())
    });
}
