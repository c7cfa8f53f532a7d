//! Stored blocks that follow a receipt. If every kept entry keeps its place, only fresh rows and columns are written, into the
//! blocks' spare capacity; otherwise a block is rebuilt by [`Carry::apply`]. Both give the same bits.

use super::block::Block;
use super::network::{Network, Place};
use dentate_core::{Axis, Carry, FoldMean, Receipt, SlotKind};
use ndarray::ArrayView2;

/// Fold the mean output of removed units into the biases of the layers they feed.
pub(super) fn fold_mean(network: &Network, weights: &mut [Block], fold_mean: &FoldMean) {
    let Some(layer) = network.position(fold_mean.layer) else {
        return;
    };
    let unit = fold_mean.position as usize;
    for &e in &network.nodes[layer].outgoing {
        let edge = &network.edges[e];
        let Some(bias) = network.nodes[edge.to].bias else {
            continue;
        };
        let gain = edge.gains.map_or(1.0, |gains| {
            let gains = weights[gains].row(0);
            gains[unit.min(gains.len() - 1)]
        });
        let Some(weight) = edge.weight else { continue };
        let mut biases = std::mem::take(&mut weights[bias]);
        let (first, targets) = edge.outgoing(&network.nodes[edge.from], &network.nodes[edge.to], unit);
        for place in first..first + edge.each {
            let weights = &weights[weight].row(place)[targets.clone()];
            for (b, w) in biases.row_mut(0)[targets.clone()].iter_mut().zip(weights) {
                *b += w * gain * fold_mean.mean;
            }
        }
        weights[bias] = biases;
    }
}

/// Carry the blocks of a slot from one network to the other.
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
    // Columns first: where a fresh row and a fresh column cross, the row counts. Storage may transpose them.
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

/// Write the fresh rows of a stored block: these values, or the slot kind's default.
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
