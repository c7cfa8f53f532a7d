//! The naive forward pass: `h = f(norm(b + Σ_c W_c (g_c ⊙ h_from(c))))`, loop by loop.

use super::network::{Arrays, Network};
use super::number::Number;
use dentate_core::{Activation, Gain, Layer, LayerId, Normalisation, Parameter, Route};
use ndarray::Array2;
use std::collections::BTreeMap;

/// Parameter blocks of some number.
pub type Values<T> = BTreeMap<Parameter, Array2<T>>;

/// Parameter blocks as exact constants.
#[must_use]
pub fn values<T: Number>(arrays: &Arrays) -> Values<T> {
    let constant = |a: &Array2<f32>| a.mapv(|v| T::of(f64::from(v)));
    arrays.iter().map(|(p, a)| (*p, constant(a))).collect()
}

/// What the layers of one row put out, and what they were before activation.
#[derive(Clone, Debug)]
pub struct Outputs<T> {
    /// What goes into the activations of the layers that were run.
    pub before: BTreeMap<LayerId, Vec<T>>,
    /// Outputs.
    pub after: BTreeMap<LayerId, Vec<T>>,
}

/// Run one row. `nudge` is added to what one unit (a layer and a position) sums up, for derivatives by it.
#[must_use]
pub fn run<T: Number>(
    network: &Network,
    values: &Values<T>,
    row: &[f32],
    route: &Route,
    nudge: Option<(LayerId, usize, T)>,
) -> Outputs<T> {
    let mut out = Outputs {
        before: BTreeMap::new(),
        after: BTreeMap::new(),
    };
    let input = network
        .layers
        .values()
        .find(|l| l.role == dentate_core::Role::Input);
    if let Some(entry) = route.entry.or(input.map(|l| l.id)) {
        let row = row.iter().map(|&v| T::of(f64::from(v))).collect();
        out.after.insert(entry, row);
    }
    // No order is worked out: whatever has all it needs is run, until nothing is left that could be.
    let mut again = true;
    while again {
        again = false;
        for layer in network.layers.values() {
            if out.after.contains_key(&layer.id) {
                continue;
            }
            if let Some((_, by)) = route.substitute.iter().find(|(l, _)| *l == layer.id) {
                if let Some(outputs) = out.after.get(by).cloned() {
                    out.after.insert(layer.id, outputs);
                    again = true;
                }
                continue;
            }
            let fed = network.connections.values().filter(|c| c.to == layer.id);
            if !fed.clone().all(|c| out.after.contains_key(&c.from)) || Some(layer.id) == input.map(|l| l.id)
            {
                continue;
            }
            let mut z = sums(network, layer, values, &out.after);
            if let Some((id, position, by)) = nudge
                && id == layer.id
            {
                z[position] = z[position] + by;
            }
            let z = normalise(layer, values, z);
            let h = z.iter().map(|&z| activate(layer.activation, z)).collect();
            out.before.insert(layer.id, z);
            out.after.insert(layer.id, h);
            again = true;
        }
    }
    out
}

fn sums<T: Number>(
    network: &Network,
    layer: &Layer,
    values: &Values<T>,
    outputs: &BTreeMap<LayerId, Vec<T>>,
) -> Vec<T> {
    let mut z = vec![T::of(0.0); layer.width()];
    for (i, z) in z.iter_mut().enumerate() {
        if let Some(bias) = values.get(&Parameter::Bias(layer.id)) {
            *z = *z + bias[(0, i)];
        }
        for c in network.connections.values().filter(|c| c.to == layer.id) {
            let weights = &values[&Parameter::Weight(c.id)];
            for (j, &h) in outputs[&c.from].iter().enumerate() {
                let gained = match c.gain {
                    Gain::None => h,
                    Gain::Scalar => values[&Parameter::Gain(c.id)][(0, 0)] * h,
                    Gain::PerUnit => values[&Parameter::Gain(c.id)][(0, j)] * h,
                };
                *z = *z + weights[(i, j)] * gained;
            }
        }
    }
    z
}

fn normalise<T: Number>(layer: &Layer, values: &Values<T>, z: Vec<T>) -> Vec<T> {
    if layer.normalisation == Normalisation::None {
        return z;
    }
    let n = T::of(z.len() as f64);
    let mean = z.iter().fold(T::of(0.0), |a, &b| a + b) / n;
    let square = |v: T| (v - mean) * (v - mean);
    let variance = z.iter().fold(T::of(0.0), |a, &b| a + square(b)) / n;
    let deviation = (variance + T::of(1e-5)).sqrt();
    let (scale, shift) = (
        &values[&Parameter::Scale(layer.id)],
        &values[&Parameter::Shift(layer.id)],
    );
    let one = |(i, &v): (usize, &T)| scale[(0, i)] * ((v - mean) / deviation) + shift[(0, i)];
    z.iter().enumerate().map(one).collect()
}

/// An activation. The slopes at 0 are those that [`Activation`] states.
pub(super) fn activate<T: Number>(activation: Activation, z: T) -> T {
    let one = T::of(1.0);
    let minus = |z: T| T::of(0.0) - z;
    match activation {
        Activation::Identity => z,
        Activation::Relu => z.rectify(0.0, false),
        Activation::ReluLiveAtZero => z.rectify(0.0, true),
        Activation::LeakyRelu => z.rectify(0.01, false),
        Activation::Tanh => z.tanh(),
        Activation::Sigmoid if z.value() >= 0.0 => one / (one + minus(z).exp()),
        Activation::Sigmoid => z.exp() / (one + z.exp()),
        Activation::Softplus if z.value() >= 0.0 => z + (one + minus(z).exp()).ln(),
        Activation::Softplus => (one + z.exp()).ln(),
        Activation::Gelu => T::of(0.5) * z * (one + (z * T::of(std::f64::consts::FRAC_1_SQRT_2)).erf()),
    }
}
