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
    archive: None,
    mirrors: &[],
};

#[test]
fn a_file_that_differs_from_the_published_one_is_refused() {
    let root = tempfile::tempdir().unwrap();
    assert!(matches!(
        SET.read(root.path()),
        Err(StreamError::Missing { file: "labels", .. })
    ));

    fs::create_dir(root.path().join("small")).unwrap();
    fs::write(root.path().join("small/labels.gz"), [0, 0, 8, 1, 0, 0, 0, 1, 5]).unwrap();
    assert!(matches!(
        SET.read(root.path()),
        Err(StreamError::Size {
            expected: 10,
            found: 9,
            ..
        })
    ));

    // A plain file is preferred to one with the ending.
    fs::write(root.path().join("small/labels"), [0, 0, 8, 1, 0, 0, 0, 2, 5, 6]).unwrap();
    assert!(matches!(SET.read(root.path()), Err(StreamError::Checksum { .. })));
}

/// The files of a stand-in for an archive, and the archive's bytes.
fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut builder = tar::Builder::new(encoder);
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap().finish().unwrap()
}

#[test]
fn an_archive_serves_as_it_is_and_unpacked() {
    let leak = |text: String| -> &'static str { text.leak() };
    let file = |name, bytes: &[u8]| PublicFile {
        name,
        bytes: bytes.len() as u64,
        sha256: leak(contents::digest(bytes)),
    };
    let bytes = packed(&[
        ("inner/b.bin", b"second"),
        ("inner/readme", b"?"),
        ("inner/a.bin", b"first"),
    ]);
    let set = PublicSet {
        name: "packed",
        source: "",
        files: vec![file("a.bin", b"first"), file("b.bin", b"second")].leak(),
        archive: Some(PublicArchive {
            name: "packed.tar.gz",
            bytes: bytes.len() as u64,
            sha256: leak(contents::digest(&bytes)),
            folder: "inner",
        }),
        mirrors: &[],
    };
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("packed");
    assert!(matches!(
        set.read(root.path()),
        Err(StreamError::Missing {
            file: "packed.tar.gz",
            ..
        })
    ));
    fs::create_dir_all(folder.join("inner")).unwrap();
    fs::write(folder.join("packed.tar.gz"), &bytes).unwrap();
    let whole = [b"first".to_vec(), b"second".to_vec()];
    assert_eq!(set.read(root.path()).unwrap(), whole, "in the catalogue's order");

    // Unpacked files are used if all of them exist.
    fs::write(folder.join("inner/a.bin"), b"other").unwrap();
    assert_eq!(set.read(root.path()).unwrap(), whole);
    fs::write(folder.join("b.bin"), b"second").unwrap();
    assert!(matches!(set.read(root.path()), Err(StreamError::Checksum { .. })));
    fs::write(folder.join("inner/a.bin"), b"first").unwrap();
    assert_eq!(set.read(root.path()).unwrap(), whole);

    fs::remove_file(folder.join("b.bin")).unwrap();
    fs::write(folder.join("packed.tar.gz"), packed(&[("inner/a.bin", b"first")])).unwrap();
    assert!(matches!(set.read(root.path()), Err(StreamError::Archive { .. })));
    let wrong = fs::read(folder.join("packed.tar.gz")).unwrap();
    let lacking = PublicArchive {
        sha256: leak(contents::digest(&wrong)),
        ..set.archive.unwrap()
    };
    let set = PublicSet {
        archive: Some(lacking),
        ..set
    };
    let text = set.read(root.path()).unwrap_err().to_string();
    assert_eq!(
        text,
        "`b.bin` of `packed` does not fit: packed.tar.gz does not have it"
    );
}

#[test]
fn names_are_sorted_and_found() {
    assert!(SETS.windows(2).all(|w| w[0].name < w[1].name));
    assert_eq!(find("mnist"), Some(&MNIST));
    assert_eq!(find("minst"), None);
    for set in SETS {
        let archive = set.archive.iter().map(|archive| archive.sha256);
        let sums: Vec<_> = set.files.iter().map(|f| f.sha256).chain(archive).collect();
        assert!(sums.iter().all(|sum| sum.len() == 64), "{}: {sums:?}", set.name);
    }
}
