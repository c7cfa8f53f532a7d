//! Updates, in a step or from an existing gradient. Both end in the same rows of the same updater.

use super::Native;
use super::block::Block;
use super::forward::Mode;
use super::keep;
use super::optimizer::Rule;
use super::sink::{Delivery, Sink};
use super::slots;
use super::span::Span;
use super::train_step::Sinking;
use crate::terms::Scale;
use crate::veil::check_step;
use dentate_core::profile::{self, Kind};
use dentate_core::{BackendError, Objective, Optimizer, Route, Rows, Slot};

impl Native {
    pub(super) fn train(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        optimizer: &Optimizer,
    ) -> Result<(), BackendError> {
        check_step(route)?;
        let needed = self.needed(objective)?;
        let done = self.train_to(rows, route, objective, optimizer, &needed);
        self.needed = needed;
        done
    }

    fn train_to(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        optimizer: &Optimizer,
        needed: &[usize],
    ) -> Result<(), BackendError> {
        let mode = Mode::Training(self.updates);
        let value = self.forward_and_loss(rows, route, objective, needed, &[], Scale::Mean, mode)?;
        self.own = true;
        if !value.is_finite() {
            self.diverge();
            return Ok(());
        }
        self.observe(rows, route, objective, needed, value)?;
        {
            let _update = profile::enter(Kind::Update);
            self.prepare_update(optimizer);
        }
        let done = self.work_back(route, objective, needed, &[], Sinking::Update);
        self.finish_update(objective.keep);
        done
    }

    pub(super) fn update_from(
        &mut self,
        from: Slot,
        optimizer: &Optimizer,
        keep: Option<Slot>,
    ) -> Result<(), BackendError> {
        let _update = profile::enter(Kind::Update);
        keep::check(keep)?;
        for slot in [Some(from), keep].into_iter().flatten() {
            slots::read(&self.weights, &self.slots, slot)?;
        }
        // The optimizer's own slots and the parameters change while the gradient is read, and factors are read beside it.
        let own =
            [Slot::WEIGHT, Slot::FIRST_MOMENT, Slot::SECOND_MOMENT].contains(&from) || keep == Some(from);
        let mut gradient = if own {
            slots::read(&self.weights, &self.slots, from)?.to_vec()
        } else {
            self.slots.take(from, &self.network)
        };
        self.prepare_update(optimizer);
        self.done.clear();
        let reached = |place| self.slots.reached(from, place);
        self.done.extend((0..self.network.places.len()).map(reached));
        let mut delivery = Delivery {
            network: &self.network,
            slots: &self.slots,
            penalties: &[],
            mask: None,
            keep: keep.and_then(|keep| self.slots.get(keep)),
            sink: Sink::Update(&mut self.updater),
            done: &mut self.done,
            rates: &mut self.rates,
        };
        for (place, block) in gradient.iter_mut().enumerate() {
            if std::mem::take(&mut delivery.done[place]) && delivery.wants(place) {
                delivery.deliver(&mut self.weights, place, Span::From(0), block);
            }
        }
        self.finish_update(keep);
        if !own {
            self.slots.give_back(from, gradient);
        }
        Ok(())
    }

    /// Move the moments into the updater.
    fn prepare_update(&mut self, optimizer: &Optimizer) {
        let rule = Rule::of(optimizer);
        self.updater.rule = rule;
        if rule.has_first() {
            self.updater.first = self.slots.take(Slot::FIRST_MOMENT, &self.network);
        }
        if rule.adam {
            self.updater.second = self.slots.take(Slot::SECOND_MOMENT, &self.network);
            self.updater.corrections.prepare(rule.betas, &self.ages);
        }
    }

    /// Move the moments back, and count: the age of a block increases if it was reached and is not held as a whole.
    fn finish_update(&mut self, keep: Option<Slot>) {
        let rule = self.updater.rule;
        if rule.has_first() {
            self.slots
                .give_back(Slot::FIRST_MOMENT, std::mem::take(&mut self.updater.first));
        }
        if rule.adam {
            self.slots
                .give_back(Slot::SECOND_MOMENT, std::mem::take(&mut self.updater.second));
            let keep = keep.and_then(|keep| self.slots.get(keep));
            let moves = |place: usize| keep.is_none_or(|keep| any_above_0(&keep[place]));
            for (place, age) in self.ages.iter_mut().enumerate() {
                if self.done[place] && moves(place) {
                    age.count();
                }
            }
        }
        self.updates += 1;
        self.stats.updates += 1;
    }
}

/// Returns whether any factor of a block is above 0.
fn any_above_0(factors: &Block) -> bool {
    (0..factors.rows()).any(|row| factors.row(row).iter().any(|factor| *factor > 0.0))
}
