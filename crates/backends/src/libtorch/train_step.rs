//! The building blocks of the contract's calls: run a batch, compute its losses, run the backward pass.

use super::LibTorch;
use super::backward::{Backward, Of};
use super::criterion::Criterion;
use super::forward::{Mode, Pass};
use super::hits;
use super::meters::Wanted;
use super::slots;
use super::tensors::settled;
use super::update::Rate;
use crate::keep;
use crate::rows::check;
use crate::schedule::Schedule;
use crate::terms;
use crate::terms::Scale;
use dentate_core::{BackendError, LayerId, Objective, Penalty, Purpose, Route, Rows, Slot};
use tch::{Kind, Tensor};

/// Layers that have to run, and layers whose errors are requested.
pub(super) type Way<'a> = (&'a [usize], &'a [usize]);

impl LibTorch {
    /// Positions of layers.
    pub(super) fn positions(&self, layers: &[LayerId]) -> Result<Vec<usize>, BackendError> {
        let find = |&id: &LayerId| self.network.position(id).ok_or(BackendError::NoLayer(id));
        layers.iter().map(find).collect()
    }

    /// The layers that have to run for an objective.
    pub(super) fn needed(&self, objective: &Objective) -> Result<Vec<usize>, BackendError> {
        let mut needed = Vec::new();
        terms::needed(&self.network, objective, &mut needed)?;
        Ok(needed)
    }

    pub(super) fn run_to(
        &mut self,
        rows: &Rows,
        route: &Route,
        layers: &[LayerId],
    ) -> Result<(Pass, Vec<Tensor>), BackendError> {
        let wanted = self.positions(layers)?;
        let pass = self.run(rows, route, (&wanted, &[]), Mode::Outputs)?;
        let outputs = wanted
            .iter()
            .map(|&l| pass.layers[l].out.shallow_clone())
            .collect();
        Ok((pass, outputs))
    }

    /// Run forward along the schedule to some layers.
    fn run(
        &mut self,
        rows: &Rows,
        route: &Route,
        (needed, requested): Way<'_>,
        mode: Mode,
    ) -> Result<Pass, BackendError> {
        let through = self.through(route)?;
        self.own.clear();
        let schedule: &Schedule = self.schedules.find(&self.network, route, needed, requested)?;
        let entry = &self.network.nodes[schedule.entry];
        let width = entry.features();
        check(self.data.shown(), rows, entry.id, width)?;
        let clean = self.data.gather(rows, width)?;
        let entering = if route.corruption > 0.0 {
            self.data
                .corrupted(&clean, rows, route.corruption, route.seed, width)
        } else {
            clean.shallow_clone()
        };
        Ok(Pass::run(
            &self.network,
            &self.weights,
            schedule,
            through,
            (clean, entering),
            mode,
        ))
    }

    /// The mode of the next training pass.
    pub(super) fn training(&self, route: &Route) -> Mode {
        Mode::Training {
            updates: self.updates,
            seed: route.seed,
            slopes: self.meters.follow_slopes(),
        }
    }

    /// Forward pass and losses. Returns the value of the terms, on the device; errors are left in the pass.
    pub(super) fn forward_and_loss(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        way: Way<'_>,
        (scale, mode): (Scale, Mode),
    ) -> Result<(Tensor, Pass), BackendError> {
        keep::check(objective.keep)?;
        for slot in objective.slots() {
            slots::read(&self.weights, &self.slots, slot)?;
        }
        let mut pass = self.run(rows, route, way, mode)?;
        let mut criterion = Criterion {
            network: &self.network,
            schedule: self.schedules.find(&self.network, route, way.0, way.1)?,
            pass: &mut pass,
            data: self.data.shown(),
            rows,
        };
        let value = criterion.terms(objective, scale)?;
        Ok((value, pass))
    }

    /// Backward pass along the schedule of [`forward_and_loss`](Self::forward_and_loss). Returns the gradients of the blocks that learn and were
    /// reached, by errors or by penalties.
    pub(super) fn work_back(
        &mut self,
        pass: &mut Pass,
        route: &Route,
        objective: &Objective,
        way: Way<'_>,
        of: Of,
    ) -> Result<Vec<Option<Tensor>>, BackendError> {
        let schedule = self.schedules.find(&self.network, route, way.0, way.1)?;
        let metered = match of {
            Of::Batch => self.meters.wanted(&self.network),
            _ => Wanted::default(),
        };
        let through = std::mem::take(&mut pass.through);
        let weights = through.weights(&self.weights);
        let backward = Backward::new(&self.network, weights, schedule, pass, of, metered);
        let gradients = backward.run().into_iter().enumerate();
        let power = match of {
            Of::Rows(power) => Some(power),
            _ => None,
        };
        let masked = |(place, gradient): (usize, Option<Tensor>)| {
            gradient.map(|gradient| through.masked(place, gradient, power))
        };
        let mut gradients: Vec<Option<Tensor>> = gradients.map(masked).collect();
        pass.through = through;
        self.stats.multiply_adds += pass.multiply_adds;
        if of == Of::Batch && !objective.penalties.is_empty() {
            for (place, gradient) in gradients.iter_mut().enumerate() {
                self.penalise(place, gradient, &objective.penalties)?;
            }
        }
        Ok(gradients)
    }

    /// `g ← g + strength · importance ⊙ (w − anchor)`. A penalty may also act on a block that no error has reached; a block
    /// reached by neither is left alone.
    fn penalise(
        &self,
        place: usize,
        gradient: &mut Option<Tensor>,
        penalties: &[Penalty],
    ) -> Result<(), BackendError> {
        let w = &self.weights[place];
        if gradient.is_none() {
            let reached = |slot| self.slots.reached(slot, place);
            let pulled = |penalty: &Penalty| penalty.importance.is_none_or(reached);
            if !self.network.learns(place) || !penalties.iter().any(pulled) {
                return Ok(());
            }
            *gradient = Some(w.zeros_like());
        }
        let Some(gradient) = gradient else {
            return Ok(());
        };
        for penalty in penalties {
            let of = |slot| slots::read(&self.weights, &self.slots, slot).map(|blocks| &blocks[place]);
            let anchor = penalty.anchor.map(of).transpose()?;
            let off = anchor.map_or_else(|| w.shallow_clone(), |anchor| w - anchor);
            let strength = f64::from(penalty.strength);
            let pull = match penalty.importance.map(of).transpose()? {
                Some(importance) => importance.g_mul_scalar(strength) * off,
                None => off.g_mul_scalar(strength),
            };
            let _ = gradient.g_add_(&pull);
        }
        Ok(())
    }

    pub(super) fn differentiate(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        into: Slot,
        purpose: Purpose,
    ) -> Result<f64, BackendError> {
        self.look();
        let needed = self.needed(objective)?;
        let way = (needed.as_slice(), &[] as &[usize]);
        let how = (Scale::Mean, self.training(route));
        let (value, mut pass) = self.forward_and_loss(rows, route, objective, way, how)?;
        let value = value.double_value(&[]);
        let sum = value + self.penalties(objective)?;
        let own = purpose == Purpose::Update;
        if own {
            self.show(&pass);
        }
        let gradients = if own && !value.is_finite() {
            self.stats.diverged = true;
            self.stats.multiply_adds += pass.multiply_adds;
            self.weights.iter().map(|_| None).collect()
        } else {
            if own {
                self.observe(&pass, route, (objective, &needed), None)?;
                hits::take(&pass.counted, &mut self.stats.hits);
                self.stats.rows += rows.len() as u64;
                self.stats.loss += value;
            }
            let gradients = self.work_back(&mut pass, route, objective, way, Of::Batch)?;
            if own {
                self.meters.take_errors(&self.network, &pass, None);
            }
            gradients
        };
        let reached: Vec<bool> = gradients.iter().map(Option::is_some).collect();
        let whole = |(place, gradient): (usize, Option<Tensor>)| match gradient {
            None => self.weights[place].zeros_like(),
            Some(gradient) => match self.rates.of(&self.network, place, self.device) {
                Rate::Same(_) => gradient,
                Rate::Each { learns, .. } => gradient.masked_fill(&learns.logical_not(), 0.0),
            },
        };
        let gradients = gradients.into_iter().enumerate().map(whole);
        let gradients = gradients.map(|gradient| settled(&gradient)).collect();
        self.write(into, gradients, reached);
        Ok(sum)
    }

    /// Update the state that goes with an update's own pass, beside the parameters and the counts: meters of outputs and
    /// running statistics, if `alive` is true.
    pub(super) fn observe(
        &mut self,
        pass: &Pass,
        route: &Route,
        (objective, needed): (&Objective, &[usize]),
        alive: Option<&Tensor>,
    ) -> Result<(), BackendError> {
        let schedule = self.schedules.find(&self.network, route, needed, &[])?;
        let weights = pass.through.weights(&self.weights);
        self.meters
            .accumulate(&self.network, schedule, pass, weights, self.updates, alive);
        let keep = objective.keep.and_then(|keep| self.slots.get(keep));
        pass.follow_batch(&self.network, schedule, &mut self.weights, keep, alive);
        Ok(())
    }

    /// The value of an objective's penalties.
    fn penalties(&self, objective: &Objective) -> Result<f64, BackendError> {
        let mut value = 0.0;
        for penalty in &objective.penalties {
            let of = |slot| slots::read(&self.weights, &self.slots, slot);
            let importance = penalty.importance.map(of).transpose()?;
            let anchor = penalty.anchor.map(of).transpose()?;
            for (place, w) in self.weights.iter().enumerate() {
                if !self.network.places[place].parameter.learned() {
                    continue;
                }
                let off = anchor.map_or_else(|| w.shallow_clone(), |anchor| w - &anchor[place]);
                let mut squares = off.to_kind(Kind::Double).square();
                if let Some(importance) = importance {
                    squares = squares * &importance[place];
                }
                let sum = squares.sum(Kind::Double).double_value(&[]);
                value += 0.5 * f64::from(penalty.strength) * sum;
            }
        }
        Ok(value)
    }

    /// Put blocks into a slot.
    pub(super) fn write(&mut self, into: Slot, mut blocks: Vec<Tensor>, reached: Vec<bool>) {
        self.look();
        if into == Slot::WEIGHT {
            self.hold_still(&mut blocks);
            self.weights = blocks;
        } else {
            self.slots.put(into, blocks, reached);
        }
    }
}
