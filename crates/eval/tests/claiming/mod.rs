//! Published claims: their file, and the page of replications.

use crate::{fixture, read, rounded};
use dentate_eval::replication;
use std::fs;

#[test]
fn the_files_of_claims_and_pairs() {
    let folder = tempfile::tempdir().unwrap();
    fixture::write(folder.path(), &fixture::manifest());
    dentate_eval::report(folder.path()).unwrap();
    let files = ["claims.csv", "pairs.csv"].map(|name| rounded(&read(folder.path(), name)));
    insta::assert_snapshot!(files.join("\n\n"));
    assert!(
        !folder.path().join("ranks.csv").exists(),
        "two streams are too few"
    );
}

#[test]
fn the_page_of_replications_is_written_between_its_marks() {
    let folder = tempfile::tempdir().unwrap();
    let (results, page) = (folder.path().join("quick"), folder.path().join("replication.md"));
    fixture::write(&results, &fixture::manifest());
    let marks = [replication::BEGIN, replication::END];
    fs::write(
        &page,
        format!("# Page\n\n{}old\n{}\nAfter.\n", marks[0], marks[1]),
    )
    .unwrap();
    let folders = [results];
    let write = || dentate_eval::replication(&page, &folders).unwrap();
    write();
    let once = fs::read_to_string(&page).unwrap();
    insta::assert_snapshot!(once);
    write();
    assert_eq!(
        fs::read_to_string(&page).unwrap(),
        once,
        "written again it is the same"
    );
}

#[test]
fn a_page_or_suite_that_does_not_fit_is_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let (results, page) = (folder.path().join("quick"), folder.path().join("page.md"));
    let mut manifest = fixture::manifest();
    manifest.claims.clear();
    fixture::write(&results, &manifest);
    let said = |folders: &[std::path::PathBuf]| {
        let error = dentate_eval::replication(&page, folders).unwrap_err().to_string();
        error.replace(&folder.path().display().to_string(), "FOLDER")
    };
    let mut sentences = vec![said(&[])];
    fs::write(&page, "# Page\n").unwrap();
    sentences.push(said(&[]));
    fs::write(&page, format!("{}{}", replication::BEGIN, replication::END)).unwrap();
    sentences.push(said(std::slice::from_ref(&results)));
    sentences.push(said(&[folder.path().join("absent")]));
    insta::assert_snapshot!(sentences.join("\n"));
}

/// The page of this repository has the marks that its generated part is written between.
#[test]
fn the_projects_page_has_its_marks() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/replication.md");
    let text = fs::read_to_string(page).unwrap();
    assert_eq!(
        (
            text.matches(replication::BEGIN).count(),
            text.matches(replication::END).count()
        ),
        (1, 1)
    );
}
