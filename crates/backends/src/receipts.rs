//! Receipts, the same for every backend: the check that one leads from a network to another, and how per-unit state follows.

use super::network::Network;
use dentate_core::{Axis, BackendError, Carry, Receipt};

/// Check that a receipt leads from one network to the other.
pub(super) fn check(
    backend: &'static str,
    old: &Network,
    new: &Network,
    receipt: &Receipt,
) -> Result<(), BackendError> {
    for place in &new.places {
        let before = old.place(place.parameter).map(|p| old.places[p].shape);
        let fits = match (receipt.parameters.get(&place.parameter), before) {
            (None, before) => before == Some(place.shape),
            (Some(Carry::Created(values)), _) => values.dim() == place.shape,
            (Some(Carry::Mapped { .. }), None) => false,
            (
                Some(Carry::Mapped {
                    rows,
                    columns,
                    fresh_rows,
                    fresh_columns,
                }),
                Some(before),
            ) => {
                (rows.before, columns.before) == before
                    && (rows.after, columns.after) == place.shape
                    && whole(rows)
                    && whole(columns)
                    && fresh_rows.dim() == (rows.fresh.len(), columns.after)
                    && fresh_columns.dim() == (rows.after, columns.fresh.len())
            }
        };
        if !fits {
            return Err(BackendError::NoParameter(place.parameter));
        }
    }
    for fold_mean in &receipt.folded_means {
        let layer = old
            .position(fold_mean.layer)
            .ok_or(BackendError::NoLayer(fold_mean.layer))?;
        if fold_mean.position as usize >= old.nodes[layer].width() {
            return Err(misfit(backend, "a unit whose mean is folded is not there"));
        }
    }
    for (parameter, by) in &receipt.adjustments {
        let place = new
            .place(*parameter)
            .ok_or(BackendError::NoParameter(*parameter))?;
        let (rows, cols) = new.places[place].shape;
        use dentate_core::Adjustment::{Add, AddRow, Scale, Set};
        let fits = match by {
            Scale(_) => true,
            Add(values) | Set(values) => values.dim() == (rows, cols),
            AddRow { row, values } => *row < rows && values.len() == cols,
        };
        if !fits {
            return Err(BackendError::NoParameter(*parameter));
        }
    }
    for node in &new.nodes {
        let before = old.position(node.id).map_or(0, |l| old.nodes[l].width());
        let fits = match receipt.units.get(&node.id) {
            None => before == node.width(),
            Some(axis) => axis.before == before && axis.after == node.width() && whole(axis),
        };
        if !fits {
            return Err(misfit(backend, "the units of a layer are not accounted for"));
        }
    }
    Ok(())
}

fn misfit(backend: &'static str, what: &str) -> BackendError {
    BackendError::Unsupported {
        backend,
        what: format!("way to follow this receipt: {what}"),
    }
}

/// Returns whether every entry of an axis has a source.
fn whole(axis: &Axis) -> bool {
    let fresh_inside = axis.fresh.iter().all(|&f| (f as usize) < axis.after);
    let rising = axis.fresh.windows(2).all(|w| w[0] < w[1]);
    let covered = match &axis.moved {
        None => {
            let appended = axis.fresh.iter().filter(|&&f| f as usize >= axis.before).count();
            appended == axis.after.saturating_sub(axis.before)
        }
        Some(moved) => {
            moved.len() == axis.after
                && moved.iter().enumerate().all(|(i, m)| match m {
                    Some((from, _)) => (*from as usize) < axis.before,
                    None => axis.fresh.binary_search(&(i as u32)).is_ok(),
                })
        }
    };
    fresh_inside && rising && covered
}

/// Carry per-unit state over, in place where units keep their positions.
pub(super) fn carry<T: Copy>(axis: &Axis, values: &mut Vec<T>, fresh: T) {
    if axis.moved.is_some() {
        *values = axis.carry(values, fresh);
        return;
    }
    values.resize(axis.after, fresh);
    for &i in &axis.fresh {
        values[i as usize] = fresh;
    }
}
