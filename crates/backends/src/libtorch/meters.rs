//! Meters: `m ← decay · m + (1 − decay) · x` for each unit, x a mean over the batch's rows and the unit's positions,
//! accumulated on the device from the outputs and the weights of the step's forward pass, or, for meters of gradients, from the
//! errors of its backward pass. Read as `m / (1 − decay^age)`.
//!
//! A layer's ages begin when its first meter is declared, or when a unit is created after that. A step that does not run the
//! layer leaves its meters as they are.

use super::forward::Pass;
use super::tensors::{self, by_unit, of_units};
use crate::network::Network;
use crate::readings;
use crate::receipts::carry;
use crate::schedule::Schedule;
use dentate_core::{BackendError, LayerId, Meter, MeterKind, Readings, Receipt, Silences};
use std::collections::{BTreeMap, BTreeSet};
use tch::{Device, Kind, Tensor};

/// All meters.
#[derive(Debug, Default)]
pub(super) struct Meters {
    /// Each meter with its accumulators `[1, units]`.
    running: Vec<(Meter, Tensor)>,
    /// The update at which each unit of a metered layer was created.
    births: BTreeMap<LayerId, Vec<u64>>,
    /// The number of updates with that of the pass whose outputs were accumulated last.
    now: u64,
}

/// The errors that meters need of a backward pass.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    /// Σ |Σ h · ∂L/∂h| of each layer.
    pub(super) saliency: bool,
    /// Mean outputs `[1, units]` of the layers, by position, of which Σ |Σ (h − ĥ) · ∂L/∂h| is needed.
    pub(super) centres: BTreeMap<usize, Tensor>,
    /// Layers, by position, of which Σ |∂L/∂z| is needed.
    pub(super) slopes: BTreeSet<usize>,
}

impl Meters {
    pub(super) fn watch(
        &mut self,
        network: &Network,
        meters: &[Meter],
        updates: u64,
        device: Device,
    ) -> Result<(), BackendError> {
        readings::accompanied(meters)?;
        let mut running = Vec::with_capacity(meters.len());
        let mut births = BTreeMap::new();
        for meter in meters {
            let layer = network.position(meter.layer);
            let width = network.nodes[layer.ok_or(BackendError::NoLayer(meter.layer))?].width();
            let kept = self.running.iter().find(|(m, _)| m == meter);
            let kept = kept.map(|(_, values)| values.copy());
            running.push((
                *meter,
                kept.unwrap_or_else(|| tensors::full((1, width * meter.of.numbers()), 0.0, device)),
            ));
            let born = self.births.get(&meter.layer).cloned();
            births.insert(meter.layer, born.unwrap_or_else(|| vec![updates; width]));
        }
        (self.running, self.births) = (running, births);
        Ok(())
    }

    /// Accumulate the outputs of the forward pass of a step, after so many updates, if `alive` is true.
    pub(super) fn accumulate(
        &mut self,
        network: &Network,
        schedule: &Schedule,
        pass: &Pass,
        weights: &[Tensor],
        updates: u64,
        alive: Option<&Tensor>,
    ) {
        self.now = updates + 1;
        // Meters that build on the means of another meter come last.
        for builds in [false, true] {
            for at in 0..self.running.len() {
                let (meter, _) = self.running[at];
                if meter.of.follows_errors() || meter.of.builds_on_means() != builds {
                    continue;
                }
                let Some(layer) = network.position(meter.layer).filter(|&l| schedule.runs(l)) else {
                    continue;
                };
                let positions = network.nodes[layer].outputs.positions();
                let out = &by_unit(&pass.layers[layer].out, positions);
                let mean = |of: &Tensor| {
                    of.mean_dim([0i64, 2].as_slice(), false, Kind::Float)
                        .view([1, -1])
                };
                let x = match meter.of {
                    MeterKind::Activation => mean(out),
                    MeterKind::Magnitude => mean(&out.abs()),
                    MeterKind::Contribution => {
                        mean(&out.abs()) * outgoing(network, weights, layer, &pass.inputs)
                    }
                    MeterKind::AdaptableContribution => {
                        let off = mean(&(out - of_units(&self.centre(meter))).abs());
                        let off = off * outgoing(network, weights, layer, &pass.inputs);
                        let incoming = incoming(network, weights, layer, &pass.inputs);
                        (off / &incoming).where_self(&incoming.gt(0.0), &incoming.zeros_like())
                    }
                    MeterKind::Silence => {
                        silence(&mut self.running[at].1, out, alive);
                        continue;
                    }
                    MeterKind::Silences => {
                        silences(&mut self.running[at].1, out, alive);
                        continue;
                    }
                    MeterKind::Gradient | MeterKind::CentredGradient | MeterKind::GradientNorm => continue,
                };
                blend(&mut self.running[at], &x, alive);
            }
        }
    }

    /// The mean outputs of a layer's units after the last pass, from the meter beside this one.
    fn centre(&self, meter: Meter) -> Tensor {
        let updates = self.now;
        let of = MeterKind::Activation;
        let beside = self.running.iter().find(|(m, _)| *m == Meter { of, ..meter });
        let births = self.births.get(&meter.layer);
        let births = births.map_or(&[] as &[u64], Vec::as_slice);
        let share = |born: &u64| readings::unbiased(meter.decay, 1.0, updates.saturating_sub(*born));
        let shares: Vec<f32> = births.iter().map(share).collect();
        match beside {
            Some((_, means)) => means * tensors::vector(&shares, [1, shares.len() as i64], means.device()),
            None => Tensor::zeros([1, 1], (Kind::Float, Device::Cpu)),
        }
    }

    /// The errors that meters need, after the outputs of the pass have been accumulated.
    pub(super) fn wanted(&self, network: &Network) -> Wanted {
        let mut wanted = Wanted::default();
        for (meter, _) in &self.running {
            let Some(layer) = network.position(meter.layer) else {
                continue;
            };
            match meter.of {
                MeterKind::Gradient => wanted.saliency = true,
                MeterKind::CentredGradient => {
                    wanted.centres.insert(layer, self.centre(*meter));
                }
                MeterKind::GradientNorm => {
                    wanted.slopes.insert(layer);
                }
                _ => {}
            }
        }
        wanted
    }

    /// Returns whether any meter needs errors at summed inputs.
    pub(super) fn follow_slopes(&self) -> bool {
        self.running
            .iter()
            .any(|(meter, _)| meter.of == MeterKind::GradientNorm)
    }

    /// Accumulate what a backward pass has computed for meters of errors, of the layers that an error reached, if `alive` is true.
    pub(super) fn take_errors(&mut self, network: &Network, pass: &Pass, alive: Option<&Tensor>) {
        for metered in &mut self.running {
            let Some(layer) = network.position(metered.0.layer) else {
                continue;
            };
            let state = &pass.layers[layer];
            let x = match metered.0.of {
                MeterKind::Gradient => state.saliency.as_ref(),
                MeterKind::CentredGradient => state.centred.as_ref(),
                MeterKind::GradientNorm => state.slope.as_ref(),
                _ => None,
            };
            if let Some(x) = x {
                blend(metered, x, alive);
            }
        }
    }

    pub(super) fn readings(&self, layer: LayerId, updates: u64) -> Readings {
        let own = self.running.iter().filter(|(meter, _)| meter.layer == layer);
        let own = own.map(|(meter, accumulated)| (meter, numbers(accumulated)));
        readings::corrected(self.births.get(&layer), updates, own)
    }

    /// Apply a receipt.
    pub(super) fn follow(&mut self, receipt: &Receipt, updates: u64, device: Device) {
        let changed = |layer: LayerId| receipt.units.get(&layer);
        for (meter, values) in &mut self.running {
            if let Some(axis) = changed(meter.layer) {
                let mut all = numbers(values);
                match meter.of.numbers() {
                    1 => carry(axis, &mut all, 0.0),
                    each => carry(&axis.repeated(each), &mut all, 0.0),
                }
                *values = tensors::vector(&all, [1, all.len() as i64], device);
            }
        }
        for (&layer, births) in &mut self.births {
            if let Some(axis) = changed(layer) {
                carry(axis, births, updates);
            }
        }
    }

    /// Every meter with its accumulated values.
    pub(super) fn running(&self) -> Vec<(Meter, Vec<f32>)> {
        self.running
            .iter()
            .map(|(meter, values)| (*meter, numbers(values)))
            .collect()
    }

    pub(super) fn births(&self) -> &BTreeMap<LayerId, Vec<u64>> {
        &self.births
    }

    /// Take over saved meters, which were checked against the network.
    pub(super) fn set(
        &mut self,
        running: &[(Meter, Vec<f32>)],
        births: BTreeMap<LayerId, Vec<u64>>,
        device: Device,
    ) {
        let put = |(meter, values): &(Meter, Vec<f32>)| {
            (*meter, tensors::vector(values, [1, values.len() as i64], device))
        };
        (self.running, self.births) = (running.iter().map(put).collect(), births);
    }
}

/// `m ← decay · m + (1 − decay) · x`, if `alive` is true.
fn blend((meter, values): &mut (Meter, Tensor), x: &Tensor, alive: Option<&Tensor>) {
    let taken = &*values * f64::from(meter.decay) + x * f64::from(1.0 - meter.decay);
    let taken = tensors::settled(&taken);
    *values = match alive {
        Some(alive) => taken.where_self(alive, values),
        None => taken,
    };
}

/// Rows since each unit's last output other than 0 `[rows, units, positions]`, if `alive` is true.
fn silence(values: &mut Tensor, out: &Tensor, alive: Option<&Tensor>) {
    let rows = out.size()[0];
    let spoke = out.not_equal(0.0).any_dims([2i64].as_slice(), false);
    // The number, from 1, of the last row with such an output, or 0.
    let numbers = Tensor::arange_start(1, rows + 1, (Kind::Float, out.device())).view([-1, 1]);
    let last = (spoke.to_kind(Kind::Float) * numbers).amax([0i64].as_slice(), true);
    let longer = (&*values + rows as f64).clamp_max(LONGEST);
    let taken = longer.where_self(&last.eq(0.0), &(last.neg() + rows as f64));
    *values = match alive {
        Some(alive) => taken.where_self(alive, values),
        None => taken,
    };
}

/// The same counts and histograms of the silences that end, for each unit [`Silences::NUMBERS`] values, if `alive` is true.
fn silences(values: &mut Tensor, out: &Tensor, alive: Option<&Tensor>) {
    let (rows, units, device) = (out.size()[0], out.size()[1], out.device());
    let held = values.view([units, Silences::NUMBERS as i64]);
    let (current, counts) = (held.select(1, 0), held.narrow(1, 1, Silences::BUCKETS as i64));
    let spoke = out.not_equal(0.0).any_dims([2i64].as_slice(), false);
    let spoke = spoke.to_kind(Kind::Float);
    // Rows are numbered from 1; 0 is the time before the batch. The last row with an output, up to each row and before it.
    let numbers = Tensor::arange_start(1, rows + 1, (Kind::Float, device)).view([-1, 1]);
    let (last, _) = (&spoke * &numbers).cummax(0);
    let first = Tensor::zeros([1, units], (Kind::Float, device));
    let before = Tensor::cat(&[first, last.narrow(0, 0, rows - 1)], 0);
    let carried = before.eq(0.0).to_kind(Kind::Float) * current.view([1, -1]);
    let lengths = (&numbers - 1.0 - before + carried).clamp_max(LONGEST);
    let buckets = buckets(&lengths);
    let entered = counts.scatter_add(1, &buckets.tr(), &spoke.tr());
    let end = last.narrow(0, rows - 1, 1).view([-1]);
    let silent = (&current + rows as f64).clamp_max(LONGEST);
    let silent = silent.where_self(&end.eq(0.0), &(end.neg() + rows as f64));
    let taken = Tensor::cat(&[silent.view([-1, 1]), entered.clamp_max(LONGEST)], 1).view([1, -1]);
    *values = match alive {
        Some(alive) => taken.where_self(alive, values),
        None => taken,
    };
}

/// The buckets of lengths: [`Silences::bucket`] on the device.
fn buckets(lengths: &Tensor) -> Tensor {
    let digits = lengths.contiguous().view_dtype(Kind::Int);
    let digits = digits
        .bitwise_right_shift_tensor_scalar(19i64)
        .to_kind(Kind::Int64)
        - Silences::OFFSET as i64;
    lengths
        .to_kind(Kind::Int64)
        .where_self(&lengths.lt(32.0), &digits)
}

/// The count at which native single precision saturates.
const LONGEST: f64 = Silences::LONGEST as f64;

fn numbers(accumulated: &Tensor) -> Vec<f32> {
    let mut values = vec![0.0; accumulated.numel()];
    tensors::copy(accumulated, &mut values);
    values
}

/// Mean of |w| over all weights out of each unit of a layer; 0 for a unit without any. An identity connection counts as a
/// weight of 1.
fn outgoing(network: &Network, weights: &[Tensor], layer: usize, like: &Tensor) -> Tensor {
    let node = &network.nodes[layer];
    let mut sum = tensors::full((1, node.width()), 0.0, like.device());
    let mut count = 0;
    for &e in &node.outgoing {
        let edge = &network.edges[e];
        let Some(block) = edge.weight.map(|weight| &weights[weight]) else {
            count += 1;
            let _ = sum.g_add_scalar_(1.0);
            continue;
        };
        // Target units and source units of each group, and the weights between two of them.
        let groups = edge.convolution(node.width()).map_or(1, |(_, groups)| groups) as i64;
        let targets = block.size()[0] / groups;
        let each = edge.each as i64;
        let block = block.abs().view([groups, targets, -1, each]);
        count += targets * each;
        let of_units = block.sum_dim_intlist([1i64, 3].as_slice(), false, Kind::Float);
        let _ = sum.g_add_(&of_units.view([1, -1]));
    }
    sum / count.max(1) as f64
}

/// Mean of |w| over all weights into each unit of a layer; 0 for a unit without any.
fn incoming(network: &Network, weights: &[Tensor], layer: usize, like: &Tensor) -> Tensor {
    let node = &network.nodes[layer];
    let mut sum = tensors::full((1, node.width()), 0.0, like.device());
    let mut count = 0;
    for &e in &node.incoming {
        let Some(block) = network.edges[e].weight.map(|weight| &weights[weight]) else {
            count += 1;
            let _ = sum.g_add_scalar_(1.0);
            continue;
        };
        count += block.size()[1];
        let _ = sum.g_add_(&block.abs().sum_dim_intlist([1i64].as_slice(), false, Kind::Float));
    }
    sum / count.max(1) as f64
}
