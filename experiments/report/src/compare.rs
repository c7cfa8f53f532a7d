//! `dentate-report compare`: two results of one suite against each other.

use crate::complain;
use clap::Args;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare two results of one suite, for instance from before and after a change: print what became better or worse.
///
/// Methods are compared on each stream in the measure of the ranking: seed by seed where both have the same seeds, else by Welch's test.
/// Nothing is told from fewer than five seeds, and all tests are corrected together (Holm). Writes no file.
#[derive(Args)]
pub(crate) struct Compare {
    /// The results folder from before.
    #[arg(value_name = "BEFORE")]
    before: PathBuf,
    /// The results folder from after.
    #[arg(value_name = "AFTER")]
    after: PathBuf,
    /// Print Markdown.
    #[arg(long, conflicts_with = "csv")]
    markdown: bool,
    /// Print CSV: a line for each method on each stream.
    #[arg(long)]
    csv: bool,
}

/// Prints the comparison. What became worse is no failure.
pub(crate) fn run(wanted: &Compare) -> ExitCode {
    let made = dentate_eval::changes(&wanted.before, &wanted.after)
        .map_err(|error| error.to_string())
        .and_then(|changes| match (wanted.markdown, wanted.csv) {
            (true, _) => Ok(changes.markdown()),
            (_, true) => changes.csv().map_err(|error| error.to_string()),
            _ => Ok(changes.terminal()),
        });
    match made {
        Ok(text) => {
            // A reader that is gone (a closed pager) is no failure of the comparison.
            let _ = write!(std::io::stdout(), "{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}
