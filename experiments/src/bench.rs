//! `dentate bench`: which runs a suite needs, which are there already, and the rest of them made.

use crate::cli::BenchArgs;
use crate::error::RunnerError;
use crate::job::Job;
use crate::places::{SuiteFolder, data_env};
use crate::pool::{read_status, run_all};
use crate::progress::{Display, duration};
use crate::suite::Suite;
use crate::{manifest, provenance};
use dentate_core::record::{Provenance, Status};
use dentate_core::registry::nearest;
use dentate_streams::DataEnv;
use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::time::Instant;

/// Bring the results of these suites up to date.
pub(crate) fn bench(args: &BenchArgs) -> Result<(), RunnerError> {
    let names = if args.suites.is_empty() {
        vec!["quickstart".to_string()]
    } else {
        args.suites.clone()
    };
    // All suites are read before any is run, so that a mistake in the last one is not found out at midnight.
    let suites = names
        .iter()
        .map(|n| Suite::find(n))
        .collect::<Result<Vec<_>, _>>()?;
    for suite in &suites {
        for only in &args.only {
            check_method(suite, only)?;
        }
    }
    let how = provenance::provenance(args.command(&names));
    let mut failed = Ok(());
    for suite in &suites {
        match one(suite, args, &how) {
            Ok(()) => {}
            Err(error @ RunnerError::Runs { .. }) => failed = Err(error),
            Err(error) => return Err(error),
        }
    }
    failed
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

fn one(suite: &Suite, args: &BenchArgs, how: &Provenance) -> Result<(), RunnerError> {
    let folder = SuiteFolder(args.results().join(&suite.name));
    std::fs::create_dir_all(&folder.0).map_err(RunnerError::io("create", &folder.0))?;
    // Results of another version are refused before anything is written.
    let before = manifest::read(&folder)?;
    let _lock = lock(&folder)?;
    let env = data_env(&args.results());
    let jobs = jobs(suite, args, &env)?;
    let finished = |job: &Job| read_status(&folder.run(&job.id)) == Some(Status::Finished);
    let asked = |name: &str| args.only.is_empty() || args.only.iter().any(|o| o == name);
    // With --only, other methods stay in the comparison as far as they are there already.
    let (todo, there): (Vec<Job>, Vec<Job>) = jobs
        .into_iter()
        .filter(|j| asked(&j.method) || finished(j))
        .partition(|j| asked(&j.method) && (args.fresh || !finished(j)));
    let total = todo.len() + there.len();
    let mut listed = self::jobs(suite, args, &env)?;
    listed.retain(|job| todo.iter().chain(&there).any(|j| j.id == job.id));
    if todo.is_empty() {
        eprintln!("{}: all {total} runs are finished already", suite.name);
    } else {
        prepare(suite, &todo, &env)?;
    }
    let facts = manifest::stream_facts(suite, &todo, before.as_ref(), &env)?;
    if !todo.is_empty() {
        manifest::write(
            &folder,
            &manifest::manifest(suite, &facts, &listed, &folder, how.clone()),
        )?;
        let (count, width) = (todo.len(), args.jobs().min(todo.len()));
        let already = if there.is_empty() {
            String::new()
        } else {
            format!(", {} finished already", there.len())
        };
        eprintln!("{}: {count} runs to make{already}, {width} at a time", suite.name);
        let (started, display) = (Instant::now(), Display::new(count, width));
        run_all(&folder, todo, width, &display);
        display.close();
        eprintln!(
            "{}: {count} runs in {}",
            suite.name,
            duration(started.elapsed().as_secs_f64())
        );
    }
    let written = manifest::manifest(suite, &facts, &listed, &folder, how.clone());
    manifest::write(&folder, &written)?;
    let failed = written
        .runs
        .iter()
        .filter(|r| matches!(r.status, Status::Failed { .. }))
        .count();
    if failed > 0 {
        return Err(RunnerError::Runs {
            failed,
            total,
            folder: folder.0.join("runs"),
        });
    }
    Ok(())
}

/// Every run of the suite, in its order.
fn jobs(suite: &Suite, args: &BenchArgs, env: &DataEnv) -> Result<Vec<Job>, RunnerError> {
    let mut prints = BTreeMap::new();
    for stream in &suite.streams {
        prints.insert(stream.name.as_str(), stream.spec.fingerprint(env)?);
    }
    let mut jobs = Vec::new();
    for (method, stream) in suite.pairs() {
        for seed in 1..=args.seeds.unwrap_or(suite.seeds) {
            jobs.push(Job::new(
                suite,
                method,
                stream,
                seed,
                &prints[stream.name.as_str()],
                env,
            )?);
        }
    }
    Ok(jobs)
}

/// Decode or draw the data once, so that runs only read the cache.
fn prepare(suite: &Suite, todo: &[Job], env: &DataEnv) -> Result<(), RunnerError> {
    for stream in suite
        .streams
        .iter()
        .filter(|s| todo.iter().any(|j| j.stream == s.name))
    {
        stream.spec.prepare(env)?;
    }
    Ok(())
}

/// The suite's results are one process's at a time.
fn lock(folder: &SuiteFolder) -> Result<File, RunnerError> {
    let path = folder.lock();
    let file = File::create(&path).map_err(RunnerError::io("create", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RunnerError::Busy {
            path: folder.0.clone(),
        }),
        Err(TryLockError::Error(source)) => Err(RunnerError::Io {
            action: "lock",
            path,
            source,
        }),
    }
}
