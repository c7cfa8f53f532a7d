//! `dentate doctor`: what is installed and works, and the disk space that suites need. Changes nothing.

use crate::data;
use crate::error::RunnerError;
use crate::paths::{data_env, data_root, suites};
use crate::provenance;
use crate::suite::Suite;
use dentate_backends::{Choice, ChoiceError, Device};
use std::fmt::Write;
use std::path::Path;

mod backend;
mod disk_space;

use disk_space::Locks;

/// A report under construction; problems are marked.
struct Report {
    text: String,
    sound: bool,
}

impl Report {
    fn heading(&mut self, words: &str) {
        let _ = writeln!(self.text, "{words}");
    }

    /// Add something that works.
    fn fine(&mut self, words: &str) {
        let _ = writeln!(self.text, "  ✓ {words}");
    }

    /// Add something absent that only some tasks need.
    fn absent(&mut self, words: &str) {
        let _ = writeln!(self.text, "  · {words}");
    }

    /// Add a problem to fix.
    fn wrong(&mut self, words: &str) {
        self.sound = false;
        let _ = writeln!(self.text, "  ✗ {words}");
    }
}

/// The report on these suites (all if none is named), and whether it found no problem.
pub(crate) fn report(names: &[String], results: &Path) -> Result<(String, bool), RunnerError> {
    let mut report = Report {
        text: String::new(),
        sound: true,
    };
    report.heading(&format!(
        "dentate {} ({})",
        env!("CARGO_PKG_VERSION"),
        env!("DENTATE_BUILD")
    ));
    report.fine(&provenance::machine());
    report.heading("backends");
    let cpu = Choice::Libtorch(Device::Cpu);
    for choice in [Choice::Native, cpu, Choice::Libtorch(Device::Cuda(0))] {
        match (choice.ready(), backend::check(choice)) {
            (_, Ok(words)) => report.fine(&format!("{choice}: {words}")),
            (Err(ChoiceError::Absent), _) if choice != cpu => {}
            (Err(why @ (ChoiceError::Absent | ChoiceError::Unavailable { .. })), _) => {
                report.absent(&format!("{choice}: {why}"));
            }
            (_, Err(why)) => report.wrong(&format!("{choice}: {why}")),
        }
    }
    report.heading("data");
    for set in data::status(data_root().as_deref()) {
        match (set.complete(), set.damaged()) {
            (true, _) => report.fine(&set.to_string()),
            (_, true) => report.wrong(&set.to_string().replace('\n', "\n    ")),
            _ => report.absent(&set.to_string().replace('\n', "\n    ")),
        }
    }
    let env = data_env(results);
    report.heading("folders");
    for (what, folder) in [
        ("results", Some(results)),
        ("cache of decoded data", env.cache.as_deref()),
    ] {
        if let Some(folder) = folder {
            folder_line(&mut report, what, folder);
        }
    }
    if disk_space::writable(results).is_ok() {
        lock_line(&mut report, results);
    }
    report.heading("suites");
    let found: Vec<String> = match names {
        [] => suites()
            .into_iter()
            .map(|(_, path)| path.to_string_lossy().into_owned())
            .collect(),
        names => names.to_vec(),
    };
    if found.is_empty() {
        report.absent("none was found from here upwards (experiments/suites)");
    }
    let mut needed = 0;
    for name in &found {
        match Suite::find(name) {
            Ok(suite) => needed += suite_line(&mut report, &suite, results, &env),
            Err(error) if names.is_empty() => report.wrong(&error.to_string()),
            Err(error) => return Err(error.into()),
        }
    }
    if let Some(free) = disk_space::free(results).filter(|free| *free < needed) {
        report.wrong(&format!(
            "{} are free where results go, and these suites need {}",
            disk_space::size(free),
            disk_space::size(needed)
        ));
    }
    Ok((report.text, report.sound))
}

fn folder_line(report: &mut Report, what: &str, folder: &Path) {
    let free = disk_space::free(folder).map(|free| format!(", {} free", disk_space::size(free)));
    let free = free.unwrap_or_default();
    match disk_space::writable(folder) {
        Ok(()) => report.fine(&format!("{what}: {}{free}", folder.display())),
        Err(error) => report.wrong(&format!(
            "{what}: {} cannot be written: {error}",
            folder.display()
        )),
    }
}

/// Report whether file locks work in the results folder: without them two processes could execute the same run.
fn lock_line(report: &mut Report, results: &Path) {
    let results_are = results.display();
    let without = "two `bench` calls, or two machines, would write into one run: let one at a time work on these results, or put them \
                   on another file system";
    match disk_space::locks(results) {
        Ok(Locks::Hold) => report.fine("locks: a second one is refused, as it has to be"),
        Ok(Locks::GivenTwice) => {
            report.wrong(&format!("locks: {results_are} gives one lock twice; {without}"));
        }
        Ok(Locks::Fail(why)) => report.wrong(&format!("locks: {results_are} has none ({why}); {without}")),
        Err(error) => report.wrong(&format!("locks: {results_are} could not be tried: {error}")),
    }
}

/// Report the disk space that a suite needs. Returns the bytes still to be written.
fn suite_line(report: &mut Report, suite: &Suite, results: &Path, env: &dentate_streams::DataEnv) -> u64 {
    match disk_space::needed(suite, results, env) {
        Ok(need) => {
            report.fine(&format!("{}: {need}", suite.name));
            need.bytes()
        }
        Err(error) => {
            report.wrong(&format!("{}: {error}", suite.name));
            0
        }
    }
}

#[cfg(test)]
mod tests;
