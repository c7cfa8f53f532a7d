use super::*;
use crate::parts::tests::Scene;
use crate::strategy::Hook;
use dentate_core::{Init, Measured, Moment};

/// A scene with a unit added to the last layer at update 100.
fn scene() -> (Scene, UnitId) {
    let mut scene = Scene::new();
    let mut plan = scene.view(Hook::Update, 100, None).plan("grow");
    let layer = scene.graph.named("hidden-2").unwrap().id;
    plan.widen(layer, 1, Init::He, Init::He);
    let moment = Moment {
        experience: 0,
        step: 100,
    };
    scene.graph = scene.graph.apply(&plan.finish(), moment).unwrap().0;
    let unit = scene.graph.layer(layer).unwrap().units[4].id;
    (scene, unit)
}

fn rates(scene: &mut Scene, plasticity: &Plasticity, step: u64, all: bool) -> Vec<[f32; 2]> {
    let moment = Moment { experience: 0, step };
    let plan = plasticity.rates(&scene.view(Hook::Update, step, None), all);
    if let Some(plan) = plan {
        scene.graph = scene.graph.apply(&plan, moment).unwrap().0;
    }
    let units = &scene.graph.named("hidden-2").unwrap().units;
    units
        .iter()
        .map(|u| [u.incoming_lr_scale, u.outgoing_lr_scale])
        .collect()
}

/// By hand: 0.5 + 3.5 · 2^(−a/40), at births, one and two half-lives, and in old age.
#[test]
fn a_newborn_learns_faster_and_less_so_with_age() {
    let plasticity = Plasticity {
        newborn: 4.0,
        half_life: 40,
        mature: 0.5,
        ..Plasticity::default()
    };
    let (mut scene, _) = scene();
    // At its birth only the newborn is affected.
    let now = rates(&mut scene, &plasticity, 100, false);
    assert_eq!(now[0], [1.0, 0.0]);
    assert_eq!(now[4], [4.0, 4.0]);
    for (step, wanted) in [(140, 2.25), (180, 1.375), (500, 0.5)] {
        let now = rates(&mut scene, &plasticity, step, true);
        assert_eq!(now[0], [0.5, 0.0], "what came with its layer is mature");
        assert_eq!(now[4], [wanted, wanted], "at update {step}");
    }
    // An old network is no longer edited.
    assert!(
        plasticity
            .rates(&scene.view(Hook::Update, 900, None), true)
            .is_none()
    );
}

#[test]
fn what_is_frozen_stays_so() {
    let (mut scene, unit) = scene();
    let layer = scene.graph.named("hidden-2").unwrap().id;
    let mut plan = scene.view(Hook::Update, 101, None).plan("freeze");
    plan.lr_scale(LrScaleOf::Incoming(layer, vec![unit]), 0.0);
    scene.graph = scene.graph.apply(&plan.finish(), Moment::default()).unwrap().0;
    assert_eq!(
        rates(&mut scene, &Plasticity::default(), 110, true)[4],
        [0.0, 0.0]
    );
}

/// By hand: over ten updates at 0.01, a mature unit keeps 0.9 of its incoming weights, and one that is a half-life old
/// 0.95.
#[test]
fn what_is_mature_fades() {
    let plasticity = Plasticity {
        half_life: 40,
        decay: 0.01,
        ..Plasticity::default()
    };
    let (scene, _) = scene();
    let view = scene.view(Hook::Update, 140, None);
    let Answer::Ask(question) = plasticity.fade(&view, 130).unwrap() else {
        panic!("it cannot know the weights");
    };
    let [Request::Parameters(blocks)] = question.requests() else {
        panic!("{question:?}");
    };
    assert_eq!(blocks.len(), 4, "two layers with weights and biases: {blocks:?}");
    let shapes = scene.graph.parameters();
    let ones = |at: &Parameter| Array2::from_elem(shapes[at], 1.0f32);
    let measured = Measured {
        arrays: blocks.iter().map(ones).collect(),
    };
    let mut view = view;
    view.measured = Some(&measured);
    let Answer::Is(Some(plan)) = plasticity.fade(&view, 130).unwrap() else {
        panic!("it has its answer");
    };
    for edit in plan.edits {
        let Edit::Adjust {
            parameter,
            by: Adjustment::Set(values),
        } = edit
        else {
            panic!("{edit:?}");
        };
        let newborn = match (parameter, values.dim()) {
            (Parameter::Weight(_), (5, _)) => values[(4, 0)],
            (Parameter::Bias(_), (_, 5)) => values[(0, 4)],
            _ => 0.95,
        };
        assert!((newborn - 0.95).abs() < 1e-6, "{parameter}: {values}");
        assert!((values[(0, 0)] - 0.9).abs() < 1e-6, "{parameter}: {values}");
    }
}
