//! `cargo xtask`: runs cargo and the project's binaries in the right order, and prints what it is doing.
//!
//! It depends on none of the project's crates, so it compiles in seconds and still works when they do not.

mod bench;
mod browser;
mod build;
mod check;
mod child;
mod cli;
mod cluster;
mod data;
mod failure;
mod libtorch;
mod nearest;
mod new;
mod output;
mod steps;
mod suite;
mod test;
mod tidy;
mod timings;
mod workspace;

use clap::Parser;
use cli::Task;
use failure::Failure;
use output::say;
use std::process::ExitCode;
use workspace::Workspace;

fn main() -> ExitCode {
    let task = cli::Cli::parse().task;
    match Workspace::find()
        .map_err(Failure::from)
        .and_then(|workspace| perform(&workspace, task))
    {
        Ok(code) => code,
        Err(failure) => {
            if let Some(words) = failure.words() {
                say!("error: {words}");
            }
            failure.exit_code()
        }
    }
}

fn perform(workspace: &Workspace, task: Task) -> Result<ExitCode, Failure> {
    match task {
        Task::Bench(wanted) => bench::bench(workspace, &wanted),
        Task::Report(wanted) => bench::report(workspace, &wanted),
        Task::List { rest } => bench::pass_through(workspace, "list", &rest),
        Task::Explain { rest } => bench::pass_through(workspace, "explain", &rest),
        Task::Doctor { rest } => bench::pass_through(workspace, "doctor", &rest),
        Task::Data { rest } => bench::pass_through(workspace, "data", &rest),
        Task::Libtorch(wanted) => Ok(libtorch::libtorch(&wanted)?),
        Task::New(wanted) => Ok(new::new(workspace, &wanted)?),
        Task::Test { rest } => test::test(workspace, &rest),
        Task::Ci => check::ci(workspace),
        Task::Tidy => Ok(tidy::tidy(workspace)?),
    }
}
