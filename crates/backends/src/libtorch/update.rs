//! Updates, in a step or from an existing gradient. Both end in the same [`Rule`], block by block.

use super::LibTorch;
use super::async_steps::Step;
use super::backward::Of;
use super::hits;
use super::optimizer::{Factor, Numbers, Rule, Spread};
use super::slots;
use super::tensors;
use crate::ages::{Corrections, OfAxis};
use crate::keep;
use crate::network::Network;
use crate::terms::Scale;
use crate::veil::check_step;
use dentate_core::{BackendError, Objective, Optimizer, Route, Rows, Slot};
use ndarray::Array2;
use tch::{Device, Tensor};

/// The learning-rate scales of a block.
#[derive(Debug)]
pub(super) enum Rate {
    /// One for all entries.
    Same(f64),
    /// One for each entry, and the mask of those that are not 0.
    Each { rates: Tensor, learns: Tensor },
}

impl Rate {
    /// The same, times factors; factors that are not above 0 count as 0.
    fn slowed(&self, factors: &Tensor) -> Self {
        let factors = factors.clamp_min(0.0);
        let rates = match self {
            Self::Same(rate) => factors.g_mul_scalar(*rate),
            Self::Each { rates, .. } => factors.g_mul(rates),
        };
        let learns = rates.gt(0.0);
        Self::Each { rates, learns }
    }
}

/// Learning-rate scales of blocks, as far as they were requested.
#[derive(Debug, Default)]
pub(super) struct Rates(Vec<Option<Rate>>);

impl Rates {
    /// Drop all, after a change of the network or its scales.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The learning-rate scales of a block.
    pub(super) fn of(&mut self, network: &Network, place: usize, device: Device) -> &Rate {
        if self.0.len() != network.places.len() {
            self.0.clear();
            self.0.resize_with(network.places.len(), || None);
        }
        self.0[place].get_or_insert_with(|| match network.rate(place) {
            Some(rate) => Rate::Same(rate.into()),
            None => {
                let rates = tensors::put(each(network, place).view(), device);
                let learns = rates.gt(0.0);
                Rate::Each { rates, learns }
            }
        })
    }
}

/// The learning-rate scale of each entry of a block.
fn each(network: &Network, place: usize) -> Array2<f32> {
    let shape = network.places[place].shape;
    let mut row = Vec::new();
    if !matches!(network.places[place].owner, crate::network::Owner::Weight(_)) {
        let same = network.rates(place, 0, &mut row);
        return Array2::from_shape_fn(shape, |(_, j)| same.unwrap_or_else(|| row[j]));
    }
    // Scales of weights are looked up source by source.
    let mut all = Array2::zeros(shape);
    for (source, mut column) in all.columns_mut().into_iter().enumerate() {
        let same = network.rates(place, source, &mut row);
        for (target, rate) in column.iter_mut().enumerate() {
            *rate = same.unwrap_or_else(|| row[target]);
        }
    }
    all
}

impl LibTorch {
    pub(super) fn train(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        optimizer: &Optimizer,
    ) -> Result<(), BackendError> {
        check_step(route)?;
        let needed = self.needed(objective)?;
        let how = (Scale::Mean, self.training(route));
        let (value, mut pass) = self.forward_and_loss(rows, route, objective, (&needed, &[]), how)?;
        self.show(&pass);
        match &mut self.pending {
            Some(pending) => pending.add_loss(&value),
            None => {
                let value = value.double_value(&[]);
                if !value.is_finite() {
                    self.stats.diverged = true;
                    self.stats.multiply_adds += pass.multiply_adds;
                    return Ok(());
                }
                self.stats.loss += value;
                hits::take(&pass.counted, &mut self.stats.hits);
            }
        }
        let alive = self.pending.as_ref().map(|pending| pending.alive());
        self.observe(&pass, route, (objective, &needed), alive.as_ref())?;
        let gradients = self.work_back(&mut pass, route, objective, (&needed, &[]), Of::Batch)?;
        self.meters.take_errors(&self.network, &pass, alive.as_ref());
        let rule = Rule::of(optimizer);
        let reached = self.update_by(&rule, gradients, objective.keep, alive.as_ref());
        self.stats.rows += rows.len() as u64;
        if let Some(pending) = &mut self.pending {
            pending.made(Step {
                rows: rows.len() as u64,
                adam: rule.adam,
                reached,
                counted: pass
                    .counted
                    .iter()
                    .map(|of| (of.task, of.again, of.rows))
                    .collect(),
            });
            pending.count(&pass.counted);
        }
        Ok(())
    }

    pub(super) fn update_from(
        &mut self,
        from: Slot,
        optimizer: &Optimizer,
        keep: Option<Slot>,
    ) -> Result<(), BackendError> {
        self.look();
        keep::check(keep)?;
        if let Some(keep) = keep {
            slots::read(&self.weights, &self.slots, keep)?;
        }
        let gradient = slots::read(&self.weights, &self.slots, from)?;
        let taken = |(place, block): (usize, &Tensor)| {
            // An update consumes its gradient, and the slot keeps its own.
            let wanted = self.slots.reached(from, place) && self.network.learns(place);
            wanted.then(|| block.copy())
        };
        let gradients = gradient.iter().enumerate().map(taken).collect();
        self.update_by(&Rule::of(optimizer), gradients, keep, None);
        Ok(())
    }

    /// Update the blocks that have a gradient, if `alive` is true, and count. Returns whether each was updated.
    fn update_by(
        &mut self,
        rule: &Rule,
        gradients: Vec<Option<Tensor>>,
        keep: Option<Slot>,
        alive: Option<&Tensor>,
    ) -> Vec<bool> {
        let keep: Option<Vec<Tensor>> = keep
            .and_then(|keep| self.slots.get(keep))
            .map(|blocks| blocks.iter().map(Tensor::shallow_clone).collect());
        let (network, device) = (&self.network, self.device);
        if rule.adam {
            self.corrections.prepare(rule.betas, &self.ages);
        }
        let mut moments: Vec<&mut [Tensor]> = Vec::new();
        if rule.has_first() {
            self.slots.open(Slot::FIRST_MOMENT, network, device);
        }
        if rule.adam {
            self.slots.open(Slot::SECOND_MOMENT, network, device);
        }
        let mut kept = [rule.has_first(), rule.adam];
        for (slot, blocks, _) in self.slots.iter_mut() {
            let which = [Slot::FIRST_MOMENT, Slot::SECOND_MOMENT]
                .iter()
                .position(|s| *s == slot);
            if which.is_some_and(|which| std::mem::take(&mut kept[which])) {
                moments.push(blocks);
            }
        }
        let mut reached = vec![false; gradients.len()];
        for (place, gradient) in gradients.into_iter().enumerate() {
            let Some(gradient) = gradient else {
                continue;
            };
            let keep = keep.as_ref().map(|keep| &keep[place]);
            let mut rest = moments.iter_mut();
            let numbers = Numbers {
                w: &mut self.weights[place],
                first: rest.next().map(|blocks| &mut blocks[place]),
                second: rest.next().map(|blocks| &mut blocks[place]),
            };
            let slowed = keep.map(|keep| self.rates.of(network, place, device).slowed(keep));
            let rate = slowed
                .as_ref()
                .unwrap_or_else(|| self.rates.of(network, place, device));
            let spread = rule
                .adam
                .then(|| spread(rule, &self.corrections, place, rate, device));
            update(rule, numbers, gradient, rate, spread.as_ref(), alive);
            // A block that is held as a whole does not age.
            reached[place] = keep.is_none_or(|keep| keep.gt(0.0).any().int64_value(&[]) != 0);
            if rule.adam && reached[place] {
                self.ages[place].count();
            }
        }
        self.updates += 1;
        self.stats.updates += 1;
        reached
    }
}

/// Update a block, and restore what must not change: entries with a learning-rate scale of 0, or everything.
fn update(
    rule: &Rule,
    numbers: Numbers<'_>,
    gradient: Tensor,
    rate: &Rate,
    spread: Option<&Spread>,
    alive: Option<&Tensor>,
) {
    let pace = match rate {
        Rate::Same(rate) => Factor::One(rule.learning_rate * rate),
        Rate::Each { rates, .. } => Factor::Each(rates.g_mul_scalar(rule.learning_rate)),
    };
    let changes = match (rate, alive) {
        (Rate::Same(_), None) => return rule.update(numbers, gradient, &pace, spread),
        (Rate::Same(_), Some(alive)) => alive.shallow_clone(),
        (Rate::Each { learns, .. }, None) => learns.shallow_clone(),
        (Rate::Each { learns, .. }, Some(alive)) => learns.logical_and(alive),
    };
    let Numbers { w, first, second } = numbers;
    let held = [Some(&mut *w), first, second];
    let mut held: Vec<&mut Tensor> = held.into_iter().flatten().collect();
    let before: Vec<Tensor> = held.iter().map(|tensor| tensor.copy()).collect();
    let mut rest = held.iter_mut();
    if let Some(w) = rest.next() {
        let numbers = Numbers {
            w,
            first: rest.next().map(|first| &mut **first),
            second: rest.next().map(|second| &mut **second),
        };
        rule.update(numbers, gradient, &pace, spread);
    }
    for (tensor, before) in held.into_iter().zip(before) {
        let settled = tensor.where_self(&changes, &before);
        tensor.copy_(&settled);
    }
}

/// The divisor of an update by Adam, from bias corrections and learning-rate scales.
fn spread(rule: &Rule, corrections: &Corrections, place: usize, rate: &Rate, device: Device) -> Spread {
    let (k, e) = match corrections.whole(place) {
        Some((c1, c2)) => {
            let (c1, c2) = (f64::from(c1), f64::from(c2));
            (
                Factor::One(-c2.sqrt() / (rule.learning_rate * c1)),
                Factor::One(-rule.epsilon / (rule.learning_rate * c1)),
            )
        }
        None => {
            let (c1, c2) = entries(corrections.axes(place), device);
            let inverse = c1.reciprocal() / -rule.learning_rate;
            (
                Factor::Each(c2.sqrt() * &inverse),
                Factor::Each(inverse * rule.epsilon),
            )
        }
    };
    let slowed = |factor: Factor| match (factor, rate) {
        (Factor::One(factor), Rate::Same(rate)) => Factor::One(factor / rate),
        (Factor::Each(factor), Rate::Same(rate)) => Factor::Each(factor / *rate),
        (Factor::One(factor), Rate::Each { rates, .. }) => Factor::Each(rates.reciprocal() * factor),
        (Factor::Each(factor), Rate::Each { rates, .. }) => Factor::Each(factor / rates),
    };
    Spread {
        k: slowed(k),
        e: slowed(e),
    }
}

/// The corrections of each entry, the larger of its row's and its column's; a single row or column of them where that is
/// sufficient.
fn entries([rows, columns]: &[OfAxis; 2], device: Device) -> (Tensor, Tensor) {
    let along = |of: &OfAxis, shape| match of.same {
        Some((c1, c2)) => (
            tensors::vector(&[c1], [1, 1], device),
            tensors::vector(&[c2], [1, 1], device),
        ),
        None => (
            tensors::vector(&of.c1, shape, device),
            tensors::vector(&of.c2, shape, device),
        ),
    };
    let (r1, r2) = along(rows, [-1, 1]);
    let (c1, c2) = along(columns, [1, -1]);
    (r1.maximum(&c1), r2.maximum(&c2))
}
