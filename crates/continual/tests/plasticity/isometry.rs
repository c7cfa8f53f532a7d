//! FIRE and AdamO against decompositions and differences in double precision.

use crate::driving::{drive, growing};
use crate::setting::probe;
use dentate_continual::{
    AdamO, Context, Fire, IsometryScale, Mechanism, MechanismSpec, Needs, Then, Update, Work,
};
use dentate_core::{LearnError, Optimizer, Parameter, Scenario, Seed, Slot, spectrum};
use dentate_testkit::toy::Toy;
use ndarray::{Array2, ArrayView2};
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

type Matrices = BTreeMap<Parameter, Array2<f64>>;

fn matrices(cx: &mut Context<'_>) -> Matrices {
    let held = cx.network.snapshot();
    let all = held.slots[&Slot::WEIGHT].iter();
    all.map(|(p, values)| (*p, values.mapv(f64::from))).collect()
}

fn norm(a: &Array2<f64>) -> f64 {
    a.iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// U Vᵀ of `A = U Σ Vᵀ`, without its null space, by one-sided Jacobi rotations (Hestenes 1958): columns are rotated in pairs until
/// they are orthogonal, `A V = U Σ`.
fn isometric(a: ArrayView2<'_, f64>) -> Array2<f64> {
    if a.ncols() > a.nrows() {
        return isometric(a.t()).t().to_owned();
    }
    let (mut u, mut v) = (a.to_owned(), Array2::<f64>::eye(a.ncols()));
    for _ in 0..60 {
        for p in 0..a.ncols() {
            for q in p + 1..a.ncols() {
                let (x, y) = (u.column(p).to_owned(), u.column(q).to_owned());
                let (alpha, beta, gamma) = (x.dot(&x), y.dot(&y), x.dot(&y));
                if gamma.abs() <= 1e-15 * (alpha * beta).sqrt() {
                    continue;
                }
                let zeta = (beta - alpha) / (2.0 * gamma);
                let t = zeta.signum() / (zeta.abs() + (1.0 + zeta * zeta).sqrt());
                let c = 1.0 / (1.0 + t * t).sqrt();
                for m in [&mut u, &mut v] {
                    let (x, y) = (m.column(p).to_owned(), m.column(q).to_owned());
                    m.column_mut(p).assign(&(c * &x - c * t * &y));
                    m.column_mut(q).assign(&(c * t * &x + c * &y));
                }
            }
        }
    }
    let most = norm(&u);
    for mut column in u.columns_mut() {
        let length = column.dot(&column).sqrt();
        column.mapv_inplace(|x| if length > 1e-9 * most { x / length } else { 0.0 });
    }
    u.dot(&v.t())
}

/// Another semi-orthogonal matrix, at a distance of about `off`.
fn another(near: &Array2<f64>, off: f64, seed: Seed) -> Array2<f64> {
    if near.ncols() > near.nrows() {
        return another(&near.t().to_owned(), off, seed).t().to_owned();
    }
    let mut random = seed.random();
    let mut moved = near.mapv(|x| x + off * random.random_range(-1.0..1.0));
    spectrum::orthonormalise(&mut moved);
    moved
}

/// The number of matrices compared.
static COMPARED: AtomicU64 = AtomicU64::new(0);

/// FIRE, with a decomposition beside it. Some rows and columns are set to 0 before.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Decomposed {
    inner: Fire,
    zeros: bool,
}

impl Decomposed {
    fn compare(&self, parameter: Parameter, before: &Array2<f64>, after: &Array2<f64>) {
        let (rows, columns) = before.dim();
        let scale = match self.inner.scale {
            IsometryScale::One => 1.0,
            IsometryScale::Fan => (rows as f64 / columns as f64).sqrt(),
        };
        if self.inner.iterations < 20 {
            // So many cubic steps, not converged.
            let mut x = before / norm(before);
            for _ in 0..self.inner.iterations {
                x = 1.5 * &x - 0.5 * x.dot(&x.t()).dot(&x);
            }
            let off = norm(&(after - scale * &x));
            assert!(off < 1e-4 * scale, "{parameter}: {off}");
            return;
        }
        let nearest = isometric(before.view());
        let off = norm(&(after - scale * &nearest));
        assert!(off < 1e-3 * scale, "{parameter}: {off} from the decomposition");
        if !self.zeros {
            let distance = |q: &Array2<f64>| norm(&(before - q));
            let found = distance(&(after / scale));
            for (i, off) in [1e-2, 0.1, 0.5, 2.0].into_iter().enumerate() {
                let other = another(&nearest, off, Seed(i as u64));
                assert!(
                    found < distance(&other) + 1e-4,
                    "{parameter}: one {off} away is nearer"
                );
            }
        }
        COMPARED.fetch_add(1, Ordering::Relaxed);
    }
}

/// The state, and the matrices before it is applied.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Undone {
    inner: <Fire as Mechanism>::State,
    begun: bool,
    applied: bool,
    before: Matrices,
}

impl Mechanism for Decomposed {
    type State = Undone;

    fn needs(&self) -> Needs {
        self.inner.needs()
    }

    fn begin(&self, state: &mut Undone, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        if self.zeros && !state.begun {
            let mut held = cx.network.snapshot();
            let blocks = held.slots.get_mut(&Slot::WEIGHT).into_iter();
            for values in blocks.flat_map(BTreeMap::values_mut) {
                if values.nrows() > 2 {
                    values.row_mut(1).fill(0.0);
                    values.column_mut(0).fill(0.0);
                }
            }
            cx.network.restore(&held)?;
        }
        if !state.begun {
            state.before = matrices(cx);
        }
        let applied = state.applied;
        let work = self.inner.begin(&mut state.inner, cx)?;
        let after = matrices(cx);
        for (parameter, before) in &state.before {
            let after = &after[parameter];
            if !matches!(parameter, Parameter::Weight(_)) || !applied {
                assert_eq!(before, after, "{parameter}");
                continue;
            }
            self.compare(*parameter, before, after);
            if self.zeros && before.nrows() > 2 {
                assert!(after.row(1).iter().chain(&after.column(0)).all(|x| *x == 0.0));
            }
        }
        let over = matches!(work, Work::Done);
        (state.begun, state.applied) = (!over, matches!(work, Work::Apply(_)));
        Ok(work)
    }
}

dentate_continual::register!(
    mechanism,
    Decomposed,
    "test-decomposed",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// Iterated to the end it is U Vᵀ of a decomposition, times the scale, and nothing semi-orthogonal is nearer; after a few steps it is
/// that polynomial; rows and columns of zeros stay.
#[test]
fn fire_finds_the_nearest_isometry() {
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    for (iterations, scale, zeros) in [
        (100, IsometryScale::One, false),
        (100, IsometryScale::Fan, true),
        (10, IsometryScale::Fan, false),
    ] {
        let inner = Fire { iterations, scale };
        let config = growing(vec![Box::new(Decomposed { inner, zeros })], Optimizer::sgd(0.05));
        drive(&config, &toy, 3, |_, _| {});
    }
    let compared = COMPARED.load(Ordering::Relaxed);
    assert!(compared >= 12, "{compared} matrices were compared");
}

/// The number of entries that AdamO pulled.
static PULLED: AtomicU64 = AtomicU64::new(0);

/// AdamO, with differences of the deviation from isometry beside it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Differenced {
    inner: AdamO,
}

/// The state, and the weights before the update with the blocks that the gradient reaches.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Before {
    inner: <AdamO as Mechanism>::State,
    weights: Matrices,
    reached: BTreeMap<Parameter, bool>,
}

/// ‖Wᵀ W − I‖²_F on the shorter side.
fn deviation(w: &Array2<f64>) -> f64 {
    let gram = if w.nrows() >= w.ncols() {
        w.t().dot(w)
    } else {
        w.dot(&w.t())
    };
    let off = &gram - &Array2::<f64>::eye(gram.nrows());
    off.iter().map(|x| x * x).sum()
}

impl Mechanism for Differenced {
    type State = Before;

    fn needs(&self) -> Needs {
        self.inner.needs()
    }

    fn gradient(&self, state: &mut Before, cx: &mut Context<'_>, gradient: Slot) -> Result<(), LearnError> {
        state.weights = matrices(cx);
        let gradients = &cx.network.snapshot().slots[&gradient];
        state.reached = gradients
            .iter()
            .map(|(p, g)| (*p, g.iter().any(|g| *g != 0.0)))
            .collect();
        self.inner.gradient(&mut state.inner, cx, gradient)
    }

    fn updated(
        &self,
        state: &mut Before,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<Then, LearnError> {
        let made = matrices(cx);
        let then = self.inner.updated(&mut state.inner, cx, update)?;
        let after = matrices(cx);
        let due = cx.network.clock().step.is_multiple_of(self.inner.every);
        for (parameter, made) in &made {
            let (start, after) = (&state.weights[parameter], &after[parameter]);
            if !due || !state.reached[parameter] || !matches!(parameter, Parameter::Weight(_)) {
                assert_eq!(made, after, "{parameter}");
                continue;
            }
            let rate = f64::from(self.inner.rate.unwrap_or(0.05)) * f64::from(self.inner.strength);
            for (at, made) in made.indexed_iter().step_by(3) {
                let moved = |by: f64| {
                    let mut w = start.clone();
                    w[at] += by;
                    deviation(&w)
                };
                let slope = (moved(1e-4) - moved(-1e-4)) / 2e-4;
                let wanted = made - rate * slope;
                assert!(
                    (after[at] - wanted).abs() < 1e-5,
                    "{parameter} {at:?}: {} and {wanted}",
                    after[at]
                );
                PULLED.fetch_add(u64::from((rate * slope).abs() > 1e-4), Ordering::Relaxed);
            }
        }
        Ok(then)
    }
}

dentate_continual::register!(
    mechanism,
    Differenced,
    "test-differenced",
    summary = "A test.",
    citation = "this test",
    source = ""
);

#[test]
fn adamo_goes_against_the_slope_of_the_deviation() {
    let toy = Toy::new(Scenario::TaskIncremental, 2);
    for (rate, every) in [(None, 1), (Some(0.02), 3)] {
        let inner = AdamO {
            strength: 0.2,
            rate,
            every,
        };
        let config = growing(vec![Box::new(Differenced { inner })], Optimizer::adam(0.05));
        drive(&config, &toy, 2, |_, _| {});
    }
    let pulled = PULLED.load(Ordering::Relaxed);
    assert!(pulled > 500, "{pulled} entries were pulled");
}

/// At a strength of 0 it is Adam to the bit; at another it is not.
#[test]
fn adamo_without_strength_is_adam_to_the_bit() {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    let run = |strength: Option<f32>| {
        let adamo = strength.map(|strength| AdamO {
            strength,
            ..AdamO::default()
        });
        let list = adamo
            .into_iter()
            .map(|m| Box::new(m) as Box<dyn MechanismSpec>)
            .collect();
        let config = growing(list, Optimizer::adam(0.02));
        probe(drive(&config, &toy, 2, |_, _| {}).as_mut(), &toy, None)
    };
    assert_eq!(run(Some(0.0)), run(None));
    assert_ne!(run(Some(0.5)), run(None));
}
