//! From a results folder to the report's files in it.

use crate::claims;
use crate::failure::ReportError;
use crate::figure::Figure;
use crate::files::write;
use crate::findings::Findings;
use crate::frames::Frames;
use crate::metrics::{all_derived, check_derived};
use crate::pages::RunPages;
use crate::results::write_csv;
use crate::suite::Suite;
use crate::tables::Table;
use crate::{csv, html, markdown, pages, questions, terminal};
use dentate_core::record::RECORDS;
use std::path::{Path, PathBuf};

/// A finished report.
#[derive(Clone, Debug)]
pub struct Report {
    /// The tables for a terminal.
    pub terminal: String,
    /// The path of the HTML page.
    pub html: PathBuf,
    /// The outcomes of the suite's published claims.
    pub claims: claims::Count,
    figures: Vec<Figure>,
    tables: Vec<Table>,
}

impl Report {
    /// The figures of the page, in its order: each with its drawing, which can stand alone, and the drawn numbers.
    #[must_use]
    pub fn figures(&self) -> &[Figure] {
        &self.figures
    }

    /// The tables of the page, in its order.
    #[must_use]
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }
}

/// Optional outputs of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Write all records of the suite as `records.csv`. They may be large: some hundred bytes for each.
    pub records: bool,
    /// The runs that get a page of their own, `runs/ID.html`.
    pub run_pages: RunPages,
}

/// As [`report_with`] without options.
///
/// # Errors
/// [`ReportError`] in one sentence. A run that failed, is missing or is damaged is a row of the report and not an error.
pub fn report(folder: &Path) -> Result<Report, ReportError> {
    report_with(folder, Options::default())
}

/// Read the results in `folder` and write `report.html`, `report.md`, `metrics.csv` and `summary.csv` into it, with `pairs.csv` where
/// there is a pair of methods, `ranks.csv` where streams can be compared, `claims.csv` if the suite makes claims, `effects.csv` for a
/// factorial design, and `survival.csv` if lifetimes of units were recorded. `last-report.json` keeps the figures for [`index`](crate::index()).
///
/// # Errors
/// [`ReportError`] in one sentence. A run that failed, is missing or is damaged is a row of the report and not an error.
pub fn report_with(folder: &Path, options: Options) -> Result<Report, ReportError> {
    check_derived(&all_derived())?;
    let suite = Suite::read(folder)?;
    let frames = Frames::of(&suite)?;
    let findings = Findings::of(&suite, &frames)?;
    if options.records {
        write_csv(&frames.all(&suite.manifest.suite)?, &folder.join(RECORDS))?;
    }
    write(folder, "metrics.csv", &csv::metrics(&findings)?)?;
    write(folder, "summary.csv", &csv::summary(&findings)?)?;
    for (name, table) in [
        ("pairs.csv", csv::pairs(&findings)?),
        ("ranks.csv", csv::ranks(&findings)?),
        ("claims.csv", csv::claims(&findings)?),
        ("effects.csv", csv::effects(&findings)?),
        ("survival.csv", csv::survival(&findings)?),
    ] {
        if let Some(table) = table {
            write(folder, name, &table)?;
        }
    }
    // First, since the report links what is there.
    pages::write_runs(&findings, options.run_pages, folder)?;
    let document = questions::document(&findings);
    write(folder, "report.md", markdown::page(&findings, &document))?;
    pages::remember(&findings, folder)?;
    let html = write(folder, "report.html", html::page(&findings, &document))?;
    Ok(Report {
        terminal: terminal::tables(&findings),
        html,
        claims: claims::count(&findings.claims),
        figures: document.figures().into_iter().cloned().collect(),
        tables: document.tables().into_iter().cloned().collect(),
    })
}
