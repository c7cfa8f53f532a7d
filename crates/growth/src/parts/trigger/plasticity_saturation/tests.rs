use super::*;
use crate::parts::tests::Scene;
use dentate_core::Measured;
use ndarray::{Array2, arr2};

/// One gradient for each of `alive` of four units, on four rows, and outputs of this rank.
fn measured(rank: usize, alive: usize) -> Measured {
    let outputs = Array2::from_shape_fn((4, 4), |(i, j)| if i == j && i < rank { 3.0 } else { 0.0 });
    let gradients = Array2::from_shape_fn((4, 4), |(i, j)| {
        let sign = if i % 2 == 0 { 1.0 } else { -1.0 };
        if j < alive { 0.25 * sign } else { 0.0 }
    });
    Measured {
        arrays: vec![outputs, gradients],
    }
}

/// The demand after a first check with all four units of a layer in use and getting a gradient, or with the given ones.
fn demand(trigger: &PlasticitySaturation, first: [usize; 2], now: [usize; 2]) -> Option<f64> {
    let (scene, mut state) = (Scene::new(), None);
    let mut answers = [first, now].map(|[rank, alive]| {
        let measured = measured(rank, alive);
        let mut view = scene.view(Hook::Update, 1, None);
        let Ok(Answer::Ask(question)) = trigger.fires(&mut state, &view) else {
            panic!("it has to measure first");
        };
        assert_eq!(question.requests().len(), 2);
        view.measured = Some(&measured);
        match trigger.fires(&mut state, &view).unwrap() {
            Answer::Is(Decision::Grow { demand, .. }) => Some(demand),
            Answer::Is(Decision::Wait(_)) => None,
            Answer::Ask(question) => panic!("{question:?}"),
        }
    });
    assert_eq!(answers[0], None, "the first check only looks");
    answers[1].take()
}

/// By hand, for four units: a rank of 4 after 2 demands 4 · (1 − 0.95 · ½) units; a gradient shared by one unit after four demands
/// 4 · (0.7 − ¼); with neither it waits.
#[test]
fn the_demand_is_that_by_hand() {
    let both = PlasticitySaturation::default();
    let close = |found: Option<f64>, wanted: f64| {
        let found = found.expect("it fires");
        assert!((found - wanted).abs() < 1e-9, "{found} instead of {wanted}");
    };
    close(demand(&both, [2, 4], [4, 4]), 4.0 * (1.0 - 0.95 * 0.5));
    close(demand(&both, [4, 4], [2, 1]), 4.0 * (0.7 - 0.25));
    assert_eq!(demand(&both, [4, 4], [2, 3]), None);
    assert_eq!(
        demand(&both, [4, 4], [2, 0]),
        None,
        "without a gradient nothing is trained"
    );
    let ranks = PlasticitySaturation {
        plasticity: 0.0,
        ..both.clone()
    };
    assert_eq!(demand(&ranks, [4, 4], [2, 1]), None);
    let gradients = PlasticitySaturation { rank: 0.0, ..both };
    assert_eq!(demand(&gradients, [2, 4], [4, 4]), None);
}

/// exp(entropy) of the shares, against a sum written out: shares of ½, ¼ and ¼ are worth 2^1.5 units.
#[test]
fn participation_is_the_entropy_of_the_shares() {
    let gradients = arr2(&[[1.0, 0.0, -1.0, 0.0], [-1.0, 1.0, 0.0, 0.0]]);
    assert!((participation(gradients.view()) - 2f64.powf(1.5) / 4.0).abs() < 1e-12);
    assert_eq!(participation(Array2::zeros((3, 4)).view()), 0.0);
}

#[test]
fn a_trigger_that_could_never_fire_is_refused() {
    let never = PlasticitySaturation {
        rank: 0.0,
        plasticity: 0.0,
        ..PlasticitySaturation::default()
    };
    assert_eq!(Part::check(&never).unwrap_err().key, "plasticity");
}
