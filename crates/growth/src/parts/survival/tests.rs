use super::*;
use crate::parts::tests::Scene;
use crate::parts::{Answer, Question};
use crate::strategy::{Occasion, Select};
use dentate_core::{Measured, MeterKind, Readings, Request};
use ndarray::arr2;
use std::collections::BTreeMap;

const MEANS: [f32; 4] = [0.1, 0.2, 0.3, 0.4];

/// Four units of the first layer, of this age, with these contributions.
fn scene(age: [u64; 4], contribution: [f32; 4]) -> (Scene, Vec<Young>) {
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
    let young = |(position, unit): (usize, &dentate_core::Unit)| Young {
        layer: layer.id,
        position,
        unit: unit.id,
        age: age[position],
    };
    let all = layer.units.iter().enumerate().map(young).collect();
    (scene, all)
}

fn asked(answer: Answered<Vec<Dead>>) -> (Vec<(UnitId, f32)>, Select) {
    match answer.unwrap() {
        Answer::Ask(Question { request, rows, .. }) => match request {
            Request::Ablations {
                objective,
                mut layers,
            } if objective.is_empty() && layers.len() == 1 => (layers.remove(0).1, rows),
            other => panic!("asked {other:?}"),
        },
        Answer::Is(dead) => panic!("{dead:?}"),
    }
}

fn gone(answer: Answered<Vec<Dead>>) -> Vec<(UnitId, f32)> {
    match answer.unwrap() {
        Answer::Is(dead) => dead
            .into_iter()
            .flat_map(|d| d.units.into_iter().zip(d.absorb))
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
    let view = scene.view(Occasion::Update, 100, None);
    let dead = gone(rule.judge(&mut Default::default(), &view, &young, 1.0));
    assert_eq!(dead, [(young[0].unit, 0.1), (young[1].unit, 0.2)]);
}

/// Held at their means, the three of lowest contribution are judged by what the loss rises by; the fourth waits for the next look.
#[test]
fn ablations_are_asked_for_and_cost_no_more_than_they_may() {
    let (scene, young) = scene([100; 4], [0.4, 0.1, 0.3, 0.2]);
    let rule = UtilityShare {
        utility: Utility::Ablation,
        ablation: few(7, 3),
        share: 0.34,
        ..UtilityShare::default()
    };
    let mut judged = Default::default();
    let view = scene.view(Occasion::Update, 100, None);
    let (units, rows) = asked(rule.judge(&mut judged, &view, &young, 1.0));
    let [a, b, c, d] = [0, 1, 2, 3].map(|i: usize| (young[i].unit, MEANS[i]));
    assert_eq!(units, [b, d, c]);
    assert!(matches!(rows, Select::Sample(7)));
    // Of three, the one whose loss would fall has to go.
    let measured = Measured {
        arrays: vec![arr2(&[[0.5, -0.1, 0.2]])],
    };
    let mut view = scene.view(Occasion::Update, 100, None);
    view.measured = Some(&measured);
    assert_eq!(gone(rule.judge(&mut judged, &view, &young, 1.0)), [d]);
    let left = [young[0], young[1], young[2]];
    let view = scene.view(Occasion::Update, 150, None);
    assert_eq!(asked(rule.judge(&mut judged, &view, &left, 1.0)).0, [a]);
}

/// Mature units are ablated too where a rule compares, at even distances.
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
    let view = scene.view(Occasion::Update, 100, None);
    let units = asked(rule.judge(&mut through, &view, &newborn, 1.0)).0;
    assert_eq!(
        units,
        [3, 0, 1].map(|i: usize| (young[i].unit, MEANS[i])),
        "the newborn and two of three mature units"
    );
    for (rise, dies) in [(0.19, true), (0.21, false)] {
        let measured = Measured {
            arrays: vec![arr2(&[[rise, 0.6, 0.2]])],
        };
        let mut view = scene.view(Occasion::Update, 100, None);
        view.measured = Some(&measured);
        let dead = gone(rule.judge(&mut through, &view, &newborn, 1.0));
        assert_eq!(!dead.is_empty(), dies, "{rise} against half of 0.4");
    }
}

/// Nothing is measured where there is room for all.
#[test]
fn a_budget_that_is_not_used_up_asks_nothing() {
    let (scene, young) = scene([100; 4], [0.4, 0.1, 0.3, 0.2]);
    let rule = |budget| CompeteForBudget {
        utility: Utility::Ablation,
        ablation: few(7, 2),
        budget,
        ..CompeteForBudget::default()
    };
    let view = scene.view(Occasion::Update, 100, None);
    assert_eq!(gone(rule(4).judge(&mut (), &view, &young, 1.0)), []);
    let units = asked(rule(1).judge(&mut (), &view, &young, 1.0)).0;
    let [b, d] = [1, 3].map(|i: usize| (young[i].unit, MEANS[i]));
    assert_eq!(units, [b, d]);
    let measured = Measured {
        arrays: vec![arr2(&[[0.2, 0.1]])],
    };
    let mut view = scene.view(Occasion::Update, 100, None);
    view.measured = Some(&measured);
    // Three are too many, of whom two were looked at.
    assert_eq!(gone(rule(1).judge(&mut (), &view, &young, 1.0)), [d, b]);
}

/// Four mature units at ρ = 1/64: an update owes a sixteenth of a unit, a lenient one half of that; whoever does least goes.
#[test]
fn turnover_owes_by_the_update_however_often_it_looks() {
    for (every, leniency, wanted) in [
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
        // Up to here nobody was mature.
        let mut booked = Default::default();
        assert!(!rule.judges(&mut booked, &scene.view(Occasion::Update, 100, None), 1.0));
        let mut looks = (100 + every..).step_by(every as usize);
        let step = looks.find(|&step| {
            assert!(!rule.judges(&mut booked, &scene.view(Occasion::End, step, None), 1.0));
            rule.judges(&mut booked, &scene.view(Occasion::Update, step, None), leniency)
        });
        let step = step.unwrap();
        assert_eq!(
            step - 100,
            wanted,
            "looked at every {every} with leniency {leniency}"
        );
        let view = scene.view(Occasion::Update, step, None);
        // Nobody is among the grown, and all are judged; a layer that nothing is known of waits.
        let dead = gone(rule.judge(&mut booked, &view, &[], leniency));
        let all = [(1, 0.2), (3, 0.4)].map(|(i, mean): (usize, f32)| (young[i].unit, mean));
        let owed = (wanted as f64 / 16.0 / leniency).floor() as usize;
        assert_eq!(dead, all[..owed.min(2)]);
    }
}
