//! From a results folder to the report's files in it.

use crate::findings::Findings;
use crate::suite::{ResultsError, Suite};
use crate::{csv, html, markdown, terminal};
use polars::prelude::PolarsError;
use std::io;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The error for a report that could not be made.
#[derive(Debug, Error)]
pub enum ReportError {
    /// The results cannot be read.
    #[error(transparent)]
    Suite(#[from] ResultsError),
    /// The frames could not be computed.
    #[error("the records could not be tabulated: {0}")]
    Frames(#[from] PolarsError),
    /// A file of the report cannot be written.
    #[error("{} cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

/// A finished report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The tables for a terminal.
    pub terminal: String,
    /// The path of the HTML page.
    pub html: PathBuf,
}

/// Read the results in `folder` and write `report.html`, `report.md`, `metrics.csv` and `summary.csv` into it, with
/// `effects.csv` for a factorial design, and `survival.csv` if lifetimes of units were recorded.
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

/// Write to a temporary file and rename it, so that a reader never sees half a file.
fn write(folder: &Path, name: &str, text: &str) -> Result<PathBuf, ReportError> {
    let path = folder.join(name);
    let beside = folder.join(format!(".{name}.new"));
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, &path));
    match written {
        Ok(()) => Ok(path),
        Err(source) => Err(ReportError::Write { path, source }),
    }
}
