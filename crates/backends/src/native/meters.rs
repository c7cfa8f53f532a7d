//! Meters: `m ← decay · m + (1 − decay) · x` for each unit, x a mean over the batch's rows, accumulated from the outputs and
//! the weights of the step's forward pass, or, for meters of gradients, from the errors of its backward pass. Read as
//! `m / (1 − decay^age)`.
//!
//! A layer's ages begin when its first meter is declared, or when a unit is created after that. A step that does not run the
//! layer leaves its meters as they are.

mod silence;

use super::block::Block;
use super::forward::{Pass, State};
use super::network::Network;
use super::readings;
use super::receipts::carry;
use super::schedule::Schedule;
use super::settle::settled;
use super::vector::Absolute;
use dentate_core::{BackendError, LayerId, Link, Meter, MeterKind, Readings, Receipt};
use pulp::Arch;
use std::collections::BTreeMap;

/// All meters.
#[derive(Debug, Default)]
pub(super) struct Meters {
    running: Vec<(Meter, Vec<f32>)>,
    /// The update at which each unit of a metered layer was created.
    births: BTreeMap<LayerId, Vec<u64>>,
    /// The positions of the meters' layers, one for each meter; empty if they have to be looked up again.
    places: Vec<Option<usize>>,
    /// The new values of a meter.
    taken: Vec<f32>,
    active: Vec<u32>,
    sums: Vec<f32>,
    /// The mean outputs that deviations are computed from.
    centre: Vec<f32>,
    /// The number of updates with that of the pass whose outputs were accumulated last.
    now: u64,
}

impl Meters {
    pub(super) fn watch(
        &mut self,
        network: &Network,
        meters: &[Meter],
        updates: u64,
    ) -> Result<(), BackendError> {
        readings::accompanied(meters)?;
        let mut running = Vec::with_capacity(meters.len());
        let mut births = BTreeMap::new();
        for meter in meters {
            let layer = network
                .position(meter.layer)
                .ok_or(BackendError::NoLayer(meter.layer))?;
            let width = network.nodes[layer].width();
            let kept = self
                .running
                .iter()
                .find(|(m, _)| m == meter)
                .map(|(_, values)| values.clone());
            running.push((
                *meter,
                kept.unwrap_or_else(|| vec![0.0; width * meter.of.numbers()]),
            ));
            let born = self.births.get(&meter.layer).cloned();
            births.insert(meter.layer, born.unwrap_or_else(|| vec![updates; width]));
        }
        self.set(running, births);
        Ok(())
    }

    /// Returns whether a layer inside the frozen part of a schedule is metered.
    pub(super) fn within(&self, network: &Network, schedule: &Schedule) -> bool {
        if schedule.boundary.is_empty() {
            return false;
        }
        let inside = |layer: usize| {
            let how = schedule
                .order
                .iter()
                .find(|(l, _)| *l == layer)
                .map(|(_, how)| *how);
            how.is_some_and(|how| schedule.frozen(layer, how)) && !schedule.boundary.contains(&layer)
        };
        let mut layers = self
            .running
            .iter()
            .map(|(meter, _)| network.position(meter.layer));
        layers.any(|layer| layer.is_some_and(inside))
    }

    /// Accumulate the outputs of the forward pass of a step, after so many updates.
    pub(super) fn accumulate(
        &mut self,
        network: &Network,
        schedule: &Schedule,
        pass: &Pass,
        weights: &[Block],
        updates: u64,
    ) {
        if self.places.len() != self.running.len() {
            let place = |(meter, _): &(Meter, _)| network.position(meter.layer);
            self.places = self.running.iter().map(place).collect();
        }
        self.now = updates + 1;
        // Meters that build on the means of another meter come last.
        for builds in [false, true] {
            for at in 0..self.running.len() {
                let of = self.running[at].0.of;
                let turn = !of.follows_errors() && of.builds_on_means() == builds;
                let layer = self.places[at].filter(|&l| turn && schedule.runs(l));
                if let Some(layer) = layer {
                    self.take(at, layer, network, pass, weights);
                }
            }
        }
    }

    /// Accumulate a layer's outputs in one meter.
    fn take(&mut self, at: usize, layer: usize, network: &Network, pass: &Pass, weights: &[Block]) {
        let meter = self.running[at].0;
        if meter.of == MeterKind::AdaptableContribution {
            self.centre(meter);
        }
        let Self {
            running,
            taken,
            active,
            sums,
            centre,
            ..
        } = self;
        let values = &mut running[at].1;
        taken.clear();
        taken.resize(values.len(), 0.0);
        let (out, positions) = (&pass.layers[layer].out, network.nodes[layer].outputs.positions());
        match meter.of {
            MeterKind::Silence => return silence::count(out, positions, values),
            MeterKind::Silences => return silence::enter(out, positions, values),
            MeterKind::Activation => Arch::new().dispatch(|| mean(out, positions, taken, |h| h)),
            MeterKind::AdaptableContribution => {
                Arch::new().dispatch(|| deviation(out, positions, centre, taken));
            }
            _ => Arch::new().dispatch(|| mean(out, positions, taken, f32::abs)),
        }
        if matches!(
            meter.of,
            MeterKind::Contribution | MeterKind::AdaptableContribution
        ) {
            weigh(network, weights, layer, taken, (active, sums));
        }
        if meter.of == MeterKind::AdaptableContribution {
            divide(network, weights, layer, taken, sums);
        }
        blend(meter.decay, values, taken);
    }

    /// The mean outputs of a layer's units after the last pass, from the meter beside this one.
    fn centre(&mut self, meter: Meter) {
        let updates = self.now;
        let of = MeterKind::Activation;
        let beside = self.running.iter().find(|(m, _)| *m == Meter { of, ..meter });
        let means = beside.map_or(&[] as &[f32], |(_, values)| values.as_slice());
        let births = self.births.get(&meter.layer);
        let births = births.map_or(&[] as &[u64], Vec::as_slice);
        self.centre.clear();
        let pairs = means.iter().zip(births);
        let mean =
            |(m, born): (&f32, &u64)| readings::unbiased(meter.decay, *m, updates.saturating_sub(*born));
        self.centre.extend(pairs.map(mean));
    }

    /// Returns whether a meter needs the error at every output of a layer, those of 0 too.
    pub(super) fn wants_every_error(&self, layer: usize) -> bool {
        let mut of_layer = self.running.iter().zip(&self.places);
        of_layer.any(|((meter, _), place)| meter.of == MeterKind::CentredGradient && *place == Some(layer))
    }

    /// Accumulate the error at the output of a layer, in the backward pass of a step.
    pub(super) fn take_error(&mut self, layer: usize, positions: usize, state: &State) {
        for at in 0..self.places.len() {
            let meter = self.running[at].0;
            if self.places[at] != Some(layer) {
                continue;
            }
            match meter.of {
                MeterKind::Gradient => self.centre.clear(),
                MeterKind::CentredGradient => self.centre(meter),
                _ => continue,
            }
            let (values, taken, centre) = (&mut self.running[at].1, &mut self.taken, &self.centre);
            taken.clear();
            taken.resize(values.len(), 0.0);
            let (out, error) = (&state.out, &state.error);
            if centre.is_empty() {
                Arch::new().dispatch(|| saliency(out, error, positions, taken));
            } else {
                Arch::new().dispatch(|| centred(out, error, positions, centre, taken));
            }
            blend(meter.decay, values, taken);
        }
    }

    /// Accumulate the error at the summed input of a layer, in the backward pass of a step.
    pub(super) fn take_slope(&mut self, layer: usize, positions: usize, error: &Block) {
        let Self {
            running,
            places,
            taken,
            ..
        } = self;
        for ((meter, values), place) in running.iter_mut().zip(places) {
            if meter.of == MeterKind::GradientNorm && *place == Some(layer) {
                taken.clear();
                taken.resize(values.len(), 0.0);
                Arch::new().dispatch(|| magnitude(error, positions, taken));
                blend(meter.decay, values, taken);
            }
        }
    }

    pub(super) fn readings(&self, layer: LayerId, updates: u64) -> Readings {
        let own = self.running.iter().filter(|(meter, _)| meter.layer == layer);
        let own = own.map(|(meter, accumulated)| (meter, accumulated.as_slice()));
        readings::corrected(self.births.get(&layer), updates, own)
    }

    /// Apply a receipt.
    pub(super) fn follow(&mut self, receipt: &Receipt, updates: u64) {
        self.places.clear();
        let changed = |layer: LayerId| receipt.units.get(&layer);
        for (meter, values) in &mut self.running {
            if let Some(axis) = changed(meter.layer) {
                match meter.of.numbers() {
                    1 => carry(axis, values, 0.0),
                    each => carry(&axis.repeated(each), values, 0.0),
                }
            }
        }
        for (&layer, births) in &mut self.births {
            if let Some(axis) = changed(layer) {
                carry(axis, births, updates);
            }
        }
    }

    pub(super) fn running(&self) -> &[(Meter, Vec<f32>)] {
        &self.running
    }

    pub(super) fn births(&self) -> &BTreeMap<LayerId, Vec<u64>> {
        &self.births
    }

    /// Take over saved meters, which were checked against the network.
    pub(super) fn set(&mut self, running: Vec<(Meter, Vec<f32>)>, births: BTreeMap<LayerId, Vec<u64>>) {
        (self.running, self.births) = (running, births);
        self.places.clear();
    }
}

/// `m ← decay · m + (1 − decay) · x`.
fn blend(decay: f32, values: &mut [f32], taken: &[f32]) {
    Arch::new().dispatch(|| {
        for (m, x) in values.iter_mut().zip(taken) {
            *m = settled(decay * *m + (1.0 - decay) * x);
        }
    });
}

/// Add the mean over rows of a function of h.
#[inline(always)]
fn mean(out: &Block, positions: usize, taken: &mut [f32], of: impl Fn(f32) -> f32) {
    let share = 1.0 / (out.rows().max(1) * positions) as f32;
    for i in 0..out.rows() {
        if positions > 1 {
            let planes = taken.iter_mut().zip(out.row(i).chunks_exact(positions));
            planes.for_each(|(sum, plane)| {
                let total: f32 = plane.iter().map(|h| of(*h)).sum();
                *sum += share * total;
            });
            continue;
        }
        let pairs = taken.iter_mut().zip(out.row(i));
        pairs.for_each(|(sum, &h)| *sum += share * of(h));
    }
}

/// Add the mean over rows of |h − ĥ|.
#[inline(always)]
fn deviation(out: &Block, positions: usize, centre: &[f32], taken: &mut [f32]) {
    let share = 1.0 / (out.rows().max(1) * positions) as f32;
    for i in 0..out.rows() {
        let planes = out.row(i).chunks_exact(positions);
        for ((sum, plane), centre) in taken.iter_mut().zip(planes).zip(centre) {
            *sum += share * plane.iter().map(|h| (h - centre).abs()).sum::<f32>();
        }
    }
}

/// Add Σ |Σ h · δ|, over rows and within over positions. Where h is 0, δ may never have been computed.
#[inline(always)]
fn saliency(out: &Block, error: &Block, positions: usize, taken: &mut [f32]) {
    let product = |(h, error): (&f32, &f32)| if *h == 0.0 { 0.0 } else { h * error };
    for i in 0..out.rows() {
        let planes = out
            .row(i)
            .chunks_exact(positions)
            .zip(error.row(i).chunks_exact(positions));
        for (sum, (h, error)) in taken.iter_mut().zip(planes) {
            *sum += h.iter().zip(error).map(product).sum::<f32>().abs();
        }
    }
}

/// Add Σ |Σ (h − ĥ) · δ|, over rows and within over positions.
#[inline(always)]
fn centred(out: &Block, error: &Block, positions: usize, centre: &[f32], taken: &mut [f32]) {
    for i in 0..out.rows() {
        let planes = out
            .row(i)
            .chunks_exact(positions)
            .zip(error.row(i).chunks_exact(positions));
        for ((sum, (h, error)), centre) in taken.iter_mut().zip(planes).zip(centre) {
            let products = h.iter().zip(error).map(|(h, error)| (h - centre) * error);
            *sum += products.sum::<f32>().abs();
        }
    }
}

/// Add Σ |δ| over rows and positions.
#[inline(always)]
fn magnitude(error: &Block, positions: usize, taken: &mut [f32]) {
    for i in 0..error.rows() {
        let planes = error.row(i).chunks_exact(positions);
        for (sum, plane) in taken.iter_mut().zip(planes) {
            *sum += plane.iter().map(|error| error.abs()).sum::<f32>();
        }
    }
}

/// Multiply each output of a layer's units by the mean of |w| over all weights out of the unit, or by 0 if there are none. The
/// weights of units whose output is 0, half of them in a rectified layer, are not read.
fn weigh(
    network: &Network,
    weights: &[Block],
    layer: usize,
    magnitude: &mut [f32],
    (active, sums): (&mut Vec<u32>, &mut Vec<f32>),
) {
    sums.clear();
    sums.resize(magnitude.len(), 0.0);
    // Active units are unpredictable for the processor, so they are listed without a branch.
    active.clear();
    active.resize(magnitude.len() + 1, 0);
    let mut place = 0;
    for (unit, h) in magnitude.iter().enumerate() {
        active[place] = unit as u32;
        place += usize::from(*h != 0.0);
    }
    let mut count = 0;
    for &e in &network.nodes[layer].outgoing {
        let edge = &network.edges[e];
        let Some(matrix) = edge.weight.map(|weight| &weights[weight]) else {
            // An identity connection counts as a weight of 1.
            count += 1;
            sums.iter_mut().for_each(|sum| *sum += 1.0);
            continue;
        };
        if edge.each > 1 || edge.link != Link::Dense {
            let (from, to) = (&network.nodes[layer], &network.nodes[edge.to]);
            count += edge.each * edge.outgoing(from, to, 0).1.len();
            for &unit in &active[..place] {
                let (first, targets) = edge.outgoing(from, to, unit as usize);
                let rows = (first..first + edge.each).map(|k| &matrix.row(k)[targets.clone()]);
                sums[unit as usize] += rows.flatten().map(|w| w.abs()).sum::<f32>();
            }
            continue;
        }
        count += matrix.cols();
        let (rows, sums) = (&active[..place], &mut *sums);
        Absolute { matrix, rows, sums }.run();
    }
    let count = count.max(1) as f32;
    for (h, sum) in magnitude.iter_mut().zip(sums) {
        *h *= *sum / count;
    }
}

/// Divide the value of each unit of a layer by the mean of |w| over all weights into it; 0 where that mean is 0.
fn divide(network: &Network, weights: &[Block], layer: usize, taken: &mut [f32], sums: &mut Vec<f32>) {
    sums.clear();
    sums.resize(taken.len(), 0.0);
    let mut count = 0;
    for &e in &network.nodes[layer].incoming {
        let Some(matrix) = network.edges[e].weight.map(|weight| &weights[weight]) else {
            count += 1;
            sums.iter_mut().for_each(|sum| *sum += 1.0);
            continue;
        };
        count += matrix.rows();
        Arch::new().dispatch(|| {
            for i in 0..matrix.rows() {
                let pairs = sums.iter_mut().zip(matrix.row(i));
                pairs.for_each(|(sum, w)| *sum += w.abs());
            }
        });
    }
    for (x, sum) in taken.iter_mut().zip(sums) {
        let mean = *sum / count.max(1) as f32;
        *x = if mean > 0.0 { *x / mean } else { 0.0 };
    }
}
