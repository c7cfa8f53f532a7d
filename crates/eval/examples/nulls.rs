//! Reports on methods that do not differ, and how many of them claim a difference.
//!
//! Sixteen methods with the same expected accuracy, on 3, 5, 8 and 20 seeds and 50, 200 and 10,000 test rows: a seed has some luck
//! that all methods share and some of each method's own, and an accuracy is a number of rows. The results are written as a runner
//! writes them, and every claim is read from the report's files: against the control (`summary.csv`), of any pair (`pairs.csv`), and of
//! the leader (`report.md`).
//!
//! ```text
//! cargo run --release -p dentate-eval --example nulls [REPORTS [SEEDS ROWS]]
//! ```

use dentate_core::Seed;
use dentate_core::record::{
    FORMAT, HEADER, MANIFEST, Manifest, MethodEntry, Provenance, RECORDS, RunEnd, RunEntry, STATUS, Status,
    StreamEntry, Sum, sealed,
};
use rand::Rng;
use std::error::Error;
use std::fs;
use std::path::Path;

const METHODS: usize = 16;
const SEEDS: [u64; 4] = [3, 5, 8, 20];
const ROWS: [u32; 3] = [50, 200, 10_000];
/// Reports if no number is given.
const REPORTS: u32 = 200;

/// The reports of one setting, and how many of them claim a difference: against the control, of some pair, in words, and anywhere.
#[derive(Clone, Default)]
struct Count {
    reports: usize,
    claims: [usize; 4],
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().skip(1).map(|n| n.parse::<u32>());
    let reports = numbers.next().unwrap_or(Ok(REPORTS))? as usize;
    let settings: Vec<(u64, u32)> = match (numbers.next(), numbers.next()) {
        (Some(seeds), Some(rows)) => vec![(u64::from(seeds?), rows?)],
        _ => SEEDS.iter().flat_map(|n| ROWS.map(|rows| (*n, rows))).collect(),
    };
    let mut counts = vec![Count::default(); settings.len()];
    let folder = tempfile::tempdir()?;
    let mut random = Seed(1).random();
    for report in 0..reports {
        let setting = report % settings.len();
        let (seeds, rows) = settings[setting];
        let results = folder.path().join(report.to_string());
        write(&results, seeds, rows, &mut random)?;
        dentate_eval::report(&results)?;
        let count = &mut counts[setting];
        count.reports += 1;
        for (sum, claimed) in count.claims.iter_mut().zip(claimed(&results)?) {
            *sum += usize::from(claimed);
        }
        fs::remove_dir_all(&results)?;
    }
    println!("seeds  rows    reports  control  pairs  words  any");
    for ((seeds, rows), Count { reports, claims }) in settings.iter().zip(&counts) {
        let [control, pairs, words, any] = claims;
        println!("{seeds:5}  {rows:6}  {reports:7}  {control:7}  {pairs:5}  {words:5}  {any:3}");
    }
    let any: usize = counts.iter().map(|count| count.claims[3]).sum();
    println!("{any} of {reports}, {:.1} %", 100.0 * any as f64 / reports as f64);
    Ok(())
}

/// Return what of the report is called significant: a difference to the control, one of a pair, one in words, and any of these.
fn claimed(results: &Path) -> Result<[bool; 4], Box<dyn Error>> {
    let read = |name: &str| fs::read_to_string(results.join(name));
    let yes = |csv: &str| csv.lines().any(|line| line.ends_with(",yes"));
    let page = read("report.md")?;
    let (findings, _) = page
        .split_once("## Measures")
        .ok_or("a report without measures")?;
    let words = findings.contains(": significant") || findings.contains("(significant)");
    let (control, pairs) = (yes(&read("summary.csv")?), yes(&read("pairs.csv")?));
    Ok([control, pairs, words, control || pairs || words])
}

/// A standard normal number, as a sum of twelve uniform ones.
fn normal(random: &mut impl Rng) -> f64 {
    (0..12).map(|_| random.random_range(0.0..1.0)).sum::<f64>() - 6.0
}

fn write(folder: &Path, seeds: u64, rows: u32, random: &mut impl Rng) -> Result<(), Box<dyn Error>> {
    // Spreads of alike methods range from a part of a row to many rows.
    let own = 0.02 * random.random_range(0.1..1.0);
    let mut runs = Vec::new();
    for seed in 1..=seeds {
        let luck = 0.8 + 0.02 * normal(random);
        for method in 0..METHODS {
            let truth = (luck + own * normal(random)) * f64::from(rows);
            let accuracy = truth.round().clamp(0.0, f64::from(rows)) / f64::from(rows);
            runs.push(run(folder, method, seed, rows, accuracy)?);
        }
    }
    let text = |s: &str| s.to_owned();
    let manifest = Manifest {
        format: FORMAT,
        suite: text("nulls"),
        title: text("Alike methods"),
        description: text("Sixteen methods that do not differ."),
        control: Some(text("m0")),
        rank_by: None,
        streams: vec![StreamEntry {
            name: text("s"),
            title: text("A stream"),
            scenario: text("domain-incremental"),
            tasks: vec![text("one")],
            tasks_by_seed: false,
            experiences: 1,
            chance: None,
            on_training_rows: false,
        }],
        methods: (0..METHODS).map(method).collect(),
        claims: Vec::new(),
        metrics: Vec::new(),
        sweeps: Vec::new(),
        runs,
        provenance: Provenance {
            command: text("nulls"),
            commit: None,
            version: text("0"),
            machine: text("any"),
            backend: text("none"),
            when: text("2026-01-01T00:00:00Z"),
        },
    };
    fs::write(folder.join(MANIFEST), sealed(&manifest)?)?;
    Ok(())
}

fn method(i: usize) -> MethodEntry {
    MethodEntry {
        name: format!("m{i}"),
        title: format!("Method {i}"),
        summary: String::new(),
        citation: String::new(),
        grows: false,
        configuration: String::new(),
        levels: Vec::new(),
        twin: None,
    }
}

/// Write a finished run.
fn run(
    folder: &Path,
    method: usize,
    seed: u64,
    rows: u32,
    accuracy: f64,
) -> Result<RunEntry, Box<dyn Error>> {
    let id = format!("m{method}-{seed}");
    let place = folder.join("runs").join(&id);
    fs::create_dir_all(&place)?;
    let log = format!("{HEADER}\ntest-rows,0,0,0,,{rows}.0\naccuracy,0,9,0,,{accuracy}\n");
    let sum = Some(Sum::of(log.as_bytes()));
    let ending = RunEnd {
        run: id.clone(),
        status: Status::Finished,
        log: sum.clone(),
        timing: None,
        settings: None,
        after: Vec::new(),
    };
    fs::write(place.join(RECORDS), log)?;
    fs::write(place.join(STATUS), sealed(&ending)?)?;
    Ok(RunEntry {
        id,
        method: format!("m{method}"),
        stream: "s".into(),
        seed,
        status: Status::Finished,
        log: sum,
        inexact: false,
        seconds: None,
        times: Default::default(),
        settings: Default::default(),
    })
}
