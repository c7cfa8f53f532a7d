use super::*;
use crate::parts::initializer::toy::Toy;
use crate::parts::tests::Scene;
use crate::strategy::Hook;
use dentate_core::{Activation, Measured, Seed};

fn search(step: f64, steps: u32) -> Search {
    Search {
        step,
        candidates: 6,
        steps,
        rate: 0.5,
        activation: Activation::Softplus,
    }
}

/// The gains are what the loss really falls by when a candidate alone is added, to first order; and the ones that are chosen are those
/// by which it falls most.
#[test]
fn the_chosen_candidates_lower_the_loss_most() {
    let mut kinds = [0, 0];
    for seed in 0..10 {
        let toy = Toy::new(Activation::Softplus, 4, seed);
        let of = toy.neighbourhood();
        // Splits fall by terms of ε², so new units are made weak for the two to compete, weaker in every other network.
        let weak = if seed % 2 == 0 { 0.02 } else { 0.0005 };
        let of = Neighbourhood {
            outgoing: of.outgoing * weak,
            ..of
        };
        let (search, able) = (search(0.02, 5), [0, 1, 2, 3]);
        let mut random = Seed(seed).random();
        let splits = search.splits(&of, &able, &mut random);
        let new = search.new_units(&of, &mut random);
        let outgoing = search.outgoing(&of, &new.directions);
        let mut falls: Vec<(f64, f64, bool, usize)> = Vec::new();
        for (i, &gain) in splits.gains.iter().enumerate() {
            let by = &splits.directions.column(i) * search.step;
            falls.push((toy.loss() - toy.loss_split(i, &by), gain, true, i));
        }
        for (i, &gain) in new.gains.iter().enumerate() {
            let unit = (new.directions.column(i).to_owned(), outgoing.column(i).to_owned());
            falls.push((toy.loss() - toy.loss_beside((&unit.0, &unit.1)), gain, false, i));
        }
        for (fall, gain, is_split, i) in &falls {
            assert!(
                (fall - gain).abs() < 0.02 * gain.abs() + 1e-7,
                "{is_split} {i}: {gain} and {fall}"
            );
        }
        falls.sort_by(|a, b| b.0.total_cmp(&a.0));
        let chosen = search.chosen(&of, &able, 3, Seed(seed));
        let best = |kind: bool| {
            falls
                .iter()
                .take(3)
                .filter(|f| f.2 == kind)
                .map(|f| f.3)
                .collect::<Vec<_>>()
        };
        assert_eq!(chosen.split, best(true), "{falls:?}");
        let fresh = best(false);
        assert_eq!(chosen.incoming.nrows(), fresh.len());
        for (row, &i) in chosen.incoming.rows().into_iter().zip(&fresh) {
            assert_eq!(row, new.directions.column(i));
        }
        kinds[0] += chosen.split.len();
        kinds[1] += fresh.len();
    }
    assert!(kinds.iter().all(|n| *n > 0), "both kinds were chosen: {kinds:?}");
}

/// The search ends no lower than it starts, and higher in most cases.
#[test]
fn a_search_finds_better_directions() {
    let (mut better, mut all) = (0, 0);
    for seed in 0..6 {
        let toy = Toy::new(Activation::Tanh, 4, 40 + seed);
        let of = toy.neighbourhood();
        let ends = |steps| {
            let search = search(0.1, steps);
            let mut random = Seed(seed).random();
            let splits = search.splits(&of, &[0, 1, 2, 3], &mut random).gains;
            [splits, search.new_units(&of, &mut random).gains].concat()
        };
        for (start, end) in ends(0).into_iter().zip(ends(8)) {
            assert!(end >= start);
            better += usize::from(end > start);
            all += 1;
        }
    }
    assert!(4 * better > 3 * all, "{better} of {all}");
}

/// Of the outgoing weights of this size, no others gain more: ten thousand directions.
#[test]
fn no_other_outgoing_weights_gain_more() {
    let toy = Toy::new(Activation::Softplus, 3, 9);
    let (of, search) = (toy.neighbourhood(), search(0.1, 0));
    let mut random = Seed(1).random();
    let found = search.new_units(&of, &mut random);
    let into = found.directions.column(0).to_owned();
    let outputs = of
        .inputs
        .slice(ndarray::s![.., ..3])
        .dot(&into)
        .mapv(|z| crate::parts::initializer::activations::value(Activation::Softplus, z));
    for _ in 0..10_000 {
        let other = crate::parts::initializer::surroundings::direction(2, 0.1 * of.outgoing, &mut random);
        let gain = -of.errors.dot(&other).dot(&outputs);
        assert!(gain <= found.gains[0] * (1.0 + 1e-9), "{gain} {}", found.gains[0]);
    }
}

/// A growth in which the second of the amplitudes is best: what is tried there is what starts.
#[test]
fn it_measures_tries_and_starts() {
    let scene = Scene::new();
    let layer = scene.graph.named("hidden-1").unwrap().id;
    let (firefly, mut found) = (Firefly::default(), Found::default());
    let at = |measured| View {
        measured,
        ..scene.view(Hook::Update, 1, None)
    };
    let asked = firefly.initialize(&mut found, &at(None), layer, 3).unwrap();
    assert!(matches!(asked, Answer::Ask(Question::Measure { .. })));
    let mut random = Seed(3).random();
    let arrays = [(9, 2), (9, 4), (4, 2), (4, 4), (1, 4)].map(|(rows, columns)| {
        let mut array = Array2::zeros((rows, columns));
        for mut row in array.rows_mut() {
            row.assign(
                &crate::parts::initializer::surroundings::direction(columns, 1.0, &mut random)
                    .mapv(|v| v as f32),
            );
        }
        array
    });
    let measured = Measured {
        arrays: arrays.to_vec(),
    };
    let Answer::Ask(Question::Try { plans, .. }) = firefly
        .initialize(&mut found, &at(Some(&measured)), layer, 3)
        .unwrap()
    else {
        panic!("it tries amplitudes")
    };
    assert_eq!(plans.len(), 6);
    let losses = Measured {
        arrays: vec![ndarray::arr2(&[[1.0, 0.9, 0.7, 0.8, 1.1, 2.0, 3.0]])],
    };
    let Answer::Is(start) = firefly
        .initialize(&mut found, &at(Some(&losses)), layer, 3)
        .unwrap()
    else {
        panic!("it has its answers")
    };
    assert_eq!(start.count(3), 3);
    let mut plan = scene.view(Hook::Update, 1, None).plan("try");
    widen(&mut plan, &scene.graph, layer, 3, start);
    assert_eq!(plan.finish(), plans[1]);
    assert_eq!(found, Found::default());
}
