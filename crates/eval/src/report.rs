//! From a results folder to the files beside it.

use crate::comparison::{StreamComparison, compare};
use crate::figures::{Figure, Traces};
use crate::frames::Frames;
use crate::metrics::{Measured, measure};
use crate::suite::{Suite, SuiteError};
use crate::{csv, html, markdown, terminal};
use polars::prelude::PolarsError;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// A report that could not be made.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The results cannot be read.
    #[error(transparent)]
    Suite(#[from] SuiteError),
    /// The frames could not be computed.
    #[error("the records could not be tabulated: {0}")]
    Frames(#[from] PolarsError),
    /// A file of the report cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// A report that was made.
#[derive(Clone, Debug)]
pub struct Report {
    /// The tables for a terminal.
    pub terminal: String,
    /// Where the HTML page lies.
    pub html: PathBuf,
}

/// Everything that the pages are drawn from.
pub(crate) struct Findings<'a> {
    pub(crate) suite: &'a Suite,
    pub(crate) measured: Vec<Measured>,
    pub(crate) streams: Vec<StreamComparison>,
    /// By stream and row.
    pub(crate) figures: Vec<Vec<Figure>>,
}

impl<'a> Findings<'a> {
    pub(crate) fn of(suite: &'a Suite) -> Result<Self, ReportError> {
        let frames = Frames::of(suite)?;
        let measured = measure(suite, &frames)?;
        let streams = compare(suite, &measured);
        let traces = Traces::of(&frames)?;
        let figures = |c: &StreamComparison| {
            let entry = &suite.manifest.streams[c.stream];
            let rows = c.rows.iter();
            rows.map(|r| traces.figure(entry, c, r, &measured)).collect()
        };
        let figures = streams.iter().map(figures).collect();
        Ok(Self {
            suite,
            measured,
            streams,
            figures,
        })
    }
}

/// Read the results in `folder` and write `report.html`, `report.md`, `metrics.csv` and `summary.csv` beside them, and of a
/// factorial design `effects.csv`; where lives of units were recorded `survival.csv`.
///
/// # Errors
/// [`ReportError`] in one sentence. A run that failed, is missing or is damaged is a row of the report and not an error.
pub fn report(folder: &Path) -> Result<Report, ReportError> {
    let suite = Suite::read(folder)?;
    let findings = Findings::of(&suite)?;
    write(folder, "metrics.csv", &csv::metrics(&findings)?)?;
    write(folder, "summary.csv", &csv::summary(&findings)?)?;
    if let Some(effects) = csv::effects(&findings)? {
        write(folder, "effects.csv", &effects)?;
    }
    if let Some(survival) = csv::survival(&findings)? {
        write(folder, "survival.csv", &survival)?;
    }
    write(folder, "report.md", &markdown::page(&findings))?;
    let html = write(folder, "report.html", &html::page(&findings))?;
    Ok(Report {
        terminal: terminal::tables(&findings),
        html,
    })
}

/// Written beside and renamed, so that a reader never sees half a file.
fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, ReportError> {
    let path = folder.join(name);
    let beside = folder.join(format!(".{name}.new"));
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &path));
    match written {
        Ok(()) => Ok(path),
        Err(source) => Err(ReportError::Write { path, source }),
    }
}
