//! The progress of a build, in words.

use super::event::{Artifact, Diagnosed, package_name};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// The number of compiled packages from which it counts as a first build.
const MANY: usize = 20;

pub(super) struct Progress {
    began: Instant,
    /// The number of packages, once known; the outer layer says that it was requested.
    total: Option<Option<usize>>,
    done: BTreeSet<String>,
    /// Packages being compiled, oldest first.
    active: Vec<String>,
    compiled: usize,
    /// A state without compilation that is worth showing: downloading, or waiting for another cargo.
    waiting: Option<&'static str>,
    /// Warnings of packages that are not finished. Those of packages that need no compilation were shown before.
    warnings: Vec<(String, String)>,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            began: Instant::now(),
            total: None,
            done: BTreeSet::new(),
            active: Vec::new(),
            compiled: 0,
            waiting: None,
            warnings: Vec::new(),
        }
    }

    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Returns whether anything is being compiled.
    pub(super) fn compiles(&self) -> bool {
        self.compiled > 0
    }

    pub(super) fn expects_total(&self) -> bool {
        self.total.is_some()
    }

    pub(super) fn expect_total(&mut self) {
        self.total = Some(None);
    }

    pub(super) fn set_total(&mut self, packages: usize) {
        self.total = Some(Some(packages));
    }

    pub(super) fn status(&mut self, verb: &str, rest: &str) {
        self.waiting = match verb {
            "Blocking" => Some("waiting for another cargo to finish"),
            "Downloading" | "Downloaded" | "Updating" => Some("downloading crates"),
            _ => None,
        };
        if verb == "Compiling" {
            self.compiled += 1;
            self.active
                .push(rest.split(' ').next().unwrap_or(rest).to_owned());
        }
    }

    /// Record that a part of a package is finished. Returns the warnings to show now.
    pub(super) fn finished(&mut self, artifact: &Artifact) -> Vec<String> {
        // A build script is only the beginning of its package.
        if artifact.target.kind.iter().any(|kind| kind == "custom-build") {
            return Vec::new();
        }
        let name = package_name(&artifact.package_id);
        self.active.retain(|active| active != name);
        self.done.insert(artifact.package_id.clone());
        let (of_this, others): (Vec<_>, Vec<_>) = std::mem::take(&mut self.warnings)
            .into_iter()
            .partition(|(package, _)| *package == artifact.package_id);
        self.warnings = others;
        if artifact.fresh {
            Vec::new()
        } else {
            of_this.into_iter().map(|(_, text)| text).collect()
        }
    }

    /// Record a message of the compiler. Errors are returned to be shown at once, warnings once it is clear that they are new.
    pub(super) fn diagnostic(&mut self, diagnosed: Diagnosed) -> Option<String> {
        let text = diagnosed.message.rendered?;
        if diagnosed.message.level.starts_with("error") {
            return Some(text);
        }
        // "2 warnings emitted" only counts what is shown anyway.
        if diagnosed.message.level == "warning" && !text.contains("emitted") {
            self.warnings.push((diagnosed.package_id, text));
        }
        None
    }

    /// The current state in one line, if there is any activity.
    pub(super) fn words(&self) -> Option<String> {
        if let Some(waiting) = self.waiting {
            return Some(format!("{waiting} ({})", duration(self.elapsed())));
        }
        if !self.compiles() {
            return None;
        }
        let what = self.active.first().map_or("linking", String::as_str);
        let at = self.done.len() + 1;
        let of = match self.total.flatten() {
            // The total is an estimate; it must not be exceeded.
            Some(total) => format!("{} of about {total}", at.min(total)),
            None => at.to_string(),
        };
        let hint = if self.compiled >= MANY {
            "; the first build takes some minutes, later ones seconds"
        } else {
            ""
        };
        Some(format!(
            "building {of}: {what} ({}{hint})",
            duration(self.elapsed())
        ))
    }
}

fn duration(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        seconds @ 0..60 => format!("{seconds}s"),
        seconds => format!("{}m {:02}s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests;
