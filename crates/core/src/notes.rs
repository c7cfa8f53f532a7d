//! Values that a strategy, a part or a mechanism records in a call.

use crate::learner::MetricLog;
use std::cell::RefCell;

/// The values recorded in the calls of one step, under names that `register!(metric, …)` declares. The learner moves them into its
/// [`MetricLog`] when the step is over, at its update and experience.
#[derive(Clone, Debug, Default)]
pub struct Notes(RefCell<Vec<Note>>);

/// A recorded value.
#[derive(Clone, Debug, PartialEq)]
struct Note {
    metric: &'static str,
    item: Option<String>,
    value: f64,
}

impl Notes {
    /// Records a value.
    pub fn record(&self, metric: &'static str, value: f64) {
        self.push(metric, None, value);
    }

    /// Records a value of the layer, edit or reason that `item` names.
    pub fn record_item(&self, metric: &'static str, item: &str, value: f64) {
        self.push(metric, Some(item.to_owned()), value);
    }

    fn push(&self, metric: &'static str, item: Option<String>, value: f64) {
        self.0.borrow_mut().push(Note { metric, item, value });
    }

    /// Moves all values into a log.
    pub fn drain(&self, log: &mut MetricLog) {
        for Note { metric, item, value } in self.0.borrow_mut().drain(..) {
            log.record(metric, item.as_deref(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_into_the_log_in_their_order_and_once() {
        let (notes, mut log) = (Notes::default(), MetricLog::default());
        (log.updates, log.experience) = (7, 2);
        notes.record("yawns", 1.0);
        notes.record_item("yawns", "h1", 2.0);
        notes.drain(&mut log);
        notes.drain(&mut log);
        let seen: Vec<_> = log
            .records
            .iter()
            .map(|r| (r.item.as_deref(), r.step, r.experience, r.value))
            .collect();
        assert_eq!(seen, [(None, 7, 2, 1.0), (Some("h1"), 7, 2, 2.0)]);
    }
}
