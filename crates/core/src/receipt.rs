//! The result of applying a plan: the source of every entry of every parameter block. All state that is shaped like the
//! parameters follows it through one function, [`Carry::apply`].

use crate::graph::Parameter;
use crate::ids::{LayerId, UnitId};
use crate::layer::{Moment, Origin};
use crate::slot::SlotKind;
use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The change of one axis of a parameter block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Length before.
    pub before: usize,
    /// Length after.
    pub after: usize,
    /// For each entry, the old entry it comes from and its coefficient; `None` for a fresh one. `None` as a whole: every
    /// entry that is not fresh keeps its place and its value, so that growth only appends and replacement only patches.
    pub moved: Option<Vec<Option<(u32, f32)>>>,
    /// Fresh entries, rising.
    pub fresh: Vec<u32>,
}

impl Axis {
    /// An axis that did not change.
    #[must_use]
    pub fn same(len: usize) -> Self {
        Self {
            before: len,
            after: len,
            moved: None,
            fresh: Vec::new(),
        }
    }

    /// The axis on which each entry is repeated `each` times in a row.
    #[must_use]
    pub fn repeated(&self, each: usize) -> Self {
        let all = |i: u32| (0..each as u32).map(move |e| i * each as u32 + e);
        let entry = |o: &Option<(u32, f32)>| {
            let o = *o;
            (0..each as u32).map(move |e| o.map(|(from, c)| (from * each as u32 + e, c)))
        };
        Self {
            before: self.before * each,
            after: self.after * each,
            moved: self
                .moved
                .as_ref()
                .map(|moved| moved.iter().flat_map(entry).collect()),
            fresh: self.fresh.iter().flat_map(|&i| all(i)).collect(),
        }
    }

    /// Returns whether nothing changed.
    #[must_use]
    pub fn unchanged(&self) -> bool {
        self.moved.is_none() && self.fresh.is_empty() && self.before == self.after
    }

    /// The old entry and coefficient that entry `i` comes from; `None` if it is fresh.
    #[must_use]
    pub fn origin(&self, i: usize) -> Option<(usize, f32)> {
        match &self.moved {
            Some(moved) => moved
                .get(i)
                .copied()
                .flatten()
                .map(|(from, c)| (from as usize, c)),
            None if i < self.after && self.fresh.binary_search(&(i as u32)).is_err() => Some((i, 1.0)),
            None => None,
        }
    }

    /// Carries state held per unit to the new axis: kept entries keep their value, fresh ones get `fresh`.
    #[must_use]
    pub fn carry<T: Copy>(&self, old: &[T], fresh: T) -> Vec<T> {
        (0..self.after)
            .map(|i| {
                self.origin(i)
                    .and_then(|(from, _)| old.get(from).copied())
                    .unwrap_or(fresh)
            })
            .collect()
    }
}

/// The change of one parameter block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Carry {
    /// It is new and has these initial values.
    Created(Array2<f32>),
    /// It existed before.
    Mapped {
        /// Its rows.
        rows: Axis,
        /// Its columns.
        columns: Axis,
        /// Values of the fresh rows `[fresh rows, columns after]`.
        fresh_rows: Array2<f32>,
        /// Values of the fresh columns `[rows after, fresh columns]`; those in fresh rows are ignored.
        fresh_columns: Array2<f32>,
    },
}

impl Carry {
    /// Returns whether every kept entry keeps its place: then only fresh rows and columns have to be written.
    #[must_use]
    pub fn in_place(&self) -> bool {
        matches!(self, Self::Mapped { rows, columns, .. } if rows.moved.is_none() && columns.moved.is_none())
    }

    /// Shape after.
    #[must_use]
    pub fn shape(&self) -> (usize, usize) {
        match self {
            Self::Created(values) => values.dim(),
            Self::Mapped { rows, columns, .. } => (rows.after, columns.after),
        }
    }

    /// The state of a block after the change, from its state before. This is the one rule for weights, moments, importances,
    /// anchors, masks and statistics; see [`slot`](crate::slot) for the table.
    ///
    /// `old` is ignored for a new block and has the shape before otherwise.
    #[must_use]
    pub fn apply(&self, kind: SlotKind, old: ArrayView2<'_, f32>) -> Array2<f32> {
        let (rows, columns, fresh_rows, fresh_columns) = match self {
            Self::Created(values) if kind.follows_weights() => return values.clone(),
            Self::Created(values) => return Array2::from_elem(values.dim(), kind.fresh()),
            Self::Mapped {
                rows,
                columns,
                fresh_rows,
                fresh_columns,
            } => (rows, columns, fresh_rows, fresh_columns),
        };
        let weights = kind.follows_weights();
        let row_origin: Vec<_> = (0..rows.after).map(|i| rows.origin(i)).collect();
        let column_origin: Vec<_> = (0..columns.after).map(|j| columns.origin(j)).collect();
        let mut out = Array2::from_elem((rows.after, columns.after), kind.fresh());
        for (i, from) in row_origin.iter().enumerate() {
            let Some((oi, ci)) = from else { continue };
            for (j, from) in column_origin.iter().enumerate() {
                if let Some((oj, cj)) = from {
                    let value = old[(*oi, *oj)];
                    out[(i, j)] = if weights { value * ci * cj } else { value };
                }
            }
        }
        if weights {
            for (k, &j) in columns.fresh.iter().enumerate() {
                out.column_mut(j as usize).assign(&fresh_columns.column(k));
            }
            for (k, &i) in rows.fresh.iter().enumerate() {
                out.row_mut(i as usize).assign(&fresh_rows.row(k));
            }
        }
        out
    }
}

/// A change of values after the carry, in the shape after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Adjustment {
    /// Multiply by a factor.
    Scale(f32),
    /// Add these values (same shape).
    Add(Array2<f32>),
    /// Replace by these values (same shape).
    Set(Array2<f32>),
    /// Add these values to one row.
    AddRow {
        /// The row.
        row: usize,
        /// One value for each column.
        values: Vec<f32>,
    },
}

impl Adjustment {
    /// Changes `values` in place.
    pub fn apply(&self, values: &mut Array2<f32>) {
        match self {
            Self::Scale(factor) => values.mapv_inplace(|v| v * factor),
            Self::Add(add) => *values += add,
            Self::Set(set) => values.assign(set),
            Self::AddRow { row, values: add } => {
                values
                    .row_mut(*row)
                    .iter_mut()
                    .zip(add)
                    .for_each(|(v, a)| *v += a);
            }
        }
    }
}

/// The mean output of a removed unit, to be folded into biases: before anything else, each layer it feeds adds
/// `weight × gain × mean` to its bias; on a grid, the sum over the weights that it has to one position, which is exact away from
/// the grid's edge. Layers joined to it unit by unit get nothing. Positions are those before the plan.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FoldMean {
    /// The layer of the removed unit.
    pub layer: LayerId,
    /// Its position before.
    pub position: u32,
    /// Its mean output.
    pub mean: f32,
}

/// The creation of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Birth {
    /// The id of the new unit.
    pub unit: UnitId,
    /// Its layer.
    pub layer: LayerId,
    /// Its origin.
    pub origin: Origin,
}

/// The removal of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Death {
    /// The id of the removed unit.
    pub unit: UnitId,
    /// Its layer.
    pub layer: LayerId,
    /// The moment of its birth.
    pub born: Moment,
    /// The moment of its removal.
    pub died: Moment,
}

/// The result of applying a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    /// The experience and step at which the plan was applied.
    pub moment: Moment,
    /// Mean outputs folded into biases; done first, on the values before.
    pub folded_means: Vec<FoldMean>,
    /// Changed and new parameter blocks. All others are unchanged.
    pub parameters: BTreeMap<Parameter, Carry>,
    /// Changed and new layers, unit by unit (a new layer: nothing before, all fresh).
    pub units: BTreeMap<LayerId, Axis>,
    /// Changes of values, done last, in order.
    pub adjustments: Vec<(Parameter, Adjustment)>,
    /// Created units.
    pub born: Vec<Birth>,
    /// Removed units.
    pub died: Vec<Death>,
    /// Number of parameters afterwards.
    pub parameter_count: usize,
}

#[cfg(test)]
mod tests;
