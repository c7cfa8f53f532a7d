use super::*;
use crate::parts::tests::Scene;
use dentate_core::{Edit, Head, Measured, Moment, NewLayer, PlanBuilder, Seed, TaskId, TaskInfo};
use ndarray::Array1;
use rand::Rng;

/// A network of 2-4-4-2, and measurements on twelve rows.
fn scene() -> (Scene, Measured) {
    let mut scene = Scene::new();
    let last = scene.graph.named("hidden-2").unwrap().id;
    let mut plan = PlanBuilder::new(&scene.graph, "head", Seed(1));
    let (task, classes) = (None, vec![0, 1]);
    let head = plan.layer(NewLayer::head(
        "head",
        2,
        Activation::Identity,
        Head { task, classes },
    ));
    plan.connect(last, head, Init::He);
    scene.graph = scene.graph.apply(&plan.finish(), Moment::default()).unwrap().0;
    scene.experience.tasks = vec![TaskInfo {
        id: TaskId(0),
        classes: vec![0, 1],
    }];
    let mut random = Seed(3).random();
    let mut draw =
        |width: usize| Array2::from_shape_simple_fn((12, width), || random.random_range(-1.0f32..1.0));
    // Outputs of the input and both hidden layers, gradients of both and of the head.
    let arrays = [2, 4, 4, 4, 4, 2].map(&mut draw).into();
    (scene, Measured { arrays })
}

fn ask(config: &SelfExpanding, scene: &Scene, measured: &Measured, grown: &mut Option<u64>) -> Action {
    let mut view = scene.view(Hook::Update, 9, None);
    let Action::Measure(requests, ..) = config.propose(grown, &view).unwrap() else {
        panic!("it has to measure");
    };
    assert_eq!(requests.len(), 2);
    view.measured = Some(measured);
    config.propose(grown, &view).unwrap()
}

/// The plan is that of the proposal with the largest score, of all layers and depths, and its new units have the weights that were scored.
#[test]
fn the_best_proposal_is_carried_out() {
    let (scene, measured) = scene();
    for deepen in [false, true] {
        let config = SelfExpanding {
            relative: 1.0,
            absolute: 0.0,
            units: 2,
            deepen,
            ..SelfExpanding::default()
        };
        let mut view = scene.view(Hook::Update, 9, None);
        view.measured = Some(&measured);
        let of = Measurements::of(&view, &measured).unwrap();
        let now = Score::new(of.kernel(&scene.graph).unwrap(), config.damping);
        let all = config.proposals(&view, &of, &now);
        assert_eq!(all.len(), if deepen { 4 } else { 2 });
        let most = all.iter().map(|(score, _)| *score).fold(0.0, f64::max);
        assert!(
            all.iter().all(|(score, _)| *score > now.value),
            "every proposal adds to the score"
        );
        let mut grown = None;
        let Action::Grow(plan) = ask(&config, &scene, &measured, &mut grown) else {
            panic!("it has to grow");
        };
        let observed = plan.observed.clone().unwrap();
        assert!(
            (observed.value - (most - now.value)).abs() < 1e-12,
            "{observed:?}"
        );
        let (_, best) = all.iter().find(|(score, _)| *score == most).unwrap();
        match (&plan.edits[..], best) {
            (
                [
                    Edit::Widen {
                        layer,
                        count,
                        incoming,
                        outgoing,
                        ..
                    },
                ],
                Proposal::Wider(wanted, units),
            ) => {
                assert_eq!((layer, *count, outgoing.rule), (wanted, 2, Init::Zero));
                assert!(outgoing.given.is_empty());
                let weights = incoming.given.values().next().unwrap();
                for (row, unit) in weights.rows().into_iter().zip(units) {
                    let wanted: Array1<f32> = unit.incoming.mapv(|w| w as f32);
                    assert_eq!(row, wanted);
                }
            }
            ([Edit::InsertIdentity { connection, .. }], Proposal::Deeper(wanted, _)) => {
                assert_eq!(connection, wanted)
            }
            other => panic!("{other:?}"),
        }
        // At the same check it grows no more.
        let again = config
            .propose(&mut grown, &scene.view(Hook::Update, 9, None))
            .unwrap();
        assert!(matches!(again, Action::Hold(Reason::NotNow)));
    }
}

/// A gain that is too small by either measure is refused.
#[test]
fn both_thresholds_count() {
    let (scene, measured) = scene();
    let strict = |relative, absolute| SelfExpanding {
        relative,
        absolute,
        ..SelfExpanding::default()
    };
    for (relative, absolute, grows) in [(1.0, 0.0, true), (1e9, 0.0, false), (1.0, 0.999, false)] {
        let action = ask(&strict(relative, absolute), &scene, &measured, &mut None);
        assert_eq!(
            matches!(action, Action::Grow(_)),
            grows,
            "{relative}, {absolute}: {action:?}"
        );
    }
}
