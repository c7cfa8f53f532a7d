//! The page on replications: the claims of suites with what was found, from the records of finished runs.

use crate::claims::{self, Tested};
use crate::comparison::compare;
use crate::failure::ReportError;
use crate::format::plural;
use crate::frames::Frames;
use crate::markdown::{block, draw, escape, sentence};
use crate::metrics::measure;
use crate::suite::{Outcome, Suite};
use crate::{prose, tables};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The line before the generated part of the page.
pub const BEGIN: &str = "<!-- generated from records: dentate-report --replication -->\n";
/// The line after it.
pub const END: &str = "<!-- end of what is generated -->\n";

/// The error for a page that could not be made.
#[derive(Debug, Error)]
pub enum ReplicationError {
    /// The results of a suite cannot be read or measured.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The page cannot be read or written.
    #[error("{} cannot be {action}: {source}", path.display())]
    Page {
        /// The page.
        path: PathBuf,
        /// The action that was tried.
        action: &'static str,
        /// The cause.
        source: std::io::Error,
    },
    /// The page has no generated part.
    #[error("{} has no generated part: it begins with the line `{}` and ends with `{}`", path.display(), BEGIN.trim(), END.trim())]
    Unmarked {
        /// The page.
        path: PathBuf,
    },
    /// A suite makes no claim.
    #[error("the suite `{suite}` makes no claim")]
    NoClaim {
        /// The suite.
        suite: String,
    },
}

/// Write the claims of the suites in these results folders between the marks of a Markdown page, in the order given.
///
/// # Errors
/// [`ReplicationError`] if results cannot be read, a suite makes no claim, or the page has no marks.
pub fn replication(page: &Path, folders: &[PathBuf]) -> Result<(), ReplicationError> {
    let failed = |action| {
        let path = page.into();
        move |source| ReplicationError::Page { path, action, source }
    };
    let text = std::fs::read_to_string(page).map_err(failed("read"))?;
    let marked = text
        .split_once(BEGIN)
        .and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let Some((before, after)) = marked else {
        return Err(ReplicationError::Unmarked { path: page.into() });
    };
    let sections: Result<String, ReplicationError> = folders.iter().map(|folder| section(folder)).collect();
    let wanted = format!("{before}{BEGIN}{}\n{END}{after}", sections?);
    std::fs::write(page, wanted).map_err(failed("written"))
}

/// The section of one suite.
fn section(folder: &Path) -> Result<String, ReplicationError> {
    let suite = Suite::read(folder).map_err(ReportError::from)?;
    let frames = Frames::of(&suite).map_err(ReportError::from)?;
    let measured = measure(&suite, &frames).map_err(ReportError::from)?;
    let streams = compare(&suite, &measured);
    let tested = claims::test(&suite, &streams, &measured);
    if tested.is_empty() {
        let suite = suite.manifest.suite;
        return Err(ReplicationError::NoClaim { suite });
    }
    Ok(written(&suite, &tested))
}

fn written(suite: &Suite, tested: &[Tested<'_>]) -> String {
    let manifest = &suite.manifest;
    let from = &manifest.provenance;
    let finished = suite
        .runs
        .iter()
        .filter(|r| r.outcome == Outcome::Finished)
        .count();
    let mut out = format!(
        "\n## {}\n\n{}\n",
        escape(&manifest.title),
        block(&manifest.description)
    );
    let commit = from
        .commit
        .as_deref()
        .map_or_else(String::new, |commit| format!(", commit {}", escape(commit)));
    let _ = write!(
        out,
        "\n`{}`: {} of {} finished; version {}{commit}, backend {}, {}.\n",
        from.command.replace('`', "'"),
        finished,
        plural(suite.runs.len(), "run"),
        escape(&from.version),
        escape(&from.backend),
        escape(&from.when)
    );
    let _ = write!(out, "\n{}\n", sentence(&prose::claims(tested)));
    if let Some(claims) = tables::claims(tested) {
        draw(&mut out, &claims);
    }
    let notes = prose::notes(tested);
    if !notes.is_empty() {
        out.push('\n');
    }
    for (what, said) in notes {
        let _ = writeln!(out, "- **{}** {}", escape(&what), escape(&said));
    }
    out
}
