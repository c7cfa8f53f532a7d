//! A results folder as a runner leaves it: one run on one stream, whose manifest declares a metric of a plugin.

use dentate_core::record::{
    Aggregate, ClaimEntry, Direction, FORMAT, HEADER, MANIFEST, Manifest, MethodEntry, MetricEntry,
    Provenance, RECORDS, RunEnd, RunEntry, STATUS, Status, StreamEntry, Sum, Unit, sealed,
};
use std::fs;
use std::path::Path;

const LOG: &str = "accuracy.stream,0,10,,,0.5\nwakefulness,0,10,,h1,0.2\naccuracy.stream,0,20,,,1.0\nwakefulness,0,20,,h1,0.6\n\
    accuracy,0,20,0,,1.0\nparameters,0,20,,,2000.0\n";

pub(crate) fn write(folder: &Path) {
    write_with(folder, Vec::new());
}

/// The same with claims.
pub(crate) fn write_with(folder: &Path, claims: Vec<ClaimEntry>) {
    let log = format!("{HEADER}\n{LOG}");
    let sum = Sum::of(log.as_bytes());
    let run = folder.join("runs/r1");
    fs::create_dir_all(&run).unwrap();
    fs::write(run.join(RECORDS), &log).unwrap();
    let ending = RunEnd {
        run: "r1".into(),
        status: Status::Finished,
        log: Some(sum.clone()),
        timing: None,
        settings: None,
        after: Vec::new(),
    };
    fs::write(run.join(STATUS), sealed(&ending).unwrap()).unwrap();
    fs::write(folder.join(MANIFEST), sealed(&manifest(sum, claims)).unwrap()).unwrap();
}

fn manifest(log: Sum, claims: Vec<ClaimEntry>) -> Manifest {
    Manifest {
        format: FORMAT,
        suite: "made-up".into(),
        title: "Made up".into(),
        description: String::new(),
        control: None,
        rank_by: None,
        streams: vec![StreamEntry {
            name: "s".into(),
            title: "S".into(),
            scenario: "task-incremental".into(),
            tasks: vec!["one".into()],
            tasks_by_seed: false,
            experiences: 1,
            chance: None,
            on_training_rows: false,
        }],
        methods: vec![MethodEntry {
            name: "fixed".into(),
            title: "Fixed".into(),
            summary: String::new(),
            citation: String::new(),
            grows: false,
            configuration: String::new(),
            levels: Vec::new(),
            twin: None,
        }],
        metrics: vec![MetricEntry {
            name: "wakefulness".into(),
            title: "wakefulness".into(),
            unit: Unit::Percent,
            better: Some(Direction::Higher),
            aggregate: Aggregate::Mean,
            formula: "Share of units that were awake.".into(),
            source: "Sleeper 1900".into(),
        }],
        sweeps: Vec::new(),
        claims,
        runs: vec![RunEntry {
            id: "r1".into(),
            method: "fixed".into(),
            stream: "s".into(),
            seed: 1,
            status: Status::Finished,
            log: Some(log),
            inexact: false,
            seconds: None,
            times: Default::default(),
            settings: Default::default(),
        }],
        provenance: Provenance {
            command: String::new(),
            commit: None,
            version: String::new(),
            machine: String::new(),
            backend: String::new(),
            when: String::new(),
        },
    }
}
