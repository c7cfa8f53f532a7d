use super::*;
use dentate_streams::catalogue::PublicFile;
use std::cell::RefCell;

/// A data set of one small file.
const SET: PublicSet = PublicSet {
    name: "small",
    source: "this test",
    files: &[PublicFile {
        name: "labels",
        bytes: 10,
        sha256: "49faee2c2a65d1f617a310c5c00be5770637e6f1a705fc5e537723c11ee84be0",
    }],
    archive: None,
    mirrors: &["https://first.example/x/", "https://second.example/"],
};
const RIGHT: [u8; 10] = [0, 0, 8, 1, 0, 0, 0, 2, 5, 6];

fn state(root: &Path) -> FileState {
    set_status(&SET, Some(root)).files[0].1.clone()
}

#[test]
fn a_mirror_that_sends_rubbish_is_passed_over() {
    let root = tempfile::tempdir().unwrap();
    let asked = RefCell::new(Vec::new());
    let open = |url: &str| -> Result<Box<dyn Read>, String> {
        asked.borrow_mut().push(url.to_owned());
        let wrong = [0, 0, 8, 1, 0, 0, 0, 2, 5, 7];
        Ok(Box::new(io::Cursor::new(if url.contains("first") {
            wrong
        } else {
            RIGHT
        })))
    };
    assert_eq!(state(root.path()), FileState::Missing);
    fetch_set(&SET, root.path(), &open).unwrap();
    assert_eq!(
        *asked.borrow(),
        [
            "https://first.example/x/labels.gz",
            "https://second.example/labels.gz"
        ]
    );
    assert_eq!(state(root.path()), FileState::Right);
    let names: Vec<_> = fs::read_dir(root.path().join("small"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(names, ["labels.gz"], "nothing is left beside it");

    fetch_set(&SET, root.path(), &open).unwrap();
    assert_eq!(asked.borrow().len(), 2, "what is there is not fetched again");

    // A damaged download is replaced.
    fs::write(root.path().join("small/labels.gz"), b"rubbish").unwrap();
    assert!(matches!(state(root.path()), FileState::Wrong(_)));
    fetch_set(&SET, root.path(), &open).unwrap();
    assert_eq!(state(root.path()), FileState::Right);
}

#[test]
fn a_file_of_the_users_own_is_not_replaced() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("small")).unwrap();
    fs::write(root.path().join("small/labels"), b"mine, not IDX").unwrap();
    let open = |_: &str| -> Result<Box<dyn Read>, String> { Ok(Box::new(io::Cursor::new(RIGHT))) };
    let error = fetch_set(&SET, root.path(), &open).unwrap_err();
    assert!(matches!(error, FetchError::InTheWay(_)));
    assert!(error.to_string().contains("labels"), "{error}");
}

#[test]
fn a_download_without_end_is_cut_off() {
    let root = tempfile::tempdir().unwrap();
    let open = |_: &str| -> Result<Box<dyn Read>, String> { Ok(Box::new(io::repeat(0))) };
    let text = fetch_set(&SET, root.path(), &open).unwrap_err().to_string();
    assert!(text.contains("it sends more than"), "{text}");
}

#[test]
fn without_a_network_the_offline_way_is_named() {
    let root = tempfile::tempdir().unwrap();
    let text = fetch_set(&SET, root.path(), &|_| Err("host not found".into()))
        .unwrap_err()
        .to_string();
    for part in [
        "`labels`",
        "first.example: host not found",
        "second.example",
        "DENTATE_DATA",
        "plain or gzip",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    assert!(!text.contains('\n'), "{text}");
}

#[test]
fn an_unknown_name_gets_the_nearest() {
    let text = fetch_named("minst", Some("nowhere".into()))
        .unwrap_err()
        .to_string();
    assert_eq!(
        text,
        "there is no data set `minst` to fetch, did you mean `mnist`?; there is `cifar-10`, `cifar-100`, `mnist`"
    );
    assert!(
        fetch_named("mnist", None)
            .unwrap_err()
            .to_string()
            .contains("DENTATE_DATA")
    );
}

#[test]
fn a_status_says_what_is_there() {
    let of_mnist = |root| {
        let mut all = status(root).into_iter();
        all.find(|set| set.name == "mnist").unwrap()
    };
    let text = |root| of_mnist(root).to_string();
    assert_eq!(
        text(None),
        "mnist: no folder for data is known (set DENTATE_DATA)"
    );
    let root = tempfile::tempdir().unwrap();
    assert!(text(Some(root.path())).ends_with("(`cargo xtask data fetch mnist`)"));
    let Some(real) = std::env::var_os("DENTATE_DATA") else {
        println!("skipped: DENTATE_DATA is not set, so there is no MNIST to look at");
        return;
    };
    assert!(of_mnist(Some(Path::new(&real))).complete());
}

#[test]
fn an_archive_is_fetched_whole_and_not_where_its_files_lie() {
    let archive = PublicArchive {
        name: "packed.tar.gz",
        bytes: 10,
        sha256: SET.files[0].sha256,
        folder: "inner",
    };
    let set = PublicSet {
        archive: Some(archive),
        mirrors: &["https://first.example/x/"],
        ..SET
    };
    let root = tempfile::tempdir().unwrap();
    let says = || set_status(&set, Some(root.path())).to_string();
    let refuse = |_: &str| -> Result<Box<dyn Read>, String> { Err("host not found".into()) };
    let folder = root.path().join("small");
    let text = fetch_set(&set, root.path(), &refuse).unwrap_err().to_string();
    let expected = format!(
        "`packed.tar.gz` could not be fetched (first.example: host not found); without a network, place it in {}, as it is \
         or unpacked, or point DENTATE_DATA at a folder that has it in `small`",
        folder.display()
    );
    assert_eq!(text, expected);
    assert!(says().ends_with("(`cargo xtask data fetch small`)"));

    let open = |url: &str| -> Result<Box<dyn Read>, String> {
        assert_eq!(url, "https://first.example/x/packed.tar.gz");
        Ok(Box::new(io::Cursor::new(RIGHT)))
    };
    fs::write(folder.join("packed.tar.gz"), b"damaged").unwrap();
    assert!(set_status(&set, Some(root.path())).damaged());
    fetch_set(&set, root.path(), &open).unwrap();
    assert!(says().contains("packed.tar.gz is in") && says().ends_with("its checksum holds"));
    fetch_set(&set, root.path(), &refuse).unwrap();

    // Its files, unpacked by hand, will do; and are not replaced by what would not be looked at.
    fs::remove_file(folder.join("packed.tar.gz")).unwrap();
    fs::create_dir(folder.join("inner")).unwrap();
    fs::write(folder.join("inner/labels"), RIGHT).unwrap();
    fetch_set(&set, root.path(), &refuse).unwrap();
    fs::write(folder.join("inner/labels"), b"mine").unwrap();
    let error = fetch_set(&set, root.path(), &open).unwrap_err();
    assert!(matches!(error, FetchError::InTheWay(_)), "{error}");
}
