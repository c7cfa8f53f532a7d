//! A suite in memory, for the white-box tests of modules that need one.

use super::*;
use dentate_core::record::{HEADER, MethodEntry, Provenance, StreamEntry};

/// Two tasks and one growing method, with a finished run for each log (without header).
pub(crate) fn suite_of(logs: &[&str]) -> Suite {
    let text = |s: &str| s.to_owned();
    let method = MethodEntry {
        name: text("m"),
        title: text("M"),
        summary: text(""),
        citation: text(""),
        grows: true,
        configuration: text(""),
        levels: Vec::new(),
    };
    let stream = StreamEntry {
        name: text("s"),
        title: text("S"),
        scenario: text("task-incremental"),
        tasks: vec![text("one"), text("two")],
        tasks_by_seed: false,
        experiences: 2,
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
    let entries: Vec<RunEntry> = (0..logs.len() as u64)
        .map(|seed| RunEntry {
            id: format!("r{seed}"),
            method: text("m"),
            stream: text("s"),
            seed,
            status: Status::Finished,
            log: None,
            inexact: false,
            seconds: None,
            times: Default::default(),
        })
        .collect();
    let runs = entries.iter().zip(logs).map(|(entry, body)| Run {
        entry: entry.clone(),
        outcome: Outcome::Finished,
        method: 0,
        stream: 0,
        log: log::parse(&format!("{HEADER}\n{body}")).unwrap(),
    });
    let runs = runs.collect();
    let manifest = Manifest {
        format: FORMAT,
        suite: text("s"),
        title: text("S"),
        description: text(""),
        control: None,
        rank_by: None,
        streams: vec![stream],
        methods: vec![method],
        runs: entries,
        provenance,
    };
    Suite {
        folder: "results".into(),
        manifest,
        runs,
    }
}
