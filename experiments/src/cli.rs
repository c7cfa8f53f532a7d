//! The command line of `dentate`.

use crate::computing::Computing;
use crate::error::RunnerError;
use crate::output::{give, say};
use crate::places::{RunFolder, data_root};
use crate::run::Manner;
use crate::slurm::SlurmArgs;
use crate::{bench, data, doctor, explain, list, run};
use clap::{Args, Parser, Subcommand};
use dentate_backends::Choice;
use dentate_core::registry;
use std::path::PathBuf;
use std::process::ExitCode;

/// Set for runs that a `bench` has started.
pub(crate) const CHILD: &str = "DENTATE_CHILD";

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
        manner: MannerArgs,
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
pub(crate) struct MannerArgs {
    /// Make runs again that are finished, and begin anew where there is a checkpoint.
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Go on from checkpoints of other machines or builds, where the last bits of numbers may differ.
    #[arg(long)]
    pub(crate) allow_inexact: bool,
    /// Take the times of forward, backward and update as well, and show them in the report. What is finished stays as it is
    /// without `--fresh`; records are the same either way.
    #[arg(long)]
    pub(crate) profile: bool,
}

impl MannerArgs {
    pub(crate) fn manner(self) -> Manner {
        Manner {
            fresh: self.fresh,
            allow_inexact: self.allow_inexact,
            profile: self.profile,
        }
    }
}

/// What `bench` is asked.
#[derive(Clone, Debug, Args)]
pub(crate) struct BenchArgs {
    /// Names of suites, or paths of TOML files; `quickstart` when none is given.
    pub(crate) suites: Vec<String>,
    /// Seeds per method and stream, instead of the suite's own number.
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub(crate) seeds: Option<u64>,
    /// Only this method; can be given more than once.
    #[arg(long, value_name = "METHOD")]
    pub(crate) only: Vec<String>,
    /// Runs at a time; as many as there are cores when absent.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=4096))]
    jobs: Option<u16>,
    #[command(flatten)]
    pub(crate) manner: MannerArgs,
    /// List the runs and what they will probably take, and make none.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Say how the runs stand, and make none.
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) status: bool,
    #[command(flatten)]
    pub(crate) slurm: SlurmArgs,
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
    /// What all methods are to compute with, if that is said.
    pub(crate) fn computing(&self) -> Result<Option<Computing>, RunnerError> {
        let Some(backend) = &self.backend else {
            return Ok(None);
        };
        let device = self.device.as_ref().map(|word| word.parse()).transpose()?;
        Ok(Some(Computing(Choice::new(backend, device)?)))
    }

    pub(crate) fn jobs(&self) -> usize {
        match self.jobs {
            Some(jobs) => jobs.into(),
            None => std::thread::available_parallelism().map_or(1, |n| n.get()),
        }
    }

    pub(crate) fn results(&self) -> PathBuf {
        self.results.clone().unwrap_or_else(crate::places::results)
    }

    /// The command that makes the same results again.
    pub(crate) fn command(&self, suites: &[String]) -> String {
        let word = |word: &String| match word.contains(char::is_whitespace) {
            true => format!("'{word}'"),
            false => word.clone(),
        };
        let suites: Vec<String> = suites.iter().map(word).collect();
        let mut command = format!("cargo xtask bench {}", suites.join(" "));
        if let Some(seeds) = self.seeds {
            command.push_str(&format!(" --seeds {seeds}"));
        }
        for only in &self.only {
            command.push_str(&format!(" --only {only}"));
        }
        for (option, given) in [("--backend", &self.backend), ("--device", &self.device)] {
            if let Some(word) = given {
                command.push_str(&format!(" {option} {word}"));
            }
        }
        command
    }

    /// The command that goes on with the same results.
    pub(crate) fn command_here(&self, suites: &[String]) -> String {
        let mut command = self.command(suites);
        if let Some(results) = &self.results {
            command.push_str(&format!(" --results '{}'", results.display()));
        }
        if self.manner.allow_inexact {
            command.push_str(" --allow-inexact");
        }
        if self.manner.profile {
            command.push_str(" --profile");
        }
        command
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
        Err(error) => {
            say(format_args!("error: {error}"));
            ExitCode::from(error.exit_code())
        }
    }
}

fn dispatch(command: &Command) -> Result<(), RunnerError> {
    registry::check(&registry::entries())?;
    match command {
        Command::Bench(args) => bench::bench(args),
        Command::Run { folders, manner } => match &folders[..] {
            [one] if std::env::var_os(CHILD).is_some() => run::run(&RunFolder(one.clone()), manner.manner()),
            several => bench::several(several, manner.manner()),
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
            let results = results.clone().unwrap_or_else(crate::places::results);
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
