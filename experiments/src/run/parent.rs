//! Ends a run when its parent process ends: the parent holds the other end of the run's standard input and never writes to
//! it, so the input closes when the parent ends.

use super::CHILD;
use crate::stop;
use dentate_core::record::{Record, metric};
use std::fmt;
use std::io::{Read, Write};

/// The latest loss and accuracy of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Figures {
    loss: Option<f64>,
    accuracy: Option<f64>,
}

impl Figures {
    /// Update from the records of a step.
    pub(super) fn note(&mut self, records: &[Record]) {
        for record in records {
            match &*record.metric {
                metric::LOSS => self.loss = Some(record.value),
                metric::STREAM_ACCURACY => self.accuracy = Some(record.value),
                _ => {}
            }
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let loss = self.loss.map(|loss| format!("loss {loss:.3}"));
        let accuracy = self
            .accuracy
            .map(|share| format!("accuracy {:.1} %", 100.0 * share));
        let both: Vec<String> = loss.into_iter().chain(accuracy).collect();
        f.write_str(&both.join(", "))
    }
}

pub(super) fn end_with_parent() {
    if std::env::var_os(CHILD).is_none() {
        return; // no parent that watches over it
    }
    std::thread::spawn(|| {
        let mut byte = [0];
        while matches!(std::io::stdin().read(&mut byte), Ok(1..)) {}
        stop::request();
    });
}

/// Report the progress and latest figures to the parent. A parent that no longer reads has ended.
pub(super) fn tell(fraction: f64, figures: &Figures) {
    let mut out = std::io::stdout().lock();
    let line = format!("{fraction:.4} {figures}");
    if writeln!(out, "{}", line.trim_end())
        .and_then(|()| out.flush())
        .is_err()
    {
        stop::request();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(metric: &str, value: f64) -> Record {
        Record {
            metric: metric.to_owned(),
            experience: 0,
            step: 0,
            task: None,
            item: None,
            value,
        }
    }

    #[test]
    fn the_last_loss_and_accuracy_are_told() {
        let mut figures = Figures::default();
        assert_eq!(figures.to_string(), "");
        figures.note(&[
            record(metric::LOSS, 2.0),
            record("units", 7.0),
            record(metric::LOSS, 0.25),
        ]);
        assert_eq!(figures.to_string(), "loss 0.250");
        figures.note(&[record(metric::STREAM_ACCURACY, 0.9125)]);
        assert_eq!(figures.to_string(), "loss 0.250, accuracy 91.2 %");
    }
}
