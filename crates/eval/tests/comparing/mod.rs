//! Two results of one suite against each other.

use crate::fixture;
use dentate_core::record::{Manifest, Record, RunEntry};
use dentate_eval::{ChangeError, changes};
use std::collections::BTreeMap;
use std::path::Path;
use tempfile::TempDir;

/// The made-up suite after a change: one method is gone, one has other settings, and columns lost a tenth of their accuracy.
fn changed() -> Manifest {
    let mut manifest = fixture::manifest();
    manifest.methods.retain(|m| m.name != "joint");
    manifest.runs.retain(|run| run.method != "joint");
    manifest.streams[2].tasks[0] = "even parity".into();
    manifest.methods[1].configuration = "hidden = [64]\n".into();
    manifest.provenance.commit = Some("4567def".into());
    manifest
}

fn worse(run: &RunEntry, mut records: Vec<Record>) -> Vec<Record> {
    let columns = run.method == "progressive-columns";
    for record in records.iter_mut().filter(|r| columns && r.metric == "accuracy") {
        record.value *= 0.9;
    }
    records
}

fn folders() -> (TempDir, TempDir) {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fixture::write(before.path(), &fixture::manifest());
    fixture::write_each(after.path(), &changed(), str::to_owned, worse);
    (before, after)
}

#[test]
fn what_changed_is_told() {
    let (before, after) = folders();
    let found = changes(before.path(), after.path()).unwrap();
    insta::assert_snapshot!(format!("{}\n{}", found.terminal(), found.markdown()));
}

/// The numbers of the CSV are those of a plain computation on `metrics.csv` of both reports.
#[test]
fn the_numbers_are_those_of_the_reports() {
    let (before, after) = folders();
    let csv = changes(before.path(), after.path()).unwrap().csv().unwrap();
    let values = |folder: &Path| -> BTreeMap<(String, String), Vec<f64>> {
        dentate_eval::report(folder).unwrap();
        let text = std::fs::read_to_string(folder.join("metrics.csv")).unwrap();
        let mut all: BTreeMap<_, Vec<f64>> = BTreeMap::new();
        for line in text.lines().filter(|line| line.contains(",average-accuracy,")) {
            let fields: Vec<&str> = line.split(',').collect();
            let of = (fields[0].to_owned(), fields[1].to_owned());
            all.entry(of).or_default().push(fields[5].parse().unwrap());
        }
        all
    };
    let (was, is) = (values(before.path()), values(after.path()));
    let mut checked = 0;
    for line in csv.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        let key = (fields[0].to_owned(), fields[1].to_owned());
        let (Some(was), Some(is)) = (was.get(&key), is.get(&key)) else {
            continue;
        };
        let mean = |of: &[f64]| of.iter().sum::<f64>() / of.len() as f64;
        let near = |field: &str, value: f64| {
            let found: f64 = field.parse().unwrap();
            assert!((found - value).abs() < 1e-12, "{line}: {found} is not {value}");
        };
        near(fields[4], mean(was));
        near(fields[6], mean(is));
        if was == is {
            assert_eq!(fields[14], "unchanged");
            continue;
        }
        let n = was.len() as f64;
        let differences: Vec<f64> = is.iter().zip(was).map(|(a, b)| a - b).collect();
        let d = mean(&differences);
        near(fields[9], d);
        let spread = differences.iter().map(|v| (v - d).powi(2)).sum::<f64>() / (n - 1.0);
        // Student's 97.5 % point for one less than the number of seeds; the fixture has five and two that finished.
        let t = BTreeMap::from([(2, 12.706_204_74), (3, 4.302_652_73), (5, 2.776_445_11)])[&was.len()];
        let low: f64 = fields[10].parse().unwrap();
        assert!((low - (d - t * (spread / n).sqrt())).abs() < 1e-8, "{line}");
        let verdict = if was.len() < 5 {
            "cannot be told: too few seeds to tell"
        } else {
            "worse"
        };
        assert_eq!(fields[14], verdict, "{line}");
        checked += 1;
    }
    assert_eq!(checked, 2, "{csv}");
}

#[test]
fn results_of_two_suites_are_not_compared() {
    let (before, after) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fixture::write(before.path(), &fixture::manifest());
    let mut other = fixture::manifest();
    other.suite = "slow".into();
    fixture::write(after.path(), &other);
    let error = changes(before.path(), after.path()).unwrap_err();
    assert!(matches!(error, ChangeError::OtherSuite { .. }));
    let said = error
        .to_string()
        .replace(&before.path().display().to_string(), "results/a")
        .replace(&after.path().display().to_string(), "results/b");
    assert_eq!(
        said,
        "results/a has results of the suite `quick` and results/b of `slow`: only results of one suite can be compared"
    );
    other.suite = "quick".into();
    other.streams.iter_mut().for_each(|s| s.name.push('x'));
    other.runs.iter_mut().for_each(|r| r.stream.push('x'));
    other.claims.clear();
    fixture::write(after.path(), &other);
    assert_eq!(
        changes(before.path(), after.path()).unwrap_err().to_string(),
        "the two results of the suite `quick` have no stream in common: `task-split`, `class-split` and `parity` before, and \
         `task-splitx`, `class-splitx` and `parityx` after"
    );
    assert!(matches!(
        changes(before.path(), &after.path().join("absent")),
        Err(ChangeError::Report(_))
    ));
}
