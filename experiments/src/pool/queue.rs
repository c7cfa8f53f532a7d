//! The runs that are waiting to be made, each behind those that it comes after.

use super::{Task, locked};
use crate::stop;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The sleep of a worker without work before it looks whether it is to stop.
const LOOK: Duration = Duration::from_millis(200);

/// Runs that are waiting.
pub(super) struct Queue {
    state: Mutex<State>,
    /// Told whenever a run has ended, or was put back.
    changed: Condvar,
}

struct State {
    waiting: VecDeque<Task>,
    /// Those that other processes make.
    elsewhere: VecDeque<Task>,
    /// The number of runs of each id that have not ended, those that are being made among them.
    open: BTreeMap<String, usize>,
}

impl Queue {
    pub(super) fn new(tasks: Vec<Task>) -> Self {
        let mut open = BTreeMap::new();
        for task in &tasks {
            *open.entry(task.job.id.clone()).or_default() += 1;
        }
        let state = State {
            waiting: VecDeque::from(tasks),
            elsewhere: VecDeque::new(),
            open,
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    /// The next run that can be made, and whether it was tried before; waits while all that are left come after others. `None` when there is
    /// none left, or when this process is to stop.
    pub(super) fn next(&self) -> Option<(Task, bool)> {
        let mut state = locked(&self.state);
        loop {
            if stop::requested() {
                return None;
            }
            if let Some(found) = state.take() {
                return Some(found);
            }
            if state.waiting.is_empty() && state.elsewhere.is_empty() {
                return None;
            }
            // Elsewhere are only such as were tried before and come after others: these end here.
            state = self
                .changed
                .wait_timeout(state, LOOK)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// A run has ended, as far as this process is concerned.
    pub(super) fn settled(&self, task: &Task) {
        let mut state = locked(&self.state);
        if let Some(count) = state.open.get_mut(&task.job.id) {
            *count -= 1;
            if *count == 0 {
                state.open.remove(&task.job.id);
            }
        }
        self.changed.notify_all();
    }

    /// Another process makes it: to be looked at again.
    pub(super) fn put_back(&self, task: Task) {
        locked(&self.state).elsewhere.push_back(task);
        self.changed.notify_all();
    }
}

impl State {
    /// Take the first that comes after none that is open, if there is one.
    fn take(&mut self) -> Option<(Task, bool)> {
        let open = &self.open;
        let free = |task: &Task| task.job.recipe.parents().iter().all(|id| !open.contains_key(*id));
        if let Some(at) = self.waiting.iter().position(free) {
            return self.waiting.remove(at).map(|task| (task, false));
        }
        let at = self.elsewhere.iter().position(free)?;
        self.elsewhere.remove(at).map(|task| (task, true))
    }
}
