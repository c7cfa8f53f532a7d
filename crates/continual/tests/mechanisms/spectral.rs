//! Spectral regularisation against singular vectors by plain loops in double precision.

use super::{drive, growing};
use dentate_continual::{Context, Mechanism, Needs, SpectralRegularisation};
use dentate_core::{LearnError, Optimizer, Parameter, Scenario, Slot};
use dentate_testkit::toy::Toy;
use ndarray::{Array1, Array2};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};

/// Matrices looked at, and those whose largest singular value was known to a tenth, though a unit is born every nine updates.
static LOOKED: AtomicU64 = AtomicU64::new(0);
static EQUAL: AtomicU64 = AtomicU64::new(0);

/// The mechanism, with a look at every gradient before and after.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Examined {
    inner: SpectralRegularisation,
}

/// The largest singular value.
fn top(matrix: &Array2<f64>) -> f64 {
    let mut v = Array1::from_shape_fn(matrix.ncols(), |j| 1.0 + 0.37 * (j as f64).sin());
    for _ in 0..3000 {
        v = matrix.t().dot(&matrix.dot(&v));
        v /= v.dot(&v).sqrt();
    }
    let image = matrix.dot(&v);
    image.dot(&image).sqrt()
}

/// One iteration from a direction, entry by entry: v, and W v.
fn follow(matrix: &Array2<f64>, direction: &Array2<f64>) -> (Vec<f64>, Vec<f64>) {
    let (rows, columns) = matrix.dim();
    let image = |v: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
        let along = |i: usize| (0..columns).map(|j| matrix[(i, j)] * v(i, j)).sum();
        (0..rows).map(along).collect()
    };
    let first = image(&|i, j| direction[(i, j)]);
    let back = |j: usize| (0..rows).map(|i| matrix[(i, j)] * first[i]).sum();
    let mut v: Vec<f64> = (0..columns).map(back).collect();
    let length = v.iter().map(|x: &f64| x * x).sum::<f64>().sqrt();
    v.iter_mut().for_each(|x| *x /= length);
    let image = image(&|_, j| v[j]);
    (v, image)
}

impl Mechanism for Examined {
    type State = <SpectralRegularisation as Mechanism>::State;

    fn needs(&self) -> Needs {
        self.inner.needs()
    }

    fn gradient(
        &self,
        state: &mut Self::State,
        cx: &mut Context<'_>,
        gradient: Slot,
    ) -> Result<(), LearnError> {
        let (before, direction) = (cx.network.snapshot(), cx.slot("direction")?);
        self.inner.gradient(state, cx, gradient)?;
        let after = cx.network.snapshot();
        let (strength, k) = (f64::from(self.inner.strength), self.inner.exponent as i32);
        for (block, weights) in &before.slots[&Slot::WEIGHT] {
            let of = |snapshot: &dentate_core::Snapshot| snapshot.slots[&gradient][block].mapv(f64::from);
            let (pull, weights) = (of(&after) - of(&before), weights.mapv(f64::from));
            let least = 1e-6;
            if let Parameter::Bias(_) = block {
                let norm = weights.mapv(|b| b * b).sum().sqrt();
                let wanted = weights.mapv(|b| strength * 2.0 * f64::from(k) * norm.powi(2 * k - 2) * b);
                assert!((pull - wanted).iter().all(|off| off.abs() < least), "{block}");
                continue;
            }
            let exact = top(&weights);
            // Nothing pulls harder than a singular value that the matrix has, also where a connection is new.
            let length = pull.mapv(|x| x * x).sum().sqrt();
            let most = 2.0 * strength * f64::from(k) * exact.powi(2 * k - 1).max(1.0);
            assert!(length <= 1.01 * most, "{block}: {length}");
            let followed = before.slots.get(&direction);
            if let Some(direction) = followed.filter(|of| of[block].iter().any(|x| *x != 0.0)) {
                let (v, image) = follow(&weights, &direction[block].mapv(f64::from));
                let sigma = image.iter().map(|x| x * x).sum::<f64>().sqrt();
                LOOKED.fetch_add(1, Ordering::Relaxed);
                EQUAL.fetch_add(u64::from(sigma > 0.9 * exact), Ordering::Relaxed);
                let factor = 2.0 * strength * f64::from(k) * (sigma.powi(k) - 1.0) * sigma.powi(k - 2);
                for ((i, j), pull) in pull.indexed_iter() {
                    assert!((pull - factor * image[i] * v[j]).abs() < 1e-5, "{block} {i} {j}");
                }
            }
        }
        Ok(())
    }
}

dentate_continual::register!(
    mechanism,
    Examined,
    "test-spectral",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// One iteration an update is what a plain loop computes, and follows the largest singular value through growth.
#[test]
fn the_pull_is_along_the_largest_singular_vectors() {
    for exponent in [1, 2, 3] {
        let inner = SpectralRegularisation {
            strength: 0.05,
            exponent,
            ..SpectralRegularisation::default()
        };
        let config = growing(vec![Box::new(Examined { inner })], Optimizer::sgd(0.05));
        for scenario in [Scenario::DomainIncremental, Scenario::TaskIncremental] {
            drive(&config, &Toy::new(scenario, 2), 2, |_, _| {});
        }
    }
    let (looked, equal) = (LOOKED.load(Ordering::Relaxed), EQUAL.load(Ordering::Relaxed));
    assert!(looked > 300 && equal * 6 > looked * 5, "{equal} of {looked}");
}

/// With nothing else to learn the largest singular values come to 1 and biases to 0.
#[test]
fn singular_values_come_to_one() {
    let spectral = SpectralRegularisation {
        strength: 1.0,
        ..SpectralRegularisation::default()
    };
    let config = growing(vec![Box::new(spectral)], Optimizer::sgd(0.02));
    let mut learner = drive(&config, &Toy::new(Scenario::DomainIncremental, 6), 6, |_, _| {});
    let network = learner.network().unwrap();
    for (block, weights) in network.parameters() {
        if let Parameter::Weight(_) = block {
            let sigma = top(&weights.mapv(f64::from));
            assert!((sigma - 1.0).abs() < 0.1, "{block}: {sigma}");
        }
    }
}
