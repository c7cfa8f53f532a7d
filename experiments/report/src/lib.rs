//! `dentate-report`: compares the methods of a suite whose results are in a folder.
//!
//! A crate with a metric outside this workspace links itself in and calls [`main`] from a binary of its own.

mod metrics;

use clap::Parser;
use dentate_core::record::printable;
use dentate_eval::Options;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare the methods of a suite: write report.html, report.md, metrics.csv and summary.csv beside its results.
#[derive(Parser)]
#[command(name = "dentate-report", version)]
struct Arguments {
    /// Results folders, each with a `manifest.json`.
    #[arg(required = true, value_name = "RESULTS_SUITE_DIR")]
    folders: Vec<PathBuf>,
    /// Write all records of each suite as records.csv, too: some eighty bytes a record.
    #[arg(long)]
    records: bool,
    /// Write finished records for TensorBoard and as JSON lines, too, below the folder events.
    #[arg(long)]
    events: bool,
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
    /// End with exit code 5 if a claim of a suite is not held or cannot be tested.
    #[arg(long)]
    check_claims: bool,
    /// Also write the claims of these suites into the generated part of this page.
    #[arg(long, value_name = "PAGE")]
    replication: Option<PathBuf>,
}

/// The exit code of `--check-claims` if some claim is not held.
const CLAIMS: u8 = 5;

/// The program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        records: arguments.records,
    };
    let (mut failed, mut missed) = (false, false);
    for folder in &arguments.folders {
        match dentate_eval::report_with(folder, options) {
            Ok(report) => {
                if arguments.events
                    && let Err(error) = dentate_eval::write_events(folder)
                {
                    complain(&error.to_string());
                    failed = true;
                }
                missed |= !report.claims.all_held();
                if !arguments.quiet {
                    // A reader that is gone (a closed pager) is no failure of the report.
                    let _ = writeln!(
                        std::io::stdout(),
                        "{}\n{}",
                        report.terminal,
                        printable(&report.html.display().to_string())
                    );
                }
            }
            Err(error) => {
                complain(&error.to_string());
                failed = true;
            }
        }
    }
    if let Some(page) = arguments.replication.as_ref().filter(|_| !failed)
        && let Err(error) = dentate_eval::replication(page, &arguments.folders)
    {
        complain(&error.to_string());
        failed = true;
    }
    match (failed, missed && arguments.check_claims) {
        (true, _) => ExitCode::FAILURE,
        (false, true) => ExitCode::from(CLAIMS),
        (false, false) => ExitCode::SUCCESS,
    }
}

fn complain(error: &str) {
    let said = printable(error);
    let _ = writeln!(std::io::stderr(), "dentate-report: {said}");
}
