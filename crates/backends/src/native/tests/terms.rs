//! Terms of objectives: masks and refusals.

use super::cases::{DATA, case, rows};
use super::*;
use dentate_core::{Activation, Active, Loss, Parameter, Target, TaskId};
use ndarray::Array2;

#[test]
fn masked_units_get_no_gradient() {
    let mut case = case(Activation::Relu, false);
    let mut objective = case.objective();
    objective.terms[0].active = Active::Units(vec![0, 2]);
    let even = Rows::of(DATA, TaskId(0), vec![0, 2, 4, 6]);
    case.native
        .gradient(
            &even,
            &Route::default(),
            &objective,
            Slot::GRADIENT,
            Purpose::ReadOnly,
        )
        .unwrap();
    let head = case.id("head");
    let gradient = case.slot(Slot::GRADIENT);
    let bias = gradient[&Parameter::Bias(head)].row(0).to_vec();
    assert!(bias[0] != 0.0 && bias[2] != 0.0);
    assert_eq!((bias[1], bias[3]), (0.0, 0.0));
    for c in case.graph.into_layer(head) {
        let weights = &gradient[&Parameter::Weight(c.id)];
        assert!(weights.row(1).iter().chain(weights.row(3)).all(|&g| g == 0.0));
    }
    let odd = case.native.gradient(
        &rows(4),
        &Route::default(),
        &objective,
        Slot::GRADIENT,
        Purpose::ReadOnly,
    );
    assert_eq!(
        odd,
        Err(BackendError::Label {
            layer: head,
            label: 1
        })
    );
}

#[test]
fn a_layers_output_is_a_constant_target() {
    let mut case = case(Activation::Tanh, false);
    let head = case.id("head");
    let mut objective = case.objective();
    objective.terms[0].loss = Loss::Distillation { temperature: 3.0 };
    objective.terms[0].target = Target::Layer(head);
    case.native
        .gradient(
            &rows(5),
            &Route::default(),
            &objective,
            Slot::GRADIENT,
            Purpose::ReadOnly,
        )
        .unwrap();
    assert!(
        case.slot(Slot::GRADIENT)
            .values()
            .flatten()
            .all(|g| g.abs() < 1e-7)
    );
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let mut case = case(Activation::Relu, false);
    let before = case.native.snapshot();
    let (head, a) = (case.id("head"), case.id("a"));
    let good = case.objective();
    let term = |change: &dyn Fn(&mut dentate_core::Term)| {
        let mut objective = good.clone();
        change(&mut objective.terms[0]);
        objective
    };
    let wrong = [
        term(&|t| t.layer = LayerId(77)),
        term(&|t| t.layer = a),
        term(&|t| t.rows = Some(3..9)),
        term(&|t| t.rows = Some(3..3)),
        term(&|t| t.active = Active::Units(vec![])),
        term(&|t| t.active = Active::Units(vec![2, 1])),
        term(&|t| t.active = Active::Units(vec![4])),
        term(&|t| t.target = Target::Values),
        term(&|t| {
            t.target = Target::Labels {
                unit_of: vec![Some(9); 4],
            }
        }),
        term(&|t| t.target = Target::Labels { unit_of: vec![None] }),
        term(&|t| t.target = Target::Inputs),
        term(&|t| t.target = Target::Layer(LayerId(9))),
        term(&|t| t.target = Target::Given(Array2::zeros((4, 4)))),
        term(&|t| t.target = Target::Given(Array2::zeros((5, 3)))),
        term(&|t| t.loss = Loss::Distillation { temperature: 1.0 }),
        Objective {
            penalties: vec![dentate_core::Penalty {
                importance: Some(Slot::GRADIENT),
                anchor: Some(Slot::WEIGHT),
                strength: 1.0,
            }],
            ..good.clone()
        },
    ];
    for objective in &wrong {
        let refused = case
            .native
            .step(&rows(5), &Route::default(), objective, &Optimizer::adam(0.1));
        assert!(refused.is_err(), "{objective:?}");
    }
    for bad in [
        Rows::default(),
        Rows::of(DataId(99), TaskId(0), vec![0]),
        Rows::of(DATA, TaskId(0), vec![20]),
    ] {
        assert!(
            case.native
                .step(&bad, &Route::default(), &good, &Optimizer::adam(0.1))
                .is_err()
        );
    }
    assert_eq!(
        case.native.update(Slot::GRADIENT, &Optimizer::sgd(0.1), None),
        Err(BackendError::EmptySlot(Slot::GRADIENT))
    );
    assert_eq!(
        case.native.forward(&rows(1), &Route::default(), &[LayerId(9)]),
        Err(BackendError::NoLayer(LayerId(9)))
    );
    let mut empty = Native::new();
    assert_eq!(
        empty.forward(&rows(1), &Route::default(), &[]),
        Err(BackendError::NoInput)
    );
    assert_eq!(case.native.snapshot(), before);
    let _ = head;
}
