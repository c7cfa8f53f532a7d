//! A list of commands that are all run, and one line at the end that names the failed ones.

use crate::child::{self, ChildError, Ended};
use crate::output::say;
use std::process::{Command, ExitCode};

/// The outcome of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Failed,
    /// Left out, with the reason: what is missing and how to get it.
    Skipped(String),
    Interrupted,
}

impl Outcome {
    pub(crate) fn of(ended: Ended) -> Self {
        match ended {
            Ended::Code(0) => Self::Passed,
            Ended::Interrupted => Self::Interrupted,
            Ended::Code(_) | Ended::Killed => Self::Failed,
        }
    }
}

/// The steps run so far.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    done: Vec<(&'static str, Outcome)>,
}

impl Steps {
    /// Run a command, unless an earlier one was interrupted.
    pub(crate) fn run(&mut self, name: &'static str, command: &mut Command) -> Result<(), ChildError> {
        self.perform(name, |title| {
            say!("{title}: {}", words(command));
            child::run(command).map(Outcome::of)
        })
    }

    /// Run a step that is not just one command.
    pub(crate) fn perform(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&str) -> Result<Outcome, ChildError>,
    ) -> Result<(), ChildError> {
        if !self.interrupted() {
            let outcome = work(&format!("── {name}"))?;
            self.done.push((name, outcome));
        }
        Ok(())
    }

    /// Returns whether the last step passed.
    pub(crate) fn last_passed(&self) -> bool {
        self.done
            .last()
            .is_some_and(|(_, outcome)| *outcome == Outcome::Passed)
    }

    fn has_failed(&self) -> bool {
        self.done.iter().any(|(_, outcome)| *outcome == Outcome::Failed)
    }

    fn interrupted(&self) -> bool {
        self.done
            .iter()
            .any(|(_, outcome)| *outcome == Outcome::Interrupted)
    }

    /// The result in one line, with `notes` on what was not checked.
    pub(crate) fn summary(&self, task: &str, notes: &[String]) -> String {
        let names = |wanted: &Outcome| {
            let names: Vec<&str> = self
                .done
                .iter()
                .filter(|(_, outcome)| outcome == wanted)
                .map(|(name, _)| *name)
                .collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let result = if self.interrupted() {
            "interrupted"
        } else if self.has_failed() {
            "FAILED"
        } else {
            "ok"
        };
        let mut parts = Vec::new();
        parts.extend(names(&Outcome::Failed).map(|names| format!("failed: {names}")));
        parts.extend(names(&Outcome::Passed).map(|names| format!("passed: {names}")));
        for (name, outcome) in &self.done {
            if let Outcome::Skipped(why) = outcome {
                parts.push(format!("{name}: not checked, {why}"));
            }
        }
        parts.extend(notes.iter().cloned());
        format!("{task}: {result} ({})", parts.join("; "))
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        if self.interrupted() {
            ExitCode::from(130)
        } else if self.has_failed() {
            ExitCode::FAILURE
        } else {
            ExitCode::SUCCESS
        }
    }
}

/// A command as it could be typed; cargo by its short name, whatever its path.
fn words(command: &Command) -> String {
    let settings = command.get_envs().filter_map(|(name, value)| {
        Some(format!(
            "{}={:?}",
            name.to_string_lossy(),
            value?.to_string_lossy()
        ))
    });
    let program = std::path::Path::new(command.get_program())
        .file_stem()
        .unwrap_or_default();
    settings
        .chain([program.to_string_lossy().into_owned()])
        .chain(
            command
                .get_args()
                .map(|argument| argument.to_string_lossy().into_owned()),
        )
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests;
