//! A table as a value.

use super::capital;
use crate::comparison::Role;
use crate::metrics::{Metric, Unit};

/// A table; the first column names the row.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Its name in the report and as a file, as a [`Figure`](crate::figure::Figure) has one; empty before it has its place.
    pub id: String,
    /// Its caption.
    pub caption: String,
    /// The heads of its columns.
    pub head: Vec<Head>,
    /// Its rows, each with a cell for each column.
    pub rows: Vec<Line>,
}

/// A column's head.
#[derive(Clone, Debug)]
pub struct Head {
    /// Its title.
    pub title: String,
    /// The unit of its numbers, if it has to be stated.
    pub unit: &'static str,
    /// The metric it shows, which has an explanation.
    pub metric: Option<Metric>,
    /// A one-line explanation, for columns that show no metric.
    pub explanation: &'static str,
    /// True if it holds text and not numbers.
    pub text: bool,
}

/// A row.
#[derive(Clone, Debug)]
pub struct Line {
    /// The role of its method.
    pub role: Role,
    /// Its method in the manifest, if it is one's.
    pub method: Option<usize>,
    /// Its cells.
    pub cells: Vec<Cell>,
}

/// An entry.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// The text.
    pub text: String,
    /// True for the best of the competing methods.
    pub best: bool,
}

impl Line {
    /// A row of texts that belongs to no method.
    pub(crate) fn plain(cells: impl IntoIterator<Item = String>) -> Self {
        Self {
            role: Role::Contender,
            method: None,
            cells: cells.into_iter().map(Cell::from).collect(),
        }
    }
}

impl Table {
    /// The table with its name.
    pub(crate) fn called(self, id: String) -> Self {
        Self { id, ..self }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, best: false }
    }
}

impl Head {
    pub(crate) fn text(title: &str, explanation: &'static str) -> Self {
        Self {
            title: title.into(),
            unit: "",
            metric: None,
            explanation,
            text: true,
        }
    }

    pub(crate) fn number(title: &str, unit: &'static str, explanation: &'static str) -> Self {
        Self {
            title: title.into(),
            unit,
            metric: None,
            explanation,
            text: false,
        }
    }

    pub(super) fn of(metric: Metric) -> Self {
        let unit = match metric.unit() {
            Unit::Percent => "%",
            Unit::Points | Unit::Fall => "points",
            _ => "",
        };
        Self {
            title: capital(metric.title()),
            unit,
            metric: Some(metric),
            explanation: "",
            text: false,
        }
    }
}
