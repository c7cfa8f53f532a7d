//! Handling of batches with a single row under batch norm, which have no variance to normalise by: with one value per unit,
//! the running statistics that would be used instead are never updated.
//!
//! If the last batch of a pass would have a single row, the batch before it takes that row too. Any other batch of a single
//! row is refused, as in other frameworks. On a grid one row has a value at each position, and batch norm works as usual.

use dentate_core::{Graph, Layer, LearnError, Normalisation, Objective};

/// The trainable layers with batch norm that have one value per unit in a batch of one row.
fn layers(graph: &Graph) -> impl Iterator<Item = &Layer> {
    let learns = |l: &Layer| l.lr_scale > 0.0 && l.units.iter().any(|u| u.incoming_lr_scale > 0.0);
    let averages = |l: &Layer| l.normalisation == Normalisation::BatchNorm && l.grid.positions() == 1;
    graph.layers().filter(move |l| averages(l) && learns(l))
}

/// Returns the size of the next batch, normally `batch`, when `left` rows remain.
pub(crate) fn batch(graph: &Graph, batch: usize, left: Option<usize>) -> usize {
    let lonely = left.is_some_and(|left| left == batch + 1) && layers(graph).next().is_some();
    batch + usize::from(lonely)
}

/// Refuses an update on `rows` rows in which a layer cannot be normalised.
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
