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

fn count(folder: &Path) -> usize {
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
        ..DataEnv::default()
    };
    let path = folder.path().join("file");
    let files = [(String::new(), path.clone())];
    aged(&path, b"old", 0);
    let first = identity(&env, &files).unwrap();
    assert_eq!(count(&cache), 0, "it may change within this tick");
    // Its modification time is not reliable: any program can set it.
    aged(&path, b"old", 100);
    assert_eq!(identity(&env, &files).unwrap(), first);
    assert_eq!(count(&cache), 0);
    let later = SystemTime::now() + 2 * SETTLED;
    assert_eq!(identity_at(&env, &files, later).unwrap(), first);
    assert_eq!(count(&cache), 1);

    // A stored digest is returned, if it is intact.
    let place = fs::read_dir(&cache).unwrap().next().unwrap().unwrap().path();
    let stamp = Stamp::of(&files).unwrap();
    remember(&place, &stamp, &"e".repeat(64)).unwrap();
    assert_eq!(identity(&env, &files).unwrap(), "e".repeat(64));
    for damaged in [
        "rubbish".to_owned(),
        "e".repeat(64),
        super::kept(&stamp, &first).replace(&first[..2], "é"),
    ] {
        fs::write(&place, damaged).unwrap();
        assert_eq!(
            identity(&env, &files).unwrap(),
            first,
            "what is damaged is worked out again"
        );
    }

    aged(&path, b"new", 50);
    assert_ne!(identity(&env, &files).unwrap(), first);
}

/// Swapped for another of its size, with the modification time of the first.
#[cfg(unix)]
#[test]
fn a_file_swapped_within_size_and_time_is_another() {
    let folder = tempfile::tempdir().unwrap();
    let env = DataEnv {
        cache: Some(folder.path().join("cache")),
        ..DataEnv::default()
    };
    let later = SystemTime::now() + 10 * SETTLED;
    let time = SystemTime::now() - 50 * SETTLED;
    let path = folder.path().join("file");
    let files = [(String::new(), path.clone())];
    let put = |path: &Path, bytes: &[u8]| {
        fs::write(path, bytes).unwrap();
        File::options()
            .write(true)
            .open(path)
            .unwrap()
            .set_modified(time)
            .unwrap();
    };
    put(&path, b"old");
    let first = identity_at(&env, &files, later).unwrap();
    assert_eq!(count(env.cache.as_deref().unwrap()), 1);
    std::thread::sleep(Duration::from_millis(20)); // a tick of the file system's clock
    put(&path, b"new");
    let second = identity_at(&env, &files, later).unwrap();
    assert_ne!(second, first, "written in place");
    put(&folder.path().join("other"), b"one");
    fs::rename(folder.path().join("other"), &path).unwrap();
    assert_ne!(
        identity_at(&env, &files, later).unwrap(),
        second,
        "another file in its place"
    );
}

#[test]
fn a_digest_that_was_kept_and_is_false_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let env = DataEnv {
        cache: Some(folder.path().join("cache")),
        ..DataEnv::default()
    };
    let path = folder.path().join("file");
    fs::write(&path, b"1").unwrap();
    let files = [(String::new(), path)];
    let stamp = Stamp::of(&files).unwrap();
    remember(&stamp.kept(&env).unwrap(), &stamp, &"e".repeat(64)).unwrap();
    let right = identity(&DataEnv::default(), &files).unwrap();
    assert_ne!(identity(&env, &files).unwrap(), right);
    correct(&env, &files, &right);
    assert_eq!(identity(&env, &files).unwrap(), right);
}

#[test]
fn a_tapped_file_is_hashed_whoever_reads_it_and_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, vec![7; 300_000]).unwrap();
    let file = Tapped::open(&path).unwrap();
    let mut part = [0; 100];
    file.clone().read_exact(&mut part).unwrap();
    assert_eq!(file.rest().unwrap(), file_digest(&path).unwrap());
}
