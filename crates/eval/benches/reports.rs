//! Seconds and peak memory of reports on large suites, made up by formulas. `cargo bench -p dentate-eval` measures them all, and
//! `cargo bench -p dentate-eval -- 1000` the suites of so many runs; as a test it makes one small report of each shape. The pages are
//! kept below the folder that `KEEP_PAGES` names.

#![allow(clippy::unwrap_used, reason = "a benchmark may panic")]

use dentate_core::record::{
    FORMAT, HEADER, MANIFEST, Manifest, MethodEntry, Provenance, RECORDS, RunEnd, RunEntry, STATUS, Status,
    StreamEntry, Sum, sealed,
};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Instant;

const UPDATES: u64 = 400;

/// A suite: streams × methods × seeds.
struct Shape {
    streams: usize,
    methods: usize,
    seeds: usize,
    tasks: usize,
}

const SHAPES: [Shape; 4] = [
    Shape {
        streams: 1,
        methods: 10,
        seeds: 10,
        tasks: 10,
    },
    Shape {
        streams: 2,
        methods: 10,
        seeds: 50,
        tasks: 5,
    },
    Shape {
        streams: 100,
        methods: 10,
        seeds: 3,
        tasks: 5,
    },
    Shape {
        streams: 10,
        methods: 20,
        seeds: 50,
        tasks: 5,
    },
];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let measured = arguments.iter().any(|argument| argument == "--bench");
    let only = arguments
        .iter()
        .find_map(|argument| argument.parse::<usize>().ok());
    for shape in SHAPES {
        let shape = if measured {
            shape
        } else {
            Shape {
                streams: 2,
                methods: 2,
                seeds: 2,
                ..shape
            }
        };
        let runs = shape.streams * shape.methods * shape.seeds;
        if only.is_some_and(|only| only != runs) {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let records = write(folder.path(), &shape);
        let start = Instant::now();
        let report = dentate_eval::report(folder.path()).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        let bytes = fs::metadata(&report.html).unwrap().len();
        if let Some(kept) = std::env::var_os("KEEP_PAGES") {
            let to = Path::new(&kept).join(format!(
                "{}-{}-{}.html",
                shape.streams, shape.methods, shape.seeds
            ));
            fs::create_dir_all(&kept).unwrap();
            fs::copy(&report.html, to).unwrap();
        }
        println!(
            "{} streams × {} methods × {} seeds × {} tasks: {runs} runs, {records} records: {seconds:.2} s, a page of {:.2} MB, {} MiB at most",
            shape.streams,
            shape.methods,
            shape.seeds,
            shape.tasks,
            bytes as f64 / 1e6,
            peak().map_or_else(|| "unknown".to_owned(), |mib| mib.to_string())
        );
    }
}

/// The most memory of the process so far, in MiB, where the system tells it.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024)
}

/// Write the results of a suite; returns the number of records.
fn write(folder: &Path, shape: &Shape) -> usize {
    let (mut runs, mut records) = (Vec::new(), 0);
    for stream in 0..shape.streams {
        for method in 0..shape.methods {
            for seed in 0..shape.seeds {
                let log = log(shape.tasks, stream, method, seed);
                records += log.lines().count() - 1;
                runs.push(run(folder, stream, method, seed, &log));
            }
        }
    }
    let streams = (0..shape.streams).map(|i| StreamEntry {
        name: format!("stream-{i}"),
        title: format!("Stream {i}"),
        scenario: "class-incremental".into(),
        tasks: (0..shape.tasks).map(|task| format!("task {task}")).collect(),
        tasks_by_seed: false,
        experiences: shape.tasks,
        chance: Some(0.1),
        on_training_rows: false,
    });
    let methods = (0..shape.methods).map(|i| MethodEntry {
        name: format!("method-{i}"),
        title: format!("Method {i}"),
        summary: String::new(),
        citation: String::new(),
        grows: i % 2 == 1,
        configuration: "hidden = [100, 100]\n".into(),
        levels: Vec::new(),
        twin: None,
    });
    let manifest = Manifest {
        format: FORMAT,
        suite: "large".into(),
        title: "A large suite".into(),
        description: String::new(),
        control: Some("method-0".into()),
        rank_by: None,
        streams: streams.collect(),
        methods: methods.collect(),
        metrics: Vec::new(),
        runs,
        sweeps: Vec::new(),
        claims: Vec::new(),
        provenance: Provenance {
            command: String::new(),
            commit: None,
            version: String::new(),
            machine: String::new(),
            backend: String::new(),
            when: String::new(),
        },
    };
    fs::write(folder.join(MANIFEST), sealed(&manifest).unwrap()).unwrap();
    records
}

fn run(folder: &Path, stream: usize, method: usize, seed: usize, log: &str) -> RunEntry {
    let id = format!("r-{stream}-{method}-{seed}");
    let sum = Sum::of(log.as_bytes());
    let own = folder.join("runs").join(&id);
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join(RECORDS), log).unwrap();
    let ending = RunEnd {
        run: id.clone(),
        status: Status::Finished,
        log: Some(sum.clone()),
        timing: None,
        settings: None,
        after: Vec::new(),
    };
    fs::write(own.join(STATUS), sealed(&ending).unwrap()).unwrap();
    RunEntry {
        id,
        method: format!("method-{method}"),
        stream: format!("stream-{stream}"),
        seed: seed as u64,
        status: Status::Finished,
        log: Some(sum),
        inexact: false,
        seconds: Some(1.0),
        times: Default::default(),
        settings: Default::default(),
    }
}

/// Some three hundred records, as many as a run of the quickstart suite has.
fn log(tasks: usize, stream: usize, method: usize, seed: usize) -> String {
    let mut log = format!("{HEADER}\n");
    let mut line = |name: &str, e: usize, step: u64, task: Option<usize>, item: &str, value: f64| {
        let task = task.map(|task| task.to_string()).unwrap_or_default();
        let _ = writeln!(log, "{name},{e},{step},{task},{item},{value:?}");
    };
    let chance = |n: usize| {
        let mixed = (n * 2_654_435_761 + stream * 40_503 + method * 9_973 + seed * 7_919) % 1000;
        mixed as f64 / 1000.0
    };
    let growing = method % 2 == 1;
    for task in 0..tasks {
        line("test-rows", 0, 0, Some(task), "", 500.0);
    }
    line("parameters", 0, 0, None, "", 89_610.0);
    for e in 0..tasks {
        let start = e as u64 * UPDATES;
        for point in 1..=20u64 {
            let step = start + point * UPDATES / 20;
            line(
                "accuracy.stream",
                e,
                step,
                None,
                "",
                0.5 + 0.4 * chance(point as usize + 20 * e),
            );
            if point % 5 == 0 {
                line("loss", e, step, None, "", chance(e));
            }
            if growing && point % 4 == 0 {
                line("growth", e, step, None, "widen", 2.0);
                line("parameters", e, step, None, "", 89_610.0 + 500.0 * step as f64);
                line("units", e, step, None, "h1", 100.0 + step as f64);
            }
        }
        let end = start + UPDATES;
        for task in 0..tasks {
            line(
                "accuracy",
                e,
                end,
                Some(task),
                "",
                0.4 + 0.5 * chance(tasks * e + task),
            );
        }
        line("accuracy.prequential", e, end, Some(e), "", chance(7 * e));
        line("updates", e, end, None, "", end as f64);
        line("compute", e, end, None, "", end as f64 * 1e6);
        for part in ["parameters", "slots"] {
            line("memory-bytes", e, end, None, part, 4.0 * 89_610.0);
        }
    }
    let end = tasks as u64 * UPDATES;
    for class in 0..10 {
        line(
            "accuracy.class",
            tasks - 1,
            end,
            None,
            &class.to_string(),
            chance(class),
        );
        for other in 0..5 {
            line(
                "confusion",
                tasks - 1,
                end,
                None,
                &format!("{class}->{other}"),
                20.0,
            );
        }
    }
    log
}
