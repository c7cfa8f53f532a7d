//! The outcome of a session: records, accuracy matrix, growth, the trained learner.

use crate::error::SessionError;
use dentate_core::metrics::{AccuracyMatrix, Confusion};
use dentate_core::record::{Record, metric};
use dentate_core::{Learner, MetricLog, Network};
use dentate_streams::StreamInfo;
use std::fmt;

/// The outcome of a session.
pub struct Outcome {
    stream: StreamInfo,
    log: MetricLog,
    learner: Box<dyn Learner>,
    accuracy: AccuracyMatrix,
    confusion: Confusion,
}

impl Outcome {
    pub(crate) fn new(stream: StreamInfo, log: MetricLog, learner: Box<dyn Learner>) -> Self {
        let mut accuracy = AccuracyMatrix::new(stream.task_names.len());
        let mut confusion = Confusion::default();
        for record in &log.records {
            if record.metric == metric::CONFUSION
                && let Some((own, predicted)) = record.item.as_deref().and_then(Confusion::pair)
            {
                confusion.add(own, predicted, record.value as u64);
            }
            let Some(task) = record.task.map(|task| task as usize) else {
                continue;
            };
            match record.metric.as_ref() {
                metric::ACCURACY => accuracy.set(record.experience as usize, task, record.value),
                metric::CONTINUAL_ACCURACY => {
                    accuracy.set_within(record.experience as usize, task, record.value);
                }
                metric::UNTRAINED => accuracy.set_untrained(task, record.value),
                _ => {}
            }
        }
        Self {
            stream,
            log,
            learner,
            accuracy,
            confusion,
        }
    }

    /// The accuracy matrix: on each task after each experience, from the records that were not taken away.
    #[must_use]
    pub fn accuracy(&self) -> &AccuracyMatrix {
        &self.accuracy
    }

    /// The confusion matrix at the end, over all tasks that were evaluated; empty for more than 100 classes, for targets without
    /// classes, and if its records were taken away.
    #[must_use]
    pub fn confusion(&self) -> &Confusion {
        &self.confusion
    }

    /// A summary of the network's growth, from the records that were not taken away.
    #[must_use]
    pub fn growth(&self) -> GrowthSummary {
        GrowthSummary::of(&self.log.records)
    }

    /// All records that were not taken away, in order.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.log.records
    }

    /// The log: updates, rows, multiply-adds, edits.
    #[must_use]
    pub fn log(&self) -> &MetricLog {
        &self.log
    }

    /// Facts of the stream: scenario, tasks, experiences, chance level.
    #[must_use]
    pub fn stream(&self) -> &StreamInfo {
        &self.stream
    }

    /// The trained network, for writing ([`NetworkFiles::save`](crate::network::NetworkFiles::save)) or as a start.
    ///
    /// # Errors
    /// [`SessionError::Learn`] for a learner without one.
    pub fn network(&mut self) -> Result<Network, SessionError> {
        Ok(self.learner.network()?)
    }

    /// The trained learner.
    #[must_use]
    pub fn learner(&self) -> &dyn Learner {
        self.learner.as_ref()
    }

    /// Returns the trained learner, for further use.
    #[must_use]
    pub fn into_learner(self) -> Box<dyn Learner> {
        self.learner
    }
}

/// A summary of a network's growth.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GrowthSummary {
    /// Changes of the architecture by the strategy.
    pub edits: u64,
    /// Number of units added by these.
    pub units: u64,
    /// Number of replaced units.
    pub replaced: u64,
    /// Number of parameters after the first experience.
    pub parameters_at_first: Option<u64>,
    /// Number of parameters at the end.
    pub parameters: Option<u64>,
}

impl GrowthSummary {
    fn of(records: &[Record]) -> Self {
        let mut this = Self::default();
        for record in records {
            let value = record.value as u64;
            match record.metric.as_ref() {
                metric::GROWTH => {
                    this.edits += 1;
                    this.units += value;
                }
                metric::REPLACED => this.replaced += value,
                metric::PARAMETERS => {
                    if record.experience == 0 {
                        this.parameters_at_first = Some(value);
                    }
                    this.parameters = Some(value);
                }
                _ => {}
            }
        }
        this
    }
}

impl fmt::Display for GrowthSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.edits == 0 && self.replaced == 0 {
            write!(f, "no growth")?;
        } else {
            write!(f, "{} growth edits, {} new units", self.edits, self.units)?;
            if self.replaced > 0 {
                write!(f, ", {} replaced", self.replaced)?;
            }
        }
        match (self.parameters_at_first, self.parameters) {
            (Some(first), Some(last)) if first != last => {
                write!(
                    f,
                    "; {first} parameters after the first experience, {last} at the end"
                )
            }
            (_, Some(last)) => write!(f, "; {last} parameters"),
            _ => Ok(()),
        }
    }
}
