//! Gradients against finite differences of a reference in double precision.

use super::cases::{build, case, plan};
use dentate_core::{Activation, Active, Loss, Power, Purpose, Tally, Target, Term};
use ndarray::Array2;

#[test]
fn every_activation_has_the_right_gradient() {
    for activation in Activation::ALL {
        for n in [1, 3, 9] {
            let mut case = case(activation, false);
            let objective = case.objective();
            case.check_gradient(n, &objective, 3e-5);
        }
    }
}

#[test]
fn layer_norm_has_the_right_gradient() {
    for activation in [Activation::Tanh, Activation::Relu, Activation::Gelu] {
        for n in [1, 9] {
            let mut case = case(activation, true);
            let objective = case.objective();
            case.check_gradient(n, &objective, 3e-5);
        }
    }
}

#[test]
fn every_loss_has_the_right_gradient() {
    let mut case = build(&plan(Activation::Tanh, true));
    let given = Array2::from_shape_fn((9, 4), |(i, j)| ((i * 5 + j * 3) % 7) as f32 / 7.0);
    let head = case.id("head");
    for loss in [
        Loss::CrossEntropy,
        Loss::MeanSquared,
        Loss::Distillation { temperature: 2.0 },
    ] {
        for active in [Active::All, Active::Units(vec![0, 3])] {
            let mut objective = case.objective();
            objective.terms[0] = Term {
                rows: None,
                layer: head,
                active: active.clone(),
                loss,
                target: Target::Given(given.clone()),
                weight: 0.7,
                tally: Tally::None,
            };
            case.check_gradient(9, &objective, 5e-5);
        }
    }
}

#[test]
fn terms_about_some_rows_and_several_layers_add_up() {
    let mut case = case(Activation::Tanh, false);
    let mut objective = case.objective();
    objective.terms[0].rows = Some(2..7);
    objective.terms.push(Term {
        rows: Some(0..4),
        layer: case.id("b"),
        active: Active::Units(vec![1, 2, 5]),
        loss: Loss::MeanSquared,
        target: Target::Given(Array2::from_elem((4, 7), 0.3)),
        weight: 2.0,
        tally: Tally::None,
    });
    case.check_gradient(9, &objective, 3e-5);
}

#[test]
fn squares_are_those_of_single_rows() {
    use super::cases::rows;
    use dentate_core::{Backend, Expr, Penalty, Route, Rows, Slot, SlotKind};
    let importance = Slot::new(SlotKind::Importance, 0);
    for penalised in [false, true] {
        let mut case = case(Activation::Gelu, true);
        let mut objective = case.objective();
        if penalised {
            let anchor = Slot::new(SlotKind::Anchor, 0);
            case.native
                .map(anchor, &(0.5 * Expr::slot(Slot::WEIGHT)))
                .unwrap();
            objective.penalties.push(Penalty {
                importance: Some(anchor),
                anchor: Some(anchor),
                strength: 0.3,
            });
        }
        let route = Route::default();
        case.native
            .accumulate(&rows(6), &route, &objective, Power::Squared, 0.5, importance)
            .unwrap();
        let sum = case.slot(importance);
        let mut expected = sum.clone();
        expected.values_mut().for_each(|v| v.fill(0.0));
        for (data, task, row) in rows(6).iter() {
            let row = Rows::of(data, task, vec![row]);
            case.native
                .gradient(&row, &route, &objective, Slot::GRADIENT, Purpose::ReadOnly)
                .unwrap();
            for (parameter, g) in case.slot(Slot::GRADIENT) {
                *expected.get_mut(&parameter).unwrap() += &g.mapv(|g| 0.5 * g * g);
            }
        }
        for (parameter, values) in &expected {
            let off = (values - &sum[parameter]).mapv(f32::abs);
            assert!(off.iter().all(|&v| v < 1e-5), "{parameter:?}");
        }
    }
}
