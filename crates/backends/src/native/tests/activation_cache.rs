//! Caching outputs of frozen layers saves work and changes no bit.

use super::cases::{Case, DATA, build, data, plan, same_bits};
use super::*;
use dentate_core::{
    Activation, Edit, Init, LrScaleOf, Plan, PlanBuilder, Samples, Seed, SlotKind, Targets, TaskId,
};

/// Three equal cases: one with a full cache, one with a small one, one with none.
fn triple() -> [Case; 3] {
    let mut all = [(); 3].map(|()| build(&plan(Activation::Relu, true)));
    // A row of the two hidden layers takes 48 bytes.
    all[1].native.keep_frozen(5 * 48);
    all[2].native.keep_frozen(0);
    all
}

/// Freeze or unfreeze everything below the head.
fn rates(case: &Case, rate: f32) -> Plan {
    let mut plan = Plan::new("rates", Seed(1));
    let head = case.id("head");
    for c in case.graph.connections().filter(|c| c.to != head) {
        let of = LrScaleOf::Connection(c.id);
        plan.edits.push(Edit::SetLrScale { of, lr_scale: rate });
    }
    for layer in case.graph.hidden() {
        let of = LrScaleOf::Layer(layer.id);
        plan.edits.push(Edit::SetLrScale { of, lr_scale: rate });
    }
    plan
}

/// Batches that overlap, one with a row that occurs twice and one of several segments.
fn batches() -> Vec<Rows> {
    let of = |rows: &[u32]| Rows::of(DATA, TaskId(0), rows.to_vec());
    let mut split = of(&[7, 8, 2]);
    split.extend(Rows::of(DATA, TaskId(1), vec![9, 8]));
    vec![
        of(&[0, 1, 2, 3, 4, 5, 6]),
        of(&[3]),
        of(&[5, 11, 5, 12, 13, 14, 0, 1]),
        split,
    ]
}

fn epoch(case: &mut Case) {
    let (objective, route) = (case.objective(), Route::default());
    for rows in batches() {
        case.native
            .step(&rows, &route, &objective, &Optimizer::adam(0.01))
            .unwrap();
    }
}

fn compare(all: &mut [Case; 3]) {
    let [a, b, c] = all;
    let (a, b, c) = (a.native.snapshot(), b.native.snapshot(), c.native.snapshot());
    same_bits(&a, &b);
    same_bits(&a, &c);
    assert_eq!((&a.stats, &a.stats), (&b.stats, &c.stats));
}

#[test]
fn what_is_kept_changes_no_bit_and_is_not_computed_again() {
    let mut all = triple();
    for case in &mut all {
        let plan = rates(case, 0.0);
        case.apply(&plan);
        epoch(case);
        epoch(case);
    }
    compare(&mut all);
    assert_eq!(all[0].native.side.rows, 0, "the second epoch computes nothing");
    assert!(all[1].native.side.rows > 0, "there is not room for all");
    // Requested gradients use the cache as well.
    for case in &mut all {
        let objective = case.objective();
        for rows in batches() {
            case.native
                .gradient(
                    &rows,
                    &Route::default(),
                    &objective,
                    Slot::GRADIENT,
                    Purpose::ReadOnly,
                )
                .unwrap();
            case.native
                .update(Slot::GRADIENT, &Optimizer::sgd(0.1), None)
                .unwrap();
        }
    }
    compare(&mut all);
}

#[test]
fn every_change_of_what_is_frozen_is_noticed() {
    let mut all = triple();
    for case in &mut all {
        let plan = rates(case, 0.0);
        case.apply(&plan);
        epoch(case);
        let before = case.native.snapshot();
        let graph = case.graph.clone();
        // Parameters are written.
        let scaled = 1.25 * Expr::slot(Slot::WEIGHT);
        case.native.map(Slot::WEIGHT, &scaled).unwrap();
        epoch(case);
        // They learn for a while.
        let thaw = rates(case, 1.0);
        let thawed = case.graph.apply(&thaw, Default::default()).unwrap().0;
        case.native.set_rates(&thawed);
        epoch(case);
        case.native.set_rates(&case.graph);
        epoch(case);
        // The graph grows.
        let mut wider = PlanBuilder::new(&case.graph, "wider", Seed(2));
        wider.widen(case.id("a"), 2, Init::He, Init::He);
        case.apply(&wider.finish());
        epoch(case);
        // The rows are replaced.
        let values = (0..20 * 6).map(|i| (i % 7) as f32 - 3.0).collect();
        let labels = (0..20).map(|i| i % 4).collect();
        let targets = Targets::Classes { labels, classes: 4 };
        let other = Dataset::new(DATA, Samples::Floats(values), vec![6], targets).unwrap();
        case.native.load(&other).unwrap();
        epoch(case);
        case.native.load(&data(6)).unwrap();
        // The first state is restored.
        case.native.restore(&graph, &before).unwrap();
        case.graph = graph;
        epoch(case);
    }
    compare(&mut all);
}

#[test]
fn metered_layers_and_corrupted_rows_are_not_kept() {
    let mut all = triple();
    for case in &mut all {
        let plan = rates(case, 0.0);
        case.apply(&plan);
        let (objective, corruption) = (case.objective(), 0.3);
        for seed in 0..3 {
            let route = Route {
                corruption,
                seed,
                ..Route::default()
            };
            for rows in batches() {
                case.native
                    .step(&rows, &route, &objective, &Optimizer::sgd(0.1))
                    .unwrap();
            }
        }
        let meter = |layer| Meter {
            layer,
            of: dentate_core::MeterKind::Activation,
            decay: 0.9,
        };
        let layers: Vec<_> = case.graph.hidden().map(|l| meter(l.id)).collect();
        case.native.watch(&layers).unwrap();
        epoch(case);
        epoch(case);
    }
    compare(&mut all);
    let readings = |case: &mut Case| {
        let layer = case.id("a");
        case.native.readings(layer).unwrap()
    };
    let [a, b, c] = &mut all;
    assert_eq!(readings(a), readings(b));
    assert_eq!(readings(a), readings(c));
}

#[test]
fn what_other_weights_put_out_is_not_kept_and_not_read() {
    let mut all = triple();
    let (other, mask) = (Slot::new(SlotKind::Anchor, 1), Slot::new(SlotKind::Mask, 1));
    for case in &mut all {
        let plan = rates(case, 0.0);
        case.apply(&plan);
        let w = || Expr::slot(Slot::WEIGHT);
        case.native.map(other, &(w() * 1.5 + 0.1)).unwrap();
        case.native.map(mask, &w().greater(0.0)).unwrap();
        let gates = [(
            case.id("a"),
            vec![0.5; case.graph.layer(case.id("a")).unwrap().width()],
        )];
        let veiled = [
            Route {
                weights: Some(other),
                ..Route::default()
            },
            Route {
                mask: Some(mask),
                ..Route::default()
            },
            Route {
                gates: gates.into(),
                ..Route::default()
            },
        ];
        let objective = case.objective();
        for _ in 0..2 {
            epoch(case);
            for (route, rows) in veiled
                .iter()
                .flat_map(|r| batches().into_iter().map(move |b| (r, b)))
            {
                let own = Purpose::Update;
                case.native
                    .gradient(&rows, route, &objective, Slot::GRADIENT, own)
                    .unwrap();
                case.native
                    .update(Slot::GRADIENT, &Optimizer::sgd(0.01), None)
                    .unwrap();
            }
        }
        // The rows cached by now are those of the parameters themselves.
        epoch(case);
    }
    compare(&mut all);
}
