//! Batches of a single row under batch norm, which have no variance to normalise by: a unit whose value is the only one would be
//! normalised by running statistics that never move.
//!
//! A batch that would leave a single row for the last one takes that row too. A single row that comes all the same is refused, as
//! other frameworks do. On a grid one row has a value at each position, and batch norm works as ever.

use dentate_core::{Graph, Layer, LearnError, Normalisation, Objective};

/// A layer whose batch norm has a single value of each unit in a batch of one row, and that learns.
fn layers(graph: &Graph) -> impl Iterator<Item = &Layer> {
    let learns = |l: &Layer| l.rate > 0.0 && l.units.iter().any(|u| u.incoming_rate > 0.0);
    let averages = |l: &Layer| l.normalisation == Normalisation::BatchNorm && l.grid.positions() == 1;
    graph.layers().filter(move |l| averages(l) && learns(l))
}

/// How many rows the next batch takes, of which there should be `batch`, with so many `left`.
pub(crate) fn batch(graph: &Graph, batch: usize, left: Option<usize>) -> usize {
    let lonely = left.is_some_and(|left| left == batch + 1) && layers(graph).next().is_some();
    batch + usize::from(lonely)
}

/// Refuse an update of so many rows that a layer cannot be normalised in.
pub(crate) fn refuse(graph: &Graph, rows: usize, objective: &Objective) -> Result<(), LearnError> {
    let mut layers = layers(graph).peekable();
    if rows != 1 || layers.peek().is_none() {
        return Ok(());
    }
    let judged = objective.terms.iter().map(|term| term.layer).collect();
    let run = graph.ancestors(&judged);
    match layers.find(|layer| run.contains(&layer.id)) {
        None => Ok(()),
        Some(layer) => Err(LearnError::Unsuited(format!(
            "an update of a single row cannot train `{}`: batch norm needs more than one value of each unit; it takes at least \
             two rows, or another `normalisation`",
            layer.name
        ))),
    }
}

#[cfg(test)]
mod tests;
