//! Running suites and reporting on them: the programs to call, their order, and the meaning of their exit codes.

use crate::build::{self, DENTATE, REPORT};
use crate::child::{self, ChildError, Ended};
use crate::cli;
use crate::failure::Failure;
use crate::libtorch::Libtorch;
use crate::output::say;
use crate::suite::{self, Suite};
use crate::workspace::Workspace;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, ExitCode};

/// A program with its arguments, started in the folder xtask was started from, since a suite's path is relative to that.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Call {
    program: OsString,
    arguments: Vec<OsString>,
}

impl Call {
    fn new(program: &Path, arguments: impl IntoIterator<Item = OsString>) -> Self {
        Self {
            program: program.into(),
            arguments: arguments.into_iter().collect(),
        }
    }

    fn run(&self) -> Result<Ended, ChildError> {
        child::run(Command::new(&self.program).args(&self.arguments))
    }
}

/// The exit code of `dentate` if it was built without the backend that a suite needs. Only `dentate` reads suites.
const NO_LIBTORCH: i32 = 4;

/// The exit code of `dentate-report --check-claims` if a claim of the suite is not held or cannot be tested.
const CLAIMS: i32 = 5;

/// `cargo xtask bench`.
pub(crate) fn bench(workspace: &Workspace, wanted: &cli::Bench) -> Result<ExitCode, Failure> {
    let suites = suite::resolve(&wanted.suites, &workspace.suites())?;
    let asked = wanted.backend.as_deref() == Some("libtorch");
    let libtorch = asked.then(Libtorch::at_hand).transpose()?;
    if wanted.dry_run || wanted.status || wanted.cluster.executor.as_deref() == Some("slurm") {
        // Nothing is run here, so there is nothing new to report on.
        let built = build::build(
            workspace,
            &build::alone_or_as_before(workspace, DENTATE)?,
            &[DENTATE],
            libtorch.as_ref(),
        )?;
        return Ok(code(
            Call::new(built.path(DENTATE)?, bench_arguments(&suites, wanted)).run()?,
        ));
    }
    let build_both = |libtorch| build::build(workspace, &[DENTATE, REPORT], &[DENTATE, REPORT], libtorch);
    let mut built = build_both(libtorch.as_ref())?;
    let mut runner = Call::new(built.path(DENTATE)?, bench_arguments(&suites, wanted));
    let mut ran = runner.run()?;
    if ran == Ended::Code(NO_LIBTORCH) && libtorch.is_none() {
        say!("the suite asks for libtorch: finding or providing it, and building with it");
        built = build_both(Some(&Libtorch::at_hand()?))?;
        runner = Call::new(built.path(DENTATE)?, bench_arguments(&suites, wanted));
        ran = runner.run()?;
    }
    let results = workspace.results(wanted.results.as_deref());
    let reporter = Reporter {
        program: built.path(REPORT)?,
        records: false,
        check_claims: wanted.check_claims,
    };
    report_after(ran, &reporter, &suites, &results, &mut Call::run)
}

/// `cargo xtask report`.
pub(crate) fn report(workspace: &Workspace, wanted: &cli::Report) -> Result<ExitCode, Failure> {
    let results = workspace.results(wanted.results.as_deref());
    let suites = suite::with_results(&wanted.suites, &workspace.suites(), &results)?;
    // Both, as for `bench`: the report alone would be built with other features of its dependencies.
    let built = build::build(workspace, &[DENTATE, REPORT], &[REPORT], None)?;
    let reporter = Reporter {
        program: built.path(REPORT)?,
        records: wanted.records,
        check_claims: wanted.check_claims,
    };
    Ok(code(report_on(&reporter, &suites, &results, &mut Call::run)?))
}

/// `cargo xtask list` and `cargo xtask data`, which `dentate` executes.
pub(crate) fn pass_through(
    workspace: &Workspace,
    command: &str,
    rest: &[String],
) -> Result<ExitCode, Failure> {
    let built = build::build(
        workspace,
        &build::alone_or_as_before(workspace, DENTATE)?,
        &[DENTATE],
        None,
    )?;
    let arguments = std::iter::once(command)
        .chain(rest.iter().map(String::as_str))
        .map(OsString::from);
    Ok(code(Call::new(built.path(DENTATE)?, arguments).run()?))
}

fn bench_arguments(suites: &[Suite], wanted: &cli::Bench) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["bench".into()];
    arguments.extend(suites.iter().map(|suite| OsString::from(&suite.argument)));
    let mut option = |name: &str, value: OsString| arguments.extend([name.into(), value]);
    if let Some(scale) = &wanted.scale {
        option("--scale", scale.into());
    }
    if let Some(seeds) = wanted.seeds {
        option("--seeds", seeds.to_string().into());
    }
    for method in &wanted.only {
        option("--only", method.into());
    }
    if let Some(jobs) = wanted.jobs {
        option("--jobs", jobs.to_string().into());
    }
    for (name, given) in [("--backend", &wanted.backend), ("--device", &wanted.device)] {
        if let Some(word) = given {
            option(name, word.into());
        }
    }
    if let Some(results) = &wanted.results {
        option("--results", results.into());
    }
    let cluster = &wanted.cluster;
    for (name, given) in [
        ("--executor", &cluster.executor),
        ("--partition", &cluster.partition),
        ("--time", &cluster.time),
        ("--array-size", &cluster.array_size),
    ] {
        if let Some(value) = given {
            option(name, value.into());
        }
    }
    for value in &cluster.sbatch {
        arguments.push(format!("--sbatch={value}").into());
    }
    for (name, given) in [
        ("--fresh", wanted.fresh),
        ("--allow-inexact", wanted.allow_inexact),
        ("--profile", wanted.profile),
        ("--dry-run", wanted.dry_run),
        ("--status", wanted.status),
    ] {
        if given {
            arguments.push(name.into());
        }
    }
    arguments
}

/// The program that reports, with what it is asked for.
struct Reporter<'a> {
    program: &'a Path,
    records: bool,
    check_claims: bool,
}

/// Report on each suite that was run, also if some runs failed: the results of the others can be read.
fn report_after(
    ran: Ended,
    reporter: &Reporter<'_>,
    suites: &[Suite],
    results: &Path,
    run: &mut dyn FnMut(&Call) -> Result<Ended, ChildError>,
) -> Result<ExitCode, Failure> {
    match ran {
        // 1 means that some run failed; the other results are complete.
        Ended::Code(0 | 1) => {}
        // dentate has printed how to continue.
        Ended::Interrupted | Ended::Code(_) => return Ok(code(ran)),
        Ended::Killed => {
            say!(
                "error: dentate was killed; finished runs are kept, and the same command goes on with the others"
            );
            return Ok(code(ran));
        }
    }
    let reported = report_on(reporter, suites, results, run)?;
    // A claim that is not held says less than a run that failed.
    let runs_first = reported.is_success() || reported == Ended::Code(CLAIMS) && !ran.is_success();
    Ok(code(if runs_first { ran } else { reported }))
}

/// Report on each suite that has results; returns how the first failure ended.
fn report_on(
    reporter: &Reporter<'_>,
    suites: &[Suite],
    results: &Path,
    run: &mut dyn FnMut(&Call) -> Result<Ended, ChildError>,
) -> Result<Ended, ChildError> {
    let mut worst = Ended::Code(0);
    for suite in suites {
        let folder = results.join(&suite.name);
        if !suite::has_results(&folder) {
            say!("{}: no results, so no report", suite.name);
            worst = Ended::Code(1);
            continue;
        }
        let options = [
            ("--records", reporter.records),
            ("--check-claims", reporter.check_claims),
        ];
        let chosen = options.into_iter().filter(|(_, asked)| *asked);
        let arguments = chosen.map(|(option, _)| OsString::from(option)).chain([
            "--index".into(),
            results.into(),
            folder.into(),
        ]);
        let ended = run(&Call::new(reporter.program, arguments))?;
        if ended == Ended::Interrupted {
            return Ok(ended);
        }
        if ended == Ended::Code(CLAIMS) {
            say!("{}: some claims are not held or cannot be tested", suite.name);
            worst = if worst.is_success() { ended } else { worst };
            continue;
        }
        if !ended.is_success() {
            say!("error: the report on {} failed", suite.name);
            worst = Ended::Code(1);
        }
    }
    Ok(worst)
}

/// The exit code for the outcome of a child.
fn code(ended: Ended) -> ExitCode {
    match ended {
        Ended::Code(0) => ExitCode::SUCCESS,
        Ended::Code(code @ (2 | 3 | CLAIMS)) => ExitCode::from(code as u8),
        Ended::Interrupted | Ended::Code(130) => ExitCode::from(130),
        Ended::Code(_) | Ended::Killed => ExitCode::FAILURE,
    }
}

#[cfg(test)]
mod tests;
