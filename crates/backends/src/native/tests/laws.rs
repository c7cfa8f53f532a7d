//! The contract's laws.

use super::cases::{build, case, plan, rows, same_bits};
use super::*;
use dentate_core::{Activation, LrScaleOf, MeterKind, Parameter, Penalty, PlanBuilder, Seed, SlotKind};

fn optimizers() -> [Optimizer; 5] {
    let (learning_rate, beta1, beta2, epsilon) = (0.01, 0.9, 0.99, 1e-8);
    [
        Optimizer::sgd(0.1),
        Optimizer::Sgd {
            learning_rate: 0.1,
            momentum: 0.9,
            weight_decay: 0.01,
        },
        Optimizer::adam(0.01),
        Optimizer::Adam {
            learning_rate,
            beta1,
            beta2,
            epsilon,
            weight_decay: 0.1,
        },
        Optimizer::AdamW {
            learning_rate,
            beta1,
            beta2,
            epsilon,
            weight_decay: 0.1,
        },
    ]
}

fn freeze_some(case: &mut super::cases::Case) {
    let (a, b) = (case.id("a"), case.id("b"));
    let frozen = vec![
        case.graph.layer(a).unwrap().units[1].id,
        case.graph.layer(a).unwrap().units[4].id,
    ];
    let out = vec![case.graph.layer(a).unwrap().units[0].id];
    let mut plan = PlanBuilder::new(&case.graph, "freeze", Seed(1));
    plan.lr_scale(LrScaleOf::Incoming(a, frozen), 0.0);
    plan.lr_scale(LrScaleOf::Incoming(b, Vec::new()), 0.0);
    plan.lr_scale(LrScaleOf::Outgoing(a, out), 0.5);
    case.apply(&plan.finish());
}

#[test]
fn a_step_is_a_gradient_and_an_update() {
    for optimizer in optimizers() {
        for (n, norm, frozen) in [
            (1, false, false),
            (9, true, false),
            (3, true, true),
            (9, false, true),
        ] {
            let mut one = build(&plan(Activation::Relu, norm));
            let mut two = build(&plan(Activation::Relu, norm));
            if frozen {
                freeze_some(&mut one);
                freeze_some(&mut two);
            }
            let (importance, anchor) = (Slot::new(SlotKind::Importance, 1), Slot::new(SlotKind::Anchor, 1));
            let mut objective = one.objective();
            for round in 0..6 {
                if round == 3 {
                    let w = Expr::slot(Slot::WEIGHT);
                    let square = w.clone() * w;
                    for case in [&mut one, &mut two] {
                        case.native.map(importance, &square).unwrap();
                        case.native.map(anchor, &importance.into()).unwrap();
                    }
                    objective.penalties.push(Penalty {
                        importance: Some(importance),
                        anchor: Some(anchor),
                        strength: 0.1,
                    });
                }
                let route = Route::default();
                one.native.step(&rows(n), &route, &objective, &optimizer).unwrap();
                two.native
                    .gradient(&rows(n), &route, &objective, Slot::GRADIENT, Purpose::Update)
                    .unwrap();
                two.native.update(Slot::GRADIENT, &optimizer, None).unwrap();
                let (one, mut two) = (one.native.snapshot(), two.native.snapshot());
                two.slots.remove(&Slot::GRADIENT);
                same_bits(&one, &two);
            }
        }
    }
}

#[test]
fn frozen_entries_keep_every_bit() {
    for optimizer in optimizers() {
        let mut case = case(Activation::Tanh, true);
        case.step(9, &optimizer);
        freeze_some(&mut case);
        let before = case.native.snapshot();
        for _ in 0..3 {
            case.step(9, &optimizer);
        }
        let after = case.native.snapshot();
        let (a, b) = (case.id("a"), case.id("b"));
        for slot in before.slots.keys() {
            for (parameter, old) in &before.slots[slot] {
                let new = &after.slots[slot][parameter];
                for ((i, j), old) in old.indexed_iter() {
                    let target_frozen = |i: usize| [1, 4].contains(&i);
                    let frozen = match parameter {
                        Parameter::Bias(l) | Parameter::Scale(l) | Parameter::Shift(l) => {
                            *l == b || (*l == a && target_frozen(j))
                        }
                        Parameter::Weight(c) => {
                            let c = case.graph.connection(*c).unwrap();
                            (c.to == b && !(c.from == a && j == 0)) || (c.to == a && target_frozen(i))
                        }
                        Parameter::Gain(_) | Parameter::Mean(_) | Parameter::Variance(_) => false,
                    };
                    let kept = old.to_bits() == new[(i, j)].to_bits();
                    assert_eq!(kept, frozen, "{slot} of {parameter:?} [{i}, {j}]");
                }
            }
        }
    }
}

#[test]
fn a_restored_snapshot_goes_on_bit_for_bit() {
    let mut one = case(Activation::Gelu, true);
    let meter = Meter {
        layer: one.id("a"),
        of: MeterKind::Contribution,
        decay: 0.9,
    };
    one.native.watch(&[meter]).unwrap();
    let optimizer = Optimizer::adam(0.01);
    one.step(9, &optimizer);
    super::growth::grow(&mut one);
    one.step(9, &optimizer);
    let saved = one.native.snapshot();
    let mut two = build(&plan(Activation::Relu, false));
    two.native.restore(&one.graph, &saved).unwrap();
    two.graph = one.graph.clone();
    assert_eq!(two.native.snapshot(), saved);
    for n in [1, 9, 4] {
        one.step(n, &optimizer);
        two.step(n, &optimizer);
    }
    same_bits(&one.native.snapshot(), &two.native.snapshot());
    let a = one.id("a");
    assert_eq!(one.native.readings(a).unwrap(), two.native.readings(a).unwrap());
    assert_eq!(one.native.drain(), two.native.drain());
}

#[test]
fn a_snapshot_of_another_graph_is_refused() {
    let mut one = case(Activation::Relu, false);
    let mut two = case(Activation::Relu, true);
    let saved = two.native.snapshot();
    let before = one.native.snapshot();
    assert!(matches!(
        one.native.restore(&one.graph, &saved),
        Err(BackendError::Snapshot(_))
    ));
    assert_eq!(one.native.snapshot(), before);
}

#[test]
fn frozen_work_is_not_done() {
    let mut case = case(Activation::Relu, false);
    case.step(9, &Optimizer::sgd(0.1));
    let whole = case.native.drain().multiply_adds;
    let forward = 9 * case.graph.multiply_adds();
    assert_eq!(whole, forward * 3 - 9 * (5 * 6 + 7 * 6) + 9 * 7 * 6);
    freeze_some(&mut case);
    let a = case.id("a");
    let mut plan = PlanBuilder::new(&case.graph, "freeze", Seed(1));
    plan.lr_scale(LrScaleOf::Incoming(a, Vec::new()), 0.0);
    plan.lr_scale(LrScaleOf::Outgoing(a, Vec::new()), 0.0);
    let gains: Vec<_> = case.graph.connections().map(|c| c.id).take(3).collect();
    for c in gains {
        plan.lr_scale(LrScaleOf::Connection(c), 0.0);
    }
    case.apply(&plan.finish());
    case.step(9, &Optimizer::sgd(0.1));
    // Forward, the gradients of the head's two connections, and the error that the scalar gain needs.
    assert_eq!(
        case.native.drain().multiply_adds,
        forward + 9 * (4 * 7 + 4 * 5) + 9 * 4 * 5
    );
}

#[test]
fn a_diverged_step_changes_nothing() {
    let mut case = case(Activation::Relu, false);
    let bias = Parameter::Bias(case.id("head"));
    let mut plan = PlanBuilder::new(&case.graph, "break", Seed(1));
    let by = dentate_core::Adjustment::Scale(f32::MAX);
    plan.edit(dentate_core::Edit::Adjust {
        parameter: bias,
        by: by.clone(),
    });
    for c in case.graph.connections() {
        let parameter = Parameter::Weight(c.id);
        plan.edit(dentate_core::Edit::Adjust {
            parameter,
            by: by.clone(),
        });
    }
    case.apply(&plan.finish());
    let before = case.native.snapshot();
    case.step(9, &Optimizer::adam(0.1));
    let stats = case.native.drain();
    assert!(stats.diverged && stats.updates == 0);
    let after = case.native.snapshot();
    assert_eq!(after.updates, before.updates);
    same_bits(&before, &after);
}

#[test]
fn meters_accumulate_and_correct() {
    let mut case = case(Activation::Tanh, false);
    let layer = case.id("a");
    let kinds = [
        MeterKind::Activation,
        MeterKind::Magnitude,
        MeterKind::Contribution,
    ];
    let meters = kinds.map(|of| Meter {
        layer,
        of,
        decay: 0.5,
    });
    case.native.watch(&meters).unwrap();
    let out = case
        .native
        .forward(&rows(9), &Route::default(), &[layer])
        .unwrap()
        .remove(0);
    let weights = case.slot(Slot::WEIGHT);
    case.step(9, &Optimizer::sgd(0.1));
    let read = case.native.readings(layer).unwrap();
    assert_eq!(read.age, [1; 5]);
    for unit in 0..5 {
        let mean = out.column(unit).mean().unwrap();
        let magnitude = out.column(unit).mapv(f32::abs).mean().unwrap();
        let outgoing: Vec<f32> = case
            .graph
            .out_of(layer)
            .flat_map(|c| weights[&Parameter::Weight(c.id)].column(unit).to_vec())
            .map(f32::abs)
            .collect();
        let outgoing = outgoing.iter().sum::<f32>() / outgoing.len() as f32;
        for (of, expected) in kinds.iter().zip([mean, magnitude, magnitude * outgoing]) {
            assert!((read.values[of][unit] - expected).abs() < 1e-6);
        }
    }
}
