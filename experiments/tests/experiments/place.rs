//! A folder with a suite in it, and the program run there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) const SUITE: &str = r#"
title = "Tiny"
control = "fixed"
seeds = 2
[evaluation]
points = 2
[defaults]
hidden = [8]
[[stream]]
name = "drawn"
kind = "split"
scenario = "class-incremental"
data = { kind = "digits", train = 400, test = 100 }
[[method]]
name = "fixed"
[[method]]
name = "columns"
strategy = { name = "progressive-columns" }
"#;

/// A folder for one test.
pub(crate) struct Place(tempfile::TempDir);

impl Place {
    /// A folder with a space and a letter outside ASCII in its name, and a suite in it.
    pub(crate) fn with(suite: &str) -> Self {
        let place = Self(
            tempfile::Builder::new()
                .prefix("déntate test ")
                .tempdir()
                .unwrap(),
        );
        fs::write(place.path().join("tiny.toml"), suite).unwrap();
        place
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    /// A command that stands in this folder and knows no other.
    pub(crate) fn at_home<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        command
            .current_dir(self.path())
            .env("DENTATE_CACHE", self.path().join("cache"))
            .env("DENTATE_DATA", self.path().join("no data"))
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dentate"));
        self.at_home(&mut command).args(args);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    pub(crate) fn bench(&self, more: &[&str]) -> Output {
        self.run(&[&["bench", "./tiny.toml"], more].concat())
    }

    pub(crate) fn manifest(&self) -> serde_json::Value {
        serde_json::from_slice(&fs::read(self.path().join("results/tiny/manifest.json")).unwrap()).unwrap()
    }

    /// A number of every run's timing, added up.
    pub(crate) fn timings(&self, key: &str) -> u64 {
        let runs = fs::read_dir(self.path().join("results/tiny/runs"))
            .unwrap()
            .flatten();
        let number = |run: fs::DirEntry| {
            let text = fs::read(run.path().join("timing.json")).unwrap();
            serde_json::from_slice::<serde_json::Value>(&text).unwrap()[key]
                .as_u64()
                .unwrap()
        };
        runs.map(number).sum()
    }

    /// Method, seed and records of every run, sorted.
    pub(crate) fn records(&self) -> Vec<(String, u64, String)> {
        let mut all: Vec<_> = self.manifest()["runs"]
            .as_array()
            .unwrap()
            .iter()
            .map(|run| {
                let folder: PathBuf = self
                    .path()
                    .join("results/tiny/runs")
                    .join(run["id"].as_str().unwrap())
                    .join("records.csv");
                let method = run["method"].as_str().unwrap().to_string();
                (
                    method,
                    run["seed"].as_u64().unwrap(),
                    fs::read_to_string(folder).unwrap(),
                )
            })
            .collect();
        all.sort();
        all
    }
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The line of [`SUITE`] by which its second method grows.
pub(crate) const COLUMNS: &str = "strategy = { name = \"progressive-columns\" }";
