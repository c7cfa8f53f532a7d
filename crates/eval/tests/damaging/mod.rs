//! Results folders that were cut, duplicated, swapped, edited and mixed: each is read as the right numbers, as rows that say what is
//! wrong, or refused in one sentence. Never as other numbers.

mod blows;

use crate::fixture;
use dentate_core::Seed;
use dentate_core::record::Manifest;
use dentate_eval::frames::Frames;
use dentate_eval::metrics::{Measured, measure};
use dentate_eval::suite::{Outcome, Suite};
use dentate_testkit::malformed::{Reader, withstands};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The files of a results folder, by their paths within it.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

const CASES: u64 = 1500;

/// The report of an undamaged folder.
struct Whole {
    manifest: Manifest,
    measured: Vec<Measured>,
}

static WHOLE: OnceLock<Whole> = OnceLock::new();
/// Cases in which all runs counted, and in which some were damaged.
static UNTOUCHED: AtomicUsize = AtomicUsize::new(0);
static ROWS: AtomicUsize = AtomicUsize::new(0);

/// Four finished runs and one that failed.
fn small() -> Manifest {
    let mut manifest = fixture::manifest();
    manifest.runs.retain(|r| {
        let competes = ["fixed", "dynamic-node-creation"].contains(&r.method.as_str()) && r.seed < 3;
        r.stream == "class-split" && (competes || r.id == "class-split-progressive-columns-3")
    });
    manifest
}

fn gathered(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
                files.insert(name.replace('\\', "/"), fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn lay(folder: &Path, files: &Files) {
    let _ = fs::remove_dir_all(folder);
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

fn measured(suite: &Suite) -> Vec<Measured> {
    measure(suite, &Frames::of(suite).unwrap()).unwrap()
}

/// Read the folder whose path these bytes are, and compare with the whole one.
fn read(path: &[u8]) -> Result<(), String> {
    let suite = Suite::read(Path::new(std::str::from_utf8(path).unwrap())).map_err(|e| e.to_string())?;
    let whole = WHOLE.get().unwrap();
    let mut damaged = 0;
    for (run, found) in suite.runs.iter().zip(measured(&suite)) {
        let same = |e: &&dentate_core::record::RunEntry| {
            (&e.method, &e.stream, e.seed) == (&run.entry.method, &run.entry.stream, run.entry.seed)
        };
        let place = whole.manifest.runs.iter().position(|e| same(&e));
        match &run.outcome {
            Outcome::Finished => assert_eq!(found, whole.measured[place.unwrap()], "other numbers"),
            outcome => {
                damaged += usize::from(matches!(outcome, Outcome::Damaged { .. }));
                let said = outcome.detail();
                assert!(
                    !said.is_empty() && !said.contains('\n') && said.len() < 1000,
                    "{said:?}"
                );
                assert!(found.values.is_empty() && found.matrix.rows().is_empty());
            }
        }
    }
    // What a manifest says is said whole, or not at all.
    assert_eq!(suite.runs.len(), whole.manifest.runs.len());
    assert_eq!(
        (&suite.manifest.streams, &suite.manifest.rank_by),
        (&whole.manifest.streams, &whole.manifest.rank_by)
    );
    ROWS.fetch_add(usize::from(damaged > 0), Ordering::Relaxed);
    UNTOUCHED.fetch_add(usize::from(damaged == 0), Ordering::Relaxed);
    Ok(())
}

#[test]
fn a_damaged_results_folder_never_shows_other_numbers() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("results");
    fixture::write(&folder, &small());
    let files = gathered(&folder);
    let suite = Suite::read(&folder).unwrap();
    let measured = measured(&suite);
    assert_eq!(measured.iter().filter(|m| !m.values.is_empty()).count(), 4);
    let manifest = suite.manifest;
    assert!(WHOLE.set(Whole { manifest, measured }).is_ok());
    let reader = Reader {
        name: "results",
        read,
        most: |_| 16 << 20,
    };
    let path = folder.to_str().unwrap().as_bytes();
    let mut refused = 0;
    for n in 0..CASES {
        let mut random = Seed(7).derive(&format!("damage/{n}")).random();
        let mut damaged = files.clone();
        let blows = blows::strike(&mut damaged, &mut random);
        lay(&folder, &damaged);
        refused += usize::from(!withstands(&reader, path, &format!("case {n}, {blows:?}")));
    }
    let (untouched, rows) = (UNTOUCHED.load(Ordering::Relaxed), ROWS.load(Ordering::Relaxed));
    println!(
        "{CASES} folders: {untouched} as they were, {rows} with rows of what is wrong, {refused} refused"
    );
    assert!(untouched > 20 && rows > 300 && refused > 100);
}
