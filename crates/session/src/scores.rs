//! Scores of a learner on rows it is not trained on, batch by batch.

use dentate_core::metrics::Confusion;
use dentate_core::{Dataset, LearnError, Learner, Predictions, TaskId};
use std::collections::BTreeMap;

/// A learner's score on some rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Score {
    /// Share of rows whose class has the largest score.
    Accuracy(f64),
    /// Mean squared error per output.
    SquaredError(f64),
    /// Mean squared distance of rows to the codes that represent them.
    Quantization(f64),
    /// No prediction, or no rows.
    Nothing,
}

/// Sums over the batches so far.
#[derive(Clone, Debug)]
pub(crate) struct Scoring {
    rows: Vec<u32>,
    at: usize,
    right: usize,
    squares: f64,
    outputs: usize,
    answered: bool,
    coded: bool,
    /// The predictions by class.
    confusion: Confusion,
}

impl Scoring {
    pub(crate) fn of(rows: Vec<u32>) -> Self {
        Self {
            rows,
            at: 0,
            right: 0,
            squares: 0.0,
            outputs: 0,
            answered: false,
            coded: false,
            confusion: Confusion::default(),
        }
    }

    /// The predictions so far, by class.
    pub(crate) fn into_confusion(self) -> Confusion {
        self.confusion
    }

    /// Predicts the next `batch` rows; returns the score once it is complete.
    pub(crate) fn advance(
        &mut self,
        learner: &mut dyn Learner,
        data: &Dataset,
        task: Option<TaskId>,
        batch: usize,
    ) -> Result<Option<Score>, LearnError> {
        let end = self.rows.len().min(self.at + batch.max(1));
        let rows = &self.rows[self.at..end];
        if !rows.is_empty() {
            match learner.predict(data, rows, task)? {
                Predictions::Scores(scores) => {
                    self.answered = true;
                    for (scores, &row) in scores.rows().into_iter().zip(rows) {
                        let best = Predictions::best(scores);
                        let label = data.label(row);
                        self.right += usize::from(best.is_some() && best == label);
                        if let Some(label) = label {
                            self.confusion.add(label, best, 1);
                        }
                    }
                }
                Predictions::Values(values) => {
                    if let Some(targets) = data.values() {
                        for (values, &row) in values.rows().into_iter().zip(rows) {
                            let errors = values.iter().zip(targets.row(row as usize));
                            self.squares += errors.map(|(v, t)| f64::from(v - t).powi(2)).sum::<f64>();
                            self.outputs += values.len();
                        }
                    }
                }
                Predictions::Codes(codes) if codes.ncols() == data.features() => {
                    self.coded = true;
                    let inputs = data.gather(rows)?;
                    let errors = codes
                        .iter()
                        .zip(&inputs)
                        .map(|(code, x)| f64::from(code - x).powi(2));
                    self.squares += errors.sum::<f64>();
                }
                Predictions::Codes(_) | Predictions::Abstain => return Ok(Some(Score::Nothing)),
            }
        }
        self.at = end;
        Ok((end == self.rows.len()).then(|| self.score()))
    }

    fn score(&self) -> Score {
        let rows = self.rows.len() as f64;
        if self.coded {
            Score::Quantization(self.squares / rows)
        } else if self.answered {
            Score::Accuracy(self.right as f64 / rows)
        } else if self.outputs > 0 {
            Score::SquaredError(self.squares / self.outputs as f64)
        } else {
            Score::Nothing
        }
    }
}

/// Mean squared error per feature of a learner's reconstructions of the rows of each class; empty for a learner without
/// reconstructions, and for data without classes.
#[derive(Clone, Debug)]
pub(crate) struct Reconstructing {
    rows: Vec<u32>,
    at: usize,
    sums: BTreeMap<u32, (f64, usize)>,
}

impl Reconstructing {
    pub(crate) fn of(rows: Vec<u32>) -> Self {
        Self {
            rows,
            at: 0,
            sums: BTreeMap::new(),
        }
    }

    /// Reconstructs the next `batch` rows; returns the errors by class once they are complete.
    pub(crate) fn advance(
        &mut self,
        learner: &mut dyn Learner,
        data: &Dataset,
        batch: usize,
    ) -> Result<Option<BTreeMap<u32, f64>>, LearnError> {
        let end = self.rows.len().min(self.at + batch.max(1));
        let rows = &self.rows[self.at..end];
        if !rows.is_empty() {
            let Some(outputs) = learner.reconstruct(data, rows)? else {
                return Ok(Some(BTreeMap::new()));
            };
            let mut input = vec![0.0; data.features()];
            for (output, &row) in outputs.rows().into_iter().zip(rows) {
                let Some(label) = data.label(row) else {
                    continue;
                };
                data.read(row, &mut input)?;
                let off = output.iter().zip(&input).map(|(o, x)| f64::from(o - x).powi(2));
                let (sum, count) = self.sums.entry(label).or_default();
                *sum += off.sum::<f64>();
                *count += input.len();
            }
        }
        self.at = end;
        let means = || {
            self.sums
                .iter()
                .map(|(label, (sum, n))| (*label, sum / *n as f64))
        };
        Ok((end == self.rows.len()).then(|| means().collect()))
    }
}

/// The largest |output − target| over rows; `None` if the learner does not predict values.
pub(crate) fn largest_error(
    learner: &mut dyn Learner,
    data: &Dataset,
    rows: &[u32],
) -> Result<Option<f32>, LearnError> {
    let (Predictions::Values(values), Some(targets)) = (learner.predict(data, rows, None)?, data.values())
    else {
        return Ok(None);
    };
    let errors = values.rows().into_iter().zip(rows).flat_map(|(values, &row)| {
        values
            .into_iter()
            .zip(targets.row(row as usize))
            .map(|(v, t)| (v - t).abs())
            .collect::<Vec<_>>()
    });
    Ok(Some(errors.fold(0.0, f32::max)))
}
