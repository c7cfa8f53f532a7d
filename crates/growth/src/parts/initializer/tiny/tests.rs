use super::*;
use crate::parts::GradMax;
use crate::parts::tests::Scene;
use crate::strategy::Hook;
use dentate_core::Seed;
use ndarray::{Array1, Array2, concatenate};
use rand_distr::{Distribution, StandardNormal};

fn draw(shape: (usize, usize), seed: u64) -> Array2<f64> {
    let mut random = Seed(seed).random();
    Array2::from_shape_simple_fn(shape, || StandardNormal.sample(&mut random))
}

/// 40 rows around a layer of 3 units between 5 inputs and 4 targets.
fn measurements() -> Measurements {
    Measurements {
        inputs: draw((40, 5), 1),
        outputs: draw((40, 3), 2),
        desired: draw((40, 4), 3),
        incoming: draw((3, 5), 4),
        outgoing: draw((4, 3), 5),
    }
}

fn family() -> Family {
    Family {
        covariance: true,
        zero_incoming: false,
        projection: false,
        scale: None,
        directions: Directions::Solved,
        steps: 300,
        threshold: 0.0,
        ridge: 0.0,
    }
}

fn solved(family: &Family, of: &Measurements, units: usize) -> Pairs {
    family.pairs(of, Activation::Tanh, units, Seed(7))
}

/// Gauss–Jordan elimination.
fn eliminate(mut a: Array2<f64>, mut b: Array2<f64>) -> Array2<f64> {
    let n = a.nrows();
    for p in 0..n {
        let pivot = a[(p, p)];
        let (a_row, b_row) = (a.row(p).mapv(|v| v / pivot), b.row(p).mapv(|v| v / pivot));
        for q in 0..n {
            let factor = if q == p { 0.0 } else { a[(q, p)] };
            let (mut a_q, mut b_q) = (a.row_mut(q), b.row_mut(q));
            a_q.scaled_add(-factor, &a_row);
            b_q.scaled_add(-factor, &b_row);
        }
        a.row_mut(p).assign(&a_row);
        b.row_mut(p).assign(&b_row);
    }
    b
}

fn normal_equations(x: &Array2<f64>, y: &Array2<f64>) -> Array2<f64> {
    eliminate(x.t().dot(x), x.t().dot(y))
}

/// Σ α_k ω_kᵀ, `[sources, targets]`.
fn map(pairs: &Pairs) -> Array2<f64> {
    let incoming = pairs.incoming.mapv(f64::from);
    incoming.t().dot(&pairs.outgoing.mapv(f64::from).t())
}

fn squares(of: &Array2<f64>) -> f64 {
    of.iter().map(|v| v * v).sum()
}

/// With as many units as targets the new units together are the least-squares solution itself.
#[test]
fn all_units_together_are_the_least_squares_solution() {
    let of = measurements();
    let off = map(&solved(&family(), &of, 4)) - normal_equations(&of.inputs, &of.desired);
    assert!(off.iter().all(|v| v.abs() < 1e-5), "{off}");
}

/// The best map of rank two, against ten thousand others: for each two random outgoing directions, the incoming weights that are best
/// for them by the normal equations.
#[test]
fn no_other_two_units_follow_the_desired_change_better() {
    let of = measurements();
    let left = |map: &Array2<f64>| squares(&(&of.desired - &of.inputs.dot(map)));
    let best = left(&map(&solved(&family(), &of, 2)));
    let full = normal_equations(&of.inputs, &of.desired);
    for seed in 0..10_000 {
        let omega = draw((2, 4), 100 + seed);
        // The best α for given ω: of Σ ‖v − ω x α‖² the solution is that of v projected on ω.
        let onto = eliminate(omega.dot(&omega.t()), omega.clone());
        let other = full.dot(&omega.t()).dot(&onto);
        assert!(left(&other) >= best - 1e-6, "{seed}");
    }
}

#[test]
fn what_the_existing_weights_can_do_is_taken_out() {
    let of = measurements();
    let family = Family {
        projection: true,
        ..family()
    };
    let left = family.left_over(&of);
    let one = Array2::ones((40, 1));
    let outputs = concatenate(Axis(1), &[of.outputs.view(), one.view()]).unwrap();
    let wanted = &of.desired - &outputs.dot(&normal_equations(&outputs, &of.desired));
    assert!((&left - &wanted).iter().all(|v| v.abs() < 1e-9));
    assert!(outputs.t().dot(&left).iter().all(|v| v.abs() < 1e-9));
}

/// A perceptron of two hidden tanh units over rows of five inputs, and its cross-entropy with new units beside them, by loops.
fn loss(x: &Array2<f64>, (old, new): ((&Array2<f64>, &Array2<f64>), Option<(&Pairs, f64)>)) -> f64 {
    logits(x, (old, new))
        .rows()
        .into_iter()
        .enumerate()
        .map(|(i, z)| z.mapv(f64::exp).sum().ln() - z[i % 4])
        .sum::<f64>()
        / x.nrows() as f64
}

fn logits(x: &Array2<f64>, (old, new): ((&Array2<f64>, &Array2<f64>), Option<(&Pairs, f64)>)) -> Array2<f64> {
    let mut z = x.dot(&old.0.t()).mapv(f64::tanh).dot(&old.1.t());
    if let Some((pairs, amplitude)) = new {
        let root = amplitude.sqrt();
        let (alpha, omega) = (pairs.incoming.mapv(f64::from), pairs.outgoing.mapv(f64::from));
        z = z
            + (x.dot(&alpha.t()) * root)
                .mapv(f64::tanh)
                .dot(&(omega.t().to_owned() * root));
    }
    z
}

/// The loss falls by Σ λ² for a unit of the amplitude, to first order: finite differences of a network in double precision.
#[test]
fn the_loss_falls_as_it_says_to_first_order() {
    let (x, old) = (draw((60, 5), 11), (draw((2, 5), 12), draw((4, 2), 13)));
    let old = (&old.0, &old.1);
    // −∂ℓ/∂z for a row: one-hot − softmax.
    let mut desired = logits(&x, (old, None));
    for (i, mut row) in desired.rows_mut().into_iter().enumerate() {
        let sum = row.mapv(f64::exp).sum();
        row.mapv_inplace(|z| -z.exp() / sum);
        row[i % 4] += 1.0;
    }
    let of = Measurements {
        outputs: x.dot(&old.0.t()).mapv(f64::tanh),
        inputs: x.clone(),
        desired,
        incoming: old.0.clone(),
        outgoing: old.1.clone(),
    };
    for covariance in [true, false] {
        let family = Family {
            covariance,
            ..family()
        };
        let pairs = solved(&family, &of, 3);
        // By loops: λ² = ωᵀ NᵀS⁻¹N ω for ω of norm 1, S⁻¹ by elimination.
        let moment = of.inputs.t().dot(&of.desired) / 60.0;
        let whitened = match covariance {
            true => eliminate(x.t().dot(&x) / 60.0, moment.clone()),
            false => moment.clone(),
        };
        let said: f64 = pairs
            .outgoing
            .columns()
            .into_iter()
            .map(|omega| {
                let omega: Array1<f64> = omega.mapv(f64::from);
                moment.dot(&omega).dot(&whitened.dot(&omega)) / omega.dot(&omega)
            })
            .sum();
        let step = 1e-4;
        let fall = (loss(&x, (old, None)) - loss(&x, (old, Some((&pairs, step))))) / step;
        assert!(said > 1e-3, "{said}");
        assert!(
            (fall - said).abs() < 2e-3 * said,
            "{covariance}: it says {said}, and it is {fall}"
        );
    }
}

/// GradMax is the family's member without a covariance, without incoming weights and without a projection.
#[test]
fn the_special_case_is_gradmax() {
    let mut scene = Scene::new();
    scene.activate(Activation::ReluLiveAtZero);
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let (x, h, errors) = (draw((9, 2), 21), draw((9, 4), 22), draw((9, 4), 23) / 9.0);
    let (w_in, w_out) = (draw((4, 2), 24), draw((4, 4), 25));
    let single = |a: &Array2<f64>| a.mapv(|v| v as f32);
    let answer = |arrays: &[&Array2<f64>]| Measured {
        arrays: arrays.iter().map(|a| single(a)).collect(),
    };
    let started = |part: &dyn Fn(Option<&Measured>) -> Option<Start>, answers: &[Measured]| {
        let all = std::iter::once(None).chain(answers.iter().map(Some));
        all.into_iter().find_map(part).expect("it has its answers")
    };
    let tiny = Tiny {
        covariance: false,
        zero_incoming: true,
        projection: false,
        scale: Some(0.5),
        ..Tiny::default()
    };
    let (searched, gathered) = (std::cell::RefCell::default(), std::cell::RefCell::default());
    let ours = |measured: Option<&Measured>| {
        let view = View {
            measured,
            ..scene.view(Hook::Update, 1, None)
        };
        match tiny
            .initialize(&mut searched.borrow_mut(), &view, layer, 2)
            .unwrap()
        {
            Answer::Is(start) => Some(start),
            Answer::Ask(_) => None,
        }
    };
    let theirs = |measured: Option<&Measured>| {
        let view = View {
            measured,
            ..scene.view(Hook::Update, 1, None)
        };
        let part = GradMax::default();
        match part
            .initialize(&mut gathered.borrow_mut(), &view, layer, 2)
            .unwrap()
        {
            Answer::Is(start) => Some(start),
            Answer::Ask(_) => None,
        }
    };
    let gradient = errors.t().dot(&x);
    let ours = started(&ours, &[answer(&[&h, &x, &errors, &w_in, &w_out])]);
    let theirs = started(&theirs, &[answer(&[&gradient]), answer(&[&w_out])]);
    let (
        Start::Fresh {
            incoming, outgoing, ..
        },
        Start::Fresh {
            outgoing: gradmax, ..
        },
    ) = (ours, theirs)
    else {
        panic!("they are no copies")
    };
    assert!(incoming.given.values().flatten().all(|w| *w == 0.0));
    let first = |weights: &dentate_core::NewWeights| weights.given.values().next().unwrap().clone();
    let (ours, theirs) = (first(&outgoing), first(&gradmax));
    for (ours, theirs) in ours.columns().into_iter().zip(theirs.columns()) {
        let sign = ours.dot(&theirs).signum();
        assert!(
            ours.iter().zip(theirs).all(|(a, b)| (a - sign * b).abs() < 1e-5),
            "{ours} {theirs}"
        );
    }
}

/// Gradient steps on the same objective end where the solution is, and random directions do not.
#[test]
fn the_controls_are_what_they_say() {
    let of = measurements();
    let by = |directions| Family {
        directions,
        ..family()
    };
    let ends = |directions| map(&solved(&by(directions), &of, 1));
    let best = ends(Directions::Solved);
    assert!(
        (ends(Directions::Ascended) - &best)
            .iter()
            .all(|v| v.abs() < 1e-3)
    );
    let (solved, random) = (solved(&family(), &of, 1), solved(&by(Directions::Random), &of, 1));
    let size = |a: &Array2<f32>| squares(&a.mapv(f64::from)).sqrt();
    assert!((size(&solved.incoming) - size(&random.incoming)).abs() < 1e-5);
    assert!((size(&solved.outgoing) - size(&random.outgoing)).abs() < 1e-5);
    assert!((map(&random) - best).iter().any(|v| v.abs() > 0.1));
}

/// Of a rectifier's two sides the one is taken that follows the desired change better.
#[test]
fn a_rectifier_reads_the_side_that_matters() {
    // The single input asks for a change where it is negative, and for none elsewhere.
    let inputs = Array2::from_shape_fn((20, 1), |(i, _)| i as f64 - 9.5);
    let desired = inputs.mapv(|x| x.min(0.0));
    let of = Measurements {
        outputs: Array2::zeros((20, 1)),
        incoming: Array2::ones((1, 1)),
        outgoing: Array2::ones((1, 1)),
        inputs,
        desired,
    };
    for seed in 0..8 {
        let pairs = family().pairs(&of, Activation::Relu, 1, Seed(seed));
        assert!(
            pairs.incoming[(0, 0)] < 0.0 && pairs.outgoing[(0, 0)] < 0.0,
            "{pairs:?}"
        );
    }
}

/// Units that nothing asks for start without outgoing weights, and can learn.
#[test]
fn units_beyond_the_rank_are_spare() {
    let pairs = solved(&family(), &measurements(), 6);
    for unit in 0..6 {
        let [into, out] = [pairs.incoming.row(unit), pairs.outgoing.column(unit)];
        assert!(into.iter().any(|w| *w != 0.0), "{unit}");
        assert_eq!(out.iter().all(|w| *w == 0.0), unit >= 4, "{unit}");
    }
    let amplified = pairs.amplified(3.0);
    assert_eq!(amplified.row(5), pairs.incoming.row(5));
    assert_eq!(amplified.row(0), pairs.incoming.row(0).mapv(|w| 3.0 * w));
    let nothing = Measurements {
        desired: Array2::zeros((40, 4)),
        ..measurements()
    };
    assert!(solved(&family(), &nothing, 2).outgoing.iter().all(|w| *w == 0.0));
}

#[test]
fn fixed_norms_are_relative_to_the_existing_ones() {
    let of = measurements();
    let family = Family {
        scale: Some(0.5),
        ..family()
    };
    let pairs = solved(&family, &of, 2);
    let mean = |axis, of: &Array2<f64>| {
        let all: Vec<f64> = of.axis_iter(axis).map(|v| v.dot(&v).sqrt()).collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    let size = |v: ndarray::ArrayView1<'_, f32>| f64::from(v.dot(&v)).sqrt();
    for unit in 0..2 {
        assert!((size(pairs.incoming.row(unit)) - 0.5 * mean(Axis(0), &of.incoming)).abs() < 1e-5);
        assert!((size(pairs.outgoing.column(unit)) - 0.5 * mean(Axis(1), &of.outgoing)).abs() < 1e-5);
    }
}

/// The questions of a growth with a search, answered by hand; the weights that are tried are those that are taken.
#[test]
fn it_measures_tries_and_starts() {
    let scene = Scene::new();
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let (tiny, mut state) = (Tiny::default(), Searched::default());
    let mut view = scene.view(Hook::Update, 1, None);
    let Answer::Ask(Question::Measure { requests, .. }) =
        tiny.initialize(&mut state, &view, layer, 2).unwrap()
    else {
        panic!("it knows nothing yet")
    };
    assert!(
        matches!(&requests[..], [Request::Activations(l), Request::Gradients(_, g), Request::Parameters(p)]
        if (l.len(), g.len(), p.len()) == (2, 1, 2))
    );
    let of = [
        draw((9, 4), 1),
        draw((9, 2), 2),
        draw((9, 4), 3),
        draw((4, 2), 4),
        draw((4, 4), 5),
    ];
    let measured = Measured {
        arrays: of.iter().map(|a| a.mapv(|v| v as f32)).collect(),
    };
    view.measured = Some(&measured);
    let Answer::Ask(Question::Try { plans, .. }) = tiny.initialize(&mut state, &view, layer, 2).unwrap()
    else {
        panic!("it tries amplitudes")
    };
    assert_eq!(plans.len(), 8);
    let mut losses = Array2::ones((1, 9));
    losses[(0, 5)] = 0.5;
    let losses = Measured { arrays: vec![losses] };
    view.measured = Some(&losses);
    let Answer::Is(Start::Fresh {
        incoming, outgoing, ..
    }) = tiny.initialize(&mut state, &view, layer, 2).unwrap()
    else {
        panic!("it has its answers")
    };
    let [
        dentate_core::Edit::Widen {
            incoming: tried,
            outgoing: tried_too,
            ..
        },
    ] = &plans[4].edits[..]
    else {
        panic!("{:?}", plans[4])
    };
    assert_eq!((&incoming, &outgoing), (tried, tried_too));
    assert_eq!(state, Searched::default());
}

#[test]
fn what_cannot_work_is_refused() {
    let zero = Tiny {
        zero_incoming: true,
        ..Tiny::default()
    };
    let said = zero.check().unwrap_err().to_string();
    assert!(said.contains("scale = 0.5"), "{said}");
    let mut scene = Scene::new();
    for (activation, tiny, word) in [
        (Activation::Sigmoid, Tiny::default(), "tanh"),
        (Activation::Relu, zero, "relu-live-at-zero"),
    ] {
        scene.activate(activation);
        let layer = scene.graph.named("hidden-1").unwrap();
        let said = tiny.fits(&scene.graph, layer).unwrap_err();
        assert!(said.contains(word), "{said}");
    }
}
