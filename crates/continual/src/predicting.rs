//! Predictions: the outputs of the heads for a task, as class scores or as values.

use crate::heads;
use crate::mechanism::{At, Mechanisms, Query};
use dentate_core::{Dataset, GrowingNetwork, LearnError, Predictions, Route, Rows, TaskId};
use ndarray::Array2;

/// Predicts rows of a data set. An answer is never NaN: finite weights can give one where products overflow.
pub(crate) fn predict(
    (network, mechanisms): (&mut GrowingNetwork, &mut Mechanisms),
    at: Option<At<'_>>,
    route: &Route,
    data: &Dataset,
    rows: &[u32],
    task: Option<TaskId>,
) -> Result<Predictions, LearnError> {
    network.show(data)?;
    let heads = heads::answering(network.graph(), task);
    if heads.is_empty() || rows.is_empty() {
        return Ok(Predictions::Abstain);
    }
    let layers: Vec<_> = heads.iter().map(|(id, _)| *id).collect();
    let batch = Rows::of(data.id(), task.unwrap_or(TaskId(0)), rows.to_vec());
    let outputs = network.forward(&batch, route, &layers)?;
    if outputs.iter().flatten().any(|output| output.is_nan()) {
        let step = network.clock().step;
        return Err(LearnError::Overflow { step });
    }
    if heads.iter().all(|(_, classes)| classes.is_empty()) {
        return Ok(outputs
            .into_iter()
            .next()
            .map_or(Predictions::Abstain, Predictions::Values));
    }
    let classes = heads
        .iter()
        .flat_map(|(_, c)| c)
        .max()
        .map_or(0, |m| *m as usize + 1);
    let mut scores = Array2::from_elem((rows.len(), classes), f32::NEG_INFINITY);
    for ((_, classes), output) in heads.iter().zip(outputs) {
        for (column, &class) in classes.iter().enumerate() {
            scores.column_mut(class as usize).assign(&output.column(column));
        }
    }
    if let Some(at) = at.filter(|_| mechanisms.answers()) {
        let query = Query {
            rows: &batch,
            route,
            task,
            heads: &heads,
        };
        mechanisms.scores(network, at, &query, &mut scores)?;
        if scores.iter().any(|score| score.is_nan()) {
            let step = network.clock().step;
            return Err(LearnError::Overflow { step });
        }
    }
    Ok(Predictions::Scores(scores))
}
