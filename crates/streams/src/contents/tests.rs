use super::*;

fn aged(path: &Path, bytes: &[u8], seconds: u64) {
    fs::write(path, bytes).unwrap();
    let time = SystemTime::now() - Duration::from_secs(seconds);
    File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(time)
        .unwrap();
}

fn kept(folder: &Path) -> usize {
    fs::read_dir(folder).map_or(0, Iterator::count)
}

#[test]
fn a_digest_follows_from_names_and_bytes_and_not_from_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let (one, copy, other) = (file("one", b"1"), file("copy", b"1"), file("other", b"2"));
    let of = |files: &[(&str, &PathBuf)]| {
        let files: Vec<Named> = files
            .iter()
            .map(|(n, p)| ((*n).to_owned(), (*p).clone()))
            .collect();
        identity(&DataEnv::default(), &files).unwrap()
    };
    assert_eq!(of(&[("a", &one)]), of(&[("a", &copy)]));
    assert_ne!(of(&[("a", &one)]), of(&[("b", &one)]));
    assert_ne!(of(&[("a", &one)]), of(&[("a", &other)]));
    assert_ne!(
        of(&[("a", &one), ("b", &other)]),
        of(&[("b", &other), ("a", &one)])
    );
    let absent = identity(&DataEnv::default(), &[("a".into(), folder.path().join("absent"))]);
    assert!(absent.unwrap_err().to_string().contains("absent cannot be read"));
}

#[test]
fn it_is_kept_until_a_file_changes_and_not_for_a_file_that_just_did() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let env = DataEnv {
        root: None,
        cache: Some(cache.clone()),
    };
    let path = folder.path().join("file");
    let files = [(String::new(), path.clone())];
    aged(&path, b"old", 0);
    let first = identity(&env, &files).unwrap();
    assert_eq!(kept(&cache), 0, "it may change within this tick");
    aged(&path, b"old", 100);
    assert_eq!(identity(&env, &files).unwrap(), first);
    assert_eq!(kept(&cache), 1);

    // What is kept is what is told.
    let place = fs::read_dir(&cache).unwrap().next().unwrap().unwrap().path();
    let stamp = Stamp::of(&files).unwrap();
    fs::write(&place, stamp.kept(&"e".repeat(64))).unwrap();
    assert_eq!(identity(&env, &files).unwrap(), "e".repeat(64));
    let mut other = stamp.kept(&"e".repeat(64));
    other.replace_range(..1, "f");
    let elsewhere = Stamp {
        digest: "0".repeat(64),
        ..stamp
    };
    for damaged in [
        other,
        elsewhere.kept(&"e".repeat(64)),
        "e".repeat(64),
        "rubbish".into(),
    ] {
        fs::write(&place, damaged).unwrap();
        assert_eq!(
            identity(&env, &files).unwrap(),
            first,
            "what is damaged or another's is worked out again"
        );
    }

    aged(&path, b"new", 50);
    assert_ne!(identity(&env, &files).unwrap(), first);
}
