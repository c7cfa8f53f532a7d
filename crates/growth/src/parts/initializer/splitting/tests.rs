use super::*;
use crate::parts::initializer::toy::Toy;
use crate::parts::tests::Scene;
use crate::parts::{Question, widen};
use crate::strategy::Hook;
use dentate_core::{Edit, Measured, Moment, PlanBuilder, Request};

/// The second derivative of the loss along a split of a unit, by finite differences: vᵀ S v.
fn bend(toy: &Toy, unit: usize, v: &Array1<f64>) -> f64 {
    let e = 1e-3;
    2.0 * (toy.loss_split(unit, &(v * e)) - toy.loss()) / (e * e)
}

/// Splitting matrices against finite differences of the loss, and their smallest eigenvalues against five thousand directions.
#[test]
fn eigenvalues_are_those_of_the_losses_second_differences() {
    let activations = [
        Activation::Softplus,
        Activation::Tanh,
        Activation::Sigmoid,
        Activation::Gelu,
    ];
    for (seed, activation) in activations.into_iter().enumerate() {
        let toy = Toy::new(activation, 3, seed as u64);
        let of = toy.neighbourhood();
        let found = Splitting::default().saddles(&of, activation, &[0, 1, 2], Seed(5));
        let mut random = Seed(6).random();
        for saddle in &found {
            let said = saddle.eigenvalue;
            let seen = bend(&toy, saddle.position, &saddle.direction);
            assert!(
                (said - seen).abs() < 1e-3 * (1.0 + said.abs()),
                "{activation:?}: {said} {seen}"
            );
            for _ in 0..5000 {
                let other = bend(&toy, saddle.position, &direction(4, 1.0, &mut random));
                assert!(
                    other > said - 1e-3 * (1.0 + said.abs()),
                    "{activation:?}: {other} below {said}"
                );
            }
        }
        assert!(found.iter().any(|s| s.eigenvalue < 0.0), "{activation:?}");
    }
}

/// The unit that is chosen is the one whose split lowers the loss most, tried one by one.
#[test]
fn the_chosen_split_lowers_the_loss_most() {
    let mut several = 0;
    for seed in 0..12 {
        let toy = Toy::new(Activation::Softplus, 5, seed);
        let of = toy.neighbourhood();
        let splitting = Splitting {
            step: 1e-3,
            ..Splitting::default()
        };
        let all: Vec<usize> = (0..5).collect();
        let (chosen, along) = splitting.chosen(&of, Activation::Softplus, (2, &all), Seed(seed));
        let saddles = splitting.saddles(&of, Activation::Softplus, &all, Seed(seed));
        let fall =
            |s: &Saddle| toy.loss() - toy.loss_split(s.position, &(&s.direction * (1e-3 * of.incoming)));
        let mut falls: Vec<(f64, usize)> = saddles.iter().map(|s| (fall(s), s.position)).collect();
        falls.sort_by(|a, b| b.0.total_cmp(&a.0));
        let best: Vec<usize> = falls.iter().filter(|f| f.0 > 0.0).map(|f| f.1).take(2).collect();
        assert_eq!(chosen, best, "{falls:?}");
        several += usize::from(chosen.len() == 2);
        for (row, &unit) in along.rows().into_iter().zip(&chosen) {
            assert!((norm(row) - 1e-3 * of.incoming).abs() < 1e-12);
            assert!(toy.loss_split(unit, &row.to_owned()) < toy.loss());
        }
    }
    assert!(several > 3, "there were saddles to choose from: {several}");
}

/// The copy goes one way and its original the other, with half of the outgoing weights each.
#[test]
fn the_plan_moves_both_apart() {
    let mut scene = Scene::new();
    scene.activate(Activation::Softplus);
    let layer = scene.graph.named("hidden-1").unwrap();
    let view = scene.view(Hook::Update, 1, None);
    let around = Surroundings::of(&view, layer.id).unwrap();
    let along = ndarray::arr2(&[[0.1, 0.2, 0.3], [-1.0, -2.0, -3.0]]);
    let of = vec![layer.units[2].id, layer.units[0].id];
    let start = splits(&view, layer, &around, of, &along);
    assert_eq!(start.count(7), 2);
    let mut plan = PlanBuilder::new(&scene.graph, "grow", Seed(1));
    assert_eq!(widen(&mut plan, &scene.graph, layer.id, 2, start), 2);
    let plan = plan.finish();
    let moved: Vec<_> = plan
        .edits
        .iter()
        .filter_map(|edit| match edit {
            Edit::Adjust {
                by: dentate_core::Adjustment::Add(values),
                ..
            } => Some(values.clone()),
            _ => None,
        })
        .collect();
    let weights = ndarray::arr2(&[
        [1.0, 2.0],
        [0.0, 0.0],
        [-0.1, -0.2],
        [0.0, 0.0],
        [0.1, 0.2],
        [-1.0, -2.0],
    ]);
    assert_eq!(
        moved,
        [weights, ndarray::arr2(&[[3.0, 0.0, -0.3, 0.0, 0.3, -3.0]])]
    );
    let (graph, _) = scene.graph.apply(&plan, Moment::default()).unwrap();
    assert_eq!(graph.named("hidden-1").unwrap().width(), 6);
}

#[test]
fn it_asks_once_and_rectifiers_are_refused() {
    let mut scene = Scene::new();
    let view = scene.view(Hook::Update, 1, None);
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let said = Splitting::default()
        .initialize(&mut (), &view, layer, 1)
        .unwrap_err()
        .to_string();
    assert!(said.contains("softplus"), "{said}");
    scene.activate(Activation::Tanh);
    let mut view = scene.view(Hook::Update, 1, None);
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let Answer::Ask(Question::Measure { requests, .. }) =
        Splitting::default().initialize(&mut (), &view, layer, 2).unwrap()
    else {
        panic!("it knows nothing yet")
    };
    assert!(
        matches!(&requests[..], [Request::Activations(_), Request::Gradients(..), Request::Parameters(p)] if p.len() == 3)
    );
    // A flat loss has no saddles.
    let flat = [(6, 2), (6, 4), (4, 2), (4, 4), (1, 4)]
        .map(|shape| Array2::from_elem(shape, if shape == (6, 4) { 0.0 } else { 0.3 }));
    let measured = Measured {
        arrays: flat.to_vec(),
    };
    view.measured = Some(&measured);
    let Answer::Is(start) = Splitting::default().initialize(&mut (), &view, layer, 2).unwrap() else {
        panic!("it has its answers")
    };
    assert_eq!(start.count(2), 0);
}
