use super::*;
use std::io::Write;

const FILES: [(&str, &[u8]); 4] = [
    ("b/2.txt", b"two"),
    ("a/deep/1.txt", b"one"),
    ("a/.hidden/x.txt", b"no"),
    ("__MACOSX/a/1.txt", b"no"),
];

fn folder() -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, bytes) in FILES {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    root
}

fn tar(prefix: &str) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in FILES {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        builder
            .append_data(&mut header, format!("{prefix}{name}"), bytes)
            .unwrap();
    }
    builder.into_inner().unwrap()
}

fn shown(tree: &Tree) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    tree.each(
        |name| name.ends_with(".txt"),
        |name, _, bytes| {
            all.push((name.to_owned(), bytes));
            Ok(())
        },
    )
    .unwrap();
    all.sort();
    all
}

#[test]
fn folders_and_archives_show_the_same() {
    let root = folder();
    let expected = [
        ("a/deep/1.txt".to_owned(), b"one".to_vec()),
        ("b/2.txt".to_owned(), b"two".to_vec()),
    ];
    let tree = Tree::open(root.path()).unwrap();
    assert_eq!(shown(&tree), expected);
    assert_eq!(tree.files().len(), 2);

    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("packed");
    fs::write(&path, tar("./")).unwrap();
    assert_eq!(shown(&Tree::open(&path).unwrap()), expected);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&tar("")).unwrap();
    fs::write(&path, encoder.finish().unwrap()).unwrap();
    assert_eq!(shown(&Tree::open(&path).unwrap()), expected);
}

#[test]
fn what_cannot_be_read_is_named() {
    let root = tempfile::tempdir().unwrap();
    let absent = root.path().join("absent");
    assert!(
        Tree::open(&absent)
            .unwrap_err()
            .to_string()
            .contains("absent cannot be read")
    );
    let path = root.path().join("no.tar");
    fs::write(&path, [7; 2000]).unwrap();
    let error = Tree::open(&path)
        .unwrap()
        .each(|_| true, |_, _, _| Ok(()))
        .unwrap_err();
    assert!(error.to_string().contains("no.tar cannot be read"), "{error}");
}
