//! Building the binaries that xtask calls, with progress of cargo: the first build takes minutes, and a silent minute looks
//! like a hang. If nothing needs building, nothing is printed.

mod event;
mod line;
mod progress;

use crate::child::{interrupted, outlive_interrupts};
use crate::libtorch::Libtorch;
use crate::workspace::{Workspace, WorkspaceError};
use event::{Event, Message};
use line::Line;
use progress::Progress;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use thiserror::Error;

#[derive(Debug, Error)]
pub(crate) enum BuildError {
    #[error("failed to start `cargo build`: {0}; is cargo installed?")]
    NoCargo(std::io::Error),
    #[error("failed to wait for `cargo build`: {0}")]
    Wait(std::io::Error),
    #[error("{0} did not build; what cargo said is above")]
    Failed(String),
    #[error("cargo built {0}, but named no program of that name; does its package still have this binary?")]
    NoExecutable(&'static str),
    #[error("interrupted")]
    Interrupted,
    #[error(transparent)]
    Workspace(#[from] WorkspaceError),
}

/// A program of the project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Binary {
    pub(crate) package: &'static str,
    pub(crate) name: &'static str,
}

/// The runner of suites.
pub(crate) const DENTATE: Binary = Binary {
    package: "dentate-experiments",
    name: "dentate",
};
/// The report generator.
pub(crate) const REPORT: Binary = Binary {
    package: "dentate-report",
    name: "dentate-report",
};

/// The feature of `dentate` for libtorch.
const LIBTORCH: &str = "dentate-experiments/libtorch";

/// Built programs, by name.
pub(crate) struct Built(BTreeMap<String, PathBuf>);

impl Built {
    pub(crate) fn path(&self, binary: Binary) -> Result<&Path, BuildError> {
        self.0
            .get(binary.name)
            .map(PathBuf::as_path)
            .ok_or(BuildError::NoExecutable(binary.name))
    }
}

/// The programs to build so that `binary` exists, with the same features of its dependencies as together with the other
/// programs.
///
/// Cargo unites the features of all packages in a build, and polars enables many. If `dentate` was built with the report
/// before, building it alone would compile most of its dependencies a second time, so both are named again.
pub(crate) fn alone_or_as_before(workspace: &Workspace, binary: Binary) -> Result<Vec<Binary>, BuildError> {
    let release = workspace.metadata()?.target_directory.join("release");
    let report = release
        .join(REPORT.name)
        .with_extension(std::env::consts::EXE_EXTENSION);
    Ok(if report.exists() {
        vec![DENTATE, REPORT]
    } else {
        vec![binary]
    })
}

/// Build programs in release mode, in one call of cargo. Those that are not `needed` are named for their features only: a
/// strategy that does not compile must not prevent a report.
pub(crate) fn build(
    workspace: &Workspace,
    binaries: &[Binary],
    needed: &[Binary],
    libtorch: Option<&Libtorch>,
) -> Result<Built, BuildError> {
    outlive_interrupts();
    let terminal = stderr().is_terminal();
    let format = if terminal && std::env::var_os("NO_COLOR").is_none() {
        "--message-format=json-diagnostic-rendered-ansi"
    } else {
        "--message-format=json"
    };
    let mut cargo = workspace.cargo();
    cargo
        .args(["build", "--release", format])
        .args(packages(binaries));
    if needed.len() < binaries.len() {
        cargo.arg("--keep-going");
    }
    if let Some(libtorch) = libtorch {
        cargo.args(["--features", LIBTORCH]);
        libtorch.lead(&mut cargo);
    }
    // Parsed output must not depend on the user's settings.
    cargo
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_QUIET", "false")
        .env("CARGO_TERM_PROGRESS_WHEN", "never");
    let mut child = cargo
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(BuildError::NoCargo)?;

    let (sender, events) = mpsc::channel();
    event::read(child.stdout.take(), Event::of_stdout, sender.clone());
    event::read(child.stderr.take(), Event::of_stderr, sender.clone());
    let executables = follow(&events, Line::new(stderr(), terminal), |progress| {
        count_packages(workspace, binaries, sender.clone());
        progress.expect_total();
    });
    let status = child.wait().map_err(BuildError::Wait)?;
    finish(status, needed, Built(executables))
}

fn finish(status: ExitStatus, needed: &[Binary], built: Built) -> Result<Built, BuildError> {
    if status.success() {
        return Ok(built);
    }
    if interrupted() {
        return Err(BuildError::Interrupted);
    }
    let missing: Vec<&str> = needed
        .iter()
        .filter(|binary| built.path(**binary).is_err())
        .map(|binary| binary.name)
        .collect();
    if missing.is_empty() {
        Ok(built)
    } else {
        Err(BuildError::Failed(missing.join(" and ")))
    }
}

fn packages(binaries: &[Binary]) -> impl Iterator<Item = &'static str> {
    binaries.iter().flat_map(|binary| ["-p", binary.package])
}

/// Show the events of a build until both of cargo's outputs have closed. `started` is called once, when the first compilation
/// is detected.
fn follow(
    events: &mpsc::Receiver<Event>,
    mut line: Line<impl Write>,
    started: impl Fn(&mut Progress),
) -> BTreeMap<String, PathBuf> {
    let mut progress = Progress::new();
    let mut executables = BTreeMap::new();
    let mut open = 2;
    while open > 0 {
        match events.recv_timeout(Duration::from_millis(250)) {
            Ok(Event::Closed) => open -= 1,
            Ok(Event::Text(text)) => line.say(&text),
            Ok(Event::Status { verb, rest }) => {
                progress.status(&verb, &rest);
                if progress.compiles() && !progress.expects_total() {
                    started(&mut progress);
                }
            }
            Ok(Event::Total(packages)) => progress.set_total(packages),
            Ok(Event::Message(Message::Artifact(artifact))) => {
                for text in progress.finished(&artifact) {
                    line.say(&text);
                }
                if let Some(path) = artifact.executable {
                    executables.insert(artifact.target.name, path);
                }
            }
            Ok(Event::Message(Message::Diagnosed(message))) => {
                if let Some(text) = progress.diagnostic(message) {
                    line.say(&text);
                }
            }
            Ok(Event::Message(Message::Other)) | Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
        if let Some(words) = progress.words() {
            line.update(&words, progress.elapsed());
        }
    }
    line.clear();
    executables
}

/// Count the packages of a build in parallel, with `cargo tree`. A failure only leaves the total out.
fn count_packages(workspace: &Workspace, binaries: &[Binary], sender: mpsc::Sender<Event>) {
    let mut tree = workspace.cargo();
    tree.args([
        "tree",
        "--quiet",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    tree.args(packages(binaries))
        .stdin(Stdio::null())
        .stderr(Stdio::null());
    std::thread::spawn(move || {
        if let Ok(output) = tree.output()
            && output.status.success()
        {
            let packages = event::distinct_packages(&String::from_utf8_lossy(&output.stdout));
            // The build may be over, with no receiver left.
            let _ = sender.send(Event::Total(packages));
        }
    });
}

#[cfg(test)]
mod tests;
