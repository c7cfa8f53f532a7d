//! The naive forward pass: `h = drop(pool(f(norm(b + Σ_c W_c (g_c ⊙ h_from(c))))))`, loop by loop.

use super::network::{Arrays, Cell, Network};
use super::number::Number;
use dentate_core::{
    Activation, Connection, Gain, Layer, LayerId, Link, Normalisation, Parameter, Role, Route, drops,
};
use ndarray::Array2;
use std::collections::BTreeMap;

/// Parameter blocks of some number type.
pub type Values<T> = BTreeMap<Parameter, Array2<T>>;

/// Parameter blocks as exact constants.
#[must_use]
pub fn values<T: Number>(arrays: &Arrays) -> Values<T> {
    let constant = |a: &Array2<f32>| a.mapv(|v| T::of(f64::from(v)));
    arrays.iter().map(|(p, a)| (*p, constant(a))).collect()
}

/// The outputs of the layers for one row, and the inputs of their activations.
#[derive(Clone, Debug)]
pub struct Outputs<T> {
    /// The inputs of the activations of the layers that were run.
    pub before: BTreeMap<LayerId, Vec<T>>,
    /// Outputs.
    pub after: BTreeMap<LayerId, Vec<T>>,
}

/// The position of a nudge.
#[derive(Clone, Copy, Debug)]
pub enum At {
    /// One of the summed inputs of the layer.
    Sum(usize),
    /// One of its outputs.
    Output(usize),
    /// All outputs of one of its units, which are replaced.
    Unit(usize),
}

/// A value that is added at a layer for one row of a batch, or that replaces a value there.
#[derive(Clone, Copy, Debug)]
pub struct Nudge<T> {
    /// The row.
    pub row: usize,
    /// The layer.
    pub layer: LayerId,
    /// The position in the layer.
    pub at: At,
    /// The value.
    pub by: T,
}

/// Run one row through the network in evaluation.
#[must_use]
pub fn run<T: Number>(network: &Network, values: &Values<T>, row: &[f32], route: &Route) -> Outputs<T> {
    let rows = [row.to_vec()];
    run_rows(network, values, &rows, route, None, None).remove(0)
}

/// Run a batch; `training`: as in the training step after so many updates.
#[must_use]
pub fn run_rows<T: Number>(
    network: &Network,
    values: &Values<T>,
    rows: &[Vec<f32>],
    route: &Route,
    training: Option<u64>,
    nudge: Option<Nudge<T>>,
) -> Vec<Outputs<T>> {
    let masked = route.mask.map(|slot| masked(values, &network.arrays(slot)));
    let values = masked.as_ref().unwrap_or(values);
    let none = Outputs {
        before: BTreeMap::new(),
        after: BTreeMap::new(),
    };
    let mut out = vec![none; rows.len()];
    let input = network.layers.values().find(|l| l.role == Role::Input);
    let drop = training.is_some() && network.layers.values().any(|l| l.dropout > 0.0);
    // Whether something that learns is in a layer or upstream of it; then dropout applies.
    let mut live = BTreeMap::new();
    if let Some(entry) = route.entry.or(input.map(|l| l.id)) {
        for (out, row) in out.iter_mut().zip(rows) {
            let row = row.iter().map(|&v| T::of(f64::from(v))).collect();
            out.after.insert(entry, row);
        }
        live.insert(entry, false);
    }
    // No order is computed: layers run as soon as they have their inputs, until none is left that could.
    let mut again = true;
    while again {
        again = false;
        for layer in network.layers.values() {
            if live.contains_key(&layer.id) {
                continue;
            }
            if let Some((_, by)) = route.substitute.iter().find(|(l, _)| *l == layer.id) {
                if let Some(&lives) = live.get(by) {
                    for out in &mut out {
                        out.after.insert(layer.id, out.after[by].clone());
                    }
                    live.insert(layer.id, lives);
                    again = true;
                }
                continue;
            }
            let fed = || network.connections.values().filter(|c| c.to == layer.id);
            if !fed().all(|c| live.contains_key(&c.from)) || Some(layer.id) == input.map(|l| l.id) {
                continue;
            }
            let lives = drop && (learns(network, layer) || fed().any(|c| live[&c.from]));
            live.insert(layer.id, lives);
            again = true;
            let mut z: Vec<Vec<T>> = out
                .iter()
                .map(|out| sums(network, layer, values, &out.after))
                .collect();
            let nudge = nudge.filter(|n| n.layer == layer.id);
            if let Some(Nudge {
                row,
                at: At::Sum(place),
                by,
                ..
            }) = nudge
            {
                z[row][place] = z[row][place] + by;
            }
            normalise(network, layer, values, &mut z, training.is_some());
            for (r, (out, z)) in out.iter_mut().zip(z).enumerate() {
                let h: Vec<T> = z.iter().map(|&z| activate(layer.activation, z)).collect();
                let mut h = pool(layer, &h);
                if let (Some(step), true) = (training, lives && layer.dropout > 0.0) {
                    for (j, h) in h.iter_mut().enumerate() {
                        let gone = drops(layer.dropout, route.seed, step, layer.id.0, r, j);
                        let kept = f64::from(1.0 / (1.0 - layer.dropout));
                        *h = *h * T::of(if gone { 0.0 } else { kept });
                    }
                }
                let positions = layer.outputs().positions();
                if let Some(gates) = route.gates.get(&layer.id) {
                    for (j, h) in h.iter_mut().enumerate() {
                        *h = *h * T::of(f64::from(gates[j / positions]));
                    }
                }
                match nudge.filter(|n| n.row == r).map(|n| (n.at, n.by)) {
                    Some((At::Output(place), by)) => h[place] = h[place] + by,
                    Some((At::Unit(unit), by)) => h[unit * positions..][..positions].fill(by),
                    _ => {}
                }
                out.before.insert(layer.id, z);
                out.after.insert(layer.id, h);
            }
        }
    }
    out
}

/// Parameters multiplied by a mask; running statistics are not parameters.
fn masked<T: Number>(values: &Values<T>, mask: &Arrays) -> Values<T> {
    let mut masked = values.clone();
    for (p, values) in masked.iter_mut().filter(|(p, _)| p.learned()) {
        for (at, value) in values.indexed_iter_mut() {
            *value = *value * T::of(f64::from(mask[p][at]));
        }
    }
    masked
}

/// Returns whether any parameter of a layer or of its incoming connections learns.
fn learns(network: &Network, layer: &Layer) -> bool {
    let own = |c: &Cell| network.rate(*c) > 0.0;
    network.grids().into_iter().any(|(parameter, grid)| {
        let its = match parameter {
            Parameter::Weight(c) | Parameter::Gain(c) => network.connections[&c].to == layer.id,
            Parameter::Bias(l) | Parameter::Scale(l) | Parameter::Shift(l) => l == layer.id,
            Parameter::Mean(_) | Parameter::Variance(_) => false,
        };
        its && grid.iter().flatten().any(own)
    })
}

/// All summed inputs of a layer, by unit and position.
fn sums<T: Number>(
    network: &Network,
    layer: &Layer,
    values: &Values<T>,
    outputs: &BTreeMap<LayerId, Vec<T>>,
) -> Vec<T> {
    let mut all = Vec::new();
    for i in 0..layer.width() {
        for place in 0..layer.grid.positions() {
            let mut z = T::of(0.0);
            if let Some(bias) = values.get(&Parameter::Bias(layer.id)) {
                z = z + bias[(0, i)];
            }
            for c in network.connections.values().filter(|c| c.to == layer.id) {
                z = z + brought(network, c, values, &outputs[&c.from], i, place);
            }
            all.push(z);
        }
    }
    all
}

/// The contribution of a connection to one position of one unit.
fn brought<T: Number>(
    network: &Network,
    c: &Connection,
    values: &Values<T>,
    outputs: &[T],
    unit: usize,
    place: usize,
) -> T {
    let (from, to) = (&network.layers[&c.from], &network.layers[&c.to]);
    let grid = from.outputs();
    let gained = |source: usize, position: usize| {
        let h = outputs[source * grid.positions() + position];
        match c.gain {
            Gain::None => h,
            Gain::Scalar => values[&Parameter::Gain(c.id)][(0, 0)] * h,
            Gain::PerUnit => values[&Parameter::Gain(c.id)][(0, source)] * h,
        }
    };
    if c.link == Link::Direct {
        return gained(unit, place);
    }
    let weights = &values[&Parameter::Weight(c.id)];
    let each = network.each(c);
    let mut sum = T::of(0.0);
    for (s, source) in network.sources(c, unit).into_iter().enumerate() {
        for k in 0..each {
            let position = match c.link {
                Link::Convolution { window, .. } => {
                    let (oy, ox) = (place / to.grid.width, place % to.grid.width);
                    let (ky, kx) = (k / window.kernel[1], k % window.kernel[1]);
                    let y = (oy * window.stride[0] + ky) as isize - window.padding[0] as isize;
                    let x = (ox * window.stride[1] + kx) as isize - window.padding[1] as isize;
                    let inside =
                        (0..grid.height as isize).contains(&y) && (0..grid.width as isize).contains(&x);
                    inside.then(|| y as usize * grid.width + x as usize)
                }
                _ => Some(k),
            };
            if let Some(position) = position {
                sum = sum + weights[(unit, s * each + k)] * gained(source, position);
            }
        }
    }
    sum
}

/// Normalise the summed inputs of a batch.
fn normalise<T: Number>(
    network: &Network,
    layer: &Layer,
    values: &Values<T>,
    z: &mut [Vec<T>],
    training: bool,
) {
    let positions = layer.grid.positions();
    let mut together: Vec<Vec<(usize, usize)>> = Vec::new();
    let Some(group) = (match layer.normalisation {
        Normalisation::None => None,
        Normalisation::LayerNorm => Some(layer.width()),
        Normalisation::GroupNorm(size) => Some((size as usize).clamp(1, layer.width())),
        Normalisation::BatchNorm => Some(1),
    }) else {
        return;
    };
    let by_batch = layer.normalisation == Normalisation::BatchNorm;
    for first in (0..layer.width()).step_by(group) {
        let places = first * positions..(first + group).min(layer.width()) * positions;
        let of_row = |r| places.clone().map(move |j| (r, j)).collect::<Vec<_>>();
        if by_batch {
            together.push((0..z.len()).flat_map(of_row).collect());
        } else {
            together.extend((0..z.len()).map(of_row));
        }
    }
    let read = |p: Parameter, unit: usize| values[&p][(0, unit)];
    for places in together {
        let unit = places[0].1 / positions;
        let learns = network.rate(Cell::Scale(layer.units[unit].id)) > 0.0;
        let (mean, variance) = if by_batch && !(training && learns && places.len() > 1) {
            (
                read(Parameter::Mean(layer.id), unit),
                read(Parameter::Variance(layer.id), unit),
            )
        } else {
            moments(places.iter().map(|&(r, j)| z[r][j]))
        };
        let deviation = (variance + T::of(1e-5)).sqrt();
        for (r, j) in places {
            let unit = j / positions;
            let (scale, shift) = (
                read(Parameter::Scale(layer.id), unit),
                read(Parameter::Shift(layer.id), unit),
            );
            z[r][j] = scale * ((z[r][j] - mean) / deviation) + shift;
        }
    }
}

/// Mean and variance of some numbers.
fn moments<T: Number>(all: impl Iterator<Item = T> + Clone) -> (T, T) {
    let n = T::of(all.clone().count() as f64);
    let mean = all.clone().fold(T::of(0.0), |a, b| a + b) / n;
    let square = |v: T| (v - mean) * (v - mean);
    (mean, all.fold(T::of(0.0), |a, b| a + square(b)) / n)
}

/// A layer's outputs, from its activations.
fn pool<T: Number>(layer: &Layer, h: &[T]) -> Vec<T> {
    let Some(window) = layer.pool.window(layer.grid) else {
        return h.to_vec();
    };
    let (grid, outputs) = (layer.grid, layer.outputs());
    let mut all = Vec::new();
    for unit in h.chunks(grid.positions()) {
        for o in 0..outputs.positions() {
            let mut seen = Vec::new();
            for k in 0..window.kernel[0] * window.kernel[1] {
                let y = window.place(0, o / outputs.width, k / window.kernel[1], grid.height);
                let x = window.place(1, o % outputs.width, k % window.kernel[1], grid.width);
                if let (Some(y), Some(x)) = (y, x) {
                    seen.push(unit[y * grid.width + x]);
                }
            }
            all.push(if layer.pool.is_max() {
                let larger = |best: T, &x: &T| best + (x - best).rectify(0.0, false);
                seen[1..].iter().fold(seen[0], larger)
            } else {
                let sum = seen.iter().fold(T::of(0.0), |a, &b| a + b);
                sum / T::of(seen.len() as f64)
            });
        }
    }
    all
}

/// An activation. Slopes at 0 are as [`Activation`] specifies.
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
