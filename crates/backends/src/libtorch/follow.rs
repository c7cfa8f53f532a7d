//! Tensors that follow a receipt, on the device. It is [`Carry::apply`] in tensors: both give the same bits.

use super::LibTorch;
use super::tensors::{full, places, put, vector};
use crate::ages::Age;
use crate::network::{Network, Place};
use crate::receipts;
use dentate_core::{Adjustment, Axis, BackendError, Carry, FoldMean, Graph, Receipt, SlotKind};
use tch::{Device, Kind, Tensor};

impl LibTorch {
    pub(super) fn follow(&mut self, graph: &Graph, receipt: &Receipt) -> Result<(), BackendError> {
        if self.network.same(graph) {
            receipts::check("libtorch", &self.network, &self.network, receipt)?;
            self.look();
            self.fold_mean(receipt);
            for (parameter, carry) in &receipt.parameters {
                let Some(place) = self.network.place(*parameter) else {
                    continue;
                };
                self.weights[place] =
                    carried(carry, SlotKind::Weight, Some(&self.weights[place]), self.device);
                for (slot, blocks, _) in self.slots.iter_mut() {
                    blocks[place] = carried(carry, slot.kind, Some(&blocks[place]), self.device);
                }
                self.ages[place].follow(carry, false);
            }
            self.network.refresh(graph);
        } else {
            let network = Network::new(graph);
            receipts::check("libtorch", &self.network, &network, receipt)?;
            self.look();
            self.fold_mean(receipt);
            let (old, device) = (&self.network, self.device);
            self.weights = follow(old, &network, receipt, SlotKind::Weight, &self.weights, device);
            for (slot, blocks, reached) in self.slots.iter_mut() {
                *blocks = follow(old, &network, receipt, slot.kind, blocks, device);
                // New entries have not been reached.
                let before = |p: &Place| old.place(p.parameter).is_some_and(|p| reached[p]);
                *reached = network.places.iter().map(before).collect();
            }
            let ages = network.places.iter().map(|place| {
                let before = old.place(place.parameter);
                let mut age =
                    before.map_or_else(|| Age::new(place.shape), |p| std::mem::take(&mut self.ages[p]));
                if let Some(carry) = receipt.parameters.get(&place.parameter) {
                    age.follow(carry, false);
                }
                age
            });
            self.ages = ages.collect();
            self.network = network;
        }
        for (parameter, by) in &receipt.adjustments {
            if let Some(place) = self.network.place(*parameter) {
                adjust(&mut self.weights[place], by, self.device);
            }
        }
        self.meters.follow(receipt, self.updates, self.device);
        self.schedules.clear();
        self.own.clear();
        self.rates.clear();
        Ok(())
    }

    /// Fold the mean outputs of removed units into the biases of the layers they feed.
    fn fold_mean(&mut self, receipt: &Receipt) {
        for FoldMean {
            layer,
            position,
            mean,
        } in &receipt.folded_means
        {
            let Some(layer) = self.network.position(*layer) else {
                continue;
            };
            for &e in &self.network.nodes[layer].outgoing {
                let edge = &self.network.edges[e];
                let Some(bias) = self.network.nodes[edge.to].bias else {
                    continue;
                };
                let Some(weight) = edge.weight else { continue };
                let (from, to) = (&self.network.nodes[edge.from], &self.network.nodes[edge.to]);
                let (first, targets) = edge.outgoing(from, to, *position as usize);
                let (start, count) = (targets.start as i64, targets.len() as i64);
                let out = self.weights[weight]
                    .narrow(0, start, count)
                    .narrow(1, first as i64, edge.each as i64)
                    .sum_dim_intlist([1i64].as_slice(), true, Kind::Float)
                    .tr();
                let left = match edge.gains.map(|gains| &self.weights[gains]) {
                    Some(gains) => {
                        let unit = i64::from(*position);
                        out * gains.narrow(1, unit.min(gains.size()[1] - 1), 1)
                    }
                    None => out,
                };
                let mut onto = self.weights[bias].narrow(1, start, count);
                let _ = onto.g_add_(&(left * f64::from(*mean)));
            }
        }
    }
}

/// The blocks of a slot of the new network, from those of the old.
fn follow(
    old: &Network,
    new: &Network,
    receipt: &Receipt,
    kind: SlotKind,
    blocks: &[Tensor],
    device: Device,
) -> Vec<Tensor> {
    let block = |place: &Place| {
        let before = old.place(place.parameter).map(|p| &blocks[p]);
        match (receipt.parameters.get(&place.parameter), before) {
            (Some(carry), before) => carried(carry, kind, before, device),
            (None, Some(before)) => before.shallow_clone(),
            // A checked receipt names every new block.
            (None, None) => full(place.shape, kind.fresh(), device),
        }
    };
    new.places.iter().map(block).collect()
}

/// One block after the change.
fn carried(carry: &Carry, kind: SlotKind, before: Option<&Tensor>, device: Device) -> Tensor {
    let weights = kind.follows_weights();
    let (rows, columns, fresh_rows, fresh_columns) = match (carry, before) {
        (Carry::Created(values), _) if weights => return put(values.view(), device),
        (Carry::Created(values), _) => return full(values.dim(), kind.fresh(), device),
        (Carry::Mapped { rows, columns, .. }, None) => {
            return full((rows.after, columns.after), kind.fresh(), device);
        }
        (
            Carry::Mapped {
                rows,
                columns,
                fresh_rows,
                fresh_columns,
            },
            Some(_),
        ) => (rows, columns, fresh_rows, fresh_columns),
    };
    let mut block = match before {
        Some(before) => moved(&moved(before, rows, 0, kind, device), columns, 1, kind, device),
        None => full((rows.after, columns.after), kind.fresh(), device),
    };
    // Columns first: where a fresh row and a fresh column cross, the row counts.
    for (dim, axis, values) in [(1, columns, fresh_columns), (0, rows, fresh_rows)] {
        if axis.fresh.is_empty() {
            continue;
        }
        let fresh = places(axis.fresh.iter().map(|&i| i64::from(i)), device);
        if weights {
            let _ = block.index_copy_(dim, &fresh, &put(values.view(), device));
        } else {
            let _ = block.index_fill_(dim, &fresh, f64::from(kind.fresh()));
        }
    }
    block
}

/// A copy of a block with the kept entries of one axis in their new positions. Fresh entries are left undefined.
fn moved(block: &Tensor, axis: &Axis, dim: i64, kind: SlotKind, device: Device) -> Tensor {
    let Some(moved) = &axis.moved else {
        if axis.after == axis.before {
            return block.copy();
        }
        let mut size = block.size();
        size[dim as usize] = axis.after as i64;
        let longer = Tensor::zeros(size, (block.kind(), device));
        let kept = axis.before.min(axis.after) as i64;
        longer.narrow(dim, 0, kept).copy_(&block.narrow(dim, 0, kept));
        return longer;
    };
    if axis.before == 0 {
        let mut size = block.size();
        size[dim as usize] = axis.after as i64;
        return Tensor::zeros(size, (block.kind(), device));
    }
    let from = moved.iter().map(|m| m.map_or(0, |(from, _)| i64::from(from)));
    let block = block.index_select(dim, &places(from, device));
    let coefficients: Vec<f32> = moved.iter().map(|m| m.map_or(1.0, |(_, by)| by)).collect();
    if !kind.follows_weights() || coefficients.iter().all(|&by| by == 1.0) {
        return block;
    }
    let shape = if dim == 0 { [-1, 1] } else { [1, -1] };
    block * vector(&coefficients, shape, device)
}

/// Apply an adjustment of values after the carry.
fn adjust(block: &mut Tensor, by: &Adjustment, device: Device) {
    match by {
        Adjustment::Scale(factor) => drop(block.g_mul_scalar_(f64::from(*factor))),
        Adjustment::Add(values) => drop(block.g_add_(&put(values.view(), device))),
        Adjustment::Set(values) => block.copy_(&put(values.view(), device)),
        Adjustment::AddRow { row, values } => {
            let mut row = block.narrow(0, *row as i64, 1);
            let _ = row.g_add_(&vector(values, [1, -1], device));
        }
    }
}
