//! Output of cargo during a build: JSON messages on its standard output, status lines and plain text on its standard error.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::sync::mpsc::Sender;

#[derive(Debug, PartialEq)]
pub(super) enum Event {
    /// `   Compiling serde v1.0.0`.
    Status { verb: String, rest: String },
    /// Anything else on standard error: warnings and errors of cargo itself.
    Text(String),
    /// A JSON message.
    Message(Message),
    /// The number of packages in the build.
    Total(usize),
    /// The end of one of the two outputs.
    Closed,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "reason")]
pub(super) enum Message {
    #[serde(rename = "compiler-artifact")]
    Artifact(Artifact),
    #[serde(rename = "compiler-message")]
    Diagnosed(Diagnosed),
    #[serde(other)]
    Other,
}

#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Artifact {
    pub(super) package_id: String,
    pub(super) target: Target,
    /// True if it existed already.
    pub(super) fresh: bool,
    pub(super) executable: Option<PathBuf>,
}

#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    pub(super) kind: Vec<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Diagnosed {
    pub(super) package_id: String,
    pub(super) message: Diagnostic,
}

#[derive(Debug, PartialEq, Deserialize)]
pub(super) struct Diagnostic {
    pub(super) level: String,
    pub(super) rendered: Option<String>,
}

/// The first words of cargo's status lines. An unknown one is shown as text: better a line too many than one too few.
const VERBS: [&str; 15] = [
    "Adding",
    "Blocking",
    "Building",
    "Checking",
    "Compiling",
    "Dirty",
    "Downgrading",
    "Downloaded",
    "Downloading",
    "Finished",
    "Fresh",
    "Locking",
    "Removing",
    "Unpacking",
    "Updating",
];

impl Event {
    pub(super) fn of_stdout(line: String) -> Option<Self> {
        // Other lines are printed by build scripts and compilers and are not shown.
        serde_json::from_str(&line).ok().map(Self::Message)
    }

    #[expect(clippy::unnecessary_wraps, reason = "the same shape as `of_stdout`")]
    pub(super) fn of_stderr(line: String) -> Option<Self> {
        let status = line
            .strip_prefix(' ')
            .and_then(|rest| rest.trim_start().split_once(' '));
        Some(match status {
            Some((verb, rest)) if VERBS.contains(&verb) => Self::Status {
                verb: verb.to_owned(),
                rest: rest.to_owned(),
            },
            _ => Self::Text(line),
        })
    }
}

/// Read an output line by line on its own thread, and report its end.
pub(super) fn read<R: Read + Send + 'static>(
    output: Option<R>,
    event: fn(String) -> Option<Event>,
    sender: Sender<Event>,
) {
    std::thread::spawn(move || {
        for bytes in output
            .into_iter()
            .flat_map(|output| BufReader::new(output).split(b'\n'))
        {
            let Ok(bytes) = bytes else { break };
            let line = String::from_utf8_lossy(&bytes).trim_end_matches('\r').to_owned();
            if event(line).is_some_and(|event| sender.send(event).is_err()) {
                return;
            }
        }
        let _ = sender.send(Event::Closed);
    });
}

/// Count the packages in the output of `cargo tree --prefix none`, which repeats packages, marked `(*)` from the second time
/// on.
pub(super) fn distinct_packages(tree: &str) -> usize {
    tree.lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty())
        .collect::<BTreeSet<_>>()
        .len()
}

/// The name in a package id: `registry+…#serde@1.0.0`, `path+…/crates/core#dentate-core@0.1.0` or `path+…/xtask#0.1.0`.
pub(super) fn package_name(id: &str) -> &str {
    let (source, fragment) = id.rsplit_once('#').unwrap_or(("", id));
    match fragment.split_once('@') {
        Some((name, _)) => name,
        None => source.rsplit('/').next().unwrap_or(id),
    }
}
