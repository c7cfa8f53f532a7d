//! The building blocks of the contract's calls: run a batch, compute its losses, run the backward pass into a sink.

use super::Native;
use super::ages::Age;
use super::backward::Backward;
use super::block::Block;
use super::forward::{Frozen, Mode};
use super::growth;
use super::keep;
use super::map::keep_frozen;
use super::network::{Network, Place};
use super::receipts;
use super::settle::settled;
use super::sink::{Delivery, Sink};
use super::slots::{self, fresh};
use super::terms;
use super::through::{mask, through};
use crate::terms::Scale;
use dentate_core::profile::{self, Kind};
use dentate_core::{
    BackendError, Graph, LayerId, Objective, Power, Purpose, Receipt, Route, Rows, Segment, Slot, SlotKind,
};
use ndarray::Array2;

impl Native {
    /// Positions of layers.
    pub(super) fn positions(&self, layers: &[LayerId]) -> Result<Vec<usize>, BackendError> {
        let find = |&id: &LayerId| self.network.position(id).ok_or(BackendError::NoLayer(id));
        layers.iter().map(find).collect()
    }

    pub(super) fn run_to(
        &mut self,
        rows: &Rows,
        route: &Route,
        layers: &[LayerId],
    ) -> Result<Vec<Array2<f32>>, BackendError> {
        let wanted = self.positions(layers)?;
        self.prepare_route(route)?;
        self.own = false;
        let schedule = self.schedules.find(&self.network, route, &wanted, &[])?;
        let batch = (rows, route);
        self.pass.mode = Mode::Evaluating;
        self.pass.run(
            &self.network,
            through(&self.slots, &self.masked, route).unwrap_or(&self.weights),
            &self.data,
            batch,
            schedule,
            Frozen::AsUsual,
        )?;
        Ok(wanted
            .iter()
            .map(|&l| self.pass.layers[l].out.view().to_owned())
            .collect())
    }

    /// Forward pass and losses. Returns the value of the terms; errors are left in the pass.
    #[expect(clippy::too_many_arguments, reason = "a whole pass with all that bears on it")]
    pub(super) fn forward_and_loss(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        needed: &[usize],
        requested: &[usize],
        scale: Scale,
        mode: Mode,
    ) -> Result<f64, BackendError> {
        keep::check(objective.keep)?;
        for slot in objective.slots() {
            slots::read(&self.weights, &self.slots, slot)?;
        }
        self.own = false;
        let _forward = profile::enter(Kind::Forward);
        self.prepare_route(route)?;
        let schedule = self.schedules.find(&self.network, route, needed, requested)?;
        self.pass.multiply_adds = 0;
        self.pass.mode = mode;
        // The cache holds outputs of the parameters as they are. Meters need layers that would not be run.
        let may = requested.is_empty() && scale == Scale::Mean && route.is_open();
        let frozen = if may && !self.meters.within(&self.network, schedule) {
            Frozen::ActivationCache(&mut self.kept, &mut self.side)
        } else {
            Frozen::Alone
        };
        let batch = (rows, route);
        let weights = through(&self.slots, &self.masked, route).unwrap_or(&self.weights);
        self.pass
            .run(&self.network, weights, &self.data, batch, schedule, frozen)?;
        let (network, data) = (&self.network, &self.data);
        self.criterion
            .terms(network, schedule, &mut self.pass, data, rows, objective, scale)
    }

    /// Backward pass along the schedule of [`forward_and_loss`](Self::forward_and_loss), into a sink that `make` creates.
    pub(super) fn work_back(
        &mut self,
        route: &Route,
        objective: &Objective,
        needed: &[usize],
        requested: &[usize],
        sink: Sinking,
    ) -> Result<(), BackendError> {
        let _backward = profile::enter(Kind::Backward);
        let schedule = self.schedules.find(&self.network, route, needed, requested)?;
        let own = matches!(sink, Sinking::Update | Sinking::Spare(Purpose::Update));
        let meters = own.then_some(&mut self.meters);
        self.done.clear();
        self.done.resize(self.network.places.len(), false);
        let keep = objective.keep.filter(|_| matches!(sink, Sinking::Update));
        let (sink, power) = match sink {
            Sinking::Nothing => (Sink::Nothing, None),
            Sinking::Spare(_) => (Sink::Store(&mut self.spare), None),
            Sinking::Update => (Sink::Update(&mut self.updater), None),
            Sinking::Powers(power, factor) => (
                Sink::Add {
                    into: &mut self.spare,
                    factor,
                    power,
                },
                Some(power),
            ),
        };
        let mut delivery = Delivery {
            network: &self.network,
            slots: &self.slots,
            penalties: &objective.penalties,
            mask: mask(&self.slots, route),
            keep: keep.and_then(|keep| self.slots.get(keep)),
            sink,
            done: &mut self.done,
            rates: &mut self.rates,
        };
        let mut backward = Backward {
            network: &self.network,
            schedule,
            through: through(&self.slots, &self.masked, route),
            pass: &mut self.pass,
            scratch: &mut self.scratch,
            delivery: &mut delivery,
            power,
            meters,
        };
        backward.run(&mut self.weights);
        self.stats.multiply_adds += std::mem::take(&mut self.pass.multiply_adds);
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
        let needed = self.needed(objective)?;
        let mode = Mode::Training(self.updates);
        let value = self.forward_and_loss(rows, route, objective, &needed, &[], Scale::Mean, mode)?;
        let whole = value + self.penalties(objective);
        self.own = purpose == Purpose::Update;
        self.prepare_spare();
        if purpose == Purpose::Update && !value.is_finite() {
            self.diverge();
            self.spare.iter_mut().for_each(|block| block.fill(0.0));
            self.done.clear();
            self.done.resize(self.network.places.len(), false);
        } else {
            if purpose == Purpose::Update {
                self.observe(rows, route, objective, &needed, value)?;
            }
            self.work_back(route, objective, &needed, &[], Sinking::Spare(purpose))?;
        }
        self.write(into);
        self.needed = needed;
        Ok(whole)
    }

    /// Update the state that goes with an update's own pass, beside the parameters: meters of outputs, running statistics,
    /// counts. Meters of errors follow in the backward pass.
    pub(super) fn observe(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        needed: &[usize],
        value: f64,
    ) -> Result<(), BackendError> {
        let schedule = self.schedules.find(&self.network, route, needed, &[])?;
        let weights = through(&self.slots, &self.masked, route).unwrap_or(&self.weights);
        self.meters
            .accumulate(&self.network, schedule, &self.pass, weights, self.updates);
        let keep = objective.keep.and_then(|keep| self.slots.get(keep));
        self.pass
            .follow_batch(&self.network, schedule, &mut self.weights, keep);
        self.stats.hits.add(&self.criterion.tallies);
        self.stats.rows += rows.len() as u64;
        self.stats.loss += value;
        Ok(())
    }

    /// Record that the loss of an update's own pass is not finite, so that no update is made.
    pub(super) fn diverge(&mut self) {
        self.stats.diverged = true;
        self.stats.multiply_adds += std::mem::take(&mut self.pass.multiply_adds);
    }

    /// The layers that have to run for an objective. The list may be returned for reuse.
    pub(super) fn needed(&mut self, objective: &Objective) -> Result<Vec<usize>, BackendError> {
        let mut needed = std::mem::take(&mut self.needed);
        terms::needed(&self.network, objective, &mut needed)?;
        Ok(needed)
    }

    pub(super) fn accumulate_rows(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        (power, factor): (Power, f32),
        into: Slot,
    ) -> Result<(), BackendError> {
        terms::check_whole(objective, rows.len())?;
        let needed = self.needed(objective)?;
        let value = self.forward_and_loss(
            rows,
            route,
            objective,
            &needed,
            &[],
            Scale::Single,
            Mode::Evaluating,
        )?;
        self.stats.diverged |= !value.is_finite();
        if objective.penalties.is_empty() {
            self.prepare_spare();
            match slots::read(&self.weights, &self.slots, into) {
                Ok(old) => self
                    .spare
                    .iter_mut()
                    .zip(old)
                    .for_each(|(new, old)| new.copy_from(old)),
                Err(_) => self.spare.iter_mut().for_each(|new| new.fill(into.kind.fresh())),
            }
            self.work_back(route, objective, &needed, &[], Sinking::Powers(power, factor))?;
            self.reach_as_before(into);
            self.write(into);
            return Ok(());
        }
        self.accumulate_row_by_row(rows, route, objective, (power, factor), into)
    }

    /// With penalties, a row's gradient is not a product of two factors; then each row is run alone.
    fn accumulate_row_by_row(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        (power, factor): (Power, f32),
        into: Slot,
    ) -> Result<(), BackendError> {
        let mut sum = match slots::read(&self.weights, &self.slots, into) {
            Ok(old) => old.to_vec(),
            Err(_) => fresh(&self.network, into.kind.fresh()),
        };
        let mut reached = vec![false; self.network.places.len()];
        for (i, (data, task, row)) in rows.iter().enumerate() {
            let single = terms::of_row(objective, i);
            let segment = Segment {
                data,
                task,
                indices: vec![row],
            };
            let row = Rows {
                segments: vec![segment],
            };
            let needed = self.needed(&single)?;
            self.forward_and_loss(&row, route, &single, &needed, &[], Scale::Mean, Mode::Evaluating)?;
            self.prepare_spare();
            self.work_back(route, &single, &needed, &[], Sinking::Spare(Purpose::ReadOnly))?;
            reached
                .iter_mut()
                .zip(&self.done)
                .for_each(|(all, this)| *all |= this);
            for (sum, gradient) in sum.iter_mut().zip(&self.spare) {
                for i in 0..sum.rows() {
                    let pairs = sum.row_mut(i).iter_mut().zip(gradient.row(i));
                    pairs.for_each(|(sum, g)| *sum = settled(*sum + factor * power.of(*g)));
                }
            }
        }
        self.spare = sum;
        self.done = reached;
        self.reach_as_before(into);
        self.write(into);
        Ok(())
    }

    /// Keep blocks reached that were reached in a slot before something is added to it.
    fn reach_as_before(&mut self, into: Slot) {
        if self.slots.get(into).is_some() {
            for (place, done) in self.done.iter_mut().enumerate() {
                *done |= self.slots.reached(into, place);
            }
        }
    }

    /// Fit the spare blocks to the network; their contents are undefined.
    pub(super) fn prepare_spare(&mut self) {
        let places = &self.network.places;
        let fits = |(block, place): (&Block, &Place)| (block.rows(), block.cols()) == place.stored();
        if self.spare.len() != places.len() || !self.spare.iter().zip(places).all(fits) {
            self.spare = fresh(&self.network, 0.0);
        }
    }

    /// Replace a slot by the spare blocks, reached where `done` is set.
    pub(super) fn write(&mut self, into: Slot) {
        let blocks = std::mem::take(&mut self.spare);
        self.spare = if into == Slot::WEIGHT {
            self.kept.clear();
            let before = std::mem::replace(&mut self.weights, blocks);
            for (place, (before, after)) in before.iter().zip(&mut self.weights).enumerate() {
                keep_frozen(&self.network, place, before, after, &mut self.rates);
            }
            before
        } else {
            self.slots.put(into, blocks, &self.done)
        };
    }

    pub(super) fn follow(&mut self, graph: &Graph, receipt: &Receipt) -> Result<(), BackendError> {
        if self.network.same(graph) {
            receipts::check("native", &self.network, &self.network, receipt)?;
        } else {
            let network = Network::new(graph);
            receipts::check("native", &self.network, &network, receipt)?;
            for fold in &receipt.folded_means {
                growth::fold_mean(&self.network, &mut self.weights, fold);
            }
            growth::follow(
                &self.network,
                &network,
                receipt,
                SlotKind::Weight,
                &mut self.weights,
            );
            for (slot, blocks, reached) in self.slots.iter_mut() {
                growth::follow(&self.network, &network, receipt, slot.kind, blocks);
                // New entries have not been reached.
                let before = |p: &Place| self.network.place(p.parameter).is_some_and(|p| reached[p]);
                *reached = network.places.iter().map(before).collect();
            }
            let ages = network.places.iter().map(|place| {
                let old = self.network.place(place.parameter);
                let mut age =
                    old.map_or_else(|| Age::new(place.stored()), |p| std::mem::take(&mut self.ages[p]));
                if let Some(carry) = receipt.parameters.get(&place.parameter) {
                    age.follow(carry, place.turned());
                }
                age
            });
            self.ages = ages.collect();
            self.network = network;
            return self.settle(receipt);
        }
        for fold in &receipt.folded_means {
            growth::fold_mean(&self.network, &mut self.weights, fold);
        }
        for (parameter, carry) in &receipt.parameters {
            let Some(place) = self.network.place(*parameter) else {
                continue;
            };
            let at = &self.network.places[place];
            let patch = |kind: SlotKind, blocks: &mut Vec<Block>| {
                blocks[place] = growth::carried(at, carry, kind, std::mem::take(&mut blocks[place]));
            };
            patch(SlotKind::Weight, &mut self.weights);
            for (slot, blocks, _) in self.slots.iter_mut() {
                patch(slot.kind, blocks);
            }
            self.ages[place].follow(carry, at.turned());
        }
        self.network.refresh(graph);
        self.settle(receipt)
    }

    /// Finish a change of the network: adjustments, meters, and caches for the old network.
    fn settle(&mut self, receipt: &Receipt) -> Result<(), BackendError> {
        for (parameter, by) in &receipt.adjustments {
            let Some(place) = self.network.place(*parameter) else {
                continue;
            };
            let at = &self.network.places[place];
            let mut values = at.seen(&self.weights[place]).to_owned();
            by.apply(&mut values);
            self.weights[place].assign(if at.turned() { values.t() } else { values.view() });
        }
        self.meters.follow(receipt, self.updates);
        self.schedules.clear();
        self.kept.clear();
        self.spare.clear();
        Ok(())
    }
}

/// The destination of [`Native::work_back`].
#[derive(Clone, Copy, Debug)]
pub(super) enum Sinking {
    Nothing,
    /// Gradients into the spare blocks; for an update, meters accumulate the errors.
    Spare(Purpose),
    /// Powers of single rows' gradients, times this factor, added to the spare blocks.
    Powers(Power, f32),
    /// Into the parameters, by the updater.
    Update,
}
