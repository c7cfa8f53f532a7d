//! Data that changes while a suite runs: no run is stored under the id of other data.

use crate::place::{Place, said};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const SUITE: &str = r#"
control = "fixed"
seeds = 6
[evaluation]
points = 2
[checkpoints]
updates = 1
share = 0.5
[defaults]
hidden = [8]
[[stream]]
name = "own"
kind = "split"
scenario = "class-incremental"
data = { kind = "npy", path = "mine", classes = 4 }
[[method]]
name = "fixed"
[[method]]
name = "columns"
strategy = { name = "progressive-columns" }
"#;

const ROWS: usize = 400;

/// An array as NumPy saves it.
fn npy(shape: &str, values: &[u8]) -> Vec<u8> {
    let mut header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': ({shape}), }}");
    while (header.len() + 11) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    bytes.extend(values);
    bytes
}

fn put(path: &Path, bytes: &[u8]) {
    let beside = path.with_extension("part");
    fs::write(&beside, bytes).unwrap();
    fs::rename(beside, path).unwrap();
}

/// A suite over arrays of one's own, and the file with its training labels.
fn place() -> (Place, PathBuf) {
    let place = Place::with(SUITE);
    let folder = place.path().join("no data/mine");
    fs::create_dir_all(&folder).unwrap();
    let label = |row: usize| (row % 4) as u8;
    let pixels: Vec<u8> = (0..ROWS)
        .flat_map(|row| {
            (0..8).map(move |i| {
                if i / 2 == row % 4 {
                    200 + (row % 50) as u8
                } else {
                    (row % 40) as u8
                }
            })
        })
        .collect();
    for (half, rows) in [("train", ROWS), ("test", ROWS / 4)] {
        put(
            &folder.join(format!("x_{half}.npy")),
            &npy(&format!("{rows}, 8"), &pixels[..rows * 8]),
        );
        let labels: Vec<u8> = (0..rows).map(label).collect();
        put(
            &folder.join(format!("y_{half}.npy")),
            &npy(&format!("{rows},"), &labels),
        );
    }
    (place, folder.join("y_train.npy"))
}

/// Labels of other classes, in a file of the same size.
fn other_labels() -> Vec<u8> {
    let labels: Vec<u8> = (0..ROWS).map(|row| ((row + 1) % 4) as u8).collect();
    npy(&format!("{ROWS},"), &labels)
}

fn rows(place: &Place) -> Vec<(String, String, String)> {
    let manifest = place.manifest();
    let word = |run: &serde_json::Value, key: &str| run[key].as_str().unwrap_or_default().to_string();
    let runs = manifest["runs"].as_array().unwrap();
    runs.iter()
        .map(|run| (word(run, "id"), word(run, "status"), word(run, "kind")))
        .collect()
}

#[test]
fn labels_replaced_while_a_suite_runs_make_no_result() {
    let (clean, _) = place();
    assert!(clean.bench(&["--only", "fixed"]).status.success());
    let expected = clean.records();

    let (place, labels) = place();
    let before = fs::read(&labels).unwrap();
    let mut bench = place.command(&["bench", "./tiny.toml", "--jobs", "1", "--only", "fixed"]);
    let child = bench.stderr(std::process::Stdio::piped()).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(60);
    let finished = || {
        let runs = fs::read_dir(place.path().join("results/tiny/runs"))
            .into_iter()
            .flatten()
            .flatten();
        runs.filter(|run| run.path().join("status.json").is_file())
            .count()
    };
    while finished() == 0 {
        assert!(Instant::now() < end, "no run ends");
        std::thread::sleep(Duration::from_millis(1));
    }
    put(&labels, &other_labels());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert!(
        said(&output).contains("the data `mine` changed since this run was asked for"),
        "{}",
        said(&output)
    );
    let runs = rows(&place);
    assert_eq!(runs.len(), 6);
    let failed = runs
        .iter()
        .filter(|run| run.1 == "failed")
        .inspect(|run| assert_eq!(run.2, "data"))
        .count();
    assert!(failed > 0);

    // The data that is there now makes runs of its own, and the old one's are there still.
    assert!(place.bench(&["--only", "fixed"]).status.success());
    assert!(
        rows(&place)
            .iter()
            .all(|run| run.1 == "finished" && !runs.contains(run))
    );
    assert_ne!(place.records(), expected);
    put(&labels, &before);
    let output = place.bench(&["--only", "fixed"]);
    assert!(output.status.success());
    assert!(
        said(&output).contains(&format!("{failed} runs to make, {} finished already", 6 - failed)),
        "{}",
        said(&output)
    );
    assert_eq!(place.records(), expected);
}

/// The situation on a cluster: the job was written a while ago.
#[test]
fn a_job_is_of_the_data_that_it_was_written_for() {
    let (place, labels) = place();
    assert!(place.bench(&["--only", "fixed", "--seeds", "1"]).status.success());
    let id = rows(&place)[0].0.clone();
    let run = format!("results/tiny/runs/{id}");
    let records = fs::read(place.path().join(&run).join("records.csv")).unwrap();
    let before = fs::read(&labels).unwrap();
    put(&labels, &other_labels());
    let output = place.run(&["run", "--fresh", &run]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let status = fs::read_to_string(place.path().join(&run).join("status.json")).unwrap();
    assert!(status.contains("\"data\""), "{status}");
    assert!(!place.path().join(&run).join("records.csv").exists());
    put(&labels, &before);
    assert!(place.run(&["run", &run]).status.success());
    assert_eq!(
        fs::read(place.path().join(&run).join("records.csv")).unwrap(),
        records
    );
}

#[test]
fn a_checkpoint_is_not_taken_up_on_other_data() {
    let (place, labels) = place();
    // Ended in its second experience, behind the checkpoint of the first.
    let limited = SUITE.replace("[defaults]", "[limits]\nparameters = 130\n[defaults]");
    fs::write(place.path().join("tiny.toml"), limited).unwrap();
    let bench = || place.bench(&["--only", "columns", "--seeds", "1"]);
    assert_eq!(bench().status.code(), Some(1));
    let (id, _, kind) = rows(&place)[0].clone();
    assert_eq!(kind, "parameter-limit");
    let run = format!("results/tiny/runs/{id}");
    assert!(place.path().join(&run).join("checkpoint.safetensors").is_file());
    put(&labels, &other_labels());
    assert_eq!(place.run(&["run", &run]).status.code(), Some(1));
    let status = fs::read_to_string(place.path().join(&run).join("status.json")).unwrap();
    assert!(status.contains("\"data\""), "{status}");
}

/// Places in jobs are whole: they are read from elsewhere.
#[test]
fn a_relative_cache_and_data_folder_are_found_from_anywhere() {
    let (place, _) = place();
    let mut bench = place.command(&["bench", "./tiny.toml", "--only", "fixed", "--seeds", "1"]);
    let output = bench
        .env("DENTATE_CACHE", "near")
        .env("DENTATE_DATA", "no data")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", said(&output));
    let run = place.path().join("results/tiny/runs").join(&rows(&place)[0].0);
    let job: serde_json::Value = serde_json::from_slice(&fs::read(run.join("job.json")).unwrap()).unwrap();
    for key in ["cache", "data_root"] {
        assert!(
            Path::new(job[key].as_str().unwrap()).is_absolute(),
            "{key}: {}",
            job[key]
        );
    }
    let away = tempfile::tempdir().unwrap();
    let mut again = place.command(&["run", "--fresh"]);
    let output = again.arg(&run).current_dir(away.path()).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
}
