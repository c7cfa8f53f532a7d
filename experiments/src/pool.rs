//! Runs side by side, a process each. Whatever ends one of them costs that one.

use crate::cli::CHILD;
use crate::error::RunnerError;
use crate::job::Job;
use crate::places::{RunFolder, SuiteFolder, write_whole};
use crate::progress::Display;
use dentate_core::record::Status;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Mutex;
use std::thread;

/// Run `jobs`, `width` at a time.
pub(crate) fn run_all(folder: &SuiteFolder, jobs: Vec<Job>, width: usize, display: &Display) {
    let waiting = Mutex::new(VecDeque::from(jobs));
    thread::scope(|scope| {
        for slot in 0..width {
            let waiting = &waiting;
            scope.spawn(move || {
                loop {
                    let next = waiting.lock().ok().and_then(|mut w| w.pop_front());
                    let Some(job) = next else { return };
                    let run = folder.run(&job.id);
                    display.begin(slot, &job.label());
                    let status = one(&run, &job, |fraction| display.at(slot, fraction));
                    display.end(slot, &job.label(), &status);
                }
            });
        }
    });
}

/// Do one run in a process of its own and see how it ends.
fn one(run: &RunFolder, job: &Job, at: impl Fn(f64)) -> Status {
    let outcome = start(run, job, at);
    match outcome {
        Ok(exit) => ended(run, exit),
        Err(error) => Status::Failed {
            kind: "start".into(),
            message: error.to_string(),
        },
    }
}

fn start(run: &RunFolder, job: &Job, at: impl Fn(f64)) -> Result<ExitStatus, RunnerError> {
    std::fs::create_dir_all(&run.0).map_err(RunnerError::io("create", &run.0))?;
    for leftover in [run.status(), run.records()] {
        let _ = std::fs::remove_file(leftover); // a failed or forced run leaves these; none is not an error
    }
    write_whole(&run.job(), &serde_json::to_vec_pretty(job).unwrap_or_default())?;
    let log = File::create(run.log()).map_err(RunnerError::io("create", &run.log()))?;
    let program = std::env::current_exe().map_err(RunnerError::io("find", "this program".as_ref()))?;
    let mut child = Command::new(&program)
        .arg("run")
        .arg(&run.0)
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(log)
        .spawn()
        .map_err(RunnerError::io("start", &program))?;
    // Held until the child is gone: its end of this pipe tells it that its parent lives.
    let lifeline = child.stdin.take();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if let Ok(fraction) = line.trim().parse() {
                at(fraction);
            }
        }
    }
    let exit = child.wait().map_err(RunnerError::io("wait for", &program))?;
    drop(lifeline);
    Ok(exit)
}

/// How a run ended: what it wrote, or what its end tells.
fn ended(run: &RunFolder, exit: ExitStatus) -> Status {
    if let Some(status) = read_status(run) {
        return status;
    }
    let log = std::fs::read_to_string(run.log()).unwrap_or_default();
    let panic = log.lines().position(|l| l.contains("panicked at"));
    match panic {
        Some(line) => {
            let message = log
                .lines()
                .nth(line + 1)
                .unwrap_or("no message")
                .trim()
                .to_string();
            Status::Failed {
                kind: "panic".into(),
                message,
            }
        }
        None => Status::Failed {
            kind: "killed".into(),
            message: format!("the process ended with {exit}"),
        },
    }
}

/// The status a run has written, if it has and its records are there.
pub(crate) fn read_status(run: &RunFolder) -> Option<Status> {
    let status: Status = serde_json::from_slice(&std::fs::read(run.status()).ok()?).ok()?;
    (status != Status::Finished || run.records().is_file()).then_some(status)
}
