//! Meters: `m ← decay · m + (1 − decay) · x` for each unit, x a mean over the batch's rows, accumulated with the outputs and
//! the weights of the step's forward pass. Read as `m / (1 − decay^age)`.
//!
//! A layer's ages begin when its first meter is declared, or when a unit is born after that. A step that does not run the
//! layer leaves its meters as they are.

use super::block::Block;
use super::course::Course;
use super::network::Network;
use super::pass::Pass;
use super::readings;
use super::receipts::carry;
use super::vector::Absolute;
use dentate_core::{BackendError, LayerId, Link, Meter, MeterKind, Readings, Receipt};
use pulp::Arch;
use std::collections::BTreeMap;

/// All meters.
#[derive(Debug, Default)]
pub(super) struct Meters {
    running: Vec<(Meter, Vec<f32>)>,
    /// The update at which each unit of a metered layer was born.
    births: BTreeMap<LayerId, Vec<u64>>,
    /// Where the meters' layers are; as many as there are meters, or none where that has to be looked up again.
    places: Vec<Option<usize>>,
    /// What a meter takes in.
    taken: Vec<f32>,
    active: Vec<u32>,
    sums: Vec<f32>,
}

impl Meters {
    pub(super) fn watch(
        &mut self,
        network: &Network,
        meters: &[Meter],
        updates: u64,
    ) -> Result<(), BackendError> {
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
            running.push((*meter, kept.unwrap_or_else(|| vec![0.0; width])));
            let born = self.births.get(&meter.layer).cloned();
            births.insert(meter.layer, born.unwrap_or_else(|| vec![updates; width]));
        }
        self.set(running, births);
        Ok(())
    }

    /// Whether a layer inside the frozen part of a course is metered.
    pub(super) fn within(&self, network: &Network, course: &Course) -> bool {
        if course.boundary.is_empty() {
            return false;
        }
        let inside = |layer: usize| {
            let how = course
                .order
                .iter()
                .find(|(l, _)| *l == layer)
                .map(|(_, how)| *how);
            how.is_some_and(|how| course.frozen(layer, how)) && !course.boundary.contains(&layer)
        };
        let mut layers = self
            .running
            .iter()
            .map(|(meter, _)| network.position(meter.layer));
        layers.any(|layer| layer.is_some_and(inside))
    }

    /// Take in what a step's forward pass put out.
    pub(super) fn accumulate(&mut self, network: &Network, course: &Course, pass: &Pass, weights: &[Block]) {
        if self.places.len() != self.running.len() {
            let place = |(meter, _): &(Meter, _)| network.position(meter.layer);
            self.places = self.running.iter().map(place).collect();
        }
        let Self {
            running,
            places,
            taken,
            active,
            sums,
            ..
        } = self;
        for ((meter, values), place) in running.iter_mut().zip(places) {
            let Some(layer) = place.filter(|&l| course.runs(l)) else {
                continue;
            };
            taken.clear();
            taken.resize(values.len(), 0.0);
            let out = &pass.layers[layer].out;
            let absolute = meter.of != MeterKind::Activation;
            let positions = network.nodes[layer].outputs.positions();
            Arch::new().dispatch(|| mean(out, positions, absolute, taken));
            if meter.of == MeterKind::Contribution {
                weigh(network, weights, layer, taken, (active, sums));
            }
            Arch::new().dispatch(|| {
                for (m, x) in values.iter_mut().zip(&*taken) {
                    *m = meter.decay * *m + (1.0 - meter.decay) * x;
                }
            });
        }
    }

    pub(super) fn readings(&self, layer: LayerId, updates: u64) -> Readings {
        let own = self.running.iter().filter(|(meter, _)| meter.layer == layer);
        let own = own.map(|(meter, accumulated)| (meter, accumulated.as_slice()));
        readings::corrected(self.births.get(&layer), updates, own)
    }

    /// Follow a receipt.
    pub(super) fn follow(&mut self, receipt: &Receipt, updates: u64) {
        self.places.clear();
        let changed = |layer: LayerId| receipt.units.get(&layer);
        for (meter, values) in &mut self.running {
            if let Some(axis) = changed(meter.layer) {
                carry(axis, values, 0.0);
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

/// The mean over rows of h, or of |h|, added to what is there.
#[inline(always)]
fn mean(out: &Block, positions: usize, absolute: bool, taken: &mut [f32]) {
    let share = 1.0 / (out.rows().max(1) * positions) as f32;
    for i in 0..out.rows() {
        if positions > 1 {
            let planes = taken.iter_mut().zip(out.row(i).chunks_exact(positions));
            planes.for_each(|(sum, plane)| {
                let total: f32 = plane.iter().map(|h| if absolute { h.abs() } else { *h }).sum();
                *sum += share * total;
            });
            continue;
        }
        let pairs = taken.iter_mut().zip(out.row(i));
        if absolute {
            pairs.for_each(|(sum, h)| *sum += share * h.abs());
        } else {
            pairs.for_each(|(sum, h)| *sum += share * h);
        }
    }
}

/// Multiply what each unit of a layer puts out by the mean of |w| over all weights out of it; by 0 where nothing goes out. Units
/// that put out 0, half of them in a rectified layer, need no look at their weights.
fn weigh(
    network: &Network,
    weights: &[Block],
    layer: usize,
    magnitude: &mut [f32],
    (active, sums): (&mut Vec<u32>, &mut Vec<f32>),
) {
    sums.clear();
    sums.resize(magnitude.len(), 0.0);
    // Which ones these are is anybody's guess, for the processor too: listed without a branch.
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
            // What is handed on as it is counts as a weight of 1.
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
