//! Updates that run ahead of the host's knowledge of them. A GPU executes its queue asynchronously; reading a loss back would
//! wait for all of it. So the device itself decides from whether a loss is finite whether an update takes place, and the host
//! assumes that it does; when the outcome is read, the host counts how many took place and takes the others back.
//!
//! After a loss that was not finite none takes place until the outcome is read. Counters on the host, from which bias
//! corrections are computed, are right for those that took place, since all of them came before.

use super::LibTorch;
use super::hits::Counted;
use dentate_core::{Hits, TaskId};
use tch::{Device, Kind, Tensor};

/// An update that the host assumes to take place.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) rows: u64,
    /// The blocks it reached, if it was one by Adam.
    pub(super) adam: bool,
    pub(super) reached: Vec<bool>,
    /// Counted rows by task, and whether they are replayed.
    pub(super) counted: Vec<(TaskId, bool, u64)>,
}

/// The state since the outcome was last read.
#[derive(Debug)]
pub(super) struct AsyncSteps {
    device: Device,
    /// True if every loss so far was finite.
    alive: Tensor,
    /// Sum of the losses and number of the updates that took place.
    loss: Tensor,
    made: Tensor,
    /// Correctly classified rows, by task and whether they are replayed.
    right: Vec<(TaskId, bool, Tensor)>,
    steps: Vec<Step>,
}

impl AsyncSteps {
    pub(super) fn new(device: Device) -> Self {
        Self {
            device,
            alive: Tensor::ones([], (Kind::Bool, device)),
            loss: Tensor::zeros([], (Kind::Double, device)),
            made: Tensor::zeros([], (Kind::Int64, device)),
            right: Vec::new(),
            steps: Vec::new(),
        }
    }

    /// True if updates take place; a tensor on the device.
    pub(super) fn alive(&self) -> Tensor {
        self.alive.shallow_clone()
    }

    /// Record the loss of an update that is to be made.
    pub(super) fn add_loss(&mut self, value: &Tensor) {
        self.alive = self.alive.logical_and(&value.isfinite());
        let _ = self
            .loss
            .g_add_(&value.where_self(&self.alive, &value.zeros_like()));
        let _ = self.made.g_add_(&self.alive);
    }

    /// Record the counts of its rows.
    pub(super) fn count(&mut self, counted: &[Counted]) {
        for of in counted {
            let right = &of.right * &self.alive;
            let same =
                |(task, again, _): &&mut (TaskId, bool, Tensor)| (*task, *again) == (of.task, of.again);
            match self.right.iter_mut().find(same) {
                Some((.., sum)) => drop(sum.g_add_(&right)),
                None => self.right.push((of.task, of.again, right)),
            }
        }
    }

    /// Record an update that was queued on the device.
    pub(super) fn made(&mut self, step: Step) {
        self.steps.push(step);
    }
}

impl LibTorch {
    /// Read the outcome of the updates so far.
    pub(super) fn look(&mut self) {
        let Some(pending) = self.pending.take_if(|pending| !pending.steps.is_empty()) else {
            return;
        };
        self.pending = Some(AsyncSteps::new(pending.device));
        self.stats.loss += pending.loss.double_value(&[]);
        let made = pending.made.int64_value(&[]) as usize;
        for (task, again, rows) in pending.steps.iter().take(made).flat_map(|step| &step.counted) {
            let (rows, right) = (*rows, 0);
            self.stats.hits.count(*task, *again, Hits { rows, right });
        }
        for (task, again, right) in &pending.right {
            let (rows, right) = (0, right.int64_value(&[]) as u64);
            // A task without updates has no counts.
            if right > 0 {
                self.stats.hits.count(*task, *again, Hits { rows, right });
            }
        }
        for step in pending.steps.iter().skip(made) {
            self.stats.diverged = true;
            self.stats.updates = self.stats.updates.saturating_sub(1);
            self.stats.rows = self.stats.rows.saturating_sub(step.rows);
            self.updates = self.updates.saturating_sub(1);
            let ages = self.ages.iter_mut().zip(&step.reached);
            for (age, _) in ages.filter(|(_, reached)| step.adam && **reached) {
                age.take_back(1);
            }
        }
    }
}
