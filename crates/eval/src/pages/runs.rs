//! A page for each run, `runs/ID.html`: its curves, its growth, its settings, its failure and the end of its log.

use crate::failure::ReportError;
use crate::files::write;
use crate::findings::Findings;
use crate::suite::{Outcome, Run, Suite};
use std::path::Path;

mod curves;
mod files;
mod sections;
mod settings;

/// The runs that get a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunPages {
    /// All of up to [`MOST_PAGES`] runs; of more, those that failed or are damaged.
    #[default]
    Few,
    /// All.
    All,
    /// Those that failed or are damaged.
    Failed,
    /// None.
    None,
}

/// The most runs that each get a page unless all are asked for: a page takes some five milliseconds and fifty kilobytes.
pub const MOST_PAGES: usize = 200;

impl RunPages {
    /// Returns whether a run of the suite gets a page.
    pub(crate) fn has(self, suite: &Suite, run: &Run) -> bool {
        let wrong = matches!(run.outcome, Outcome::Failed { .. } | Outcome::Damaged { .. });
        match self {
            Self::None => false,
            Self::Failed => wrong,
            Self::Few if suite.runs.len() > MOST_PAGES => wrong,
            // Of a run that has not begun there is nothing to say.
            Self::Few | Self::All => run.outcome != Outcome::Pending,
        }
    }
}

/// Write the pages into the folder of a suite.
pub(crate) fn write_all(findings: &Findings<'_>, pages: RunPages, folder: &Path) -> Result<(), ReportError> {
    let suite = findings.suite;
    let wanted: Vec<usize> = (0..suite.runs.len())
        .filter(|i| pages.has(suite, &suite.runs[*i]))
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let runs = folder.join("runs");
    std::fs::create_dir_all(&runs).map_err(|source| ReportError::Write {
        path: runs.clone(),
        source,
    })?;
    for run in wanted {
        let text = sections::page_of(findings, run);
        write(&runs, &format!("{}.html", suite.runs[run].entry.id), text)?;
    }
    Ok(())
}
