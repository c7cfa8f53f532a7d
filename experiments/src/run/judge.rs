//! Measuring a learner on rows it is not trained on.

use super::driver::learning;
use crate::error::RunnerError;
use crate::stop;
use dentate_core::{Dataset, LearnError, Learner, Predictions, TaskId};
use std::collections::BTreeMap;

/// How a learner did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Judged {
    /// Share of rows whose class has the largest score.
    Accuracy(f64),
    /// Mean squared error per output.
    SquaredError(f64),
    /// Mean squared distance of rows to the codes that stand for them.
    Quantization(f64),
    /// It gave no answer, or there was nothing to judge.
    Nothing,
}

/// Judge `learner` on rows of `data`, `batch` at a time. A request to stop breaks it off.
pub(super) fn judge(
    learner: &mut dyn Learner,
    data: &Dataset,
    rows: &[u32],
    task: Option<TaskId>,
    batch: usize,
) -> Result<Judged, RunnerError> {
    let (mut right, mut squares, mut outputs) = (0usize, 0.0f64, 0usize);
    let (mut answered, mut coded) = (false, false);
    for rows in rows.chunks(batch.max(1)) {
        if stop::requested() {
            return Err(RunnerError::Stopped);
        }
        match learner.predict(data, rows, task).map_err(learning)? {
            Predictions::Scores(scores) => {
                answered = true;
                for (scores, &row) in scores.rows().into_iter().zip(rows) {
                    let best = Predictions::best(scores);
                    right += usize::from(best.is_some() && best == data.label(row));
                }
            }
            Predictions::Values(values) => {
                if let Some(targets) = data.values() {
                    for (values, &row) in values.rows().into_iter().zip(rows) {
                        let errors = values.iter().zip(targets.row(row as usize));
                        squares += errors.map(|(v, t)| f64::from(v - t).powi(2)).sum::<f64>();
                        outputs += values.len();
                    }
                }
            }
            Predictions::Codes(codes) if codes.ncols() == data.features() => {
                coded = true;
                let inputs = data.gather(rows).map_err(|e| learning(e.into()))?;
                let errors = codes
                    .iter()
                    .zip(&inputs)
                    .map(|(code, x)| f64::from(code - x).powi(2));
                squares += errors.sum::<f64>();
            }
            Predictions::Codes(_) | Predictions::Abstain => return Ok(Judged::Nothing),
        }
    }
    Ok(if coded {
        Judged::Quantization(squares / rows.len() as f64)
    } else if answered {
        Judged::Accuracy(right as f64 / rows.len() as f64)
    } else if outputs > 0 {
        Judged::SquaredError(squares / outputs as f64)
    } else {
        Judged::Nothing
    })
}

/// Mean squared error per feature of what a learner reconstructs of the rows of each class; nothing from one that reconstructs
/// nothing, and of data without classes.
pub(super) fn reconstruction(
    learner: &mut dyn Learner,
    data: &Dataset,
    rows: &[u32],
    batch: usize,
) -> Result<BTreeMap<u32, f64>, RunnerError> {
    let mut sums: BTreeMap<u32, (f64, usize)> = BTreeMap::new();
    let mut input = vec![0.0; data.features()];
    for rows in rows.chunks(batch.max(1)) {
        if stop::requested() {
            return Err(RunnerError::Stopped);
        }
        let Some(outputs) = learner.reconstruct(data, rows).map_err(learning)? else {
            return Ok(BTreeMap::new());
        };
        for (output, &row) in outputs.rows().into_iter().zip(rows) {
            let Some(label) = data.label(row) else {
                continue;
            };
            data.read(row, &mut input).map_err(|e| learning(e.into()))?;
            let off = output.iter().zip(&input).map(|(o, x)| f64::from(o - x).powi(2));
            let (sum, count) = sums.entry(label).or_default();
            *sum += off.sum::<f64>();
            *count += input.len();
        }
    }
    Ok(sums
        .into_iter()
        .map(|(label, (sum, n))| (label, sum / n as f64))
        .collect())
}

/// The largest |output − target| over rows; `None` without an answer in values.
pub(super) fn largest_error(
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
