//! Growth: patching in place equals rebuilding, spare capacity has no effect, and new units are corrected from their creation
//! on.

use super::cases::{Case, build, case, plan, rows, same_bits};
use super::*;
use dentate_core::{Activation, Edit, Init, Moment, PlanBuilder, Replacement, Seed, SlotKind};
use ndarray::arr2;

/// Widen two layers and replace a unit.
pub(super) fn grow(case: &mut Case) {
    let (a, b) = (case.id("a"), case.id("b"));
    let old = case.graph.layer(b).unwrap().units[2].id;
    let mut plan = PlanBuilder::new(&case.graph, "grow", Seed(5));
    plan.widen(a, 3, Init::He, Init::FanIn);
    plan.widen(b, 20, Init::He, Init::FanIn);
    plan.edit(Edit::Replace {
        layer: b,
        units: vec![old],
        incoming: Init::He.into(),
        outgoing: Init::Zero.into(),
        bias: 0.2,
        fold_mean: vec![0.5],
    });
    case.apply(&plan.finish());
}

/// A backend with the same state in blocks without spare capacity.
fn tight(case: &mut Case) -> Case {
    let mut native = Native::new();
    native.load(&super::cases::data(6)).unwrap();
    native.restore(&case.graph, &case.native.snapshot()).unwrap();
    Case {
        graph: case.graph.clone(),
        native,
    }
}

#[test]
fn in_place_is_rebuilding() {
    let mut case = case(Activation::Relu, true);
    case.step(9, &Optimizer::adam(0.01));
    case.native
        .gradient(
            &rows(9),
            &Route::default(),
            &case.objective(),
            Slot::GRADIENT,
            Purpose::ReadOnly,
        )
        .unwrap();
    for (kind, from) in [(SlotKind::Anchor, Slot::WEIGHT), (SlotKind::Mask, Slot::GRADIENT)] {
        case.native.map(Slot::new(kind, 0), &from.into()).unwrap();
    }
    let (a, b) = (case.id("a"), case.id("b"));
    let pick = |l, i: usize| case.graph.layer(l).unwrap().units[i].id;
    let mut plans = Vec::new();
    let mut plan = PlanBuilder::new(&case.graph, "grow", Seed(5));
    plan.widen(a, 30, Init::He, Init::FanIn)
        .widen(b, 2, Init::He, Init::FanIn);
    plan.edit(Edit::Replace {
        layer: b,
        units: vec![pick(b, 0), pick(b, 5)],
        incoming: Init::He.into(),
        outgoing: Init::FanIn.into(),
        bias: 0.2,
        fold_mean: vec![0.5, -0.3],
    });
    plans.push(plan.finish());
    let mut plan = PlanBuilder::new(&case.graph, "shrink", Seed(6));
    plan.edit(Edit::Prune {
        layer: b,
        units: vec![pick(b, 6)],
        fold_mean: vec![1.0],
    });
    plan.edit(Edit::Split {
        layer: a,
        unit: pick(a, 1),
        share: 0.25,
        noise: 0.1,
    });
    plans.push(plan.finish());
    for plan in plans {
        let before = case.native.snapshot();
        let (graph, receipt) = case.graph.apply(&plan, Moment::default()).unwrap();
        let mut folded_means = before.slots[&Slot::WEIGHT].clone();
        for a in &receipt.folded_means {
            for c in case.graph.out_of(a.layer) {
                let w = before.slots[&Slot::WEIGHT][&dentate_core::Parameter::Weight(c.id)].clone();
                let bias = folded_means
                    .get_mut(&dentate_core::Parameter::Bias(c.to))
                    .unwrap();
                for (b, w) in bias.iter_mut().zip(w.column(a.position as usize)) {
                    *b += w * 1.0 * a.mean;
                }
            }
        }
        let mut grown = tight(&mut case);
        grown.native.apply(&graph, &receipt).unwrap();
        let after = grown.native.snapshot();
        assert_eq!(after.slots.len(), 6);
        for (slot, blocks) in &after.slots {
            for (parameter, values) in blocks {
                let old = if *slot == Slot::WEIGHT {
                    &folded_means
                } else {
                    &before.slots[slot]
                };
                let old = &old[parameter];
                let mut expected = match receipt.parameters.get(parameter) {
                    Some(carry) => carry.apply(slot.kind, old.view()),
                    None => old.clone(),
                };
                let by = receipt
                    .adjustments
                    .iter()
                    .filter(|(p, _)| p == parameter && *slot == Slot::WEIGHT);
                by.for_each(|(_, by)| by.apply(&mut expected));
                let bits = |v: &Array2<f32>| v.mapv(f32::to_bits);
                assert_eq!(
                    bits(&expected),
                    bits(values),
                    "{slot} of {parameter:?} after {}",
                    plan.cause
                );
            }
        }
    }
}

#[test]
fn spare_room_leaves_no_trace() {
    for n in [1, 3, 9, 20] {
        let mut one = case(Activation::Relu, true);
        one.step(n, &Optimizer::adam(0.01));
        grow(&mut one);
        let mut two = tight(&mut one);
        for _ in 0..3 {
            one.step(n, &Optimizer::adam(0.01));
            two.step(n, &Optimizer::adam(0.01));
        }
        same_bits(&one.native.snapshot(), &two.native.snapshot());
        let layers = [one.id("a"), one.id("b"), one.id("head")];
        let out = |case: &mut Case| case.native.forward(&rows(n), &Route::default(), &layers).unwrap();
        assert_eq!(out(&mut one), out(&mut two));
    }
}

#[test]
fn replacing_the_fast_way_is_replacing() {
    let mut one = case(Activation::Relu, true);
    one.step(9, &Optimizer::adam(0.01));
    let mut two = tight(&mut one);
    let b = one.id("b");
    let units = vec![
        one.graph.layer(b).unwrap().units[4].id,
        one.graph.layer(b).unwrap().units[1].id,
    ];
    let request = Replacement {
        layer: b,
        units: units.clone(),
        incoming: Init::He.into(),
        outgoing: Init::Zero.into(),
        bias: 0.0,
        fold_mean: vec![0.1, 0.2],
        seed: Seed(9),
    };
    let receipt = one.graph.replace(&request, Moment::default()).unwrap();
    one.native.apply(&one.graph, &receipt).unwrap();
    let mut plan = PlanBuilder::new(&two.graph, "replace", Seed(9));
    plan.edit(Edit::Replace {
        layer: b,
        units,
        incoming: Init::He.into(),
        outgoing: Init::Zero.into(),
        bias: 0.0,
        fold_mean: vec![0.1, 0.2],
    });
    two.apply(&plan.finish());
    let (one, two) = (one.native.snapshot(), two.native.snapshot());
    same_bits(&one, &two);
    assert_eq!(one.clocks, two.clocks);
    let born = one.clocks.values().flat_map(|c| c.rows.iter().chain(&c.columns));
    assert!(born.filter(|&&b| b == 1).count() > 2);
}

#[test]
fn newborns_are_corrected_from_their_birth() {
    // input 1 → a 1 → head 2 by hand: after growth, weights of both ages follow Adam's formula in double precision.
    let mut case = build(&plan(Activation::Tanh, false));
    let optimizer = Optimizer::adam(0.01);
    for _ in 0..5 {
        case.step(9, &optimizer);
    }
    grow(&mut case);
    for _ in 6..9 {
        let objective = case.objective();
        case.native
            .gradient(
                &rows(9),
                &Route::default(),
                &objective,
                Slot::GRADIENT,
                Purpose::ReadOnly,
            )
            .unwrap();
        let before = case.native.snapshot();
        case.native.update(Slot::GRADIENT, &optimizer, None).unwrap();
        let after = case.native.snapshot();
        for c in case.graph.connections() {
            let parameter = dentate_core::Parameter::Weight(c.id);
            let of = |s: &Snapshot, slot| s.slots[&slot][&parameter].mapv(f64::from);
            let (w, g) = (of(&before, Slot::WEIGHT), of(&before, Slot::GRADIENT));
            let (m, v) = (of(&before, Slot::FIRST_MOMENT), of(&before, Slot::SECOND_MOMENT));
            let new = of(&after, Slot::WEIGHT);
            for ((i, j), w) in w.indexed_iter() {
                let t = before.clocks[&parameter].age(i, j) as i32 + 1;
                let g = g[(i, j)];
                let m = 0.9 * m[(i, j)] + 0.1 * g;
                let v = 0.999 * v[(i, j)] + 0.001 * g * g;
                let (m, v) = (m / (1.0 - 0.9f64.powi(t)), v / (1.0 - 0.999f64.powi(t)));
                let expected = w - 0.01 * m / (v.sqrt() + 1e-8);
                let off = (expected - new[(i, j)]).abs();
                assert!(
                    off < 2e-6,
                    "{parameter:?} [{i}, {j}] at {t}: {} is not {expected}",
                    new[(i, j)]
                );
            }
        }
    }
    case.native.reset_optimizer();
    let saved = case.native.snapshot();
    assert!(saved.clocks.values().all(|clock| clock.updates == 0));
    assert!(
        saved
            .clocks
            .values()
            .flat_map(|c| &c.columns)
            .all(|&birth| birth == 0)
    );
    assert!(
        saved.slots[&Slot::FIRST_MOMENT]
            .values()
            .all(|v| v.iter().all(|&v| v == 0.0))
    );
}

#[test]
fn a_receipt_of_another_graph_is_refused() {
    let mut case = case(Activation::Relu, false);
    let a = case.id("a");
    let mut plan = PlanBuilder::new(&case.graph, "grow", Seed(5));
    plan.widen(a, 3, Init::He, Init::He);
    let (graph, receipt) = case.graph.apply(&plan.finish(), Moment::default()).unwrap();
    case.native.apply(&graph, &receipt).unwrap();
    let before = case.native.snapshot();
    assert!(case.native.apply(&graph, &receipt).is_err());
    assert_eq!(case.native.snapshot(), before);
}

#[test]
fn a_new_layer_starts_as_the_plan_says() {
    let mut case = case(Activation::Relu, false);
    case.step(9, &Optimizer::adam(0.1));
    let connection = case.graph.connections().nth(1).unwrap().id;
    let out = |case: &mut Case| {
        let head = case.id("head");
        case.native
            .forward(&rows(9), &Route::default(), &[head])
            .unwrap()
            .remove(0)
    };
    let before = out(&mut case);
    let mut plan = PlanBuilder::new(&case.graph, "deepen", Seed(5));
    let (_, inner) = plan.insert_identity(connection, "between", Activation::Relu);
    case.apply(&plan.finish());
    let after = out(&mut case);
    assert!((before - after).iter().all(|v| v.abs() < 1e-6));
    let weights = case.slot(Slot::WEIGHT);
    let identity = &weights[&dentate_core::Parameter::Weight(inner)];
    assert_eq!(
        identity.slice(ndarray::s![..2, ..2]),
        arr2(&[[1.0, 0.0], [0.0, 1.0]])
    );
    case.step(9, &Optimizer::adam(0.1));
}
