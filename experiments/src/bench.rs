//! `dentate bench`: which runs a suite needs, which are there already, and the rest of them made.

use crate::cli::BenchArgs;
use crate::computing::fingerprints;
use crate::error::RunnerError;
use crate::job::Job;
use crate::lock;
use crate::manifest::{self, Manifests};
use crate::places::{RunFolder, SuiteFolder, data_env};
use crate::pool::{Task, run_all};
use crate::progress::{Display, duration};
use crate::provenance;
use crate::run::Manner;
use crate::slurm::{self, Executor};
use crate::status;
use crate::stop;
use crate::suite::{NamedMethod, Suite};
use dentate_core::record::{Provenance, RunEntry, Status, printable};
use dentate_core::registry::nearest;
use std::path::PathBuf;
use std::time::{Duration, Instant};

mod estimate;
mod plan;
mod standing;

pub(crate) use estimate::size;
use plan::Plan;
use standing::Standing;

/// How long runs may take to end cleanly, and a little more for what is said about them.
const GRACE: Duration = Duration::from_millis(1900);
/// Failed runs that are listed; more are counted.
const LISTED: usize = 20;

/// Bring the results of these suites up to date.
pub(crate) fn bench(args: &BenchArgs) -> Result<(), RunnerError> {
    let names = if args.suites.is_empty() {
        vec!["quickstart".to_string()]
    } else {
        args.suites.clone()
    };
    // All suites are read before any is run, so that a mistake in the last one is not found out at midnight.
    let mut suites = names
        .iter()
        .map(|n| Suite::find(n))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(computing) = args.computing()? {
        suites.iter_mut().for_each(|suite| suite.compute_with(computing));
    }
    for suite in &suites {
        for only in &args.only {
            check_method(suite, only)?;
        }
    }
    args.slurm.check()?;
    if args.status {
        return stand(&suites, args);
    }
    if args.dry_run {
        for suite in &suites {
            let plan = Plan::new(suite, args, &data_env(&args.results()))?;
            print!("{}", estimate::listing(&plan, &suite.name, args.jobs()));
        }
        return Ok(());
    }
    // A backend that is not there would fail every run; `--only` may leave out those that need it.
    let asked = |m: &&NamedMethod| args.only.is_empty() || args.only.contains(&m.name);
    let methods = suites.iter().flat_map(|suite| &suite.methods).filter(asked);
    let backends = fingerprints(methods.map(|m| m.computing))?;
    stop::listen(GRACE);
    let how = provenance::provenance(args.command(&names), backends);
    let mut failed = Ok(());
    for suite in &suites {
        match one(suite, args, &names, &how) {
            Ok(()) => {}
            Err(error @ RunnerError::Runs { .. }) => failed = Err(error),
            Err(error) => return Err(error),
        }
    }
    failed
}

/// `bench --status`.
fn stand(suites: &[Suite], args: &BenchArgs) -> Result<(), RunnerError> {
    let mut all = Standing::default();
    for suite in suites {
        let plan = Plan::new(suite, args, &data_env(&args.results()))?;
        let (text, standing) = standing::listing(&suite.name, &plan)?;
        print!("{text}");
        all.failed += standing.failed;
        all.damaged += standing.damaged;
        all.missing += standing.missing;
        all.total += standing.total;
    }
    let Standing {
        failed,
        damaged,
        missing,
        total,
    } = all;
    match (failed, damaged, missing) {
        (0, 0, 0) => Ok(()),
        (0, 0, _) => Err(RunnerError::Incomplete { missing, total }),
        (0, ..) => Err(RunnerError::Mendable { damaged }),
        _ => Err(RunnerError::Runs { failed, total }),
    }
}

fn check_method(suite: &Suite, only: &str) -> Result<(), RunnerError> {
    let names = || suite.methods.iter().map(|m| m.name.as_str());
    if names().any(|n| n == only) {
        return Ok(());
    }
    Err(RunnerError::Method {
        suite: suite.name.clone(),
        method: only.into(),
        suggestion: nearest(only, names())
            .map(|n| format!(", did you mean `{n}`?"))
            .unwrap_or_default(),
        known: names().collect::<Vec<_>>().join(", "),
    })
}

fn one(suite: &Suite, args: &BenchArgs, names: &[String], how: &Provenance) -> Result<(), RunnerError> {
    let folder = SuiteFolder(args.results().join(&suite.name));
    std::fs::create_dir_all(&folder.0).map_err(RunnerError::io("create", &folder.0))?;
    // Results of another version are refused before anything is written.
    let before = manifest::before(&folder)?;
    let before = before.unwrap_or_else(|reason| {
        eprintln!("{}: {}; it is written anew", suite.name, printable(&reason));
        None
    });
    let env = data_env(&args.results());
    let plan = Plan::new(suite, args, &env)?;
    for (label, reason) in plan.damaged.iter().take(LISTED) {
        eprintln!("damaged: {label}: {}", printable(reason));
    }
    if plan.todo.is_empty() {
        eprintln!(
            "{}: all {} runs are finished already",
            suite.name,
            plan.there.len()
        );
    } else {
        plan.prepare(suite, &env)?;
    }
    let manifests = Manifests::new(suite, &plan.todo, before.as_ref(), &env, how)?;
    let todo: Vec<String> = plan.todo.iter().map(|t| t.job.id.clone()).collect();
    let write = || -> Result<Vec<RunEntry>, RunnerError> {
        // Another process may be writing it too: each writes what it finds on disk, one after the other.
        let _lock = lock::wait(&folder.lock())?;
        let all = plan::jobs(suite, args, &env)?;
        manifests.write(&folder, &all, &todo)
    };
    write()?;
    let total = todo.len() + plan.there.len();
    if args.slurm.executor == Executor::Slurm && !todo.is_empty() {
        return submit(suite, &folder, &plan, args);
    }
    if !todo.is_empty() {
        let (count, width) = (todo.len(), args.jobs().min(todo.len()));
        let already = match plan.there.len() {
            0 => String::new(),
            n => format!(", {n} finished already"),
        };
        eprintln!("{}: {count} runs to make{already}, {width} at a time", suite.name);
        let (started, display) = (Instant::now(), Display::new(count, width));
        run_all(plan.todo, width, args.manner.manner(), &display);
        display.close();
        if !stop::requested() {
            let seconds = started.elapsed().as_secs_f64();
            eprintln!("{}: {count} runs in {}", suite.name, duration(seconds));
        }
    }
    let rows = write()?;
    told(&folder, &rows, total, || args.command_here(names))
}

/// Leave the runs to a cluster.
fn submit(suite: &Suite, folder: &SuiteFolder, plan: &Plan, args: &BenchArgs) -> Result<(), RunnerError> {
    let manner = args.manner.manner();
    let submitted = slurm::submit(&suite.name, folder, &plan.todo, &args.slurm, manner)?;
    let (name, queued) = (&suite.name, submitted.queued);
    match submitted.job {
        Some(job) => {
            let (runs, elements) = (submitted.runs, submitted.elements);
            eprintln!(
                "{name}: submitted {runs} runs as {elements} elements of job {job}; {queued} were queued or running"
            );
        }
        None => eprintln!("{name}: all {queued} runs that are not finished are queued or running"),
    }
    eprintln!(
        "{name}: `--status` says how far they are; the same command submits what is missing, and `cargo xtask report {name}` compares them"
    );
    Ok(())
}

/// `dentate run`: make these runs one after the other, watched over as `bench` does it.
pub(crate) fn several(folders: &[PathBuf], manner: Manner) -> Result<(), RunnerError> {
    let mut tasks = Vec::new();
    for folder in folders {
        let folder = RunFolder(folder.clone());
        let job = Job::read(&folder)?;
        job.computing.0.ready()?;
        tasks.push(Task { job, folder });
    }
    stop::listen(GRACE);
    let total = tasks.len();
    let display = Display::new(total, 1);
    let runs: Vec<RunFolder> = tasks.iter().map(|t| t.folder.clone()).collect();
    run_all(tasks, 1, manner, &display);
    display.close();
    let statuses: Vec<Option<Status>> = runs.iter().map(status::read).collect();
    if statuses.contains(&None) {
        return Err(RunnerError::Stopped);
    }
    let failed = statuses.iter().filter(|s| **s != Some(Status::Finished)).count();
    match failed {
        0 => Ok(()),
        failed => Err(RunnerError::Runs { failed, total }),
    }
}

/// Say what did not end well.
fn told(
    folder: &SuiteFolder,
    rows: &[RunEntry],
    total: usize,
    command: impl Fn() -> String,
) -> Result<(), RunnerError> {
    let failed: Vec<(&RunEntry, String)> = rows
        .iter()
        .filter_map(|row| match &row.status {
            Status::Failed { kind, message } => Some((row, format!("{kind}: {message}"))),
            _ => None,
        })
        .collect();
    for (row, why) in failed.iter().take(LISTED) {
        let (stream, method, seed) = (&row.stream, &row.method, row.seed);
        let line = format!("failed: {stream} · {method} · seed {seed}: {why}");
        eprintln!("{}", printable(&line));
        eprintln!("        its log is {}", folder.run(&row.id).log().display());
    }
    if failed.len() > LISTED {
        eprintln!("failed: {} more", failed.len() - LISTED);
    }
    if rows.iter().any(|row| row.status == Status::Pending) {
        let finished = rows.iter().filter(|row| row.status == Status::Finished).count();
        return Err(RunnerError::Interrupted {
            finished,
            total,
            command: command(),
        });
    }
    match failed.len() {
        0 => Ok(()),
        failed => Err(RunnerError::Runs { failed, total }),
    }
}
