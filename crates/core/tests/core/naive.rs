//! The naive model against itself: its derivatives against differences, its bounds against single precision.

use dentate_core::{Graph, Moment, Route, Rows, Seed, TaskId};
use dentate_testkit::following::random;
use dentate_testkit::generators::{goals, objective, rowset, shapes, smooth_shapes};
use dentate_testkit::naive::{Batch, Network, Rounded, erf, gradient, run, value, values};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn derivatives_are_what_differences_say(
        shape in smooth_shapes(), goals in goals(), mut rowset in rowset(), labels in any::<bool>(),
    ) {
        if rowset.temper == dentate_testkit::generators::Temper::Huge {
            rowset.temper = dentate_testkit::generators::Temper::Plain;
        }
        let (graph, _) = Graph::empty().apply(&shape.plan(), Moment::default()).unwrap();
        let (network, weights) = (Network::of(&graph), random(&graph, Seed(4)));
        let data = if labels {
            rowset.classes(0, shape.features, shape.classes)
        } else {
            rowset.values(0, shape.features, shape.outputs)
        };
        let rows = Rows::of(data.id(), TaskId(0), (0..rowset.rows as u32).collect());
        let batch = Batch::read(&[data], &rows);
        let mut objective = objective(&graph, &goals, rowset.rows, labels, Seed(1));
        // What another layer puts out counts as a constant for the derivative, but moves with a difference.
        objective.terms.retain(|t| !matches!(t.target, dentate_core::Target::Layer(_)));
        let slopes = gradient::<f64>(&network, &weights, &batch, &Route::default(), &objective);
        let mut exact = values::<f64>(&weights);
        for (parameter, slope) in slopes {
            for (place, slope) in slope.indexed_iter() {
                let mut at = |by: f64| {
                    exact.get_mut(&parameter).unwrap()[place] += by;
                    let v = value(&network, &exact, &batch, &Route::default(), &objective);
                    exact.get_mut(&parameter).unwrap()[place] -= by;
                    v
                };
                // Richardson's extrapolation: a layer norm over nearly equal values is strongly curved.
                let (h, wide) = (1e-5, 2e-5);
                let (near, far) = ((at(h) - at(-h)) / (2.0 * h), (at(wide) - at(-wide)) / (2.0 * wide));
                let difference = (4.0 * near - far) / 3.0;
                let off = (difference - slope).abs();
                let doubt = (near - far).abs();
                prop_assert!(
                    off <= 1e-6 * (1.0 + slope.abs()) + doubt,
                    "{:?} {:?}: {} against {}", parameter, place, difference, slope
                );
            }
        }
    }

    #[test]
    fn single_precision_keeps_within_the_bound(shape in shapes(), seed in any::<u64>()) {
        let (graph, _) = Graph::empty().apply(&shape.plan(), Moment::default()).unwrap();
        let (network, weights) = (Network::of(&graph), random(&graph, Seed(seed)));
        let row = dentate_testkit::generators::block((1, shape.features), Seed(seed)).row(0).to_vec();
        let bounded = run::<Rounded>(&network, &values(&weights), &row, &Route::default());
        let exact = run::<f64>(&network, &values(&weights), &row, &Route::default());
        for (layer, bounded) in &bounded.after {
            for (b, &e) in bounded.iter().zip(&exact.after[layer]) {
                prop_assert_eq!(b.value, e);
                prop_assert!(b.admits(e as f32));
                // The bound is of use: it does not admit what is off by a thousandth of everything, unless a layer norm
                // blew the rounding up.
                let normed = graph.layers().any(|l| l.normalisation != dentate_core::Normalisation::None);
                prop_assert!(normed || b.error < 1e-3 * (1.0 + e.abs()), "{:?}", b);
            }
        }
    }
}

#[test]
fn the_error_function_has_its_tabled_values() {
    for (x, y) in [
        (0.0, 0.0),
        (0.5, 0.520_499_877_813_046_5),
        (1.0, 0.842_700_792_949_714_9),
        (3.0, 0.999_977_909_503_001_4),
    ] {
        assert!((erf(x) - y).abs() < 1e-14, "erf({x}) = {}", erf(x));
        assert!((erf(-x) + y).abs() < 1e-14);
    }
}
