//! The options of `dentate bench`, without its command line.

use crate::backend_choice::BackendChoice;
use crate::error::RunnerError;
use crate::paths;
use crate::run::RunOptions;
use crate::slurm::SlurmArgs;
use dentate_backends::Choice;
use std::path::PathBuf;

/// The options of `dentate bench`.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// Names or paths of suites; empty for `quickstart`.
    pub(crate) suites: Vec<String>,
    /// The scale of the suites; as they are written when none is named.
    pub(crate) scale: Option<String>,
    /// Hold the suites' claims against the results.
    pub(crate) check_claims: bool,
    /// Seeds per method and stream, instead of the suite's number.
    pub(crate) seeds: Option<u64>,
    /// Only these methods; empty for all.
    pub(crate) only: Vec<String>,
    /// Number of runs at the same time.
    pub(crate) jobs: usize,
    /// True if that was given, and is not the machine's number of cores.
    pub(crate) jobs_given: bool,
    pub(crate) options: RunOptions,
    /// List the runs without executing any.
    pub(crate) dry_run: bool,
    /// Show the status of the runs without executing any.
    pub(crate) status: bool,
    pub(crate) slurm: SlurmArgs,
    /// The backend and device, as on the command line.
    pub(crate) backend: Option<String>,
    pub(crate) device: Option<String>,
    /// The results folder, if not the default.
    pub(crate) results: Option<PathBuf>,
}

impl Wanted {
    /// The backend of all methods, if given.
    pub(crate) fn backend_choice(&self) -> Result<Option<BackendChoice>, RunnerError> {
        let Some(backend) = &self.backend else {
            return Ok(None);
        };
        let device = self.device.as_ref().map(|word| word.parse()).transpose()?;
        Ok(Some(BackendChoice(Choice::new(backend, device)?)))
    }

    /// Returns whether a method is asked for.
    pub(crate) fn asked(&self, method: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == method)
    }

    /// The results folder.
    pub(crate) fn results(&self) -> PathBuf {
        self.results.clone().unwrap_or_else(paths::results)
    }

    /// The command that reproduces the results.
    pub(crate) fn command(&self, suites: &[String]) -> String {
        let word = |word: &String| match word.contains(char::is_whitespace) {
            true => format!("'{word}'"),
            false => word.clone(),
        };
        let suites: Vec<String> = suites.iter().map(word).collect();
        let mut command = format!("cargo xtask bench {}", suites.join(" "));
        if let Some(scale) = &self.scale {
            command.push_str(&format!(" --scale {scale}"));
        }
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

    /// The command that continues with the same results.
    pub(crate) fn command_here(&self, suites: &[String]) -> String {
        let mut command = self.command(suites);
        if let Some(results) = &self.results {
            command.push_str(&format!(" --results '{}'", results.display()));
        }
        if self.jobs_given {
            command.push_str(&format!(" --jobs {}", self.jobs));
        }
        if self.options.allow_inexact {
            command.push_str(" --allow-inexact");
        }
        if self.options.profile {
            command.push_str(" --profile");
        }
        command
    }
}
