//! Parallel runs in separate processes. A failure costs only its own run.

use crate::error::{ELSEWHERE, RunnerError};
use crate::job::Job;
use crate::paths::RunFolder;
use crate::progress::Display;
use crate::run::{CHILD, RunOptions};
use crate::{exit_status, lock, status, stop};
use dentate_core::record::Status;
use queue::Queue;
use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::{BufRead, BufReader};
use std::process::{ChildStdin, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

mod queue;

/// A pending run and its folder.
pub(crate) struct Task {
    pub(crate) job: Job,
    pub(crate) folder: RunFolder,
}

impl Task {
    /// Write the job into its folder. Files of another job's run there are removed.
    pub(crate) fn put_down(&self) -> Result<(), RunnerError> {
        let run = &self.folder;
        std::fs::create_dir_all(&run.0).map_err(RunnerError::io("create", &run.0))?;
        if status::read(run) == Some(Status::Finished)
            && !self.job.lies_in(run)
            && let Some(_lock) = lock::take(run)?
        {
            status::clear(run, true)?;
        }
        self.job.write(run)
    }
}

/// Runs that could not be executed, by id, with a status that their folders may lack.
pub(crate) type Unmade = BTreeMap<String, Status>;

/// The outcome of executing a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It has written a status.
    Ended(Status),
    /// Its process could not be started or awaited, or its status could not be written.
    Unmade(Status),
    /// Another process executes it, or one that it comes after.
    Elsewhere,
    /// This process was asked to stop.
    Stopped,
}

/// Interval at which a run of another process is checked again.
const LOOK_AGAIN: Duration = Duration::from_millis(300);

/// The parents' ends of the pipes by which runs notice that their parent has ended.
type Lifelines = Arc<Mutex<Vec<(u32, ChildStdin)>>>;

/// Make runs, `width` at a time, none before those that it comes after; those that other processes are making are waited for, and taken over
/// if these end without a result.
pub(crate) fn run_all(tasks: Vec<Task>, width: usize, options: RunOptions, display: &Display) -> Unmade {
    let unmade = Mutex::new(Unmade::new());
    let lifelines = Lifelines::default();
    let held = Arc::clone(&lifelines);
    stop::at_request(move || {
        locked(&held).clear();
    });
    let queue = Queue::new(tasks);
    let work = |slot: usize| {
        while let Some((task, again)) = queue.next() {
            if stop::requested() {
                return;
            }
            if again {
                thread::sleep(LOOK_AGAIN);
            }
            let label = task.job.label();
            let outcome = if again && (lock::holder(&task.folder).is_some() || waits(&task)) {
                Outcome::Elsewhere
            } else {
                display.begin(slot, &label, &task.job.kind());
                execute(&task, options, &lifelines, |fraction, figures| {
                    display.at(slot, fraction, figures);
                })
            };
            if outcome != Outcome::Elsewhere {
                queue.settled(&task);
            }
            match outcome {
                Outcome::Ended(status) => display.end(slot, &label, &status),
                Outcome::Unmade(status) => {
                    display.end(slot, &label, &status);
                    locked(&unmade).insert(task.job.id.clone(), status);
                }
                Outcome::Elsewhere => {
                    if !again {
                        let holder = lock::holder(&task.folder);
                        display.elsewhere(slot, &label, holder.as_ref());
                    }
                    queue.put_back(task);
                }
                Outcome::Stopped => display.stopped(slot, &label),
            }
        }
    };
    let work = &work;
    thread::scope(|scope| {
        for slot in 0..width {
            let begun = thread::Builder::new().spawn_scoped(scope, move || work(slot));
            if begun.is_err() {
                // The system gives no more threads: those there are do the work, or else this one does.
                if slot == 0 {
                    work(0);
                }
                break;
            }
        }
    });
    unmade.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Returns whether another process is making a run that this one comes after, which is not among those made here.
fn waits(task: &Task) -> bool {
    let parents = task.job.recipe.parents().into_iter();
    let mut folders = parents.map(|id| task.folder.beside(id));
    folders.any(|folder| lock::holder(&folder).is_some())
}

/// The content of a mutex, also after a panic in another thread: every change of it is atomic.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Execute one run in a separate process and determine its outcome.
fn execute(task: &Task, options: RunOptions, lifelines: &Lifelines, at: impl Fn(f64, &str)) -> Outcome {
    let failed = |error: RunnerError| {
        let status = Status::Failed {
            kind: "start".into(),
            message: error.to_string(),
        };
        // As far as that can be written; a result that is there stays.
        if status::read(&task.folder) != Some(Status::Finished)
            && let Ok(Some(_lock)) = lock::take(&task.folder)
        {
            let end = status::without_records(&task.job.id, status.clone());
            let _ = status::write(&task.folder, &end);
        }
        Outcome::Unmade(status)
    };
    match start(task, options, lifelines, at) {
        Err(error) => failed(error),
        Ok(exit) if exit.code() == Some(ELSEWHERE.into()) => Outcome::Elsewhere,
        Ok(exit) => {
            if let Some(status) = status::read(&task.folder) {
                return Outcome::Ended(status);
            }
            if stop::requested() || exit.code() == Some(stop::INTERRUPTED.into()) {
                return Outcome::Stopped;
            }
            // It could not say itself how it ended. Its row is written under its lock, like everything of a run.
            let status = exit_status::of(&task.folder, &task.job.limits, exit);
            match lock::take(&task.folder) {
                Ok(Some(_lock)) => {
                    let end = status::without_records(&task.job.id, status.clone());
                    match status::write(&task.folder, &end) {
                        Ok(()) => Outcome::Ended(status),
                        Err(error) => failed(error),
                    }
                }
                Ok(None) => Outcome::Elsewhere,
                Err(error) => failed(error),
            }
        }
    }
}

fn start(
    task: &Task,
    options: RunOptions,
    lifelines: &Lifelines,
    at: impl Fn(f64, &str),
) -> Result<ExitStatus, RunnerError> {
    let run = &task.folder;
    task.put_down()?;
    // Appended to: a run that goes on keeps what was said before.
    let log = OpenOptions::new().create(true).append(true).open(run.log());
    let log = log.map_err(RunnerError::io("open", &run.log()))?;
    let program = std::env::current_exe().map_err(RunnerError::io("find", "this program".as_ref()))?;
    let mut child = Command::new(&program)
        .arg("run")
        .args(options.options())
        .arg("--")
        .arg(&run.0)
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(RunnerError::io("start", &program))?;
    let id = child.id();
    // Held until the child is gone or is to stop: its end of this pipe tells it that its parent lives.
    if let Some(pipe) = child.stdin.take() {
        let mut held = locked(lifelines);
        if !stop::requested() {
            held.push((id, pipe));
        }
    }
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            let (fraction, figures) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            if let Ok(fraction) = fraction.parse() {
                at(fraction, figures);
            }
        }
    }
    let exit = child.wait().map_err(RunnerError::io("wait for", &program))?;
    locked(lifelines).retain(|(other, _)| *other != id);
    Ok(exit)
}
