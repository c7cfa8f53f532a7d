//! Two results folders in, their comparison out.

use super::{Changes, between, tables};
use crate::failure::ReportError;
use crate::findings::Findings;
use crate::frames::Frames;
use crate::suite::Suite;
use crate::values::SuiteValues;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The reasons for which two results are not compared.
#[derive(Debug, Error)]
pub enum ChangeError {
    /// A folder cannot be reported on.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// They are of different suites.
    #[error(
        "{} has results of the suite `{suite}` and {} of `{other}`: only results of one suite can be compared",
        folder.display(), beside.display()
    )]
    OtherSuite {
        /// The first folder.
        folder: PathBuf,
        /// Its suite.
        suite: String,
        /// The second.
        beside: PathBuf,
        /// Its suite.
        other: String,
    },
    /// They have no stream in common.
    #[error(
        "the two results of the suite `{suite}` have no stream in common: {before} before, and {after} after"
    )]
    NoStream {
        /// The suite.
        suite: String,
        /// The streams of the first.
        before: String,
        /// Those of the second.
        after: String,
    },
}

/// Compare the results in two folders: `before`, and `after` a change.
///
/// # Errors
/// [`ChangeError`] in one sentence, if a folder cannot be read or they are not of one suite.
pub fn changes(before: &Path, after: &Path) -> Result<Changes, ChangeError> {
    let (was, is) = (suite_values(before)?, suite_values(after)?);
    if was.suite != is.suite {
        return Err(ChangeError::OtherSuite {
            folder: before.into(),
            suite: was.suite,
            beside: after.into(),
            other: is.suite,
        });
    }
    let found = between(&was, &is);
    if found.streams.is_empty() {
        let names = |of: &SuiteValues| {
            let names: Vec<String> = of.streams.iter().map(|s| format!("`{}`", s.name)).collect();
            if names.is_empty() {
                "none".into()
            } else {
                crate::format::list(&names)
            }
        };
        return Err(ChangeError::NoStream {
            before: names(&was),
            after: names(&is),
            suite: is.suite,
        });
    }
    Ok(Changes {
        before: was,
        after: is,
        found,
    })
}

fn suite_values(folder: &Path) -> Result<SuiteValues, ReportError> {
    let suite = Suite::read(folder)?;
    let frames = Frames::of(&suite)?;
    Ok(SuiteValues::of(&Findings::of(&suite, &frames)?))
}

impl Changes {
    /// Tables for a terminal.
    #[must_use]
    pub fn terminal(&self) -> String {
        tables::terminal(self)
    }

    /// The same as Markdown.
    #[must_use]
    pub fn markdown(&self) -> String {
        tables::markdown(self)
    }

    /// One line for each method on each stream.
    ///
    /// # Errors
    /// If polars fails, which no comparison should cause.
    pub fn csv(&self) -> Result<String, ReportError> {
        Ok(tables::csv(self)?)
    }
}
