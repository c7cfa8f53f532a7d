//! How stored blocks follow a receipt. Where every kept entry keeps its place, only fresh rows and columns are written, into
//! the blocks' spare room; else a block is built anew by [`Carry::apply`]. Both give the same bits.

use super::block::Block;
use super::network::{Network, Place};
use dentate_core::{Absorb, Axis, BackendError, Carry, Receipt, SlotKind};
use ndarray::ArrayView2;

/// Check that a receipt leads from one network to the other.
pub(super) fn check(old: &Network, new: &Network, receipt: &Receipt) -> Result<(), BackendError> {
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
    for absorb in &receipt.absorbed {
        let layer = old
            .position(absorb.layer)
            .ok_or(BackendError::NoLayer(absorb.layer))?;
        if absorb.position as usize >= old.nodes[layer].width() {
            return Err(misfit("a unit that is absorbed is not there"));
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
            return Err(misfit("the units of a layer are not accounted for"));
        }
    }
    Ok(())
}

fn misfit(what: &str) -> BackendError {
    BackendError::Unsupported {
        backend: "native",
        what: format!("way to follow this receipt: {what}"),
    }
}

/// Whether every entry of an axis comes from somewhere.
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

/// A unit that goes leaves its mean output to the biases of the layers it feeds.
pub(super) fn absorb(network: &Network, weights: &mut [Block], absorb: &Absorb) {
    let Some(layer) = network.position(absorb.layer) else {
        return;
    };
    let unit = absorb.position as usize;
    for &e in &network.nodes[layer].outgoing {
        let edge = &network.edges[e];
        let Some(bias) = network.nodes[edge.to].bias else {
            continue;
        };
        let gain = edge.gains.map_or(1.0, |gains| {
            let gains = weights[gains].row(0);
            gains[unit.min(gains.len() - 1)]
        });
        let mut biases = std::mem::take(&mut weights[bias]);
        for (b, w) in biases.row_mut(0).iter_mut().zip(weights[edge.weight].row(unit)) {
            *b += w * gain * absorb.mean;
        }
        weights[bias] = biases;
    }
}

/// Bring the blocks of a slot from one network to the other.
pub(super) fn follow(
    old: &Network,
    new: &Network,
    receipt: &Receipt,
    kind: SlotKind,
    blocks: &mut Vec<Block>,
) {
    let mut before = std::mem::take(blocks);
    for place in &new.places {
        let block = old.place(place.parameter).map(|p| std::mem::take(&mut before[p]));
        let block = block.unwrap_or_default();
        blocks.push(match receipt.parameters.get(&place.parameter) {
            None => block,
            Some(carry) => carried(place, carry, kind, block),
        });
    }
}

/// One block after the change.
pub(super) fn carried(place: &Place, carry: &Carry, kind: SlotKind, mut block: Block) -> Block {
    let Carry::Mapped {
        rows,
        columns,
        fresh_rows,
        fresh_columns,
    } = carry
    else {
        return place.block(carry.apply(kind, block.view()).view());
    };
    if !carry.in_place() {
        return place.block(carry.apply(kind, place.seen(&block)).view());
    }
    let (stored_rows, stored_cols) = place.stored();
    block.resize(stored_rows, stored_cols);
    let weights = kind.follows_weights();
    let (row_values, column_values) = (weights.then_some(fresh_rows), weights.then_some(fresh_columns));
    // Columns first: where a fresh row and a fresh column cross, the row counts. Storage may turn them.
    if place.turned() {
        write_rows(
            &mut block,
            columns,
            column_values.map(|v| v.view().reversed_axes()),
            kind,
        );
        write_columns(
            &mut block,
            rows,
            row_values.map(|v| v.view().reversed_axes()),
            kind,
        );
    } else {
        write_columns(&mut block, columns, column_values.map(|v| v.view()), kind);
        write_rows(&mut block, rows, row_values.map(|v| v.view()), kind);
    }
    block
}

/// Write the fresh rows of a stored block: these values, or the kind's own.
fn write_rows(block: &mut Block, axis: &Axis, values: Option<ArrayView2<'_, f32>>, kind: SlotKind) {
    for (k, &i) in axis.fresh.iter().enumerate() {
        let row = block.row_mut(i as usize);
        match &values {
            Some(values) => row
                .iter_mut()
                .zip(values.row(k))
                .for_each(|(to, from)| *to = *from),
            None => row.fill(kind.fresh()),
        }
    }
}

/// The same for fresh columns, row by row: each touches its own cache lines.
fn write_columns(block: &mut Block, axis: &Axis, values: Option<ArrayView2<'_, f32>>, kind: SlotKind) {
    if axis.fresh.is_empty() {
        return;
    }
    let (rows, stride) = (block.rows(), block.stride());
    for (i, row) in block.data_mut().chunks_mut(stride).take(rows).enumerate() {
        for (k, &j) in axis.fresh.iter().enumerate() {
            row[j as usize] = values.as_ref().map_or(kind.fresh(), |values| values[(i, k)]);
        }
    }
}
