//! Laws of meters.

use super::compare::{close, fine};
use super::fixture::{Fixture, grow, mild_cases};
use super::law::{Make, check_law};
use crate::naive::{Network, Number, Rounded, Values, output_gradients, row_gradients, run_rows, values};
use dentate_core::{
    BackendError, ConnectionId, Edit, Init, Layer, LayerId, Meter, MeterKind, Moment, Normalisation,
    Optimizer, Parameter, Plan, Seed, Slot,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// All kinds; one whose mean another one needs comes first.
const KINDS: [MeterKind; 7] = [
    MeterKind::Activation,
    MeterKind::Magnitude,
    MeterKind::Contribution,
    MeterKind::AdaptableContribution,
    MeterKind::Gradient,
    MeterKind::CentredGradient,
    MeterKind::GradientNorm,
];

/// A unit's running means, with bounds on their rounding errors.
struct Running {
    means: [Rounded; 7],
    age: u64,
}

impl Running {
    fn new() -> Self {
        Self {
            means: [Rounded::of(0.0); 7],
            age: 0,
        }
    }

    /// m / (1 − decay^age).
    fn read(&self, kind: usize, decay: f32) -> Rounded {
        self.means[kind] / Rounded::of(1.0 - f64::from(decay).powi(self.age as i32))
    }
}

fn abs(x: Rounded) -> Rounded {
    Rounded {
        value: x.value.abs(),
        error: x.error,
    }
}

fn mean(all: &[Rounded]) -> Rounded {
    let sum = all.iter().fold(Rounded::of(0.0), |sum, &x| sum + x);
    sum / Rounded::of(all.len().max(1) as f64)
}

/// The values of a layer before an update that its meters will accumulate.
struct Before {
    positions: usize,
    /// The outputs for each row.
    outputs: Vec<Vec<Rounded>>,
    /// Positions of its summed input.
    places: usize,
    /// ∂L/∂h and ∂L/∂z, if errors reach the layer.
    slopes: Option<[ndarray::Array2<Rounded>; 2]>,
    /// mean |w_in| and mean |w_out| of each unit.
    weights: Vec<(Rounded, Rounded)>,
}

impl Before {
    fn of(fixture: &Fixture, layer: LayerId) -> Self {
        let exact = values::<Rounded>(&fixture.weights);
        let training = fixture.batch.training;
        let outputs = run_rows(
            &fixture.naive,
            &exact,
            &fixture.batch.inputs,
            &fixture.route,
            training,
            None,
        );
        let gradients = || {
            let (naive, weights, batch) = (&fixture.naive, &fixture.weights, &fixture.batch);
            let (route, objective) = (&fixture.route, &fixture.objective);
            [
                output_gradients(naive, weights, batch, route, objective, layer),
                row_gradients(naive, weights, batch, route, objective, layer),
            ]
        };
        let width = fixture.naive.layers[&layer].width();
        Self {
            positions: fixture.naive.layers[&layer].outputs().positions(),
            places: fixture.naive.layers[&layer].grid.positions(),
            outputs: outputs
                .into_iter()
                .map(|mut o| o.after.remove(&layer).unwrap_or_default())
                .collect(),
            slopes: learns_up_to(fixture, layer).then(gradients),
            weights: (0..width).map(|u| weights(fixture, &exact, layer, u)).collect(),
        }
    }

    /// Accumulate the values of a unit.
    fn take_in(&self, unit: usize, of: &mut Running, decay: f32) {
        let keep = Rounded::of(f64::from(decay));
        let rest = Rounded::of(1.0 - f64::from(decay));
        of.age += 1;
        let places = unit * self.positions..(unit + 1) * self.positions;
        let own = |row: &Vec<Rounded>| row[places.clone()].to_vec();
        let h: Vec<Rounded> = self.outputs.iter().flat_map(own).collect();
        of.means[0] = keep * of.means[0] + rest * mean(&h);
        let centre = of.read(0, decay);
        let over = |f: &dyn Fn(Rounded) -> Rounded| mean(&h.iter().map(|&h| f(h)).collect::<Vec<_>>());
        let (incoming, outgoing) = self.weights[unit];
        let magnitude = over(&abs);
        let adaptable = if incoming.value > 0.0 {
            over(&|h| abs(h - centre)) * outgoing / incoming
        } else {
            Rounded::of(0.0)
        };
        let none = Rounded::of(0.0);
        // Σ |Σ (h − c) · ∂L/∂h|.
        let saliency = |c: Rounded| {
            let [slopes, _] = self.slopes.as_ref()?;
            let of_row = |(row, h): (usize, &Vec<Rounded>)| {
                let products = places.clone().map(|p| (h[p] - c) * slopes[(row, p)]);
                abs(products.fold(none, |sum, x| sum + x))
            };
            let rows = self.outputs.iter().enumerate().map(of_row);
            Some(rows.fold(none, |sum, x| sum + x))
        };
        let norm = self.slopes.as_ref().map(|[_, slopes]| {
            let own = unit * self.places..(unit + 1) * self.places;
            let all = slopes
                .rows()
                .into_iter()
                .flat_map(|row| row.to_vec()[own.clone()].to_vec());
            all.fold(none, |sum, x| sum + abs(x))
        });
        let taken = [
            Some(magnitude),
            Some(magnitude * outgoing),
            Some(adaptable),
            saliency(none),
            saliency(centre),
            norm,
        ];
        for (m, x) in of.means[1..].iter_mut().zip(taken) {
            if let Some(x) = x {
                *m = keep * *m + rest * x;
            }
        }
    }
}

/// mean |w_in| and mean |w_out| of a unit, 0 where there are none.
fn weights(fixture: &Fixture, exact: &Values<Rounded>, layer: LayerId, unit: usize) -> (Rounded, Rounded) {
    let (mut incoming, mut outgoing) = (Vec::new(), Vec::new());
    for c in fixture.naive.connections.values() {
        let Some(block) = exact.get(&Parameter::Weight(c.id)) else {
            // An identity connection counts as a weight of 1.
            for (end, all) in [(c.to, &mut incoming), (c.from, &mut outgoing)] {
                all.extend((end == layer).then_some(Rounded::of(1.0)));
            }
            continue;
        };
        if c.to == layer {
            incoming.extend(block.row(unit).iter().map(|&w| abs(w)));
        }
        if c.from == layer {
            let each = fixture.naive.each(c);
            for i in 0..block.nrows() {
                let sources = fixture.naive.sources(c, i);
                if let Some(s) = sources.iter().position(|s| *s == unit) {
                    outgoing.extend((0..each).map(|k| abs(block[(i, s * each + k)])));
                }
            }
        }
    }
    (mean(&incoming), mean(&outgoing))
}

/// Returns whether anything learns at a layer or before it, so that errors are passed back to it.
fn learns_up_to(fixture: &Fixture, layer: LayerId) -> bool {
    let before = fixture.graph.ancestors(&BTreeSet::from([layer]));
    let of = |c: ConnectionId| fixture.naive.connections[&c].to;
    let mut all = fixture.naive.grids().into_iter();
    all.any(|(parameter, grid)| {
        let owner = match parameter {
            Parameter::Weight(c) | Parameter::Gain(c) => of(c),
            Parameter::Bias(l) | Parameter::Scale(l) | Parameter::Shift(l) => l,
            Parameter::Mean(_) | Parameter::Variance(_) => return false,
        };
        let mut cells = grid.iter().flatten();
        before.contains(&owner) && cells.any(|&cell| fixture.naive.rate(cell) > 0.0)
    })
}

/// Meters follow their formula, and those of a new unit begin at its creation.
pub fn meters_match_a_loop(make: Make) {
    let strategy = (mild_cases(), 0.5f32..0.99);
    check_law(make, "meters_match_a_loop", 48, strategy, |(mut case, decay)| {
        case.route = 0;
        let Some(mut fixture) = case.fixture(make)? else {
            return Ok(());
        };
        let with_loss = fixture.objective.terms.iter().map(|t| t.layer).collect();
        let below = fixture.graph.ancestors(&with_loss);
        let metered = |l: &&Layer| below.contains(&l.id) && fixture.graph.replaceable(l.id);
        let Some(layer) = fixture.graph.hidden().find(metered).map(|l| l.id) else {
            return super::law::skip();
        };
        refused(&mut fixture, layer, decay)?;
        // A meter that builds on another is declared before it.
        let meters = KINDS.map(|of| Meter { layer, of, decay });
        fine(
            fixture
                .backend
                .watch(&meters.into_iter().rev().collect::<Vec<_>>()),
        )?;
        let width = fixture.naive.layers[&layer].width();
        let mut running: Vec<Running> = (0..width).map(|_| Running::new()).collect();
        for step in 0..4 {
            if step == 2 {
                // The first unit is replaced; its meters begin anew.
                let mut plan = Plan::new("replace", Seed(0));
                plan.edits.push(Edit::Replace {
                    layer,
                    units: vec![fixture.naive.layers[&layer].units[0].id],
                    incoming: Init::He.into(),
                    outgoing: Init::Uniform(0.3).into(),
                    bias: 0.1,
                    fold_mean: Vec::new(),
                });
                grow(
                    &mut *fixture.backend,
                    &mut fixture.graph,
                    &plan,
                    Moment::default(),
                )?;
                running[0] = Running::new();
            }
            fixture.naive = Network::of(&fixture.graph);
            fixture.weights = fixture.slot(Slot::WEIGHT);
            fixture.batch.training = Some(fixture.backend.snapshot().updates);
            let before = Before::of(&fixture, layer);
            for (unit, running) in running.iter_mut().enumerate() {
                before.take_in(unit, running, decay);
            }
            fixture.step(&Optimizer::sgd(0.01))?;
            // Other reads must not count.
            fine(fixture.backend.forward(&fixture.rows, &fixture.route, &[layer]))?;
            compared(&mut fixture, layer, &running, decay)?;
        }
        Ok(())
    });
}

/// Check that meters of missing layers, and meters without the one they build on, are refused.
fn refused(fixture: &mut Fixture, layer: LayerId, decay: f32) -> Result<(), TestCaseError> {
    let missing = LayerId(999);
    let meter = |layer, of, decay| Meter { layer, of, decay };
    prop_assert_eq!(
        fixture.backend.watch(&[meter(missing, KINDS[0], decay)]),
        Err(BackendError::NoLayer(missing))
    );
    for of in [MeterKind::AdaptableContribution, MeterKind::CentredGradient] {
        prop_assert_eq!(
            fixture
                .backend
                .watch(&[meter(layer, of, decay), meter(layer, KINDS[0], 0.25)]),
            Err(BackendError::Unaccompanied { layer, of })
        );
    }
    Ok(())
}

fn compared(
    fixture: &mut Fixture,
    layer: LayerId,
    running: &[Running],
    decay: f32,
) -> Result<(), TestCaseError> {
    let readings = fine(fixture.backend.readings(layer))?;
    let ages: Vec<u64> = running.iter().map(|unit| unit.age).collect();
    prop_assert_eq!(&readings.age, &ages);
    // A layer norm over nearly equal values amplifies rounding errors.
    let mut layers = fixture.graph.layers();
    let normed = layers.any(|l| l.normalisation != Normalisation::None);
    for (kind, of) in KINDS.into_iter().enumerate() {
        for (unit, running) in running.iter().enumerate() {
            let wanted = running.read(kind, decay);
            let found = f64::from(readings.values[&of][unit]);
            let mut tolerance = if normed { 2e-2 } else { 1e-4 } * (1.0 + wanted.value.abs());
            if of.builds_on_means() || of.follows_errors() {
                // Small incoming weights and kinks may make the bound infinite.
                if !wanted.error.is_finite() {
                    continue;
                }
                tolerance += 8.0 * wanted.error;
            }
            close(&format!("{of:?} of unit {unit}"), found, wanted.value, tolerance)?;
        }
    }
    Ok(())
}
