//! PackNet: after each task, all but its most important weights are pruned and freed for later tasks; those it keeps never
//! change again.
//!
//! Mallya, A. & Lazebnik, S. (2018). PackNet: adding multiple tasks to a single network by iterative pruning. *CVPR*,
//! arXiv:1711.05769. When task t has been trained, of the weights of each connection that no earlier task owns
//!
//! ```text
//! a share `prune`, those of the smallest |w|, is set to 0 and stays free; the others are owned by t.
//! ```
//!
//! Then the network is retrained for `retrain` passes over the task's rows, with the free weights at 0, and the weights
//! owned by t are frozen. A pass for task t uses the weights owned by tasks up to t, and no others.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `prune` | share of a connection's free weights that a task frees again, in [0, 1) | 0.5 |
//! | `retrain` | passes over the task's rows after pruning | 1 |
//!
//! **Preserves** the outputs for an earlier task bit by bit, whatever is learned later: no weight, bias or moment that it
//! owns changes, and weights that it does not own are masked. Growth by added units or layers, which are free, keeps this;
//! a strategy that splits, inserts, prunes, replaces or decays is refused.
//!
//! **Departures.** Biases, gains, scales and shifts are owned entirely by the first task that trains them, as the paper
//! fixes biases and batch norms after its first task. Rows are taken in the order of the experience. The task identity is
//! needed at prediction, so it is for the task-incremental scenario.

use crate::alone;
use crate::mechanism::{Context, Lens, Mechanism, Needs, Pass, Sight, Views, Work};
use dentate_core::{
    Expr, LearnError, Parameter, Route, Rows, Scenario, Slot, SlotKind, StreamFacts, TaskId, Unsuited,
    config, state,
};
use dentate_growth::Change;
use ndarray::Array2;
use std::collections::BTreeSet;

/// The task that owns an entry, counted from 1; 0 while it is free.
const OWNER: &str = "owner";
/// 1 where a pass uses a weight.
const SEEN: &str = "seen";
/// 1 where an update may change an entry.
const FREE: &str = "free";

/// Rows of an update after pruning.
const BATCH: usize = 64;

config! {
    /// Configuration; see [the module](self).
    pub struct PackNet {
        /// Share of a connection's free weights that a task frees again.
        #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
        pub prune: f32 = 0.5,
        /// Passes over a task's rows after pruning.
        pub retrain: u64 = 1,
    }
}

state! {
    /// State of the packing.
    pub struct Packed {
        /// The tasks that own entries, in the order in which they were learned.
        tasks: Vec<TaskId>,
        /// Retraining after pruning, in progress.
        again: Option<Again>,
    }
}

state! {
    /// Rows of the retraining, with its progress.
    struct Again {
        rows: Rows,
        next: usize,
        pass: u64,
    }
}

impl Packed {
    /// The owner number of the next task.
    fn next(&self) -> f32 {
        self.tasks.len() as f32 + 1.0
    }

    /// The owner number of a task.
    fn owner(&self, task: Option<TaskId>) -> Option<f32> {
        let place = self.tasks.iter().rposition(|own| Some(*own) == task)?;
        Some(place as f32 + 1.0)
    }
}

impl PackNet {
    /// Assigns the entries to keep to the task, and sets the others to 0.
    fn divide(&self, packed: &Packed, cx: &mut Context<'_>) -> Result<(), LearnError> {
        let owner = cx.slot(OWNER)?;
        let mut held = cx.network.snapshot();
        let weights = held.slots.get(&Slot::WEIGHT).cloned().unwrap_or_default();
        for (parameter, owners) in held.slots.get_mut(&owner).into_iter().flatten() {
            if let Some(weights) = weights.get(parameter) {
                let share = if matches!(parameter, Parameter::Weight(_)) {
                    self.prune
                } else {
                    0.0
                };
                divide(owners, weights, share, packed.next());
            }
        }
        cx.network.restore(&held)?;
        let owned = Expr::slot(owner).greater(0.5);
        let weights = owned.select(Slot::WEIGHT, 0.0);
        Ok(cx.network.map(Slot::WEIGHT, &weights)?)
    }

    /// Runs one update on the next rows, of the entries that the task owns only.
    fn train(&self, again: &mut Again, cx: &mut Context<'_>) -> Result<(), LearnError> {
        let mut rows = Rows::default();
        // A single row that would be left over joins, where batch norm could not take it alone.
        let left = again.rows.len() - again.next.min(again.rows.len());
        let batch = alone::batch(cx.network.graph(), BATCH, Some(left));
        for (data, task, row) in again.rows.iter().skip(again.next).take(batch) {
            rows.push(data, task, row);
        }
        again.next += rows.len();
        if again.next >= again.rows.len() {
            (again.next, again.pass) = (0, again.pass + 1);
        }
        let (rows, mut objective) = cx.objective(&rows)?;
        alone::refuse(cx.network.graph(), rows.len(), &objective)?;
        objective.keep = Some(cx.slot(FREE)?);
        let optimizer = cx.optimizer();
        Ok(cx.network.step(&rows, &Route::default(), &objective, optimizer)?)
    }
}

/// Assigns all but a share of the free entries of a block to `owner`: those of the smallest magnitude stay free, of ties
/// the first.
fn divide(owners: &mut Array2<f32>, weights: &Array2<f32>, share: f32, owner: f32) {
    let free = owners.iter().enumerate().filter(|(_, owner)| **owner == 0.0);
    let magnitude = |place: usize| weights.iter().nth(place).map_or(0.0, |w| w.abs());
    let mut free: Vec<(f32, usize)> = free.map(|(place, _)| (magnitude(place), place)).collect();
    free.sort_by(|a, b| a.0.total_cmp(&b.0));
    let given_back = (share * free.len() as f32).round() as usize;
    let stay: BTreeSet<usize> = free
        .into_iter()
        .skip(given_back)
        .map(|(_, place)| place)
        .collect();
    for (place, entry) in owners.iter_mut().enumerate() {
        if stay.contains(&place) {
            *entry = owner;
        }
    }
}

impl Mechanism for PackNet {
    type State = Packed;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        if stream.scenario != Scenario::TaskIncremental {
            let reason = "it predicts with the weights of the given task, so the stream has to provide the task: use a task-incremental \
                          stream";
            return Err(Unsuited::new("name", "packnet", reason));
        }
        if stream.once() && self.retrain > 0 {
            let reason = "it revisits the rows of a task, and this stream is single-pass: set `retrain = 0`";
            return Err(Unsuited::new("retrain", self.retrain, reason));
        }
        Ok(())
    }

    fn needs(&self) -> Needs {
        Needs {
            views: Views {
                mask: true,
                keep: true,
                ..Views::default()
            },
            // Changes that alter or mix weights owned by an earlier task would change its outputs.
            forbids: vec![
                Change::Split,
                Change::Deepen,
                Change::Prune,
                Change::Replace,
                Change::Adjust,
            ],
            ..Needs::slots(&[
                (SlotKind::Statistic, OWNER),
                (SlotKind::Mask, SEEN),
                (SlotKind::Mask, FREE),
            ])
        }
    }

    fn begin(&self, _: &mut Packed, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        if cx.experience().scenario != Scenario::TaskIncremental {
            let sentence = "`packnet` has to be told the task: it is for task-incremental streams";
            return Err(LearnError::Unsuited(sentence.into()));
        }
        let owner = cx.slot(OWNER)?;
        if !cx.network.has(owner) {
            cx.network.map(owner, &Expr::constant(0.0))?;
        }
        let free = 1.0 - Expr::slot(owner).greater(0.5);
        cx.network.map(cx.slot(FREE)?, &free)?;
        Ok(Work::Done)
    }

    fn view(&self, packed: &Packed, cx: &mut Context<'_>, sight: Sight) -> Result<Lens, LearnError> {
        let mut lens = Lens::default();
        match sight.pass {
            Pass::Train | Pass::Phase => {
                let free = cx.slot(FREE)?;
                lens.keep = cx.network.has(free).then_some(free);
            }
            Pass::Predict => {
                if let Some(number) = packed.owner(sight.task) {
                    let (owner, seen) = (cx.slot(OWNER)?, cx.slot(SEEN)?);
                    let own = || Expr::slot(owner);
                    let visible = own().greater(0.5) - own().greater(number + 0.5);
                    cx.network.map(seen, &visible)?;
                    lens.mask = Some(seen);
                }
            }
            _ => {}
        }
        Ok(lens)
    }

    fn end(&self, packed: &mut Packed, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        let mut again = match packed.again.take() {
            Some(again) => again,
            None => {
                self.divide(packed, cx)?;
                let mine = Expr::slot(cx.slot(OWNER)?).greater(packed.next() - 0.5);
                cx.network.map(cx.slot(FREE)?, &mine)?;
                Again {
                    rows: if self.retrain > 0 {
                        cx.rows()?
                    } else {
                        Rows::default()
                    },
                    next: 0,
                    pass: 0,
                }
            }
        };
        if again.pass < self.retrain && !again.rows.is_empty() {
            self.train(&mut again, cx)?;
            packed.again = Some(again);
            return Ok(Work::Again);
        }
        packed
            .tasks
            .extend(cx.experience().tasks.iter().map(|task| task.id));
        // Nothing is free until the next task begins.
        cx.network.map(cx.slot(FREE)?, &Expr::constant(0.0))?;
        Ok(Work::Done)
    }
}

crate::register!(
    mechanism,
    PackNet,
    "packnet",
    summary = "Assigns weights to each task by pruning, freezes them, and masks the others in prediction.",
    citation = "Mallya & Lazebnik 2018, arXiv:1711.05769",
    source = include_str!("packnet.rs"),
);

#[cfg(test)]
mod tests;
