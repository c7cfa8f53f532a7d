use super::found;
use crate::checkpoint::{Checkpoint, example};
use crate::job::Job;
use crate::paths::RunFolder;
use crate::run::RunOptions;
use dentate_core::record::Sum;
use std::path::Path;

const HERE: &str = "a machine";

/// The digest of the rows that the checkpoint belongs to.
fn rows() -> String {
    "89ab".into()
}

/// A run's folder with a checkpoint in it, and the run.
fn interrupted() -> (tempfile::TempDir, RunFolder, Job) {
    let place = tempfile::tempdir().unwrap();
    let (_, suite) = crate::paths::suites().remove(0);
    let suite = crate::suite::Suite::read(&suite).unwrap();
    let job = crate::job::example(&suite).unwrap();
    let job = Job::from_bytes(&job, Path::new("job.json")).unwrap();
    let folder = RunFolder(place.path().into());
    let mut checkpoint = Checkpoint::decode(&example().unwrap()).unwrap();
    checkpoint.state.run = job.id.clone();
    checkpoint.write(&folder.checkpoint()).unwrap();
    (place, folder, job)
}

#[test]
fn a_checkpoint_of_another_machine_is_not_taken_up_by_itself() {
    let (_place, folder, job) = interrupted();
    let allowed = RunOptions {
        allow_inexact: true,
        ..RunOptions::default()
    };
    let inexact =
        |at: &str, options| found(&job, &folder, &rows, at, None, options).map(|(_, inexact)| inexact);
    assert_eq!(inexact(HERE, RunOptions::default()), Some(false));
    assert_eq!(inexact("another one", RunOptions::default()), None);
    assert_eq!(inexact("another one", allowed), Some(true));
    assert_eq!(inexact(HERE, allowed), Some(false));
}

#[test]
fn a_checkpoint_of_another_run_or_a_damaged_one_is_not_taken_up() {
    let (_place, folder, mut job) = interrupted();
    job.id = "another".into();
    assert!(found(&job, &folder, &rows, HERE, None, RunOptions::default()).is_none());
    let (_place, folder, job) = interrupted();
    let bytes = std::fs::read(folder.checkpoint()).unwrap();
    std::fs::write(folder.checkpoint(), &bytes[..bytes.len() / 2]).unwrap();
    assert!(found(&job, &folder, &rows, HERE, None, RunOptions::default()).is_none());
}

/// The files are those of the run, and what they decode to is not what it was.
#[test]
fn a_checkpoint_that_was_begun_on_other_rows_is_not_taken_up() {
    let (_place, folder, job) = interrupted();
    let other = || "89ac".to_string();
    assert!(found(&job, &folder, &other, HERE, None, RunOptions::default()).is_none());
}

/// Its settings follow from another run, which has other records now.
#[test]
fn a_checkpoint_that_was_begun_with_other_settings_is_not_taken_up() {
    let (_place, folder, job) = interrupted();
    let settings = Sum::of(b"hidden = [3]");
    let with = |settings| found(&job, &folder, &rows, HERE, settings, RunOptions::default());
    assert!(with(Some(&settings)).is_none());
    let mut checkpoint = Checkpoint::decode(&example().unwrap()).unwrap();
    (checkpoint.state.run, checkpoint.state.settings) = (job.id.clone(), Some(settings.clone()));
    checkpoint.write(&folder.checkpoint()).unwrap();
    assert!(with(Some(&settings)).is_some());
    let other = Sum::of(b"hidden = [4]");
    assert!(with(Some(&other)).is_none() && with(None).is_none());
}
