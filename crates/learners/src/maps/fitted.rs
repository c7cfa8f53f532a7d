//! A map fitted to arrays, as a plain library.

use super::engine::Engine;
use super::export::MapGraph;
use super::nearest::squared_distance;
use super::reading::Reader;
use super::rule::Rule;
use dentate_core::{ConfigError, Seed};
use ndarray::{Array2, ArrayView2};
use rand::seq::SliceRandom;
use thiserror::Error;

/// The error of fitting a map.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum FitError {
    /// A setting is out of range.
    #[error(transparent)]
    BuildContext(#[from] ConfigError),
    /// The array is empty.
    #[error("an array without a row, or with rows of no column, has nothing to fit to")]
    Empty,
    /// The number of columns differs from the map's features.
    #[error("the map has {expected} features, and the array has {found} columns")]
    Columns {
        /// Features of the map.
        expected: usize,
        /// Columns of the array.
        found: usize,
    },
    /// The number of labels differs from the number of rows.
    #[error("there are {rows} rows, and {labels} labels")]
    Labels {
        /// Rows of the array.
        rows: usize,
        /// Labels given.
        labels: usize,
    },
    /// A row whose distance to the prototypes is not finite.
    #[error("row {row} holds what is no number, or is farther off than numbers reach")]
    NotFinite {
        /// Index of the row.
        row: usize,
    },
}

/// A map that has been fitted or begun.
#[derive(Clone, Debug)]
pub struct Fitted<R: Rule> {
    engine: Engine<R>,
}

impl<R: Rule> Fitted<R> {
    pub(crate) fn new(engine: Engine<R>) -> Self {
        Self { engine }
    }

    /// Learns from rows once, in the given order.
    ///
    /// # Errors
    /// [`FitError`]; the rows before the one named in it have been learned from.
    pub fn partial_fit(&mut self, rows: ArrayView2<'_, f32>) -> Result<(), FitError> {
        let order: Vec<usize> = (0..rows.nrows()).collect();
        self.learn(rows, None, &order)
    }

    /// As [`Fitted::partial_fit`], for rows with a class each.
    ///
    /// # Errors
    /// As [`Fitted::partial_fit`].
    pub fn partial_fit_labelled(
        &mut self,
        rows: ArrayView2<'_, f32>,
        labels: &[u32],
    ) -> Result<(), FitError> {
        let order: Vec<usize> = (0..rows.nrows()).collect();
        self.learn(rows, Some(labels), &order)
    }

    pub(crate) fn passes(
        &mut self,
        rows: ArrayView2<'_, f32>,
        labels: Option<&[u32]>,
        epochs: u64,
        seed: Seed,
    ) -> Result<(), FitError> {
        for pass in 0..epochs {
            let mut order: Vec<usize> = (0..rows.nrows()).collect();
            order.shuffle(&mut seed.derive(&format!("pass/{pass}")).random());
            self.learn(rows, labels, &order)?;
        }
        Ok(())
    }

    fn learn(
        &mut self,
        rows: ArrayView2<'_, f32>,
        labels: Option<&[u32]>,
        order: &[usize],
    ) -> Result<(), FitError> {
        if let Some(labels) = labels.filter(|labels| labels.len() != rows.nrows()) {
            return Err(FitError::Labels {
                rows: rows.nrows(),
                labels: labels.len(),
            });
        }
        let rows = rows.as_standard_layout();
        let row = |i: usize| rows.row(i).to_slice().map_or_else(Vec::new, <[f32]>::to_vec);
        if !self.engine.started() {
            let first: Vec<Vec<f32>> = order
                .iter()
                .take(self.engine.rule.wanted())
                .map(|i| row(*i))
                .collect();
            if first.is_empty() || rows.ncols() == 0 {
                return Err(FitError::Empty);
            }
            let signals: Vec<&[f32]> = first.iter().map(Vec::as_slice).collect();
            self.engine.start(rows.ncols(), &signals);
            if !self.engine.started() {
                return Err(FitError::NotFinite { row: order[0] });
            }
        }
        self.fits(rows.ncols())?;
        for &i in order {
            let label = labels.map(|labels| labels[i]);
            if self.engine.signal(&row(i), label).is_none() {
                return Err(FitError::NotFinite { row: i });
            }
            // There is no journal here.
            self.engine.map.take_changes();
        }
        Ok(())
    }

    fn fits(&self, columns: usize) -> Result<(), FitError> {
        if self.engine.started() && columns != self.engine.map.features() {
            return Err(FitError::Columns {
                expected: self.engine.map.features(),
                found: columns,
            });
        }
        Ok(())
    }

    /// Number of units.
    #[must_use]
    pub fn len(&self) -> usize {
        self.engine.map.len()
    }

    /// Returns whether the map has no units, because it has seen no data.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The unit nearest to each row, as an index into [`Fitted::prototypes`].
    ///
    /// # Errors
    /// [`FitError`] for rows whose distances are not finite, or a map without units.
    pub fn predict(&self, rows: ArrayView2<'_, f32>) -> Result<Vec<usize>, FitError> {
        self.each(rows, |row| {
            self.engine.map.winners(row).map(|winners| winners.first.slot)
        })
    }

    /// The class of each row, from the units near it; `None` if no unit has won for a class.
    ///
    /// # Errors
    /// As [`Fitted::predict`].
    pub fn classify(&self, rows: ArrayView2<'_, f32>) -> Result<Vec<Option<u32>>, FitError> {
        let mut reader = Reader::new(&self.engine.map, self.engine.rule.reading());
        let mut scores = vec![0.0; self.engine.map.votes.classes()];
        self.each(rows, |row| {
            reader.score(row, &mut scores);
            let best = (0..scores.len()).reduce(|a, b| if scores[b] > scores[a] { b } else { a });
            Some(
                best.filter(|best| scores[*best] > f32::NEG_INFINITY)
                    .map(|best| best as u32),
            )
        })
    }

    /// The distance of each row to each unit `[rows, units]`.
    ///
    /// # Errors
    /// As [`Fitted::predict`].
    pub fn transform(&self, rows: ArrayView2<'_, f32>) -> Result<Array2<f32>, FitError> {
        let map = &self.engine.map;
        let all = self.each(rows, |row| {
            let distance = |slot| squared_distance(row, map.prototype(slot)).sqrt();
            Some((0..map.len()).map(distance).collect::<Vec<f32>>())
        })?;
        Ok(Array2::from_shape_fn((all.len(), map.len()), |(i, j)| all[i][j]))
    }

    /// Mean squared distance of rows to their nearest unit.
    ///
    /// # Errors
    /// As [`Fitted::predict`].
    pub fn quantization_error(&self, rows: ArrayView2<'_, f32>) -> Result<f64, FitError> {
        let squared = |row: &[f32]| self.engine.map.winners(row).map(|w| f64::from(w.first.squared));
        let all = self.each(rows, squared)?;
        Ok(all.iter().sum::<f64>() / all.len().max(1) as f64)
    }

    fn each<T>(
        &self,
        rows: ArrayView2<'_, f32>,
        mut of: impl FnMut(&[f32]) -> Option<T>,
    ) -> Result<Vec<T>, FitError> {
        if self.is_empty() {
            return Err(FitError::Empty);
        }
        self.fits(rows.ncols())?;
        let rows = rows.as_standard_layout();
        let all = rows.rows().into_iter().enumerate().map(|(i, row)| {
            let answer = row.to_slice().and_then(&mut of);
            answer.ok_or(FitError::NotFinite { row: i })
        });
        all.collect()
    }

    /// The prototypes `[units, features]`.
    #[must_use]
    pub fn prototypes(&self) -> Array2<f32> {
        let map = &self.engine.map;
        Array2::from_shape_fn((map.len(), map.features()), |(i, j)| map.prototype(i)[j])
    }

    /// The units and edges, for export to other programs.
    #[must_use]
    pub fn graph(&self) -> MapGraph {
        MapGraph {
            prototypes: self.prototypes(),
            edges: self.engine.map.edges.all().collect(),
        }
    }
}
