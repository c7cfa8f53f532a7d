//! The command line.

use crate::new::Kind;
use clap::{Args, Parser, Subcommand, value_parser};
use std::path::PathBuf;

#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about = "Run, report, test and check Dentate"
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) task: Task,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Task {
    /// Run suites and compare their methods in a report
    Bench(Box<Bench>),
    /// Make the report again from existing results
    Report(Report),
    /// List strategies, learners, streams and suites
    #[command(disable_help_flag = true)]
    List {
        /// Passed to `dentate list` as it is
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Explain a name that a suite can use, a metric, a suite, a setting, or a term of the glossary
    #[command(disable_help_flag = true)]
    Explain {
        /// Passed to `dentate explain` as it is
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Show or fetch data sets: `data status`, `data fetch NAME`
    #[command(disable_help_flag = true)]
    Data {
        /// Passed to `dentate data` as it is
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Report what is installed and works, which data is available, and the disk space that suites will need
    #[command(disable_help_flag = true)]
    Doctor {
        /// Passed to `dentate doctor` as it is
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Find libtorch or provide it, and print the settings for cargo
    Libtorch(Libtorch),
    /// Create a working plugin crate: `new strategy NAME`
    New(New),
    /// Run every test: unit, integration, documentation, and each benchmark once
    Test {
        /// After `--`: passed to the test binaries, for instance a name to filter by
        #[arg(last = true)]
        rest: Vec<String>,
    },
    /// All checks of a change: format, clippy, tidy, tests, licences, documentation
    Ci,
    /// Check the house rules that no compiler checks
    Tidy,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// Kind of the crate: a growth strategy, one of the five parts of a composed one, a learner, a mechanism, a buffer, a stream, a data set, or a metric
    pub(crate) kind: Kind,
    /// Its name, in lower-case letters and dashes
    pub(crate) name: String,
    /// Destination outside of this workspace (default: experiments/plugins/NAME in it)
    #[arg(long, value_name = "DIR")]
    pub(crate) path: Option<PathBuf>,
    /// With --path: depend on a git address instead of this checkout
    #[arg(long, value_name = "URL", requires = "path")]
    pub(crate) git: Option<String>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Libtorch {
    /// Unpack these wheels instead of fetching them: files, or folders of wheels (can be repeated)
    #[arg(long, value_name = "PATH")]
    pub(crate) wheel: Vec<PathBuf>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Bench {
    /// Names of suites in experiments/suites, or paths of .toml files
    #[arg(value_name = "SUITE", default_value = "quickstart")]
    pub(crate) suites: Vec<String>,
    /// The scale of the suites: full (as they are written), or one that a suite describes, such as quick
    #[arg(long, value_name = "SCALE")]
    pub(crate) scale: Option<String>,
    /// End with exit code 5 if a claim of a suite is not held or cannot be tested
    #[arg(long, conflicts_with_all = ["dry_run", "status", "executor"])]
    pub(crate) check_claims: bool,
    /// Run N seeds instead of the suite's number
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub(crate) seeds: Option<u32>,
    /// Only this method of the suite (can be repeated)
    #[arg(long, value_name = "METHOD")]
    pub(crate) only: Vec<String>,
    /// Runs at the same time (default: one per core)
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    pub(crate) jobs: Option<u32>,
    /// Run finished runs again, and ignore checkpoints
    #[arg(long)]
    pub(crate) fresh: bool,
    /// Resume from checkpoints of other machines or builds, where the last bits of numbers may differ
    #[arg(long)]
    pub(crate) allow_inexact: bool,
    /// Also measure the times of forward, backward and update (finished runs stay as they are without --fresh)
    #[arg(long)]
    pub(crate) profile: bool,
    /// List the runs and their estimated time, without running any
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Show the state of the runs, without running any
    #[arg(long, conflicts_with = "dry_run")]
    pub(crate) status: bool,
    /// The backend to use instead of the suite's: native, or libtorch
    #[arg(long, value_name = "BACKEND")]
    pub(crate) backend: Option<String>,
    /// The device for libtorch: cpu, cuda, or cuda:N
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// Folder for results (default: results in the workspace)
    #[arg(long, value_name = "DIR")]
    pub(crate) results: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) cluster: Cluster,
}

/// Passed to `dentate bench` as they are.
#[derive(Debug, Default, Args)]
pub(crate) struct Cluster {
    /// The executor of the runs: local, or slurm
    #[arg(long, value_name = "EXECUTOR")]
    pub(crate) executor: Option<String>,
    /// The cluster's partition
    #[arg(long, value_name = "NAME")]
    pub(crate) partition: Option<String>,
    /// The time limit of an element of the job array, as Slurm writes it
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<String>,
    /// The largest number of elements of the job array
    #[arg(long, value_name = "N")]
    pub(crate) array_size: Option<String>,
    /// An option passed to sbatch as it is (can be repeated): --sbatch=--account=lab
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    pub(crate) sbatch: Vec<String>,
}

#[derive(Debug, Default, Args)]
pub(crate) struct Report {
    /// Suites to report on (default: all that have results)
    #[arg(value_name = "SUITE")]
    pub(crate) suites: Vec<String>,
    /// End with exit code 5 if a claim of a suite is not held or cannot be tested
    #[arg(long)]
    pub(crate) check_claims: bool,
    /// Folder of the results (default: results in the workspace)
    #[arg(long, value_name = "DIR")]
    pub(crate) results: Option<PathBuf>,
    /// Write all records of each suite as records.csv, too
    #[arg(long)]
    pub(crate) records: bool,
}

#[cfg(test)]
mod tests;
