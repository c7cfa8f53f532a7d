//! The command line of `dentate`.

use crate::error::RunnerError;
use crate::output::{print, say};
use crate::paths::{RunFolder, data_root};
use crate::run::{CHILD, RunOptions};
use crate::slurm::SlurmArgs;
use crate::wanted::Wanted;
use crate::{bench, data, doctor, explain, list, run};
use clap::{Args, Parser, Subcommand};
use dentate_core::registry;
use std::path::PathBuf;
use std::process::ExitCode;

/// Run growing networks and their controls on streams of changing tasks.
#[derive(Debug, Parser)]
#[command(name = "dentate", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the unfinished runs of suites.
    Bench(BenchArgs),
    /// Execute runs one after another, each described by the job file in its folder.
    Run {
        /// Folders of the runs.
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        #[command(flatten)]
        options: MannerArgs,
    },
    /// List strategies, learners, streams, data and suites.
    List,
    /// Explain a name: of a strategy, part, mechanism, learner, stream or data set, of a metric, of a suite, of a table or setting of a
    /// suite file, or of the glossary.
    Explain {
        /// Its name.
        name: String,
    },
    /// Show what is installed and works: backends, data, folders, and the disk space that suites will need.
    Doctor {
        /// Suites to check (default: all that are found).
        suites: Vec<String>,
        /// Folder for results (default: `results` beside `experiments`).
        #[arg(long)]
        results: Option<PathBuf>,
    },
    /// Show or fetch data sets.
    #[command(subcommand)]
    Data(DataCommand),
}

#[derive(Debug, Subcommand)]
enum DataCommand {
    /// Show which data sets are available and whether their checksums match.
    Status,
    /// Download a data set and check it.
    Fetch {
        /// Its name.
        name: String,
    },
}

/// Options of executing runs.
#[derive(Clone, Copy, Debug, Args)]
struct MannerArgs {
    /// Repeat finished runs, and ignore checkpoints.
    #[arg(long)]
    fresh: bool,
    /// Resume from checkpoints of other machines or builds, where the last bits of numbers may differ.
    #[arg(long)]
    allow_inexact: bool,
    /// Also measure the times of forward, backward and update for the report. Finished runs are not repeated without `--fresh`;
    /// records are the same either way.
    #[arg(long)]
    profile: bool,
}

impl MannerArgs {
    fn options(self) -> RunOptions {
        RunOptions {
            fresh: self.fresh,
            allow_inexact: self.allow_inexact,
            profile: self.profile,
        }
    }
}

/// Arguments of `bench`.
#[derive(Clone, Debug, Args)]
struct BenchArgs {
    /// Names of suites, or paths of TOML files (default: `quickstart`).
    suites: Vec<String>,
    /// The scale of the suites: `full` (as they are written, the default), or one that a suite describes in `[scale.NAME]`.
    #[arg(long, value_name = "SCALE")]
    scale: Option<String>,
    /// When all runs are finished, make the report, and end with exit code 5 if a claim of a suite is not held or cannot be tested.
    #[arg(long, conflicts_with_all = ["dry_run", "status", "executor"])]
    check_claims: bool,
    /// Number of seeds per method and stream, instead of the suite's.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: Option<u64>,
    /// Run only this method (can be repeated).
    #[arg(long, value_name = "METHOD")]
    only: Vec<String>,
    /// Runs at the same time (default: one per core).
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=4096))]
    jobs: Option<u16>,
    #[command(flatten)]
    options: MannerArgs,
    /// List the runs with their estimated time and size, and execute none.
    #[arg(long)]
    dry_run: bool,
    /// Show the status of the runs, and execute none.
    #[arg(long, conflicts_with = "dry_run")]
    status: bool,
    #[command(flatten)]
    slurm: SlurmArgs,
    /// The backend, instead of the suite's: native or libtorch.
    #[arg(long, value_name = "BACKEND")]
    backend: Option<String>,
    /// The device of libtorch: cpu, cuda or cuda:N.
    #[arg(long, value_name = "DEVICE", requires = "backend")]
    device: Option<String>,
    /// Folder for results (default: `results` beside `experiments`).
    #[arg(long)]
    results: Option<PathBuf>,
}

impl BenchArgs {
    fn wanted(&self) -> Wanted {
        let everywhere = || std::thread::available_parallelism().map_or(1, |n| n.get());
        Wanted {
            suites: self.suites.clone(),
            scale: self.scale.clone(),
            check_claims: self.check_claims,
            seeds: self.seeds,
            only: self.only.clone(),
            jobs: self.jobs.map_or_else(everywhere, usize::from),
            jobs_given: self.jobs.is_some(),
            options: self.options.options(),
            dry_run: self.dry_run,
            status: self.status,
            slurm: self.slurm.clone(),
            backend: self.backend.clone(),
            device: self.device.clone(),
            results: self.results.clone(),
        }
    }
}

/// The runner's entry point. Exit codes: 0 done; 1 something failed; 2 the command or the suite is wrong; 3 the suite is incomplete;
/// 4 built without the backend; 5 a claim is not held; 75 another process executes the run; 130 interrupted.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(error.exit_code() as u8);
        }
    };
    match dispatch(&cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        // A listing of runs that are still to come is an answer, with an exit code of its own.
        Err(error @ RunnerError::Incomplete { .. }) => {
            say(format_args!("{error}"));
            ExitCode::from(error.exit_code())
        }
        Err(error) => {
            say(format_args!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(command: &Command) -> Result<(), RunnerError> {
    registry::check(&registry::entries())?;
    dentate_core::metrics::check_registered(&dentate_core::metrics::registered())?;
    match command {
        Command::Bench(args) => bench::bench(&args.wanted()),
        Command::Run { folders, options } => match &folders[..] {
            [one] if std::env::var_os(CHILD).is_some() => {
                run::run(&RunFolder(one.clone()), options.options())
            }
            folders => bench::run_folders(folders, options.options()),
        },
        Command::List => {
            print(list::list());
            Ok(())
        }
        Command::Explain { name } => {
            print(explain::explain(name)?);
            Ok(())
        }
        Command::Doctor { suites, results } => {
            let results = results.clone().unwrap_or_else(crate::paths::results);
            let (report, sound) = doctor::report(suites, &results)?;
            print(report);
            if sound { Ok(()) } else { Err(RunnerError::Unsound) }
        }
        Command::Data(DataCommand::Status) => {
            for line in data::status(data_root().as_deref()) {
                print(format_args!("{line}\n"));
            }
            Ok(())
        }
        Command::Data(DataCommand::Fetch { name }) => Ok(data::fetch_named(name, data_root())?),
    }
}
