use super::*;
use crate::parts::tests::Scene;
use crate::strategy::Hook;
use dentate_core::{Init, Moment};

/// Units added by growth count once they are mature, and not before.
#[test]
fn units_that_have_grown_are_owed_for_when_they_are_mature() {
    let terms = ReplacementTerms {
        rate: 0.25,
        maturity: 10,
        utility: UtilityMeasure::Contribution,
        rounding: Rounding::Accumulate,
    };
    let (mut scene, mut budget) = (Scene::new(), ReplacementBudget::default());
    let mut booked = Vec::new();
    for step in 1..=24 {
        if step == 12 {
            let mut plan = scene.view(Hook::Update, step, None).plan("grow");
            for layer in scene.graph.hidden() {
                plan.widen(layer.id, 4, Init::He, Init::Zero);
            }
            let moment = Moment { experience: 0, step };
            scene.graph = scene.graph.apply(&plan.finish(), moment).unwrap().0;
        }
        let before = budget.clone();
        budget.accrue(&terms, &scene.view(Hook::Update, step, None), 1.0);
        let of = |layer: &LayerId| budget.units[layer] - before.units.get(layer).unwrap_or(&0.0);
        booked.push(budget.units.keys().map(of).collect::<Vec<f64>>());
    }
    // Four quarters from update 11 on, and eight from update 23 on.
    let wanted = |step| match step {
        ..=10 => 0.0,
        11..=22 => 1.0,
        _ => 2.0,
    };
    assert_eq!(
        booked,
        (1..=24).map(|step| vec![wanted(step); 2]).collect::<Vec<_>>()
    );
}
