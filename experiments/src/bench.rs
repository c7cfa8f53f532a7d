//! `dentate bench`: determines the runs of a suite and executes the unfinished ones.

use crate::backend_choice::fingerprints;
use crate::error::RunnerError;
use crate::job::Job;
use crate::lock;
use crate::manifest::{self, Manifests};
use crate::output::{print, say};
use crate::owner;
use crate::paths::{RunFolder, SuiteFolder, data_env};
use crate::plan::{self, Plan};
use crate::pool::{Task, Unmade, run_all};
use crate::preflight;
use crate::progress::{Display, duration};
use crate::provenance;
use crate::run::RunOptions;
use crate::slurm::{self, Executor};
use crate::status;
use crate::stop;
use crate::suite::{NamedMethod, Suite, unequal};
use crate::wanted::Wanted;
use dentate_core::record::{Provenance, RunEntry, Status};
use dentate_core::registry::nearest;
use dentate_streams::DataEnv;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

mod claims;
mod estimate;
mod suite_status;

pub(crate) use estimate::size;
use suite_status::SuiteStatus;

/// Time for runs to end cleanly, plus a margin for reporting on them.
const GRACE: Duration = Duration::from_millis(1900);
/// Failed runs that are listed; more are counted.
const LISTED: usize = 20;

/// Bring the results of these suites up to date.
pub(crate) fn bench(wanted: &Wanted) -> Result<(), RunnerError> {
    let names = if wanted.suites.is_empty() {
        vec!["quickstart".to_string()]
    } else {
        wanted.suites.clone()
    };
    // All suites are read before any is run, so that a mistake in the last one is not found out at midnight.
    let mut suites = names
        .iter()
        .map(|n| Suite::find_at(n, wanted.scale.as_deref()))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some(backend_choice) = wanted.backend_choice()? {
        suites
            .iter_mut()
            .for_each(|suite| suite.compute_with(backend_choice));
    }
    for suite in &suites {
        for only in &wanted.only {
            check_method(suite, only)?;
        }
    }
    wanted.slurm.check()?;
    owner::apart(&suites, &wanted.results())?;
    for suite in &suites {
        owner::check(&SuiteFolder(wanted.results().join(&suite.name)), suite)?;
    }
    if wanted.status {
        return print_status(&suites, wanted);
    }
    if wanted.dry_run {
        for suite in &suites {
            let env = data_env(&wanted.results());
            let plan = Plan::new(suite, wanted, &env)?;
            preflight::where_data_is(suite, &plan, &env)?;
            print(estimate::listing(&plan, &suite.name, wanted.jobs));
            if let Some(warning) = unequal(&suite.methods) {
                print(format!("{}: {warning}\n", suite.name));
            }
            if plan.kept_less > 0 {
                print(format!("{}\n", kept_less(&plan, suite)));
            }
        }
        return Ok(());
    }
    // A backend that is not there would fail every run; `--only` may leave out those that need it.
    let asked = |m: &&NamedMethod| wanted.only.is_empty() || wanted.only.contains(&m.name);
    let methods = suites.iter().flat_map(|suite| &suite.methods).filter(asked);
    let backends = fingerprints(methods.map(|m| m.backend_choice))?;
    let reporter = wanted.check_claims.then(claims::reporter).transpose()?;
    stop::listen(GRACE);
    let how = provenance::provenance(wanted.command(&names), backends);
    // Likewise data: what one suite cannot use is told before another one's runs.
    let ready: Vec<Ready<'_>> = suites
        .iter()
        .map(|suite| Ready::new(suite, wanted, &how))
        .collect::<Result<_, _>>()?;
    let mut failed = Ok(());
    for ready in ready {
        match execute(ready, wanted, &names) {
            Ok(()) => {}
            Err(error @ RunnerError::Runs { .. }) => failed = Err(error),
            Err(error) => return Err(error),
        }
    }
    failed?;
    match reporter {
        Some(reporter) => {
            let folder = |suite: &Suite| wanted.results().join(&suite.name);
            claims::check(&reporter, &suites.iter().map(folder).collect::<Vec<_>>())
        }
        None => Ok(()),
    }
}

/// Print the status of the suites: `bench --status`.
fn print_status(suites: &[Suite], wanted: &Wanted) -> Result<(), RunnerError> {
    let mut all = SuiteStatus::default();
    for suite in suites {
        let plan = Plan::new(suite, wanted, &data_env(&wanted.results()))?;
        let (text, status) = suite_status::listing(&suite.name, &plan)?;
        print(text);
        all.failed += status.failed;
        all.damaged += status.damaged;
        all.missing += status.missing;
        all.total += status.total;
    }
    let SuiteStatus {
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

/// A suite whose data is available and can be measured.
struct Ready<'a> {
    suite: &'a Suite,
    env: DataEnv,
    plan: Plan,
    manifests: Manifests<'a>,
}

impl<'a> Ready<'a> {
    fn new(suite: &'a Suite, wanted: &Wanted, how: &'a Provenance) -> Result<Self, RunnerError> {
        let env = data_env(&wanted.results());
        // Results of another version are refused before anything is written.
        let before = manifest::before(&SuiteFolder(wanted.results().join(&suite.name)))?;
        let before = before.unwrap_or_else(|reason| {
            say(format_args!("{}: {reason}; it is written anew", suite.name));
            None
        });
        let plan = Plan::new(suite, wanted, &env)?;
        if !plan.todo.is_empty() {
            plan.prepare(suite, &env)?;
            preflight::with_data(suite, &plan, &env)?;
        }
        let seeds = wanted.seeds.unwrap_or(suite.seeds);
        let manifests = Manifests::new(suite, &plan, seeds, before.as_ref(), &env, how)?;
        Ok(Self {
            suite,
            env,
            plan,
            manifests,
        })
    }
}

fn execute(ready: Ready<'_>, wanted: &Wanted, names: &[String]) -> Result<(), RunnerError> {
    let Ready {
        suite,
        env,
        plan,
        manifests,
    } = ready;
    let folder = plan.folder.clone();
    std::fs::create_dir_all(&folder.0).map_err(RunnerError::io("create", &folder.0))?;
    {
        let _lock = lock::wait(&folder.lock())?;
        owner::claim(&folder, suite)?;
    }
    for (label, reason) in plan.damaged.iter().take(LISTED) {
        say(format_args!("damaged: {label}: {reason}"));
    }
    if plan.kept_less > 0 {
        say(format_args!("{}: {}", suite.name, kept_less(&plan, suite)));
    }
    if let Some(warning) = unequal(&suite.methods).filter(|_| !plan.todo.is_empty()) {
        say(format_args!("{}: {warning}", suite.name));
    }
    if plan.todo.is_empty() {
        say(format_args!(
            "{}: all {} runs are finished already",
            suite.name,
            plan.there.len()
        ));
    }
    let data = plan.data.clone();
    let todo: Vec<String> = plan.todo.iter().map(|t| t.job.id.clone()).collect();
    let write = || -> Result<Vec<RunEntry>, RunnerError> {
        // Another process may be writing it too: each writes what it finds on disk, one after the other.
        let _lock = lock::wait(&folder.lock())?;
        let all = plan::jobs(suite, wanted, &env, &data)?;
        manifests.write(&folder, &all, &todo)
    };
    write()?;
    let total = todo.len() + plan.there.len();
    if wanted.slurm.executor == Executor::Slurm && !todo.is_empty() {
        return submit(suite, &folder, &plan, wanted);
    }
    let mut unmade = Unmade::new();
    if !todo.is_empty() {
        let (count, width) = (todo.len(), wanted.jobs.min(todo.len()));
        let already = match plan.there.len() {
            0 => String::new(),
            n => format!(", {n} finished already"),
        };
        say(format_args!(
            "{}: {count} runs to make{already}, {width} at a time",
            suite.name
        ));
        let kinds: Vec<String> = plan.todo.iter().map(|task| task.job.kind()).collect();
        let past = estimate::seconds(&folder, &plan.todo);
        let (started, display) = (Instant::now(), Display::new(&kinds, width, past));
        unmade = run_all(plan.todo, width, wanted.options, &display);
        display.close();
        if !stop::requested() {
            let seconds = started.elapsed().as_secs_f64();
            say(format_args!(
                "{}: {count} runs in {}",
                suite.name,
                duration(seconds)
            ));
        }
    }
    let mut rows = write()?;
    for row in &mut rows {
        if let Some(status) = unmade.get(&row.id) {
            row.status = status.clone();
        }
    }
    report_failures(&folder, &rows, total, || wanted.command_here(names))
}

/// The reason why finished runs are repeated: they kept fewer networks than the suite now asks for.
fn kept_less(plan: &Plan, suite: &Suite) -> String {
    let keep = suite.keep.name();
    let runs = match plan.kept_less {
        1 => "1 finished run has kept fewer networks than".to_string(),
        n => format!("{n} finished runs have kept fewer networks than"),
    };
    format!("{runs} `keep = \"{keep}\"` asks for, to be made again")
}

/// Submit the runs to a cluster.
fn submit(suite: &Suite, folder: &SuiteFolder, plan: &Plan, wanted: &Wanted) -> Result<(), RunnerError> {
    let options = wanted.options;
    let submitted = slurm::submit(&suite.name, folder, &plan.todo, &wanted.slurm, options)?;
    let (name, queued) = (&suite.name, submitted.queued);
    if submitted.arrays.is_empty() {
        say(format_args!(
            "{name}: all {queued} runs that are not finished are queued or running"
        ));
    }
    for (number, array) in submitted.arrays.iter().enumerate() {
        let (job, runs, elements) = (array.job, array.runs, array.elements);
        let last = match number {
            0 => format!("{queued} were queued or running"),
            _ => format!(
                "they come after those of job {}",
                submitted.arrays[number - 1].job
            ),
        };
        say(format_args!(
            "{name}: submitted {runs} runs as {elements} elements of job {job}; {last}"
        ));
    }
    say(format_args!(
        "{name}: `--status` says how far they are; the same command submits what is missing, and `cargo xtask report {name}` compares them"
    ));
    Ok(())
}

/// `dentate run`: execute these runs one after another, under the same supervision as in `bench`.
pub(crate) fn run_folders(folders: &[PathBuf], options: RunOptions) -> Result<(), RunnerError> {
    let (mut tasks, mut refused) = (Vec::new(), Vec::new());
    for folder in folders {
        let folder = RunFolder(folder.clone());
        match Job::read(&folder) {
            Ok(job) => {
                job.backend_choice.0.ready()?;
                tasks.push(Task { job, folder });
            }
            Err(error) => refused.push(error),
        }
    }
    if folders.len() == 1
        && let Some(error) = refused.pop()
    {
        return Err(error);
    }
    // One that cannot be made is no reason to leave the others.
    for error in &refused {
        say(format_args!("failed: {error}"));
    }
    stop::listen(GRACE);
    let total = tasks.len() + refused.len();
    let kinds: Vec<String> = tasks.iter().map(|task| task.job.kind()).collect();
    let display = Display::new(&kinds, 1, BTreeMap::new());
    let runs: Vec<(String, RunFolder)> = tasks
        .iter()
        .map(|t| (t.job.id.clone(), t.folder.clone()))
        .collect();
    let unmade = run_all(tasks, 1, options, &display);
    display.close();
    let ended = |(id, folder): &(String, RunFolder)| unmade.get(id).cloned().or_else(|| status::read(folder));
    let statuses: Vec<Option<Status>> = runs.iter().map(ended).collect();
    if statuses.contains(&None) {
        return Err(RunnerError::Stopped);
    }
    let failed = statuses.iter().filter(|s| **s != Some(Status::Finished)).count();
    match failed + refused.len() {
        0 => Ok(()),
        failed => Err(RunnerError::Runs { failed, total }),
    }
}

/// Report runs that did not finish.
fn report_failures(
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
        say(format_args!("failed: {stream} · {method} · seed {seed}: {why}"));
        say(format_args!(
            "        its log is {}",
            folder.run(&row.id).log().display()
        ));
    }
    if failed.len() > LISTED {
        say(format_args!("failed: {} more", failed.len() - LISTED));
    }
    if rows.iter().any(|row| row.status == Status::Pending) {
        // Of runs that have tried settings only those are among the rows that have no answer.
        let tried = total.saturating_sub(rows.len());
        let finished = tried + rows.iter().filter(|row| row.status == Status::Finished).count();
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
