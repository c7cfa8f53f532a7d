use super::*;
use crate::parts::Question;
use crate::parts::tests::Scene;
use crate::strategy::Hook;
use dentate_core::{
    Activation, Head, Init, Measured, Moment, NewLayer, PlanBuilder, Request, Seed, TaskId, TaskInfo,
};
use ndarray::Array2;
use rand::Rng;

/// The usual network with a head.
fn headed() -> Scene {
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
    scene
}

fn draw(columns: usize, seed: u64) -> Array2<f32> {
    let mut random = Seed(seed).random();
    Array2::from_shape_simple_fn((12, columns), || random.random::<f32>() - 0.5)
}

/// Errors above one layer are what its own outputs can undo, those above the other are not; the other one grows, whichever it is.
#[test]
fn it_takes_the_layer_whose_own_weights_cannot_help() {
    let scene = headed();
    let [first, second] = ["hidden-1", "hidden-2"].map(|name| scene.graph.named(name).unwrap().id);
    let view = scene.view(Hook::Update, 1, None);
    let part = BestGain {
        ridge: 1e-9,
        ..BestGain::default()
    };
    let Answer::Ask(Question::Measure { requests, .. }) = part.place(&mut (), &view, 2).unwrap() else {
        panic!("it knows nothing yet")
    };
    assert!(
        matches!(&requests[..], [Request::Activations(a), Request::Gradients(..), Request::Activations(b), Request::Gradients(..)]
        if (a.len(), b.len()) == (2, 2))
    );
    let (x, h, k) = (draw(2, 1), draw(4, 2), draw(4, 3));
    for (helpless, wanted) in [(0, first), (1, second)] {
        // Large errors that the layer can undo, small ones that it cannot.
        let undone = |outputs: &Array2<f32>, targets| outputs.dot(&Array2::from_elem((4, targets), 5.0f32));
        let above = [
            if helpless == 0 {
                draw(4, 4) * 0.1
            } else {
                undone(&h, 4)
            },
            if helpless == 1 {
                draw(2, 5) * 0.1
            } else {
                undone(&k, 2)
            },
        ];
        let [above_first, above_second] = above;
        let arrays = vec![
            h.clone(),
            x.clone(),
            above_first,
            k.clone(),
            h.clone(),
            above_second,
        ];
        let measured = Measured { arrays };
        let view = View {
            measured: Some(&measured),
            ..scene.view(Hook::Update, 1, None)
        };
        let Answer::Is(places) = part.place(&mut (), &view, 2).unwrap() else {
            panic!("it has its answers")
        };
        assert_eq!(
            places,
            [Place::Wider {
                layer: wanted,
                units: 2
            }]
        );
    }
}
