use super::*;
use crate::parts::tests::Scene;
use crate::parts::{Answer, Question};
use crate::strategy::{Hook, Select};
use dentate_core::{Measured, MeterKind, Readings, Request};
use ndarray::arr2;
use std::collections::BTreeMap;

const MEANS: [f32; 4] = [0.1, 0.2, 0.3, 0.4];

/// Four units of the first layer, of this age, with these contributions.
fn scene(age: [u64; 4], contribution: [f32; 4]) -> (Scene, Vec<NewUnit>) {
    let mut scene = Scene::new();
    let layer = scene.graph.named("hidden-1").unwrap().clone();
    let values = [
        (MeterKind::Activation, MEANS.to_vec()),
        (MeterKind::Contribution, contribution.to_vec()),
        (MeterKind::Gradient, contribution.iter().rev().copied().collect()),
    ];
    let readings = Readings {
        age: age.to_vec(),
        values: BTreeMap::from(values),
    };
    scene.readings.insert(layer.id, readings);
    let young = |(position, unit): (usize, &dentate_core::Unit)| NewUnit {
        layer: layer.id,
        position,
        unit: unit.id,
        age: age[position],
    };
    let all = layer.units.iter().enumerate().map(young).collect();
    (scene, all)
}

fn asked(answer: Answered<Vec<Removals>>) -> (Vec<(UnitId, f32)>, Select) {
    match answer.unwrap() {
        Answer::Ask(Question::Measure { requests, rows, .. }) => match &requests[..] {
            [Request::Ablations { objective, layers }] if objective.is_empty() && layers.len() == 1 => {
                (layers[0].1.clone(), rows)
            }
            other => panic!("asked {other:?}"),
        },
        Answer::Ask(question) => panic!("asked {question:?}"),
        Answer::Is(dead) => panic!("{dead:?}"),
    }
}

fn gone(answer: Answered<Vec<Removals>>) -> Vec<(UnitId, f32)> {
    match answer.unwrap() {
        Answer::Is(dead) => dead
            .into_iter()
            .flat_map(|d| d.units.into_iter().zip(d.fold_mean))
            .collect(),
        Answer::Ask(question) => panic!("asked {question:?}"),
    }
}

fn few(rows: u32, candidates: usize) -> Ablation {
    Ablation { rows, candidates }
}

#[test]
fn the_gradient_is_read_from_its_meter() {
    let (scene, young) = scene([100; 4], [0.4, 0.3, 0.2, 0.1]);
    let rule = UtilityShare {
        utility: Utility::Gradient,
        ..UtilityShare::default()
    };
    assert_eq!(rule.meters(), [MeterKind::Activation, MeterKind::Gradient]);
    let view = scene.view(Hook::Update, 100, None);
    let dead = gone(rule.removals(&mut Default::default(), &view, &young, 1.0));
    assert_eq!(dead, [(young[0].unit, 0.1), (young[1].unit, 0.2)]);
}

/// With outputs fixed at their means, the three of lowest contribution are evaluated on the rise of the loss; the fourth
/// waits for the next check.
#[test]
fn ablations_are_asked_for_and_cost_no_more_than_they_may() {
    let (scene, young) = scene([100; 4], [0.4, 0.1, 0.3, 0.2]);
    let rule = UtilityShare {
        utility: Utility::Ablation,
        ablation: few(7, 3),
        share: 0.34,
        ..UtilityShare::default()
    };
    let mut checked = Default::default();
    let view = scene.view(Hook::Update, 100, None);
    let (units, rows) = asked(rule.removals(&mut checked, &view, &young, 1.0));
    let [a, b, c, d] = [0, 1, 2, 3].map(|i: usize| (young[i].unit, MEANS[i]));
    assert_eq!(units, [b, d, c]);
    assert!(matches!(rows, Select::Sample(7)));
    // Of three, the one without which the loss would fall is removed.
    let measured = Measured {
        arrays: vec![arr2(&[[0.5, -0.1, 0.2]])],
    };
    let mut view = scene.view(Hook::Update, 100, None);
    view.measured = Some(&measured);
    assert_eq!(gone(rule.removals(&mut checked, &view, &young, 1.0)), [d]);
    let left = [young[0], young[1], young[2]];
    let view = scene.view(Hook::Update, 150, None);
    assert_eq!(asked(rule.removals(&mut checked, &view, &left, 1.0)).0, [a]);
}

/// Mature units, evenly spaced, are ablated too if a rule compares with them.
#[test]
fn newborns_are_compared_with_mature_units_by_ablation() {
    let (scene, young) = scene([500, 500, 500, 100], [0.4, 0.1, 0.3, 0.2]);
    let rule = BelowMatureFraction {
        utility: Utility::Ablation,
        ablation: few(7, 2),
        fraction: 0.5,
        ..BelowMatureFraction::default()
    };
    let newborn = [young[3]];
    let mut through = Default::default();
    let view = scene.view(Hook::Update, 100, None);
    let units = asked(rule.removals(&mut through, &view, &newborn, 1.0)).0;
    assert_eq!(
        units,
        [3, 0, 1].map(|i: usize| (young[i].unit, MEANS[i])),
        "the newborn and two of three mature units"
    );
    for (rise, dies) in [(0.19, true), (0.21, false)] {
        let measured = Measured {
            arrays: vec![arr2(&[[rise, 0.6, 0.2]])],
        };
        let mut view = scene.view(Hook::Update, 100, None);
        view.measured = Some(&measured);
        let dead = gone(rule.removals(&mut through, &view, &newborn, 1.0));
        assert_eq!(!dead.is_empty(), dies, "{rise} against half of 0.4");
    }
}

/// Nothing is measured if there is room for all.
#[test]
fn a_budget_that_is_not_used_up_asks_nothing() {
    let (scene, young) = scene([100; 4], [0.4, 0.1, 0.3, 0.2]);
    let rule = |budget| CompeteForBudget {
        utility: Utility::Ablation,
        ablation: few(7, 2),
        budget,
        ..CompeteForBudget::default()
    };
    let view = scene.view(Hook::Update, 100, None);
    assert_eq!(gone(rule(4).removals(&mut (), &view, &young, 1.0)), []);
    let units = asked(rule(1).removals(&mut (), &view, &young, 1.0)).0;
    let [b, d] = [1, 3].map(|i: usize| (young[i].unit, MEANS[i]));
    assert_eq!(units, [b, d]);
    let measured = Measured {
        arrays: vec![arr2(&[[0.2, 0.1]])],
    };
    let mut view = scene.view(Hook::Update, 100, None);
    view.measured = Some(&measured);
    // Three are too many, of which two were evaluated.
    assert_eq!(gone(rule(1).removals(&mut (), &view, &young, 1.0)), [d, b]);
}

/// Four mature units at ρ = 1/64: an update adds a sixteenth of a unit to the budget, with a lenient modulation half of
/// that; the unit of lowest utility is removed.
#[test]
fn turnover_owes_by_the_update_however_often_it_looks() {
    for (every, threshold_scale, wanted) in [
        (1, 1.0, 16),
        (4, 1.0, 16),
        (5, 1.0, 20),
        (1, 2.0, 32),
        (16, 0.5, 16),
    ] {
        let rule = Turnover {
            replacement_rate: 1.0 / 64.0,
            maturity: 100,
            ..Turnover::default()
        };
        let (scene, young) = scene([1000; 4], [0.4, 0.1, 0.3, 0.2]);
        // Up to here no unit was mature.
        let mut booked = Default::default();
        assert!(!rule.evaluates(&mut booked, &scene.view(Hook::Update, 100, None), 1.0));
        let mut looks = (100 + every..).step_by(every as usize);
        let step = looks.find(|&step| {
            assert!(!rule.evaluates(&mut booked, &scene.view(Hook::End, step, None), 1.0));
            rule.evaluates(
                &mut booked,
                &scene.view(Hook::Update, step, None),
                threshold_scale,
            )
        });
        let step = step.unwrap();
        assert_eq!(
            step - 100,
            wanted,
            "looked at every {every} with a threshold scaled by {threshold_scale}"
        );
        let view = scene.view(Hook::Update, step, None);
        // `grown` is empty, and all units are evaluated; a layer without readings waits.
        let dead = gone(rule.removals(&mut booked, &view, &[], threshold_scale));
        let all = [(1, 0.2), (3, 0.4)].map(|(i, mean): (usize, f32)| (young[i].unit, mean));
        let budget = (wanted as f64 / 16.0 / threshold_scale).floor() as usize;
        assert_eq!(dead, all[..budget.min(2)]);
    }
}
