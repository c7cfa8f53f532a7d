//! The naive objective, and its gradient by one forward pass per parameter.

use super::network::{Arrays, Network};
use super::number::{Dual, Number};
use super::run::{At, Nudge, Outputs, Values, run_rows, values};
use dentate_core::{Active, Dataset, Loss, Objective, Route, Rows, Slot, Target, Term};
use ndarray::Array2;

/// A batch, read from its data sets.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Inputs, one row each.
    pub inputs: Vec<Vec<f32>>,
    /// Labels, if there are classes.
    pub labels: Vec<Option<u32>>,
    /// Real targets, if there are any.
    pub targets: Vec<Option<Vec<f32>>>,
    /// The number of updates before, if it is a training step.
    pub training: Option<u64>,
}

impl Batch {
    /// Read rows.
    #[must_use]
    pub fn read(data: &[Dataset], rows: &Rows) -> Self {
        let mut batch = Self::default();
        for (id, _, index) in rows.iter() {
            let Some(data) = data.iter().find(|d| d.id() == id) else {
                continue;
            };
            let Ok(inputs) = data.gather(&[index]) else {
                continue;
            };
            batch.inputs.push(inputs.row(0).to_vec());
            batch.labels.push(data.label(index));
            batch
                .targets
                .push(data.values().map(|v| v.row(index as usize).to_vec()));
        }
        batch
    }

    /// A batch of one of its rows.
    #[must_use]
    pub fn row(&self, i: usize) -> Self {
        Self {
            inputs: vec![self.inputs[i].clone()],
            labels: vec![self.labels[i]],
            targets: vec![self.targets[i].clone()],
            training: self.training,
        }
    }

    pub(crate) fn outputs<T: Number>(
        &self,
        network: &Network,
        values: &Values<T>,
        route: &Route,
    ) -> Vec<Outputs<T>> {
        run_rows(network, values, &self.inputs, route, self.training, None)
    }
}

/// The value of an objective's terms (penalties left out).
#[must_use]
pub fn value<T: Number>(
    network: &Network,
    values: &Values<T>,
    batch: &Batch,
    route: &Route,
    objective: &Objective,
) -> T {
    let outputs = batch.outputs(network, values, route);
    of_outputs(batch, &outputs, objective)
}

/// The value of an objective's terms, from outputs.
pub(crate) fn of_outputs<T: Number>(batch: &Batch, outputs: &[Outputs<T>], objective: &Objective) -> T {
    let mut sum = T::of(0.0);
    for term in &objective.terms {
        sum = sum + T::of(f64::from(term.weight)) * term_value(batch, outputs, term);
    }
    sum
}

fn term_value<T: Number>(batch: &Batch, outputs: &[Outputs<T>], term: &Term) -> T {
    let rows = term.rows.clone().unwrap_or(0..batch.inputs.len());
    let count = T::of(rows.len() as f64);
    let mut sum = T::of(0.0);
    for (k, i) in rows.enumerate() {
        let output = &outputs[i].after[&term.layer];
        let active: Vec<usize> = match &term.active {
            Active::All => (0..output.len()).collect(),
            Active::Units(units) => units.iter().map(|&u| u as usize).collect(),
        };
        let exact = |v: &[f32]| -> Vec<T> { v.iter().map(|&v| T::of(f64::from(v))).collect() };
        let target: Vec<T> = match &term.target {
            Target::Labels { unit_of } => {
                let place = batch.labels[i].and_then(|l| unit_of[l as usize]);
                let hot = |u| T::of(if Some(u as u32) == place { 1.0 } else { 0.0 });
                (0..output.len()).map(hot).collect()
            }
            Target::Values => exact(batch.targets[i].as_deref().unwrap_or_default()),
            Target::Inputs => exact(&batch.inputs[i]),
            Target::Given(given) => exact(&given.row(k).to_vec()),
            Target::Layer(layer) => outputs[i].after[layer].iter().map(|h| h.constant()).collect(),
        };
        sum = sum + row_value(term.loss, &active, output, &target);
    }
    sum / count
}

fn row_value<T: Number>(loss: Loss, active: &[usize], output: &[T], target: &[T]) -> T {
    let mut sum = T::of(0.0);
    match loss {
        Loss::MeanSquared => {
            for &u in active {
                sum = sum + (output[u] - target[u]) * (output[u] - target[u]);
            }
            sum / T::of(active.len() as f64)
        }
        Loss::CrossEntropy => {
            let logs = log_softmax(active.iter().map(|&u| output[u]).collect());
            for (&u, log) in active.iter().zip(logs) {
                sum = sum - target[u] * log;
            }
            sum
        }
        Loss::Distillation { temperature } => {
            let t = T::of(f64::from(temperature));
            let logs = log_softmax(active.iter().map(|&u| output[u] / t).collect());
            let wanted = log_softmax(active.iter().map(|&u| target[u] / t).collect());
            for (log, wanted) in logs.into_iter().zip(wanted) {
                sum = sum - wanted.exp() * log;
            }
            sum * t * t
        }
    }
}

fn log_softmax<T: Number>(logits: Vec<T>) -> Vec<T> {
    let most = logits.iter().map(|l| l.value()).fold(f64::NEG_INFINITY, f64::max);
    let most = T::of(most);
    let sum = logits.iter().fold(T::of(0.0), |a, &l| a + (l - most).exp());
    logits.iter().map(|&l| l - most - sum.ln()).collect()
}

/// The gradient of an objective, penalties included, regardless of what is frozen.
#[must_use]
pub fn gradient<T: Number>(
    network: &Network,
    weights: &Arrays,
    batch: &Batch,
    route: &Route,
    objective: &Objective,
) -> Values<T> {
    let mut dual: Values<Dual<T>> = values(weights);
    let mut out: Values<T> = values(weights);
    for (&parameter, array) in weights {
        for (place, &w) in array.indexed_iter() {
            let w = T::of(f64::from(w));
            set(&mut dual, parameter, place, Dual::variable(w));
            let slope = value(network, &dual, batch, route, objective).slope;
            set(
                &mut dual,
                parameter,
                place,
                Dual {
                    value: w,
                    slope: T::of(0.0),
                },
            );
            set(&mut out, parameter, place, slope);
        }
    }
    for penalty in &objective.penalties {
        let held = |slot: Option<Slot>| slot.map(|slot| network.arrays(slot));
        let (importance, anchor) = (held(penalty.importance), held(penalty.anchor));
        let exact = |v: f32| T::of(f64::from(v));
        for (parameter, gradient) in &mut out {
            for (place, g) in gradient.indexed_iter_mut() {
                let of = |arrays: &Arrays| exact(arrays[parameter][place]);
                let off = of(weights) - anchor.as_ref().map_or(T::of(0.0), of);
                let pull = importance.as_ref().map_or(T::of(1.0), of) * off;
                *g = *g + exact(penalty.strength) * pull;
            }
        }
    }
    out
}

fn set<T>(values: &mut Values<T>, parameter: dentate_core::Parameter, place: (usize, usize), value: T) {
    if let Some(array) = values.get_mut(&parameter) {
        array[place] = value;
    }
}

/// The gradients of an objective with respect to the sums of a layer (before its normalisation), `[rows, units ×
/// positions]`.
#[must_use]
pub fn row_gradients<T: Number>(
    network: &Network,
    weights: &Arrays,
    batch: &Batch,
    route: &Route,
    objective: &Objective,
    layer: dentate_core::LayerId,
) -> Array2<T> {
    slopes(network, weights, batch, route, objective, (layer, false))
}

/// The gradients of an objective with respect to a layer's outputs, `[rows, units × positions]`.
#[must_use]
pub fn output_gradients<T: Number>(
    network: &Network,
    weights: &Arrays,
    batch: &Batch,
    route: &Route,
    objective: &Objective,
    layer: dentate_core::LayerId,
) -> Array2<T> {
    slopes(network, weights, batch, route, objective, (layer, true))
}

fn slopes<T: Number>(
    network: &Network,
    weights: &Arrays,
    batch: &Batch,
    route: &Route,
    objective: &Objective,
    (layer, output): (dentate_core::LayerId, bool),
) -> Array2<T> {
    let values: Values<Dual<T>> = values(weights);
    let of = &network.layers[&layer];
    let width = if output { of.features() } else { of.sums() };
    Array2::from_shape_fn((batch.inputs.len(), width), |(row, place)| {
        let by = Dual {
            value: T::of(0.0),
            slope: T::of(1.0),
        };
        let nudge = Nudge {
            row,
            layer,
            at: if output { At::Output(place) } else { At::Sum(place) },
            by,
        };
        let outputs = run_rows(
            network,
            &values,
            &batch.inputs,
            route,
            batch.training,
            Some(nudge),
        );
        of_outputs(batch, &outputs, objective).slope
    })
}

/// The increase of an objective's terms when a unit's output is a constant on every row, in evaluation.
#[must_use]
pub fn ablation<T: Number>(
    network: &Network,
    weights: &Arrays,
    batch: &Batch,
    route: &Route,
    objective: &Objective,
    (layer, unit, constant): (dentate_core::LayerId, usize, f32),
) -> T {
    let values: Values<T> = values(weights);
    let plain = batch.outputs(network, &values, route);
    let nudge = Nudge {
        row: 0,
        layer,
        at: At::Unit(unit),
        by: T::of(f64::from(constant)),
    };
    let one = |row: &Vec<f32>| {
        let rows = std::slice::from_ref(row);
        run_rows(network, &values, rows, route, None, Some(nudge)).remove(0)
    };
    let held: Vec<Outputs<T>> = batch.inputs.iter().map(one).collect();
    of_outputs(batch, &held, objective) - of_outputs(batch, &plain, objective)
}
