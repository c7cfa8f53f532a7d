//! The command line of `dentate`.

use crate::error::RunnerError;
use crate::output::{give, say};
use crate::paths::{RunFolder, data_root};
use crate::run::{CHILD, RunOptions};
use crate::slurm::SlurmArgs;
use crate::wanted::Wanted;
use crate::{bench, data, doctor, explain, list, run};
use clap::{Args, Parser, Subcommand};
use dentate_core::registry;
use std::path::PathBuf;
use std::process::ExitCode;

/// Compare growing networks on streams that keep changing.
#[derive(Debug, Parser)]
#[command(name = "dentate", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the runs of suites that are not finished yet.
    Bench(BenchArgs),
    /// Make runs one after the other, each described by the job file in its folder.
    Run {
        /// The runs' folders.
        #[arg(required = true)]
        folders: Vec<PathBuf>,
        #[command(flatten)]
        options: MannerArgs,
    },
    /// List strategies, learners, streams, data and suites.
    List,
    /// Explain something that can be named in a suite: what it computes, its settings, its source.
    Explain {
        /// Its name.
        name: String,
    },
    /// Say what is installed and works: backends, data, folders, and the room that suites will need.
    Doctor {
        /// Suites to look at; all that are found when none is given.
        suites: Vec<String>,
        /// Where results go; `results` beside `experiments` when absent.
        #[arg(long)]
        results: Option<PathBuf>,
    },
    /// Look after data sets.
    #[command(subcommand)]
    Data(DataCommand),
}

#[derive(Debug, Subcommand)]
enum DataCommand {
    /// Say which data sets are there and whether their checksums hold.
    Status,
    /// Download a data set and check it.
    Fetch {
        /// Its name.
        name: String,
    },
}

/// How runs are taken up.
#[derive(Clone, Copy, Debug, Args)]
struct MannerArgs {
    /// Make runs again that are finished, and begin anew where there is a checkpoint.
    #[arg(long)]
    fresh: bool,
    /// Go on from checkpoints of other machines or builds, where the last bits of numbers may differ.
    #[arg(long)]
    allow_inexact: bool,
    /// Take the times of forward, backward and update as well, and show them in the report. What is finished stays as it is
    /// without `--fresh`; records are the same either way.
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

/// What `bench` is asked.
#[derive(Clone, Debug, Args)]
struct BenchArgs {
    /// Names of suites, or paths of TOML files; `quickstart` when none is given.
    suites: Vec<String>,
    /// Seeds per method and stream, instead of the suite's own number.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    seeds: Option<u64>,
    /// Only this method; can be given more than once.
    #[arg(long, value_name = "METHOD")]
    only: Vec<String>,
    /// Runs at a time; as many as there are cores when absent.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=4096))]
    jobs: Option<u16>,
    #[command(flatten)]
    options: MannerArgs,
    /// List the runs and what they will probably take, and make none.
    #[arg(long)]
    dry_run: bool,
    /// Say how the runs stand, and make none.
    #[arg(long, conflicts_with = "dry_run")]
    status: bool,
    #[command(flatten)]
    slurm: SlurmArgs,
    /// What computes, instead of what the suite says: native, or libtorch.
    #[arg(long, value_name = "BACKEND")]
    backend: Option<String>,
    /// Where libtorch computes: cpu, cuda, or cuda:N.
    #[arg(long, value_name = "DEVICE", requires = "backend")]
    device: Option<String>,
    /// Where results go; `results` beside `experiments` when absent.
    #[arg(long)]
    results: Option<PathBuf>,
}

impl BenchArgs {
    fn wanted(&self) -> Wanted {
        let everywhere = || std::thread::available_parallelism().map_or(1, |n| n.get());
        Wanted {
            suites: self.suites.clone(),
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

/// The runner's entry point. 0: done; 1: something failed; 2: it was asked for something that is not there; 4: it was built without the backend; 75: another process
/// is at it; 130: interrupted.
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
    match command {
        Command::Bench(args) => bench::bench(&args.wanted()),
        Command::Run { folders, options } => match &folders[..] {
            [one] if std::env::var_os(CHILD).is_some() => {
                run::run(&RunFolder(one.clone()), options.options())
            }
            several => bench::several(several, options.options()),
        },
        Command::List => {
            give(list::list());
            Ok(())
        }
        Command::Explain { name } => {
            give(explain::explain(name)?);
            Ok(())
        }
        Command::Doctor { suites, results } => {
            let results = results.clone().unwrap_or_else(crate::paths::results);
            let (report, sound) = doctor::report(suites, &results)?;
            give(report);
            if sound { Ok(()) } else { Err(RunnerError::Unsound) }
        }
        Command::Data(DataCommand::Status) => {
            for line in data::status(data_root().as_deref()) {
                give(format_args!("{line}\n"));
            }
            Ok(())
        }
        Command::Data(DataCommand::Fetch { name }) => Ok(data::fetch_named(name, data_root())?),
    }
}
