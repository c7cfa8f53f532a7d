//! Routes: entries, substitutes, corruption, and layers that need not run.

use super::cases::{DATA, build, data, hidden, rows};
use super::*;
use dentate_core::{
    Activation, Active, Graph, Init, Loss, NewLayer, PlanBuilder, Seed, Tally, Target, TaskId, Term,
};
use ndarray::Axis;

/// An autoencoder of two levels: input 6 → e1 4 → e2 3 → d1 4 → d0 6.
fn autoencoder() -> super::cases::Case {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(3));
    let mut below = plan.layer(NewLayer::input(6));
    for (name, width) in [("e1", 4), ("e2", 3), ("d1", 4), ("d0", 6)] {
        let layer = plan.layer(hidden(name, width, Activation::Sigmoid, false));
        plan.connect(below, layer, Init::FanIn);
        below = layer;
    }
    build(&plan.finish())
}

#[test]
fn a_substitute_closes_the_loop_and_takes_the_gradient() {
    let mut case = autoencoder();
    let [e1, e2, d1, d0] = ["e1", "e2", "d1", "d0"].map(|n| case.id(n));
    let route = Route {
        substitute: vec![(d1, e1)],
        ..Route::default()
    };
    let out = case.native.forward(&rows(5), &route, &[d1, e1, d0]).unwrap();
    assert_eq!(out[0], out[1]);
    let objective = Objective {
        terms: vec![Term {
            rows: None,
            layer: d0,
            active: Active::All,
            loss: Loss::MeanSquared,
            target: Target::Inputs,
            weight: 1.0,
            tally: Tally::None,
        }],
        penalties: Vec::new(),
        keep: None,
    };
    case.native.drain();
    case.native
        .gradient(&rows(5), &route, &objective, Slot::GRADIENT, Purpose::ReadOnly)
        .unwrap();
    // e1 and d0 run, both learn, and an error is passed from d0 to e1; e2 and d1 do not run.
    assert_eq!(case.native.drain().multiply_adds, 5 * 5 * 24);
    let gradient = case.slot(Slot::GRADIENT);
    let norm = |l| {
        gradient[&dentate_core::Parameter::Bias(l)]
            .iter()
            .map(|g| g.abs())
            .sum::<f32>()
    };
    assert!(norm(e1) > 0.0 && norm(d0) > 0.0);
    assert_eq!((norm(e2), norm(d1)), (0.0, 0.0));
    let before = case
        .native
        .measure(&Request::ReconstructionErrors(d0), &rows(5), &route)
        .unwrap();
    for _ in 0..50 {
        case.native
            .step(&rows(5), &route, &objective, &Optimizer::adam(0.02))
            .unwrap();
    }
    let after = case
        .native
        .measure(&Request::ReconstructionErrors(d0), &rows(5), &route)
        .unwrap();
    assert!(after.arrays[0].sum() < 0.9 * before.arrays[0].sum());
}

#[test]
fn rows_enter_where_the_route_says() {
    let mut case = autoencoder();
    let [e2, d1, d0] = ["e2", "d1", "d0"].map(|n| case.id(n));
    let whole = case
        .native
        .forward(&rows(5), &Route::default(), &[e2, d0])
        .unwrap();
    let code = Dataset::new(
        DataId(8),
        dentate_core::Samples::Floats(whole[0].iter().copied().collect()),
        vec![3],
        dentate_core::Targets::None,
    );
    case.native.load(&code.unwrap()).unwrap();
    let route = Route {
        entry: Some(e2),
        ..Route::default()
    };
    let codes = Rows::of(DataId(8), TaskId(0), (0..5).collect());
    let out = case.native.forward(&codes, &route, &[d0]).unwrap();
    assert_eq!(out[0], whole[1]);
    let wrong = case.native.forward(&rows(5), &route, &[d1]);
    assert!(matches!(wrong, Err(BackendError::Width { .. })));
    let e1 = case.id("e1");
    let wrong = case.native.forward(&codes, &route, &[e1]);
    assert!(matches!(wrong, Err(BackendError::Route(_))));
}

#[test]
fn impossible_routes_are_refused() {
    let mut case = autoencoder();
    let [e1, e2, d1, d0] = ["e1", "e2", "d1", "d0"].map(|n| case.id(n));
    for (entry, substitute) in [
        (None, vec![(e1, e2)]),
        (None, vec![(e1, d1)]),
        (Some(e1), vec![(e1, d1)]),
        (None, vec![(d1, e1), (d1, e1)]),
    ] {
        let route = Route {
            entry,
            substitute,
            ..Route::default()
        };
        let refused = case.native.forward(&rows(2), &route, &[d0]);
        assert!(matches!(refused, Err(BackendError::Route(_))), "{route:?}");
    }
    let nowhere = Route {
        entry: Some(LayerId(99)),
        ..Route::default()
    };
    assert_eq!(
        case.native.forward(&rows(2), &nowhere, &[d0]),
        Err(BackendError::NoLayer(LayerId(99)))
    );
}

#[test]
fn corruption_is_drawn_row_by_row() {
    let mut case = autoencoder();
    let input = case.graph.input().unwrap().id;
    let route = Route {
        corruption: 0.5,
        seed: 4,
        ..Route::default()
    };
    let some = case
        .native
        .forward(&rows(20), &route, &[input])
        .unwrap()
        .remove(0);
    let clean = data(6).gather(&(0..20).collect::<Vec<_>>()).unwrap();
    let lost = some
        .iter()
        .zip(&clean)
        .filter(|(s, c)| **s == 0.0 && **c != 0.0)
        .count();
    let filled = clean.iter().filter(|c| **c != 0.0).count();
    assert!((0.3..0.7).contains(&(lost as f64 / filled as f64)));
    assert!(some.iter().zip(&clean).all(|(s, c)| *s == 0.0 || s == c));
    let alone = Rows::of(DATA, TaskId(0), vec![13]);
    let alone = case.native.forward(&alone, &route, &[input]).unwrap().remove(0);
    assert_eq!(alone, some.select(Axis(0), &[13]));
    let d0 = case.id("d0");
    let errors = |case: &mut super::cases::Case, route: &Route| {
        case.native
            .measure(&Request::ReconstructionErrors(d0), &rows(20), route)
            .unwrap()
            .arrays
            .remove(0)
    };
    // The error is measured against the uncorrupted rows.
    let out = case.native.forward(&rows(20), &route, &[d0]).unwrap().remove(0);
    let expected = (out - clean).mapv(|v| v * v).mean_axis(Axis(1)).unwrap();
    assert!(
        (errors(&mut case, &route).column(0).to_owned() - expected)
            .iter()
            .all(|v| v.abs() < 1e-6)
    );
}

#[test]
fn measured_gradients_reach_frozen_and_unreached_layers() {
    let mut case = super::cases::case(Activation::Tanh, true);
    let mut plan = PlanBuilder::new(&case.graph, "freeze", Seed(1));
    for c in case.graph.connections() {
        plan.lr_scale(dentate_core::LrScaleOf::Connection(c.id), 0.0);
    }
    case.apply(&plan.finish());
    let objective = case.objective();
    let (input, a, b, head) = (
        case.graph.input().unwrap().id,
        case.id("a"),
        case.id("b"),
        case.id("head"),
    );
    let request = Request::Gradients(objective.clone(), vec![head, a, input]);
    let measured = case
        .native
        .measure(&request, &rows(9), &Route::default())
        .unwrap()
        .arrays;
    assert_eq!(measured[1].dim(), (9, 5));
    assert!(measured.iter().all(|m| m.iter().any(|v| *v != 0.0)));
    let request = Request::VirtualGradient {
        objective,
        from: input,
        to: b,
    };
    let virtual_gradient = case
        .native
        .measure(&request, &rows(9), &Route::default())
        .unwrap()
        .arrays
        .remove(0);
    assert_eq!(virtual_gradient.dim(), (7, 6));
    // The gradient of the bias of `a` is the error summed over rows.
    case.native
        .gradient(
            &rows(9),
            &Route::default(),
            &case.objective(),
            Slot::GRADIENT,
            Purpose::ReadOnly,
        )
        .unwrap();
    let bias = case
        .slot(Slot::GRADIENT)
        .remove(&dentate_core::Parameter::Bias(a))
        .unwrap();
    let sum = measured[1].sum_axis(Axis(0));
    assert!((bias.row(0).to_owned() - sum).iter().all(|v| v.abs() < 1e-6));
}
