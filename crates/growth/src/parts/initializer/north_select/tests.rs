use super::*;
use crate::parts::tests::Scene;
use crate::strategy::Hook;
use dentate_core::{Init, Measured};
use ndarray::{Array1, arr2, concatenate};
use rand_distr::{Distribution, StandardNormal};

fn array(vector: &[f64]) -> Array1<f64> {
    Array1::from(vector.to_vec())
}

/// By hand: the span of (1, 0, 0) and (1, 1, 0) is the plane z = 0.
#[test]
fn what_is_outside_of_a_span_is_found_for_all_rows() {
    let mut span = Span::default();
    assert!(span.take(&array(&[1.0, 0.0, 0.0])).is_some());
    assert!(span.take(&array(&[1.0, 1.0, 0.0])).is_some());
    assert!(span.take(&array(&[2.0, -5.0, 0.0])).is_none());
    let rows = arr2(&[[3.0, 4.0, 0.0], [0.0, 3.0, 4.0], [0.0, 0.0, 2.0], [0.0, 0.0, 0.0]]);
    let outside = span.outside_of_rows(&rows);
    let wanted = arr2(&[[0.0; 3], [0.0, 0.0, 4.0], [0.0, 0.0, 2.0], [0.0; 3]]);
    assert!(
        (&outside - &wanted).iter().all(|off| off.abs() < 1e-12),
        "{outside}"
    );
    let one_by_one = rows.rows().into_iter().map(|row| span.outside(&row.to_owned()));
    for (row, alone) in outside.rows().into_iter().zip(one_by_one) {
        assert!((&row - &alone).iter().all(|off| off.abs() < 1e-12));
    }
}

/// The layer's outputs follow its first input; the most orthogonal new unit reads the second one.
#[test]
fn newborns_read_what_the_layer_does_not() {
    let part = NorthSelect::default();
    // Four rows of two inputs, orthogonal columns; two units that both follow the first.
    let inputs = arr2(&[[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0_f32]]);
    let outputs = arr2(&[[1.0, 2.0], [1.0, 2.0], [-1.0, -2.0], [-1.0, -2.0_f32]]);
    let chosen = part.select(&outputs, &inputs, (Activation::Identity, 2.0), 1, Seed(4));
    assert!(chosen[(0, 0)].abs() < 0.05, "{chosen}");
    assert!((chosen[(0, 1)].abs() - 2.0).abs() < 0.01, "{chosen}");
}

/// Compared with a loop over all candidates: no other one has a larger share outside.
#[test]
fn no_other_candidate_is_more_orthogonal() {
    let part = NorthSelect {
        candidates: 200,
        rows: 8,
    };
    let seed = Seed(9);
    let mut random = seed.derive("data").random();
    let mut draw = |rows, columns| {
        Array2::from_shape_simple_fn((rows, columns), || -> f32 { StandardNormal.sample(&mut random) })
    };
    let (inputs, outputs) = (draw(8, 3), draw(8, 2).mapv(|x: f32| x.max(0.0)));
    let by = (Activation::Relu, 1.5);
    let chosen = part.select(&outputs, &inputs, by, 2, seed);
    let share = |weights: ndarray::ArrayView1<'_, f32>, span: &Array2<f64>| {
        let a = inputs.dot(&weights).mapv(|z| f64::from(z.max(0.0)));
        // Least squares on the span's columns, by the normal equations of a 2 × 2 or 3 × 3 system.
        let gram = span.t().dot(span);
        let solution = solve(gram, span.t().dot(&a));
        norm((&a - &span.dot(&solution)).view()) / norm(a.view())
    };
    let span = outputs.mapv(f64::from);
    let best = share(chosen.row(0), &span);
    // The same candidates again, all of them.
    let all = NorthSelect {
        candidates: 200,
        rows: 8,
    }
    .select(&outputs, &inputs, by, 200, seed);
    assert!(
        all.rows()
            .into_iter()
            .all(|row| share(row, &span) <= best + 1e-5 || row.iter().all(|w| *w == 0.0))
    );
    // The second is the best beside the first.
    let first = inputs.dot(&chosen.row(0)).mapv(|z| f64::from(z.max(0.0)));
    let wider = concatenate![Axis(1), span, first.insert_axis(Axis(1))];
    let second = share(chosen.row(1), &wider);
    assert!(
        all.rows()
            .into_iter()
            .skip(1)
            .all(|row| share(row, &wider) <= second + 1e-5)
    );
}

/// Gauss–Jordan elimination.
fn solve(mut a: Array2<f64>, mut b: Array1<f64>) -> Array1<f64> {
    let n = b.len();
    for p in 0..n {
        let pivot = a[(p, p)];
        for q in (0..n).filter(|q| *q != p) {
            let factor = a[(q, p)] / pivot;
            for k in 0..n {
                a[(q, k)] -= factor * a[(p, k)];
            }
            b[q] -= factor * b[p];
        }
    }
    Array1::from_shape_fn(n, |i| b[i] / a[(i, i)])
}

#[test]
fn it_asks_for_outputs_and_weights_and_keeps_the_mean_norm() {
    let scene = Scene::new();
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let (part, mut state) = (NorthSelect::default(), OrthogonalState::default());
    let mut view = scene.view(Hook::Update, 1, None);
    let asked = part.initialize(&mut state, &view, layer, 2).unwrap();
    assert!(
        matches!(asked, Answer::Ask(q) if matches!(q.requests(), [Request::Activations(l)] if l.len() == 2))
    );
    let outputs = Measured {
        arrays: vec![
            Array2::ones((5, 4)),
            arr2(&[[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [2.0, 0.0], [0.5, 0.5]]),
        ],
    };
    view.measured = Some(&outputs);
    let asked = part.initialize(&mut state, &view, layer, 2).unwrap();
    assert!(
        matches!(asked, Answer::Ask(q) if matches!(q.requests(), [Request::Parameters(p)] if p.len() == 1))
    );
    let weights = Measured {
        arrays: vec![arr2(&[[3.0, 4.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]])],
    };
    view.measured = Some(&weights);
    let Answer::Is(Start::Fresh {
        incoming, outgoing, ..
    }) = part.initialize(&mut state, &view, layer, 2).unwrap()
    else {
        panic!("it asked too often");
    };
    assert_eq!(outgoing, Init::Zero.into());
    let given = incoming.given.values().next().unwrap();
    assert_eq!(given.dim(), (2, 2));
    for row in given.rows() {
        assert!(
            (norm(row.mapv(f64::from).view()) - 7.0 / 4.0).abs() < 1e-5,
            "{given}"
        );
    }
}

/// Of one input there is nothing independent after the first unit, and a candidate is still taken once only.
#[test]
fn no_candidate_is_selected_twice() {
    let part = NorthSelect {
        candidates: 3,
        rows: 4,
    };
    let inputs = arr2(&[[1.0], [2.0], [-1.0], [0.5_f32]]);
    let outputs = Array2::zeros((4, 1));
    let by = (Activation::Tanh, 1.5);
    let chosen = part.select(&outputs, &inputs, by, 3, Seed(2));
    let mut drawn = part.select(&outputs, &inputs, by, 1, Seed(2)).column(0).to_vec();
    assert_eq!(chosen[(0, 0)], drawn.remove(0));
    // With one input a weight is 1.5 or -1.5 times a sign: two alike outputs are two candidates.
    assert!(chosen.iter().all(|w| (w.abs() - 1.5).abs() < 1e-6), "{chosen}");
    let positive = chosen.iter().filter(|w| **w > 0.0).count();
    let mut random = Seed(2).derive("north-select").random();
    let all: Vec<f64> = (0..3).map(|_| direction(1, 1.5, &mut random)[0]).collect();
    assert_eq!(positive, all.iter().filter(|w| **w > 0.0).count());
    assert!(positive > 0 && positive < 3, "{all:?}");
}
