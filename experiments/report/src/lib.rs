//! `dentate-report`: compares the methods of a suite whose results are in a folder.
//!
//! A crate with a metric outside this workspace links itself in and calls [`main`] from a binary of its own.

mod compare;
mod metrics;

use clap::{Parser, Subcommand, ValueEnum};
use compare::Compare;
use dentate_core::record::printable;
use dentate_eval::{Options, RunPages};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare the methods of a suite: write report.html, report.md, metrics.csv and summary.csv beside its results.
#[derive(Parser)]
#[command(
    name = "dentate-report",
    version,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
struct Arguments {
    #[command(subcommand)]
    task: Option<Task>,
    /// Results folders, each with a `manifest.json`.
    #[arg(required = true, value_name = "RESULTS_SUITE_DIR")]
    folders: Vec<PathBuf>,
    /// Write all records of each suite as records.csv, too: some eighty bytes a record.
    #[arg(long)]
    records: bool,
    /// Write finished records for TensorBoard and as JSON lines, too, below the folder events.
    #[arg(long)]
    events: bool,
    /// The runs that get a page of their own, `runs/ID.html`: `few` for all of up to 200 and the failed ones of more, `all`, `failed` or `none`.
    #[arg(long, value_enum, default_value_t, value_name = "WHICH")]
    run_pages: Pages,
    /// Also write tables as LaTeX and Markdown, figures as SVG and CSV, and sources as BibTeX below this folder; with several suites, each in a
    /// folder of its folder's name.
    #[arg(long, value_name = "DIR")]
    export: Option<PathBuf>,
    /// Also write index.html into this folder, over all suites in its folders that have a report.
    #[arg(long, value_name = "RESULTS_DIR")]
    index: Option<PathBuf>,
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

/// The runs that get a page.
#[derive(Clone, Copy, Default, ValueEnum)]
enum Pages {
    #[default]
    Few,
    All,
    Failed,
    None,
}

impl From<Pages> for RunPages {
    fn from(pages: Pages) -> Self {
        match pages {
            Pages::Few => Self::Few,
            Pages::All => Self::All,
            Pages::Failed => Self::Failed,
            Pages::None => Self::None,
        }
    }
}

/// Its commands besides reporting. A folder of such a name is given as `./compare`.
#[derive(Subcommand)]
enum Task {
    Compare(Compare),
}

/// The exit code of `--check-claims` if some claim is not held.
const CLAIMS: u8 = 5;

/// The program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(Task::Compare(wanted)) = &arguments.task {
        return compare::run(wanted);
    }
    let options = Options {
        records: arguments.records,
        run_pages: arguments.run_pages.into(),
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
                if let Some(into) = &arguments.export {
                    let into = match arguments.folders.as_slice() {
                        [_] => into.clone(),
                        // `.` has no name, and is itself.
                        _ => folder
                            .file_name()
                            .map_or_else(|| into.clone(), |name| into.join(name)),
                    };
                    if let Err(error) = dentate_eval::export(folder, &into) {
                        complain(&error.to_string());
                        failed = true;
                    }
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
    if let Some(results) = &arguments.index
        && let Err(error) = dentate_eval::index(results)
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

/// Prints an error as one line.
fn complain(error: &str) {
    let said = printable(error);
    let _ = writeln!(std::io::stderr(), "dentate-report: {said}");
}
