//! Updates that run ahead of what is known of them. A GPU works off what it is told to in its own time; reading a loss back
//! would wait for all of it. So the device itself decides whether a loss was finite and an update takes place, and the host
//! counts on it; when somebody looks, it reads how many took place and takes the others back.
//!
//! After a loss that was not finite none takes place until somebody looks. Counters on the host, of which bias corrections
//! are made, are right for those that took place, since all of them came before.

use super::LibTorch;
use super::hits::Counted;
use dentate_core::{Hits, TaskId};
use tch::{Device, Kind, Tensor};

/// An update that the host counts on.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) rows: u64,
    /// Whether it was one by Adam, and which blocks it reached.
    pub(super) adam: bool,
    pub(super) reached: Vec<bool>,
    /// Rows that were counted, and whether they are seen again.
    pub(super) counted: Vec<(TaskId, bool, u64)>,
}

/// What has happened since somebody looked.
#[derive(Debug)]
pub(super) struct Ahead {
    device: Device,
    /// Whether every loss was finite so far.
    alive: Tensor,
    /// Sum of the losses and number of the updates that took place.
    loss: Tensor,
    made: Tensor,
    /// Rows that were right, by task and whether they are seen again.
    right: Vec<(TaskId, bool, Tensor)>,
    steps: Vec<Step>,
}

impl Ahead {
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

    /// Whether updates take place.
    pub(super) fn alive(&self) -> Tensor {
        self.alive.shallow_clone()
    }

    /// Take in the loss of an update that is to be made.
    pub(super) fn judge(&mut self, value: &Tensor) {
        self.alive = self.alive.logical_and(&value.isfinite());
        let _ = self
            .loss
            .g_add_(&value.where_self(&self.alive, &value.zeros_like()));
        let _ = self.made.g_add_(&self.alive);
    }

    /// Take in what was counted of it.
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

    /// It was told to the device.
    pub(super) fn made(&mut self, step: Step) {
        self.steps.push(step);
    }
}

impl LibTorch {
    /// Learn what has become of the updates so far.
    pub(super) fn look(&mut self) {
        let Some(ahead) = self.ahead.take_if(|ahead| !ahead.steps.is_empty()) else {
            return;
        };
        self.ahead = Some(Ahead::new(ahead.device));
        self.stats.loss += ahead.loss.double_value(&[]);
        let made = ahead.made.int64_value(&[]) as usize;
        for (task, again, rows) in ahead.steps.iter().take(made).flat_map(|step| &step.counted) {
            let (rows, right) = (*rows, 0);
            self.stats.hits.count(*task, *again, Hits { rows, right });
        }
        for (task, again, right) in &ahead.right {
            let (rows, right) = (0, right.int64_value(&[]) as u64);
            // Of a task of which no update was made nothing is known.
            if right > 0 {
                self.stats.hits.count(*task, *again, Hits { rows, right });
            }
        }
        for step in ahead.steps.iter().skip(made) {
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
