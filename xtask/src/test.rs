//! `cargo xtask test`: every test of the workspace.

use crate::browser;
use crate::child::ChildError;
use crate::cluster;
use crate::data;
use crate::failure::Failure;
use crate::libtorch;
use crate::new;
use crate::output::{give, say};
use crate::steps::{Outcome, Steps};
use crate::timings;
use crate::workspace::Workspace;
use std::process::ExitCode;

const TARGETS: [&str; 3] = ["--lib", "--bins", "--tests"];

pub(crate) fn test(workspace: &Workspace, rest: &[String]) -> Result<ExitCode, Failure> {
    let mut steps = Steps::default();
    run(workspace, rest, &mut steps)?;
    if let Some(line) = timings::line(workspace) {
        give!("{line}");
    }
    give!("{}", steps.summary("test", &notes(rest)));
    Ok(steps.exit_code())
}

/// Notes on what the tests do not cover this time.
pub(crate) fn notes(rest: &[String]) -> Vec<String> {
    let mut notes = vec![
        data::note_on_mnist(),
        browser::note(),
        cluster::note(),
        libtorch::note(),
    ];
    if !rest.is_empty() {
        notes.push("only what the arguments select, and no benchmarks".to_owned());
    }
    notes
}

/// Build the tests, and run them if the build succeeds: three reports of one compile error would not help.
///
/// Every call names the whole workspace: with `-p`, cargo would unite fewer features and compile dependencies again.
pub(crate) fn run(workspace: &Workspace, rest: &[String], steps: &mut Steps) -> Result<(), ChildError> {
    let test = |arguments: &[&str]| {
        let mut cargo = workspace.cargo();
        cargo.args(["test", "--workspace"]).args(arguments);
        cargo
    };
    let after = |cargo: &mut std::process::Command| {
        if !rest.is_empty() {
            cargo.arg("--").args(rest);
        }
    };

    steps.run("build", test(&TARGETS).args(["--no-run", "--timings"]))?;
    if !steps.last_passed() {
        return Ok(());
    }
    // Some tests start example programs. Among the targets of a test these would be built as tests themselves.
    steps.run(
        "examples",
        workspace.cargo().args(["build", "--workspace", "--examples"]),
    )?;
    if !steps.last_passed() {
        return Ok(());
    }
    let mut unit = test(&TARGETS);
    unit.arg("--no-fail-fast");
    after(&mut unit);
    steps.run("unit and integration tests", &mut unit)?;
    if rest.is_empty() {
        // Not `--benches`, which would run the unit tests again, nor `--all-targets`, which would hand the
        // benchmarks arguments that are meant for tests. Without `--bench` criterion runs each of them once.
        steps.run("each benchmark once", &mut test(&["--bench", "*"]))?;
    }
    let mut doc = test(&["--doc", "--no-fail-fast"]);
    after(&mut doc);
    steps.run("documentation examples", &mut doc)?;
    with_libtorch(workspace, &after, steps)?;
    if rest.is_empty() {
        outsiders(workspace, steps)?;
    }
    Ok(())
}

/// The backends with the feature `libtorch`, if it is available or required. Other packages do not depend on it.
fn with_libtorch(
    workspace: &Workspace,
    after: &dyn Fn(&mut std::process::Command),
    steps: &mut Steps,
) -> Result<(), ChildError> {
    let title = "libtorch";
    match libtorch::for_tests() {
        Ok(Some(libtorch)) => {
            let mut cargo = workspace.cargo();
            let of = [
                "-p",
                "dentate-backends",
                "--features",
                "dentate-backends/libtorch",
            ];
            cargo
                .arg("test")
                .args(of)
                .args(["--lib", "--tests", "--no-fail-fast"]);
            libtorch.lead(&mut cargo);
            after(&mut cargo);
            steps.run(title, &mut cargo)
        }
        // What is missing is printed at the end.
        Ok(None) => Ok(()),
        Err(error) => steps.perform(title, |_| {
            say!(
                "error: libtorch is required by {}, but {error}",
                libtorch::REQUIRE
            );
            Ok(Outcome::Failed)
        }),
    }
}

/// Plugins of every kind as users would write them, in their own folder, with `dentate` as their only dependency: they build
/// and satisfy their laws.
fn outsiders(workspace: &Workspace, steps: &mut Steps) -> Result<(), ChildError> {
    let name = "outsiders";
    let place = std::env::temp_dir().join(format!("dentate-{name}-{}", std::process::id()));
    let made = new::outsiders(&workspace.root, &place);
    let title = "plugins outside the workspace";
    match made {
        Ok(()) => {
            let mut cargo = workspace.cargo();
            // Build outputs are kept beside the others, so that the next time is quick.
            let target = workspace.root.join("target").join(name);
            cargo.current_dir(&place).env("CARGO_TARGET_DIR", target).args([
                "test",
                "--quiet",
                "--workspace",
            ]);
            steps.run(title, &mut cargo)?;
        }
        Err(error) => steps.perform(title, |_| {
            say!("error: {error}");
            Ok(Outcome::Failed)
        })?,
    }
    // It was created for this; if it cannot be removed, it is in the folder of temporary files.
    let _ = std::fs::remove_dir_all(&place);
    Ok(())
}
