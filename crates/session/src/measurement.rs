//! An evaluation in progress, one batch at a time: before the first update, along an experience, or after it.
//!
//! Its records are kept separately until it is complete, so that an evaluation that is dropped has no effect.

use crate::evaluation::{EvaluateOn, EvaluateTasks, Evaluation};
use crate::scores::{Reconstructing, Score, Scoring};
use dentate_core::metrics::{Confusion, plasticity};
use dentate_core::record::{Record, metric};
use dentate_core::{LearnError, Learner, MetricLog, Predictions, Scenario, TaskId};
use dentate_streams::{Part, Stream};
use std::collections::BTreeSet;

/// The kinds of evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Every task before the first update.
    Untrained,
    /// The mean over the tasks seen so far, on a sample of each.
    Along,
    /// The tasks learned so far and the current one, each on a sample.
    Within,
    /// Everything about every task, after an experience.
    Full,
}

/// One part of an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// A probe for predictions: the first row of the first task.
    Probe,
    /// A check that the learner has a score for some class of a task.
    Known(usize),
    Score(usize),
    Reconstruct(usize),
    Examine,
}

/// The stream, the learner and the settings of an evaluation.
pub(crate) struct EvalContext<'a> {
    pub(crate) stream: &'a Stream,
    pub(crate) evaluation: &'a Evaluation,
    pub(crate) learner: &'a mut dyn Learner,
    pub(crate) log: &'a MetricLog,
    /// The last experience that was learned.
    pub(crate) seen: usize,
    /// Last records of earlier tasks whose networks are not evaluated again (protocol `separate`).
    pub(crate) earlier: Option<&'a [Record]>,
}

#[derive(Clone, Debug)]
pub(crate) struct Measurement {
    kind: Kind,
    /// The remaining parts, the next one last.
    left: Vec<Piece>,
    /// The sums of the current part, if it takes several batches.
    scoring: Option<Scoring>,
    reconstructing: Option<Reconstructing>,
    /// Accuracies of the tasks seen so far: their sum and their number.
    accuracy: (f64, u32),
    /// Predictions by class, over all tasks.
    confusion: Confusion,
    records: Vec<Record>,
    answered: bool,
}

/// A complete evaluation.
#[derive(Debug)]
pub(crate) struct Evaluated {
    pub(crate) records: Vec<Record>,
    /// Predictions by class, over all tasks that were evaluated.
    pub(crate) confusion: Confusion,
    /// True if the learner had predictions to evaluate.
    pub(crate) answered: bool,
}

impl Measurement {
    pub(crate) fn new(kind: Kind, on: &EvalContext<'_>) -> Self {
        let tasks = 0..on.stream.experiences.len();
        let current = on.seen..on.seen + 1;
        let alone = on.earlier.is_some();
        let mut this = Self {
            kind,
            left: Vec::new(),
            scoring: None,
            reconstructing: None,
            accuracy: (0.0, 0),
            confusion: Confusion::default(),
            records: Vec::new(),
            answered: true,
        };
        let mut pieces: Vec<Piece> = match kind {
            Kind::Untrained => {
                let each = tasks.flat_map(|task| [Piece::Known(task), Piece::Score(task)]);
                [Piece::Probe].into_iter().chain(each).collect()
            }
            Kind::Along | Kind::Within if on.evaluation.tasks == EvaluateTasks::Current => Vec::new(),
            Kind::Along | Kind::Within if alone => current.map(Piece::Score).collect(),
            Kind::Along | Kind::Within => (0..=on.seen).map(Piece::Score).collect(),
            Kind::Full => {
                let of = if alone || on.evaluation.tasks == EvaluateTasks::Current {
                    current
                } else {
                    tasks
                };
                let each = of.flat_map(|task| [Piece::Score(task), Piece::Reconstruct(task)]);
                let examined = on.evaluation.plasticity.then_some(Piece::Examine);
                each.chain(examined).collect()
            }
        };
        if matches!(kind, Kind::Along | Kind::Full) && on.evaluation.tasks == EvaluateTasks::All {
            this.take_over(on);
        }
        pieces.reverse();
        this.left = pieces;
        this
    }

    /// Records the scores of earlier networks on the tasks that only they have learned.
    fn take_over(&mut self, on: &EvalContext<'_>) {
        for record in on.earlier.unwrap_or_default() {
            if record.metric == metric::ACCURACY {
                self.accuracy = (self.accuracy.0 + record.value, self.accuracy.1 + 1);
            }
            if record.metric == metric::CONFUSION {
                let pair = record.item.as_deref().and_then(Confusion::pair);
                if let Some((own, predicted)) = pair {
                    self.confusion.add(own, predicted, record.value as u64);
                }
            } else if self.kind == Kind::Full {
                self.records.push(Record {
                    experience: on.log.experience,
                    step: on.log.updates,
                    ..record.clone()
                });
            }
        }
    }

    /// Predicts one batch; returns the records once the evaluation is complete.
    pub(crate) fn advance(&mut self, on: &mut EvalContext<'_>) -> Result<Option<Evaluated>, LearnError> {
        let Some(&piece) = self.left.last() else {
            return Ok(Some(self.whole(on)));
        };
        match piece {
            Piece::Probe => {
                if let Some(score) = self.score(0, 1, on)? {
                    self.left.pop();
                    if !matches!(score, Score::Accuracy(_)) {
                        self.answered = false;
                        self.left.clear();
                    }
                }
            }
            Piece::Known(task) => {
                self.left.pop();
                if !knows_a_class_of(task, on)? {
                    self.left.pop();
                }
            }
            Piece::Score(task) => {
                let sample = match self.kind {
                    Kind::Along | Kind::Within => on.evaluation.sample,
                    _ => usize::MAX,
                };
                if let Some(score) = self.score(task, sample, on)? {
                    self.left.pop();
                    self.record_score(task, score, on);
                }
            }
            Piece::Reconstruct(task) => {
                let part = on.part(task);
                let begin = || Reconstructing::of(part.rows.to_vec());
                let sum = self.reconstructing.get_or_insert_with(begin);
                if let Some(errors) = sum.advance(on.learner, &part.data, on.evaluation.batch)? {
                    self.reconstructing = None;
                    self.left.pop();
                    for (class, error) in errors {
                        let item = Some(class.to_string());
                        self.record(metric::RECONSTRUCTION_ERROR, Some(task), item, error, on);
                    }
                }
            }
            Piece::Examine => {
                self.left.pop();
                let part = on.part(on.seen);
                let rows = part.rows.first(on.evaluation.sample);
                for layer in on.learner.examine(&part.data, &rows)? {
                    for (metric, value) in plasticity::of_layer(&layer) {
                        self.record(metric, None, Some(layer.layer.clone()), value, on);
                    }
                }
            }
        }
        Ok(if self.left.is_empty() {
            Some(self.whole(on))
        } else {
            None
        })
    }

    /// Scores one batch of a task, up to its first `most` rows.
    fn score(
        &mut self,
        task: usize,
        most: usize,
        on: &mut EvalContext<'_>,
    ) -> Result<Option<Score>, LearnError> {
        let (part, given) = (on.part(task), on.given(task));
        let begin = || Scoring::of(part.rows.first(most));
        let sum = self.scoring.get_or_insert_with(begin);
        let score = sum.advance(on.learner, &part.data, given, on.evaluation.batch)?;
        if score.is_some()
            && let Some(done) = self.scoring.take()
        {
            self.confusion.extend(&done.into_confusion());
        }
        Ok(score)
    }

    fn record_score(&mut self, task: usize, score: Score, on: &EvalContext<'_>) {
        let id = Some(task);
        match (self.kind, score) {
            (Kind::Untrained, Score::Accuracy(a)) => self.record(metric::UNTRAINED, id, None, a, on),
            (Kind::Along, Score::Accuracy(a)) => self.add(a),
            (Kind::Within, Score::Accuracy(a)) => self.record(metric::CONTINUAL_ACCURACY, id, None, a, on),
            (Kind::Full, Score::Accuracy(a)) => {
                self.record(metric::ACCURACY, id, None, a, on);
                if task <= on.seen {
                    self.add(a);
                }
            }
            (Kind::Full, Score::SquaredError(e)) => self.record(metric::SQUARED_ERROR, id, None, e, on),
            (Kind::Full, Score::Quantization(e)) => self.record(metric::QUANTIZATION_ERROR, id, None, e, on),
            _ => {}
        }
    }

    fn add(&mut self, accuracy: f64) {
        self.accuracy = (self.accuracy.0 + accuracy, self.accuracy.1 + 1);
    }

    /// Records a value. Records use the number of an experience as the task: several may be of one task, and each is measured.
    fn record(
        &mut self,
        metric: &str,
        task: Option<usize>,
        item: Option<String>,
        value: f64,
        on: &EvalContext<'_>,
    ) {
        self.records.push(Record {
            metric: metric.into(),
            experience: on.log.experience,
            step: on.log.updates,
            task: task.map(|task| task as u32),
            item,
            value,
        });
    }

    fn whole(&mut self, on: &EvalContext<'_>) -> Evaluated {
        let (sum, count) = self.accuracy;
        let meant =
            matches!(self.kind, Kind::Along | Kind::Full) && on.evaluation.tasks == EvaluateTasks::All;
        if meant && count > 0 {
            self.record(metric::STREAM_ACCURACY, None, None, sum / f64::from(count), on);
        }
        Evaluated {
            records: std::mem::take(&mut self.records),
            confusion: std::mem::take(&mut self.confusion),
            answered: self.answered,
        }
    }
}

impl<'a> EvalContext<'a> {
    /// The rows that a task is evaluated on.
    pub(crate) fn part(&self, task: usize) -> &'a Part {
        evaluation_part(self.stream, self.evaluation, task)
    }

    /// The task's id, where it is given at prediction.
    fn given(&self, task: usize) -> Option<TaskId> {
        let given = self.stream.info.scenario == Scenario::TaskIncremental;
        given.then_some(self.part(task).task)
    }
}

/// The rows that a task is evaluated on.
pub(crate) fn evaluation_part<'a>(stream: &'a Stream, evaluation: &Evaluation, task: usize) -> &'a Part {
    let experience = &stream.experiences[task];
    match evaluation.on {
        EvaluateOn::Test => &experience.test,
        EvaluateOn::Validation => &experience.validation,
    }
}

/// Returns whether the learner has a score for any class of a task. Without an output for any of them there is no accuracy of the
/// untrained network: the task's head, or its classes' units, are added with the task.
fn knows_a_class_of(task: usize, on: &mut EvalContext<'_>) -> Result<bool, LearnError> {
    let given = on.given(task);
    let part = on.part(task);
    let classes: BTreeSet<u32> = part.rows.iter().filter_map(|row| part.data.label(row)).collect();
    let first = part.rows.first(1);
    if first.is_empty() {
        return Ok(false);
    }
    let Predictions::Scores(scores) = on.learner.predict(&part.data, &first, given)? else {
        return Ok(false);
    };
    let known = |class: &u32| {
        scores
            .get((0, *class as usize))
            .is_some_and(|s| *s > f32::NEG_INFINITY)
    };
    Ok(classes.iter().any(known))
}
