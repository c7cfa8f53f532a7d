//! Meters: `m ← decay · m + (1 − decay) · x` for each unit, x a mean over the batch's rows, accumulated with the outputs and
//! the weights of the step's forward pass. Read as `m / (1 − decay^age)`.
//!
//! A layer's ages begin when its first meter is declared, or when a unit is born after that. A step that does not run the
//! layer leaves its meters as they are.

use super::block::Block;
use super::course::Course;
use super::network::Network;
use super::pass::Pass;
use dentate_core::{Axis, BackendError, LayerId, Meter, MeterKind, Readings, Receipt};
use std::collections::BTreeMap;

/// All meters.
#[derive(Debug, Default)]
pub(super) struct Meters {
    running: Vec<(Meter, Vec<f32>)>,
    /// The update at which each unit of a metered layer was born.
    births: BTreeMap<LayerId, Vec<u64>>,
    /// mean |h| and mean |w_out| of a layer.
    magnitude: Vec<f32>,
    outgoing: Vec<f32>,
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
        (self.running, self.births) = (running, births);
        Ok(())
    }

    /// Whether a layer inside the frozen part of a course is metered.
    pub(super) fn within(&self, network: &Network, course: &Course) -> bool {
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
        for (meter, values) in &mut self.running {
            let Some(layer) = network.position(meter.layer).filter(|&l| course.runs(l)) else {
                continue;
            };
            let out = &pass.layers[layer].out;
            let absolute = meter.of != MeterKind::Activation;
            self.magnitude.clear();
            self.magnitude.resize(values.len(), 0.0);
            for i in 0..out.rows() {
                for (sum, h) in self.magnitude.iter_mut().zip(out.row(i)) {
                    *sum += if absolute { h.abs() } else { *h };
                }
            }
            let rows = out.rows() as f32;
            self.magnitude.iter_mut().for_each(|sum| *sum /= rows);
            if meter.of == MeterKind::Contribution {
                outgoing(network, weights, layer, &mut self.outgoing);
                self.magnitude
                    .iter_mut()
                    .zip(&self.outgoing)
                    .for_each(|(h, w)| *h *= w);
            }
            for (m, x) in values.iter_mut().zip(&self.magnitude) {
                *m = meter.decay * *m + (1.0 - meter.decay) * x;
            }
        }
    }

    pub(super) fn readings(&self, layer: LayerId, updates: u64) -> Readings {
        let births = self.births.get(&layer).map_or(&[] as &[u64], Vec::as_slice);
        let age: Vec<u64> = births.iter().map(|born| updates.saturating_sub(*born)).collect();
        let corrected = |decay: f32, m: f32, age: u64| {
            let age = i32::try_from(age).unwrap_or(i32::MAX);
            let share = 1.0 - f64::from(decay).powi(age);
            if share > 0.0 {
                (f64::from(m) / share) as f32
            } else {
                m
            }
        };
        let mut values = BTreeMap::new();
        for (meter, accumulated) in self.running.iter().filter(|(m, _)| m.layer == layer) {
            let read = accumulated
                .iter()
                .zip(&age)
                .map(|(m, age)| corrected(meter.decay, *m, *age));
            values.insert(meter.of, read.collect());
        }
        Readings { age, values }
    }

    /// Follow a receipt.
    pub(super) fn follow(&mut self, receipt: &Receipt, updates: u64) {
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
    }
}

/// Bring state held per unit along, in place where units keep their places.
pub(super) fn carry<T: Copy>(axis: &Axis, values: &mut Vec<T>, fresh: T) {
    if axis.moved.is_some() {
        *values = axis.carry(values, fresh);
        return;
    }
    values.resize(axis.after, fresh);
    for &i in &axis.fresh {
        values[i as usize] = fresh;
    }
}

/// Mean of |w| over all weights out of each unit of a layer; 0 where nothing goes out.
fn outgoing(network: &Network, weights: &[Block], layer: usize, out: &mut Vec<f32>) {
    let node = &network.nodes[layer];
    out.clear();
    out.resize(node.width(), 0.0);
    let mut count = 0;
    for &e in &node.outgoing {
        let block = &weights[network.edges[e].weight];
        count += block.cols();
        for (unit, sum) in out.iter_mut().enumerate() {
            *sum += block.row(unit).iter().map(|w| w.abs()).sum::<f32>();
        }
    }
    let count = count.max(1) as f32;
    out.iter_mut().for_each(|sum| *sum /= count);
}
