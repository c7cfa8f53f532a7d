use super::*;
use crate::parts::tests::Scene;
use crate::strategy::Hook;
use dentate_core::{Measured, Seed};
use ndarray::Array1;
use rand::Rng;

/// The outgoing weights of new units of the first layer, for given measurements.
fn grown(gradient: &Array2<f32>, weights: &Array2<f32>, units: usize) -> Array2<f32> {
    let mut scene = Scene::new();
    scene.activate(Activation::ReluLiveAtZero);
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let (part, mut state) = (GradMax::default(), GradMaxState::default());
    let answers = [gradient, weights].map(|a| Measured {
        arrays: vec![a.clone()],
    });
    let mut view = scene.view(Hook::Update, 1, None);
    for answer in [None, Some(&answers[0]), Some(&answers[1])] {
        view.measured = answer;
        match part.initialize(&mut state, &view, layer, units).unwrap() {
            Answer::Ask(question) => match (answer, question.requests()) {
                (None, [Request::VirtualGradient { .. }]) | (Some(_), [Request::Parameters(_)]) => {}
                other => panic!("{other:?}"),
            },
            Answer::Is(Start::Fresh {
                incoming,
                outgoing,
                bias,
            }) => {
                assert_eq!((incoming, bias), (Init::Zero.into(), 0.0));
                return outgoing.given.into_values().next().unwrap();
            }
            Answer::Is(other) => panic!("{other:?}"),
        }
    }
    panic!("it asked too often")
}

/// With zero incoming weights the gradient of the incoming weights of newborn k is `Gᵀ w_out,k`: its size is compared with
/// ten thousand other directions of the same norm.
#[test]
fn no_other_direction_has_a_larger_gradient() {
    let mut random = Seed(3).random();
    let gradient = Array2::from_shape_simple_fn((4, 2), || random.random::<f32>() - 0.5);
    let weights = Array2::from_shape_simple_fn((4, 4), || random.random::<f32>() - 0.5);
    let outgoing = grown(&gradient, &weights, 1);
    let size = |w: &Array1<f32>| {
        gradient
            .t()
            .dot(w)
            .iter()
            .map(|v| f64::from(v * v))
            .sum::<f64>()
            .sqrt()
    };
    let norm = |w: &Array1<f32>| w.iter().map(|v| f64::from(v * v)).sum::<f64>().sqrt();
    let first = outgoing.column(0).to_owned();
    let mean = weights
        .columns()
        .into_iter()
        .map(|c| norm(&c.to_owned()))
        .sum::<f64>()
        / 4.0;
    assert!((norm(&first) - 0.5 * mean).abs() < 1e-6);
    for _ in 0..10_000 {
        let other = Array1::from_shape_simple_fn(4, || random.random::<f32>() - 0.5);
        let other = &other * (norm(&first) / norm(&other)) as f32;
        assert!(size(&other) <= size(&first) * (1.0 + 1e-5));
    }
}

/// By hand: the gradient has one entry, so the newborn feeds that unit alone.
#[test]
fn a_gradient_of_one_entry_is_followed() {
    let mut gradient = Array2::zeros((4, 2));
    gradient[(2, 1)] = -3.0;
    let outgoing = grown(&gradient, &Array2::eye(4), 1);
    assert!((outgoing[(2, 0)].abs() - 0.5).abs() < 1e-6, "{outgoing}");
    assert!(
        [0, 1, 3].iter().all(|&i| outgoing[(i, 0)].abs() < 1e-6),
        "{outgoing}"
    );
}

#[test]
fn a_rectifier_without_slope_at_zero_is_refused() {
    let scene = Scene::new();
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let view = scene.view(Hook::Update, 1, None);
    let said = GradMax::default()
        .initialize(&mut GradMaxState::default(), &view, layer, 1)
        .unwrap_err();
    assert!(said.to_string().contains("relu-live-at-zero"), "{said}");
}

/// Units without outgoing weights would never learn: measured arrays whose shapes do not match are refused.
#[test]
fn arrays_that_do_not_go_together_make_no_dead_units() {
    let mut scene = Scene::new();
    scene.activate(Activation::ReluLiveAtZero);
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let view = scene.view(Hook::Update, 1, None);
    let above = upward(&view, layer);
    let twice = [above.clone(), above.clone()].concat();
    let array = |rows, columns| Array2::<f32>::ones((rows, columns));
    let part = GradMax::default();
    let outgoing = |above: &[Connection], gradients: &[(usize, usize)], weights: &[(usize, usize)]| {
        let arrays = |of: &[(usize, usize)]| of.iter().map(|&(r, c)| array(r, c)).collect::<Vec<_>>();
        part.outgoing(&view, above, &arrays(gradients), &arrays(weights), 1)
    };
    assert!(outgoing(&above, &[(4, 2)], &[(4, 4)]).is_ok());
    for (above, gradients, weights) in [
        (&twice, vec![(4, 2), (4, 3)], vec![(4, 4), (4, 4)]),
        (&twice, vec![(4, 2), (4, 2)], vec![(4, 4), (4, 5)]),
        (&twice, vec![(4, 2), (4, 2)], vec![(8, 4)]),
        (&above, vec![(4, 2)], vec![(5, 4)]),
        (&above, vec![(4, 2)], vec![]),
        (&above, vec![], vec![(4, 4)]),
    ] {
        let refused = outgoing(above, &gradients, &weights);
        assert!(
            matches!(refused, Err(StrategyError::Unlike { .. })),
            "{gradients:?} {weights:?}: {refused:?}"
        );
    }
}
