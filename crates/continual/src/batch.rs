//! Conversion of rows to an objective: rows are grouped by the head they are trained on, and each head becomes one term.

use crate::heads;
use dentate_core::{
    Active, DataId, Dataset, Graph, Layer, LayerId, LearnError, Loss, Objective, Rows, Tally, Target, TaskId,
    Term,
};
use std::collections::BTreeMap;

/// Calls `each` with every row and its head.
fn with_heads(
    graph: &Graph,
    data: &BTreeMap<DataId, Dataset>,
    rows: &Rows,
    mut each: impl FnMut(LayerId, (DataId, TaskId, u32)),
) -> Result<(), LearnError> {
    // Rows come in runs of one task, and most runs have one head: cache the last.
    let mut last: Option<(TaskId, Option<u32>, LayerId)> = None;
    for (id, task, index) in rows.iter() {
        let label = data.get(&id).and_then(|d| d.label(index));
        let head = match last {
            Some((t, l, head)) if t == task && l == label => head,
            _ => {
                let found = heads::trained(graph, task, label).ok_or_else(|| {
                    let row = label.map_or("a row".into(), |label| format!("a row of class {label}"));
                    LearnError::Unsuited(format!("no head of the network answers for {row} of {task}"))
                })?;
                last = Some((task, label, found.id));
                found.id
            }
        };
        each(head, (id, task, index));
    }
    Ok(())
}

/// The index of each row in the order of heads.
pub(crate) fn places(
    graph: &Graph,
    data: &BTreeMap<DataId, Dataset>,
    rows: &Rows,
) -> Result<Vec<usize>, LearnError> {
    let mut by_head: BTreeMap<LayerId, Vec<usize>> = BTreeMap::new();
    let mut row = 0;
    with_heads(graph, data, rows, |head, _| {
        by_head.entry(head).or_default().push(row);
        row += 1;
    })?;
    let mut places = vec![0; row];
    for (place, row) in by_head.into_values().flatten().enumerate() {
        places[row] = place;
    }
    Ok(places)
}

/// Returns rows in the order of the terms, and the objective: the mean loss over all rows. None of them is counted in the
/// statistics.
pub(crate) fn assemble(
    graph: &Graph,
    data: &BTreeMap<DataId, Dataset>,
    rows: &Rows,
) -> Result<(Rows, Objective), LearnError> {
    let (rows, mut objective) = counted(graph, data, rows, 0)?;
    for term in &mut objective.terms {
        term.tally = Tally::None;
    }
    Ok((rows, objective))
}

/// As `assemble`, with rows counted: the first `stream` rows as rows of the stream, the others as replayed.
pub(crate) fn counted(
    graph: &Graph,
    data: &BTreeMap<DataId, Dataset>,
    rows: &Rows,
    stream: usize,
) -> Result<(Rows, Objective), LearnError> {
    // Within a head rows keep their order, so those of the stream come first there too.
    let mut by_head: BTreeMap<LayerId, (Rows, usize)> = BTreeMap::new();
    let mut row = 0;
    with_heads(graph, data, rows, |head, (id, task, index)| {
        let (rows, own) = by_head.entry(head).or_default();
        rows.push(id, task, index);
        *own += usize::from(row < stream);
        row += 1;
    })?;
    let total = rows.len() as f32;
    let mut ordered = Rows::default();
    let mut terms = Vec::with_capacity(by_head.len());
    for (head, (rows, own)) in by_head {
        let (start, n) = (ordered.len(), rows.len());
        let layer = graph
            .layer(head)
            .ok_or_else(|| LearnError::Unsuited(format!("{head} is gone")))?;
        let (loss, target) = judged(layer);
        terms.push(Term {
            rows: Some(start..start + n),
            layer: head,
            active: Active::All,
            loss,
            target,
            weight: n as f32 / total,
            tally: Tally::Stream(own),
        });
        ordered.extend(rows);
    }
    Ok((
        ordered,
        Objective {
            terms,
            penalties: Vec::new(),
            keep: None,
        },
    ))
}

/// The loss and the targets of a head.
fn judged(layer: &Layer) -> (Loss, Target) {
    match layer.head().filter(|h| !h.classes.is_empty()) {
        None => (Loss::MeanSquared, Target::Values),
        Some(head) => {
            let labels = head.classes.iter().max().map_or(0, |m| *m as usize + 1);
            let mut unit_of = vec![None; labels];
            for (position, &class) in head.classes.iter().enumerate() {
                unit_of[class as usize] = Some(position as u32);
            }
            (Loss::CrossEntropy, Target::Labels { unit_of })
        }
    }
}

#[cfg(test)]
mod tests;
