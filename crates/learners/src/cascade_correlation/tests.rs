use super::candidates::{Errors, Pool, activate};
use super::cascade::{Answer, Cascade};
use super::learner::Patience;
use super::quickprop::{Quickprop, Weights};
use dentate_core::Seed;
use ndarray::Array2;
use rand::Rng;

/// Six steps by hand, with mu = 2 (so shrink = 2/3) and ε = 0.1: the linear start; a parabola with the linear term; a full step with it; a turn
/// without it; and the same on the other side.
#[test]
fn quickprop_takes_the_steps_of_a_hand_trace() {
    let by = Quickprop {
        epsilon: 0.1,
        mu: 2.0,
        decay: 0.0,
    };
    // Slope, slope before, step before, step.
    for (slope, before, last, wanted) in [
        (4.0, 0.0, 0.0, -0.4),
        (2.0, 4.0, -0.4, -0.2 - 0.4 * 2.0 / (4.0 - 2.0)),
        (1.5, 2.0, -0.6, -0.15 - 2.0 * 0.6),
        (-1.0, 1.5, -1.35, 1.35 / 2.5),
        (0.2, -1.0, 0.54, -0.54 * 0.2 / 1.2),
        (0.05, 0.2, -0.09, -0.005 - 0.09 * 0.05 / 0.15),
        (-2.0, -4.0, 0.4, 0.2 + 0.4),
        (-1.5, -2.0, 0.6, 0.15 + 1.2),
    ] {
        let found = by.step(slope, before, last);
        assert!(
            (found - wanted).abs() < 1e-12,
            "{slope} after {before}, {last}: {found} and not {wanted}"
        );
    }
}

/// On a parabola the second or third step is at the minimum, and decay moves that towards 0.
#[test]
fn quickprop_jumps_to_the_minimum_of_a_parabola() {
    let run = |decay: f64| {
        let by = Quickprop {
            epsilon: 0.05,
            mu: 20.0,
            decay,
        };
        let mut weights = Weights::new(vec![0.0]);
        for _ in 0..40 {
            let slope = 2.0 * (weights.values[0] - 3.0);
            by.update(&mut weights, std::iter::once(slope));
        }
        weights.values[0]
    };
    assert!((run(0.0) - 3.0).abs() < 1e-6, "{}", run(0.0));
    // 2 (w − 3) + w = 0.
    assert!((run(1.0) - 2.0).abs() < 1e-6, "{}", run(1.0));
}

/// Rows that candidates see, errors of two outputs, and three candidates.
fn case() -> (Array2<f64>, Array2<f64>, Pool) {
    let mut random = Seed(5).random();
    let mut draw = |shape| Array2::from_shape_simple_fn(shape, || random.random_range(-1.0..1.0));
    let (seen, errors) = (draw((12, 4)), draw((12, 2)));
    let mut random = Seed(6).random();
    (seen, errors, Pool::draw(3, 4, 1.0, &mut random))
}

/// S by plain loops over the formula of the paper.
fn score(seen: &Array2<f64>, errors: &Array2<f64>, weights: &[f64]) -> f64 {
    let rows = seen.nrows();
    let value = |p: usize| activate((0..4).map(|i| seen[(p, i)] * weights[i]).sum());
    let mean_value = (0..rows).map(value).sum::<f64>() / rows as f64;
    let squares: f64 = errors.iter().map(|e| e * e).sum();
    let mut total = 0.0;
    for o in 0..errors.ncols() {
        let mean_error = (0..rows).map(|p| errors[(p, o)]).sum::<f64>() / rows as f64;
        let mut sum = 0.0;
        for p in 0..rows {
            sum += (value(p) - mean_value) * (errors[(p, o)] - mean_error);
        }
        total += sum.abs();
    }
    total / squares
}

/// The best candidate has the largest S, which is that of plain loops, and slopes are those of finite differences of −S.
#[test]
fn scores_and_slopes_are_those_of_loops() {
    let (seen, raw, pool) = case();
    let errors = Errors::of(&raw);
    let all: Vec<f64> = pool.units.iter().map(|u| score(&seen, &raw, &u.values)).collect();
    let (best, found, correlations) = pool.best(&seen, &errors).unwrap();
    assert!(
        all.iter().all(|s| *s <= all[best]),
        "{all:?}, and {best} is chosen"
    );
    assert!((found - all[best]).abs() < 1e-12);
    assert!((correlations.iter().map(|c| c.abs()).sum::<f64>() - found).abs() < 1e-12);
    for unit in &pool.units {
        let slopes = Pool::slopes(&seen, &errors, unit);
        for i in 0..4 {
            let at = |by: f64| {
                let mut moved = unit.values.clone();
                moved[i] += by;
                score(&seen, &raw, &moved)
            };
            let wanted = -(at(1e-6) - at(-1e-6)) / 2e-6;
            assert!((slopes[i] - wanted).abs() < 1e-6, "{} and {wanted}", slopes[i]);
        }
    }
}

/// Candidates learn to follow the errors: S grows.
#[test]
fn candidates_learn() {
    let (seen, raw, mut pool) = case();
    let errors = Errors::of(&raw);
    let before = pool.best(&seen, &errors).unwrap().1;
    let by = Quickprop {
        epsilon: 100.0 / 48.0,
        mu: 2.0,
        decay: 0.0,
    };
    (0..60).for_each(|_| pool.learn(&seen, &errors, &by));
    let after = pool.best(&seen, &errors).unwrap().1;
    assert!(after > 1.2 * before, "{before} and {after}");
}

/// A new unit sees the constant, the inputs and the units before it, and outputs see it.
#[test]
fn a_unit_sees_all_before_it() {
    let mut cascade = Cascade {
        inputs: 1,
        ..Cascade::default()
    };
    let mut random = Seed(1).random();
    cascade.add_output(1.0, &mut random);
    let first = cascade.outputs[0].values.clone();
    cascade.install(vec![0.5, -2.0], |_| 3.0);
    cascade.install(vec![0.1, 1.0, 4.0], |_| -1.0);
    let x = 0.7;
    let one = activate(0.5 - 2.0 * x);
    let two = activate(0.1 + x + 4.0 * one);
    let seen = cascade.seen(&Array2::from_elem((1, 1), x));
    assert_eq!(seen.row(0).to_vec(), [1.0, x, one, two]);
    let sum = first[0] + first[1] * x + 3.0 * one - two;
    let found = cascade.output(&seen, 0, Answer::Sigmoid { middle: 0.5 })[0];
    assert!((found - 1.0 / (1.0 + (-sum).exp())).abs() < 1e-12);
    assert!((cascade.output(&seen, 0, Answer::Linear)[0] - sum).abs() < 1e-12);
}

/// A phase ends `patience` epochs after the last change that counts, and at the latest after its epochs.
#[test]
fn a_phase_ends_when_nothing_changes() {
    let length = |curve: &dyn Fn(u64) -> f64| {
        let mut patience = Patience::default();
        (1..).find(|t| patience.over(curve(*t), 0.01, 8, 100)).unwrap()
    };
    assert_eq!(length(&|_| 1.0), 9);
    assert_eq!(length(&|t| if t < 5 { 1.0 } else { 0.5 }), 13);
    assert_eq!(length(&|t| t as f64), 101, "it changes all the time");
    // 0.5 % an epoch add up to a change that counts.
    assert_eq!(length(&|t| 1.005f64.powi(t as i32)), 101);
}
