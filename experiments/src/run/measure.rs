//! What a run measures: its accuracy or error on every task, along the stream and behind each experience. A measurement is
//! broken off when the run is to stop, and made again when it goes on.

use super::driver::{Driver, learning};
use super::judge::{self, Judged};
use crate::error::RunnerError;
use crate::suite::{Extent, Judge};
use dentate_core::profile::{self, Kind};
use dentate_core::record::{Record, metric};
use dentate_core::{Predictions, Scenario, TaskId};
use dentate_streams::{Part, ProblemInfo};
use std::collections::BTreeSet;

impl Driver<'_> {
    /// Mean accuracy over the tasks seen so far, on a sample of each.
    pub(super) fn measure_along(&mut self, seen: usize) -> Result<(), RunnerError> {
        if self.job.evaluation.tasks == Extent::Current {
            return Ok(());
        }
        let _evaluation = profile::enter(Kind::Evaluation);
        let mut all = Vec::new();
        for task in 0..=seen {
            if let Judged::Accuracy(a) = self.judge(task, Some(self.job.evaluation.sample))? {
                all.push(a);
            }
        }
        if !all.is_empty() {
            let mean = all.iter().sum::<f64>() / all.len() as f64;
            self.ledger.note(metric::STREAM_ACCURACY, None, mean);
        }
        Ok(())
    }

    /// On how many rows each task is judged, which says in what steps its accuracy changes.
    pub(super) fn note_rows(&mut self) {
        for task in 0..self.stream.experiences.len() {
            let rows = self.judging(task).rows.len();
            self.note_about(metric::TEST_ROWS, task, rows as f64);
        }
    }

    /// Whether nothing has been learned, and the measurement before the first update is still to be made. Where tasks are judged
    /// only when they are learned, it is not made.
    pub(super) fn is_untrained(&self) -> bool {
        let judged = self.job.evaluation.tasks == Extent::All;
        judged && !self.position.untrained && self.ledger.updates == 0
    }

    /// The accuracy on every task before the first update; whether the learner has an answer already. Where no output stands for
    /// any class of a task there is no such accuracy: the task's head, or its classes', comes with the task.
    pub(super) fn measure_untrained(&mut self) -> Result<bool, RunnerError> {
        let _evaluation = profile::enter(Kind::Evaluation);
        let first = self.judge(0, Some(1))?;
        if !matches!(first, Judged::Accuracy(_)) {
            return Ok(false);
        }
        for task in 0..self.stream.experiences.len() {
            if !self.knows_a_class_of(task)? {
                continue;
            }
            if let Judged::Accuracy(a) = self.judge(task, None)? {
                self.note_about(metric::UNTRAINED, task, a);
            }
        }
        Ok(true)
    }

    /// Whether the learner has a score for any class of a task.
    fn knows_a_class_of(&mut self, task: usize) -> Result<bool, RunnerError> {
        let given = self.given(task);
        let part = self.judging(task).clone();
        let classes: BTreeSet<u32> = part.rows.iter().filter_map(|row| part.data.label(row)).collect();
        let first = part.rows.first(1);
        if first.is_empty() {
            return Ok(false);
        }
        let predicted = self
            .learner
            .predict(&part.data, &first, given)
            .map_err(learning)?;
        let Predictions::Scores(scores) = predicted else {
            return Ok(false);
        };
        let known = |class: &u32| {
            scores
                .get((0, *class as usize))
                .is_some_and(|s| *s > f32::NEG_INFINITY)
        };
        Ok(classes.iter().any(known))
    }

    /// The rows that judge a task.
    fn judging(&self, task: usize) -> &Part {
        let experience = &self.stream.experiences[task];
        match self.job.evaluation.on {
            Judge::Test => &experience.test,
            Judge::Validation => &experience.validation,
        }
    }

    /// The task's name, where it is given at prediction.
    fn given(&self, task: usize) -> Option<TaskId> {
        let given = self.stream.info.scenario == Scenario::TaskIncremental;
        given.then_some(self.judging(task).task)
    }

    /// Everything about every task, at the end of an experience.
    pub(super) fn measure_all(&mut self, seen: usize) -> Result<(), RunnerError> {
        let _evaluation = profile::enter(Kind::Evaluation);
        let mut sum = (0.0, 0);
        let current = self.job.evaluation.tasks == Extent::Current;
        let tasks = if current {
            seen..seen + 1
        } else {
            0..self.stream.experiences.len()
        };
        for task in tasks {
            match self.judge(task, None)? {
                Judged::Accuracy(a) => {
                    self.note_about(metric::ACCURACY, task, a);
                    if task <= seen {
                        sum = (sum.0 + a, sum.1 + 1);
                    }
                }
                Judged::SquaredError(e) => self.note_about(metric::SQUARED_ERROR, task, e),
                Judged::Quantization(e) => self.note_about(metric::QUANTIZATION_ERROR, task, e),
                Judged::Nothing => {}
            }
            self.measure_reconstruction(task)?;
        }
        self.measure_plasticity(seen)?;
        if sum.1 > 0 && !current {
            self.ledger
                .note(metric::STREAM_ACCURACY, None, sum.0 / f64::from(sum.1));
        }
        Ok(())
    }

    /// Note a value about the rows of the experience of this number. Records call that a task: several experiences may be of one task,
    /// and each is measured.
    fn note_about(&mut self, metric: &str, task: usize, value: f64) {
        self.ledger.records.push(Record {
            metric: metric.into(),
            experience: self.ledger.experience,
            step: self.ledger.updates,
            task: Some(task as u32),
            item: None,
            value,
        });
    }

    /// The reconstruction error of each class of a task.
    fn measure_reconstruction(&mut self, task: usize) -> Result<(), RunnerError> {
        let experience = &self.stream.experiences[task];
        let part = match self.job.evaluation.on {
            Judge::Test => &experience.test,
            Judge::Validation => &experience.validation,
        };
        let batch = self.job.evaluation.batch;
        let errors = judge::reconstruction(self.learner.as_mut(), &part.data, &part.rows.to_vec(), batch)?;
        for (class, error) in errors {
            self.ledger.records.push(Record {
                metric: metric::RECONSTRUCTION_ERROR.into(),
                experience: self.ledger.experience,
                step: self.ledger.updates,
                task: Some(task as u32),
                item: Some(class.to_string()),
                value: error,
            });
        }
        Ok(())
    }

    fn judge(&mut self, task: usize, sample: Option<usize>) -> Result<Judged, RunnerError> {
        let experience = &self.stream.experiences[task];
        let part = match self.job.evaluation.on {
            Judge::Test => &experience.test,
            Judge::Validation => &experience.validation,
        };
        let given = (self.stream.info.scenario == Scenario::TaskIncremental).then_some(part.task);
        let rows = part.rows.first(sample.unwrap_or(usize::MAX));
        let batch = self.job.evaluation.batch;
        judge::judge(self.learner.as_mut(), &part.data, &rows, given, batch)
    }

    /// Whether a function was learned: every output of every row within the tolerance.
    pub(super) fn judge_problem(&mut self, problem: &ProblemInfo) -> Result<(), RunnerError> {
        let part = &self.stream.experiences[0].train;
        let worst =
            judge::largest_error(self.learner.as_mut(), &part.data, &part.rows.to_vec()).map_err(learning)?;
        if let Some(worst) = worst {
            let solved = f64::from(u8::from(worst <= problem.tolerance));
            self.ledger.note(metric::SOLVED, None, solved);
        }
        let graph = self.learner.architecture().graph();
        let hidden: usize = graph.hidden().map(|l| l.width()).sum();
        self.ledger.note(metric::HIDDEN_UNITS, None, hidden as f64);
        let sizes = [
            (metric::KNOWN_MINIMUM, problem.known_minimum),
            (metric::CUSTOMARY, problem.customary),
        ];
        for (metric, size) in sizes {
            if let Some(units) = size {
                self.ledger.note(metric, None, units as f64);
            }
        }
        Ok(())
    }
}
