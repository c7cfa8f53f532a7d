//! `cargo xtask ci`: all checks of a change.

use crate::child::{self, ChildError};
use crate::failure::Failure;
use crate::output::{give, say};
use crate::steps::{Outcome, Steps};
use crate::test;
use crate::tidy;
use crate::timings;
use crate::workspace::Workspace;
use std::process::{Command, ExitCode, Stdio};

pub(crate) fn ci(workspace: &Workspace) -> Result<ExitCode, Failure> {
    let mut steps = Steps::default();
    let cargo = |arguments: &[&str]| {
        let mut cargo = workspace.cargo();
        cargo.args(arguments);
        cargo
    };
    // Cheap checks first: a misplaced space should not cost a build.
    steps.run("fmt", &mut cargo(&["fmt", "--all", "--", "--check"]))?;
    let findings = tidy::findings(workspace)?;
    steps.perform("tidy", |title| {
        say!("{title}");
        findings.iter().for_each(|finding| say!("{finding}"));
        Ok(if findings.is_empty() {
            Outcome::Passed
        } else {
            Outcome::Failed
        })
    })?;
    steps.run(
        "clippy",
        // With the library's feature `report`, which nothing else here builds; it adds no crate to compile.
        &mut cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--features",
            "dentate/report",
            "--",
            "-D",
            "warnings",
        ]),
    )?;
    test::run(workspace, &[], &mut steps)?;
    steps.run(
        "documentation",
        cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"),
    )?;
    book(workspace, &mut steps)?;
    deny(&cargo, &mut steps)?;
    if let Some(line) = timings::line(workspace) {
        give!("{line}");
    }
    give!("{}", steps.summary("ci", &test::notes(&[])));
    Ok(steps.exit_code())
}

/// Builds the book. Its links are checked by `tidy`, with or without mdBook.
fn book(workspace: &Workspace, steps: &mut Steps) -> Result<(), ChildError> {
    if !answers(Command::new("mdbook").arg("--version")) {
        let how = "install mdBook with `cargo install mdbook --locked`".to_owned();
        return steps.perform("book", |_| Ok(Outcome::Skipped(how)));
    }
    let into = workspace.root.join("target").join("book");
    let mut mdbook = Command::new("mdbook");
    mdbook
        .arg("build")
        .arg(workspace.root.join("docs"))
        .arg("--dest-dir")
        .arg(into);
    steps.run("book", &mut mdbook)
}

/// Checks licences, duplicate and banned crates, and sources; and known vulnerabilities, if the database can be fetched.
fn deny(cargo: &dyn Fn(&[&str]) -> Command, steps: &mut Steps) -> Result<(), ChildError> {
    if !answers(&mut cargo(&["deny", "--version"])) {
        let how = "install it with `cargo install cargo-deny --locked`".to_owned();
        return steps.perform("dependencies", |_| Ok(Outcome::Skipped(how)));
    }
    steps.run(
        "licences",
        &mut cargo(&["deny", "check", "licenses", "bans", "sources"]),
    )?;
    steps.perform("advisories", |title| {
        say!("{title}: cargo deny check advisories");
        child::outlive_interrupts();
        let output = match cargo(&["deny", "check", "advisories"])
            .stdin(Stdio::null())
            .output()
        {
            Ok(output) => output,
            Err(error) => return Ok(Outcome::Skipped(format!("cargo deny did not start: {error}"))),
        };
        let said = String::from_utf8_lossy(&output.stderr);
        Ok(advisories(output.status.success(), &said).unwrap_or_else(|| {
            say!("{said}");
            if child::interrupted() {
                Outcome::Interrupted
            } else {
                Outcome::Failed
            }
        }))
    })
}

/// The result of checking advisories, if it is clear: they passed, or there was no database to check against. Then the machine
/// is merely offline, which is no fault of the change under test.
fn advisories(success: bool, said: &str) -> Option<Outcome> {
    if success {
        return Some(Outcome::Passed);
    }
    let offline = [
        "failed to fetch advisory database",
        "failed to load advisory database",
    ]
    .iter()
    .any(|sign| said.contains(sign));
    offline.then(|| Outcome::Skipped("the advisory database could not be fetched".to_owned()))
}

fn answers(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests;
