//! Damaged results are reported as such, never used, and repeated.

use crate::place::{Place, SUITE, said};
use std::fs;
use std::path::{Path, PathBuf};

fn run_folders(place: &Place) -> Vec<PathBuf> {
    let runs = place.path().join("results/tiny/runs");
    let mut folders: Vec<PathBuf> = fs::read_dir(runs).unwrap().flatten().map(|e| e.path()).collect();
    folders.sort();
    folders
}

/// `--status` says it and exits with 1, and the next call makes the run again, with the bytes that it had.
#[track_caller]
fn mended(place: &Place, expected: &[(String, u64, String)], words: &str) {
    let status = place.bench(&["--status"]);
    let told = String::from_utf8_lossy(&status.stdout).into_owned() + &said(&status);
    assert_eq!(status.status.code(), Some(1), "{told}");
    assert!(
        told.contains("damaged") && told.contains(words),
        "`{words}` is not in: {told}"
    );
    let again = place.bench(&[]);
    assert!(again.status.success(), "{}", said(&again));
    assert!(said(&again).contains(words), "{}", said(&again));
    assert_eq!(place.records(), expected);
    assert_eq!(place.bench(&["--status"]).status.code(), Some(0));
}

#[test]
fn a_damaged_run_is_made_again() {
    let place = Place::with(SUITE);
    assert!(place.bench(&[]).status.success());
    let expected = place.records();
    let folders = run_folders(&place);
    let edit = |path: &Path, change: &dyn Fn(&str) -> String| {
        let text = fs::read_to_string(path).unwrap();
        fs::write(path, change(&text)).unwrap();
    };
    // Every other line, each whole.
    edit(&folders[0].join("records.csv"), &|text| {
        text.lines().step_by(2).map(|line| format!("{line}\n")).collect()
    });
    mended(&place, &expected, "records.csv is damaged: it has");
    // A second, contradicting line.
    edit(&folders[1].join("records.csv"), &|text| {
        text.to_owned() + "accuracy,0,126,0,,1.0\n"
    });
    mended(&place, &expected, "records.csv is damaged: it has");
    edit(&folders[2].join("status.json"), &|_| "{".into());
    mended(&place, &expected, "status.json is damaged");
    fs::remove_dir_all(&folders[3]).unwrap();
    fs::rename(&folders[0], &folders[3]).unwrap();
    mended(&place, &expected, "its folder was renamed or copied");
}

#[test]
fn a_damaged_run_that_is_not_asked_for_is_a_row() {
    let place = Place::with(SUITE);
    assert!(place.bench(&[]).status.success());
    let manifest = place.manifest();
    let fixed = manifest["runs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["method"] == "fixed")
        .unwrap();
    let id = fixed["id"].as_str().unwrap();
    let log = place
        .path()
        .join("results/tiny/runs")
        .join(id)
        .join("records.csv");
    fs::write(&log, "metric,experience,step,task,item,value\n").unwrap();
    let output = place.bench(&["--only", "columns"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("fixed · seed 1: damaged: records.csv is damaged"),
        "{}",
        said(&output)
    );
    let manifest = place.manifest();
    let row = manifest["runs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|r| r["id"] == id)
        .unwrap();
    assert_eq!(
        (&row["status"], &row["kind"]),
        (&"failed".into(), &"damaged".into())
    );
}

/// A manifest is derived from the suite and its runs: whatever becomes of it, it is written anew, and says the same.
#[test]
fn a_damaged_manifest_is_written_anew() {
    let place = Place::with(SUITE);
    assert!(place.bench(&[]).status.success());
    let path = place.path().join("results/tiny/manifest.json");
    let whole = fs::read_to_string(&path).unwrap();
    let without_time = |text: &str| {
        let mut manifest: serde_json::Value = serde_json::from_str(text).unwrap();
        manifest["provenance"] = "".into();
        manifest["seal"] = "".into();
        manifest
    };
    let ids: Vec<String> = place.manifest()["runs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["id"].to_string())
        .collect();
    let swapped = whole
        .replace(&ids[0], "@")
        .replace(&ids[1], &ids[0])
        .replace('@', &ids[1]);
    assert_ne!(swapped, whole);
    for text in [
        &whole[..whole.len() / 2],
        "",
        &swapped,
        &whole.replace("Tiny", "Tidy"),
    ] {
        fs::write(&path, text).unwrap();
        let status = place.bench(&["--status"]);
        assert_eq!(status.status.code(), Some(1), "{}", said(&status));
        let told = String::from_utf8_lossy(&status.stdout).into_owned();
        assert!(told.contains("the next `bench` writes it anew"), "{told}");
        let again = place.bench(&[]);
        assert!(again.status.success(), "{}", said(&again));
        assert!(said(&again).contains("it is written anew"), "{}", said(&again));
        assert_eq!(
            without_time(&fs::read_to_string(&path).unwrap()),
            without_time(&whole)
        );
        assert_eq!(place.bench(&["--status"]).status.code(), Some(0));
    }
}

/// Text of a suite never reaches the terminal as control sequences, not even where it is quoted.
#[test]
fn names_cannot_steer_the_terminal() {
    let name = "name = \"col\\u001b[2J\\u009b\\u202eumns\"";
    let place = Place::with(&SUITE.replace("name = \"columns\"", name));
    let output = place.bench(&[]);
    assert_eq!(output.status.code(), Some(2));
    let shown = |c: char| c == '\n' || dentate_core::record::is_printable(c);
    assert!(said(&output).chars().all(shown), "{:?}", said(&output));
    assert!(said(&output).contains("�umns"), "{}", said(&output));
}
