//! `dentate-report`: compares the methods of a suite whose results are in a folder.

use clap::Parser;
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
    /// Print nothing but errors.
    #[arg(short, long)]
    quiet: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let mut code = ExitCode::SUCCESS;
    for folder in &arguments.folders {
        match dentate_eval::report(folder) {
            Ok(report) if !arguments.quiet => {
                // A reader that is gone (a closed pager) is no failure of the report.
                let _ = writeln!(
                    std::io::stdout(),
                    "{}\n{}",
                    report.terminal,
                    dentate_core::record::printable(&report.html.display().to_string())
                );
            }
            Ok(_) => {}
            Err(error) => {
                let said = dentate_core::record::printable(&error.to_string());
                let _ = writeln!(std::io::stderr(), "dentate-report: {said}");
                code = ExitCode::FAILURE;
            }
        }
    }
    code
}
