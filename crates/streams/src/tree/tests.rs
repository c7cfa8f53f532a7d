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

/// An entry of an archive or a folder: bytes, or a link to something.
enum Thing {
    Bytes(&'static [u8]),
    Link(&'static str),
    Hard(&'static str),
}

use Thing::{Bytes, Hard, Link};

fn packed(things: &[(&str, Thing)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, thing) in things {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        match thing {
            Bytes(bytes) => {
                header.set_size(bytes.len() as u64);
                builder.append_data(&mut header, name, *bytes).unwrap();
            }
            Link(target) => {
                header.set_entry_type(tar::EntryType::Symlink);
                builder.append_link(&mut header, name, target).unwrap();
            }
            Hard(target) => {
                header.set_entry_type(tar::EntryType::Link);
                builder.append_link(&mut header, name, target).unwrap();
            }
        }
    }
    builder.into_inner().unwrap()
}

#[cfg(unix)]
fn unpacked(things: &[(&str, Thing)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, thing) in things {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match thing {
            Bytes(bytes) => fs::write(path, bytes).unwrap(),
            Link(target) => std::os::unix::fs::symlink(target, path).unwrap(),
            Hard(target) => fs::hard_link(root.path().join(target), path).unwrap(),
        }
    }
    root
}

/// The files of a folder with these entries, which an archive of them has to contain too.
#[cfg(unix)]
fn alike(things: &[(&str, Thing)]) -> Result<Vec<(String, Vec<u8>)>, String> {
    let root = unpacked(things);
    let other = tempfile::tempdir().unwrap();
    let path = other.path().join("x.tar");
    fs::write(&path, packed(things)).unwrap();
    let [folder, archive] = [root.path(), &path].map(|path| {
        let mut all = Vec::new();
        let shown = Tree::open(path).and_then(|tree| {
            tree.each(
                |name| name.ends_with(".txt"),
                |name, _, bytes| {
                    all.push((name.to_owned(), bytes));
                    Ok(())
                },
            )
        });
        all.sort();
        match shown {
            Ok(_) => Ok(all),
            Err(StreamError::Tree { kind, .. }) => Err(kind.to_string()),
            Err(error) => panic!("{error}"),
        }
    });
    assert_eq!(folder, archive);
    folder
}

#[cfg(unix)]
#[test]
fn links_are_followed_alike_in_folders_and_archives() {
    let names = |shown: Result<Vec<(String, Vec<u8>)>, String>| {
        let shown = shown.unwrap();
        shown
            .into_iter()
            .map(|(name, bytes)| format!("{name} {}", String::from_utf8(bytes).unwrap()))
            .collect::<Vec<_>>()
            .join(", ")
    };
    // A hard link and links to files, one of them to a link and one to a hidden file that is not listed by itself.
    let shown = alike(&[
        ("a/1.txt", Bytes(b"one")),
        ("a/.own/2.txt", Bytes(b"two")),
        ("b/1.txt", Hard("a/1.txt")),
        ("b/2.txt", Link("../a/.own/2.txt")),
        ("b/3.txt", Link("2.txt")),
        ("b/.4.txt", Link("2.txt")),
        ("b/readme", Link("../a/1.txt")),
    ]);
    assert_eq!(names(shown), "a/1.txt one, b/1.txt one, b/2.txt two, b/3.txt two");
    // A folder that is a link, seen through another one, and a link before its target.
    let shown = alike(&[
        ("b", Link("store/ants")),
        ("c", Link("b/deep/../deep")),
        ("store/ants/1.txt", Bytes(b"one")),
        ("store/ants/deep/2.txt", Bytes(b"two")),
    ]);
    let expected =
        "b/1.txt one, b/deep/2.txt two, c/2.txt two, store/ants/1.txt one, store/ants/deep/2.txt two";
    assert_eq!(names(shown), expected);
    // A link to the whole, in its own folder, is refused; as are two that lead to each other's folder.
    let leads = |name: &str| format!("the link `{name}` leads back to a folder that it lies in");
    let one = ("a/1.txt", Bytes(b"one"));
    assert_eq!(alike(&[one, ("b/all", Link(".."))]), Err(leads("b/all")));
    let crossed = alike(&[("a/b", Link("../.x/b")), (".x/b/a", Link("../../a"))]);
    assert_eq!(crossed, Err(leads("a/b/a")));
    for target in ["../absent", "../../1.txt", "me", "1.txt/2.txt"] {
        let refused = alike(&[("a/1.txt", Bytes(b"one")), ("a/me", Link(target))]).unwrap_err();
        let expected =
            format!("the link `a/me` leads to `{target}`, where there is nothing that can be read");
        assert_eq!(refused, expected);
    }
}

#[test]
fn an_archive_says_one_thing_only() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("x.tar");
    let refused = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let shown = Tree::open(&path).unwrap().each(|_| true, |_, _, _| Ok(()));
        shown.unwrap_err().to_string()
    };
    for (things, expected) in [
        (
            vec![("a/1", Bytes(b"x")), ("a/1", Bytes(b"y"))],
            "`a/1` stands in it twice",
        ),
        (
            vec![("a/1", Bytes(b"x")), ("a/./1", Link("2"))],
            "`a/1` stands in it twice",
        ),
        (
            vec![("a", Link("b")), ("b/1", Bytes(b"x")), ("a/1", Bytes(b"y"))],
            "`a` stands in it twice",
        ),
        (
            vec![("a", Hard("b"))],
            "the link `a` leads to `b`, where there is nothing that can be read",
        ),
        (
            vec![("a", Link("/etc/passwd"))],
            "the link `a` leads to `/etc/passwd`, where there is nothing that can be read",
        ),
    ] {
        let text = refused(&packed(&things));
        assert!(text.ends_with(expected), "{text}");
    }
    let mut header = tar::Header::new_gnu();
    header.set_size(0);
    let mut named = |name: &str, kind| {
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(kind);
        header.set_cksum();
        [&header.as_bytes()[..], &[0; 1024]].concat()
    };
    let text = refused(&named("../1", tar::EntryType::Regular));
    assert!(text.ends_with("`../1` would lie outside of it"), "{text}");
    let text = refused(&named("pipe", tar::EntryType::Fifo));
    assert!(
        text.ends_with("`pipe` is neither a file nor a folder nor a link"),
        "{text}"
    );
    // An endless chain of links to links, doubling with each.
    let names: Vec<_> = (0..60)
        .map(|n| (format!("l{n}"), format!("l{0}/../l{0}", n + 1)))
        .collect();
    let mut builder = tar::Builder::new(Vec::new());
    for (name, target) in &names {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        header.set_entry_type(tar::EntryType::Symlink);
        builder.append_link(&mut header, name, target).unwrap();
    }
    let text = refused(&builder.into_inner().unwrap());
    assert!(text.contains("where there is nothing that can be read"), "{text}");
}
