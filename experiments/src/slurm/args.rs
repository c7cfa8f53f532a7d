//! Options of a cluster.

use super::error::SlurmError;
use clap::{Args, ValueEnum};

/// The executor of the runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Executor {
    /// This machine.
    #[default]
    Local,
    /// A Slurm cluster, as one job array.
    Slurm,
}

/// Options of a cluster.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SlurmArgs {
    /// The executor of the runs.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) executor: Executor,
    /// The partition (default: the cluster's).
    #[arg(long, value_name = "NAME")]
    pub(crate) partition: Option<String>,
    /// Time limit of an element of the array, as Slurm writes it: 90, 12:00:00, 2-0 (default: the partition's).
    #[arg(long, value_name = "TIME")]
    pub(crate) time: Option<String>,
    /// Maximum number of elements of the array; each executes its share of the runs, one after another.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) array_size: Option<u16>,
    /// An option passed to sbatch as it is, for instance `--sbatch=--account=lab` (can be repeated).
    #[arg(long, value_name = "OPTION", allow_hyphen_values = true)]
    pub(crate) sbatch: Vec<String>,
}

impl SlurmArgs {
    /// Checks the options.
    pub(crate) fn check(&self) -> Result<(), SlurmError> {
        if self.executor == Executor::Local {
            let given = [
                ("--partition", self.partition.is_some()),
                ("--time", self.time.is_some()),
                ("--array-size", self.array_size.is_some()),
                ("--sbatch", !self.sbatch.is_empty()),
            ];
            if let Some((option, _)) = given.into_iter().find(|(_, given)| *given) {
                return Err(SlurmError::NotSlurm { option });
            }
        }
        match &self.time {
            Some(given) if !is_time(given) => Err(SlurmError::Time { given: given.clone() }),
            _ => Ok(()),
        }
    }
}

/// Returns whether Slurm accepts this as a time.
fn is_time(text: &str) -> bool {
    let number = |part: &str| (1..=9).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let (days, clock) = match text.split_once('-') {
        Some((days, clock)) => (Some(days), clock),
        None => (None, text),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    days.is_none_or(number) && parts.len() <= 3 && parts.into_iter().all(number)
}

#[cfg(test)]
mod tests;
