use super::*;
use crate::parts::tests::Scene;
use dentate_core::{Readings, UnitId};
use ndarray::arr2;

fn scene() -> (Scene, LayerId, Vec<UnitId>) {
    let mut scene = Scene::new();
    let layer = scene.graph.named("hidden-1").unwrap();
    let (id, units) = (layer.id, layer.units.iter().map(|u| u.id).collect());
    let readings = Readings {
        age: vec![500; 4],
        values: BTreeMap::from([
            (MeterKind::Activation, vec![0.1, 0.2, 0.3, 0.4]),
            (MeterKind::Contribution, vec![3.0, 1.0, 0.5, 2.0]),
        ]),
    };
    scene.readings.insert(id, readings);
    (scene, id, units)
}

fn half(by: PruneBy, least: usize) -> Pruning {
    Pruning {
        by,
        fraction: 0.5,
        least,
        ..Pruning::default()
    }
}

#[test]
fn those_that_contribute_least_go_and_leave_their_means_behind() {
    let (scene, layer, units) = scene();
    let dead = |pruning: Pruning, step| match pruning.removals(&scene.view(Hook::End, step, None)) {
        Ok(Answer::Is(dead)) => dead,
        other => panic!("{other:?}"),
    };
    let two = Removals {
        layer,
        units: vec![units[2], units[1]],
        fold_mean: vec![0.3, 0.2],
    };
    assert_eq!(dead(half(PruneBy::Contribution, 1), 500), [two]);
    // Never below the floor, and no unit that is too young.
    let one = dead(half(PruneBy::Contribution, 3), 500);
    assert_eq!(one[0].units, [units[2]]);
    assert!(dead(half(PruneBy::Contribution, 4), 500).is_empty());
    assert!(dead(half(PruneBy::Contribution, 1), 99).is_empty());
}

/// Magnitudes by hand, 0.5, 2, 1 and 0.25: the last and the first are pruned.
#[test]
fn those_with_the_smallest_weights_go() {
    let (scene, _, units) = scene();
    let pruning = half(PruneBy::Magnitude, 1);
    let mut view = scene.view(Hook::End, 500, None);
    let Ok(Answer::Ask(question)) = pruning.removals(&view) else {
        panic!("it cannot know the weights");
    };
    let [Request::Parameters(blocks)] = question.requests() else {
        panic!("{question:?}");
    };
    assert_eq!(blocks.len(), 2, "heads are not read: {blocks:?}");
    let measured = Measured {
        arrays: vec![
            arr2(&[[-1.0, 0.0], [2.0, -2.0], [1.0, 1.0], [0.25, -0.25]]),
            arr2(&[[0.0; 4]; 4]),
        ],
    };
    view.measured = Some(&measured);
    let Ok(Answer::Is(dead)) = pruning.removals(&view) else {
        panic!("it has its answer");
    };
    assert_eq!(dead.len(), 1, "a layer without readings is left alone");
    assert_eq!(dead[0].units, [units[3], units[0]]);
}

#[test]
fn it_is_time_when_the_schedule_says() {
    let (scene, ..) = scene();
    let view = |hook, step| scene.view(hook, step, None);
    let pruning = Pruning::default();
    assert!(pruning.due(&view(Hook::End, 7), 0));
    assert!(!pruning.due(&view(Hook::Update, 700), 0));
    let pruning = Pruning {
        when: Schedule::Updates(50),
        ..pruning
    };
    assert!(pruning.due(&view(Hook::Update, 90), 40));
    assert!(!pruning.due(&view(Hook::Update, 89), 40));
}
