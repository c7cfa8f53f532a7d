use super::*;
use std::fs;

/// A small stand-in for a file of the catalogue: two labels.
const SMALL: PublicFile = PublicFile {
    name: "labels",
    bytes: 10,
    sha256: "0b4e5b0f4b5b4a6bd1a4b3ffce26c1ae0a9e8ec6bb3f7a4fcd1ff1c8bb6b8d73",
};
const SET: PublicSet = PublicSet {
    name: "small",
    source: "",
    files: &[SMALL],
    mirrors: &[],
};

#[test]
fn a_file_that_differs_from_the_published_one_is_refused() {
    let root = tempfile::tempdir().unwrap();
    assert!(matches!(
        SET.read(root.path(), &SMALL),
        Err(StreamError::Missing { file: "labels", .. })
    ));

    fs::create_dir(root.path().join("small")).unwrap();
    fs::write(root.path().join("small/labels.gz"), [0, 0, 8, 1, 0, 0, 0, 1, 5]).unwrap();
    assert!(matches!(
        SET.read(root.path(), &SMALL),
        Err(StreamError::Size {
            expected: 10,
            found: 9,
            ..
        })
    ));

    // A plain file is taken before one with the ending.
    fs::write(root.path().join("small/labels"), [0, 0, 8, 1, 0, 0, 0, 2, 5, 6]).unwrap();
    assert!(matches!(
        SET.read(root.path(), &SMALL),
        Err(StreamError::Checksum { .. })
    ));
}

#[test]
fn names_are_sorted_and_found() {
    assert!(SETS.windows(2).all(|w| w[0].name < w[1].name));
    assert_eq!(find("mnist"), Some(&MNIST));
    assert_eq!(find("minst"), None);
    assert!(MNIST.files.iter().all(|f| f.sha256.len() == 64));
}
