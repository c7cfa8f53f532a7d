//! Frames of runs that are given as text, for tests of metrics.

use super::Frames;
use crate::log;
use crate::suite::{Outcome, Run, Suite};
use dentate_core::record::{
    FORMAT, HEADER, Manifest, MethodEntry, Provenance, RunEntry, Status, StreamEntry,
};
use std::sync::Arc;
use thiserror::Error;

/// A log that is none.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("log {log}: {why}")]
pub struct Unreadable {
    log: usize,
    why: String,
}

impl Frames {
    /// The frames of one growing method on a stream of `tasks` tasks, with a finished run for each log, its seed being its place. A log is
    /// the lines of `records.csv` without the header. For tests of metrics.
    ///
    /// # Errors
    /// [`Unreadable`] for a log that no runner writes.
    pub fn of_logs(tasks: usize, logs: &[&str]) -> Result<Self, Unreadable> {
        let suite = suite(tasks, logs)?;
        Self::of(&suite).map_err(|error| Unreadable {
            log: 0,
            why: error.to_string(),
        })
    }
}

/// A suite in memory.
pub(crate) fn suite(tasks: usize, logs: &[&str]) -> Result<Suite, Unreadable> {
    let text = |s: &str| s.to_owned();
    let method = MethodEntry {
        name: text("m"),
        title: text("M"),
        summary: text(""),
        citation: text(""),
        grows: true,
        configuration: text(""),
        levels: Vec::new(),
        twin: None,
    };
    let stream = StreamEntry {
        name: text("s"),
        title: text("S"),
        scenario: text("task-incremental"),
        tasks: (1..=tasks).map(|task| format!("task {task}")).collect(),
        tasks_by_seed: false,
        experiences: tasks,
        chance: None,
        on_training_rows: false,
    };
    let provenance = Provenance {
        command: text(""),
        commit: None,
        version: text(""),
        machine: text(""),
        backend: text(""),
        when: text(""),
    };
    let mut runs = Vec::new();
    for (i, body) in logs.iter().enumerate() {
        let read = log::parse(&format!("{HEADER}\n{body}"));
        let read = read.map_err(|error| Unreadable {
            log: i,
            why: error.to_string(),
        })?;
        runs.push(Run {
            entry: RunEntry {
                id: format!("r{i}"),
                method: text("m"),
                stream: text("s"),
                seed: i as u64,
                status: Status::Finished,
                log: None,
                inexact: false,
                seconds: None,
                times: Default::default(),
                settings: Default::default(),
            },
            outcome: Outcome::Finished,
            method: 0,
            stream: 0,
            log: Arc::new(read),
        });
    }
    let manifest = Manifest {
        format: FORMAT,
        suite: text("s"),
        title: text("S"),
        description: text(""),
        control: None,
        rank_by: None,
        streams: vec![stream],
        methods: vec![method],
        metrics: Vec::new(),
        runs: runs.iter().map(|run| run.entry.clone()).collect(),
        sweeps: Vec::new(),
        claims: Vec::new(),
        provenance,
    };
    Ok(Suite {
        folder: "results".into(),
        manifest,
        runs,
    })
}
