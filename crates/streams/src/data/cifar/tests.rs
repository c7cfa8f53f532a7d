use super::*;
use crate::catalogue::PublicFile;
use crate::contents;
use std::fs;

/// A stand-in for a set: its files with these bytes, under a data folder.
fn stand_in(like: &PublicSet, contents: &[Vec<u8>]) -> (tempfile::TempDir, &'static PublicSet) {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join(like.name);
    fs::create_dir(&folder).unwrap();
    let files: Vec<PublicFile> = like
        .files
        .iter()
        .zip(contents)
        .map(|(file, bytes)| {
            fs::write(folder.join(file.name), bytes).unwrap();
            PublicFile {
                bytes: bytes.len() as u64,
                sha256: contents::digest(bytes).leak(),
                ..*file
            }
        })
        .collect();
    let set = PublicSet {
        files: files.leak(),
        ..*like
    };
    (root, Box::leak(Box::new(set)))
}

/// A row: labels, then red, green and blue in three greys.
fn row(labels: &[u8], grey: u8) -> Vec<u8> {
    let pixels = [grey, grey + 1, grey + 2].map(|v| vec![v; 1024]).concat();
    [labels, &pixels].concat()
}

fn env(root: &tempfile::TempDir) -> DataEnv {
    DataEnv {
        root: Some(root.path().to_owned()),
        cache: None,
        ..DataEnv::default()
    }
}

#[test]
fn batches_follow_each_other_and_channels_too() {
    let batches: Vec<_> = (0..6)
        .map(|n| [row(&[n], 10 * n), row(&[9 - n], 10 * n + 5)].concat())
        .collect();
    let (root, set) = stand_in(&CIFAR_10, &batches);
    let reader = Reader {
        set,
        ..Cifar10::default().reader()
    };
    let data = reader.load(&env(&root)).unwrap();
    assert_eq!((data.train.len(), data.test.len(), data.classes), (10, 2, 10));
    assert_eq!(data.train.shape(), SHAPE);
    let labels: Vec<_> = (0..10).filter_map(|r| data.train.label(r)).collect();
    assert_eq!(labels, [0, 9, 1, 8, 2, 7, 3, 6, 4, 5]);
    let last = data.test.gather(&[1]).unwrap();
    assert_eq!(
        [0, 1023, 1024, 2048].map(|i| (last[[0, i]] * 255.0).round()),
        [55.0, 55.0, 56.0, 57.0]
    );

    let keep = [Some(3), Some(1)];
    let kept = Reader {
        set,
        keep,
        ..Cifar10::default().reader()
    }
    .load(&env(&root))
    .unwrap();
    assert_eq!((kept.train.len(), kept.test.len()), (3, 1));
}

#[test]
fn a_hundred_has_two_labels() {
    let files = [row(&[19, 99], 1), row(&[3, 42], 2)];
    let (root, set) = stand_in(&CIFAR_100, &files);
    let label = |labels| {
        let spec = Cifar100 {
            labels,
            ..Cifar100::default()
        };
        let data = Reader { set, ..spec.reader() }.load(&env(&root)).unwrap();
        (data.classes, data.train.label(0), data.test.label(0))
    };
    assert_eq!(label(CifarLabels::Fine), (100, Some(99), Some(42)));
    assert_eq!(label(CifarLabels::Coarse), (20, Some(19), Some(3)));
    let coarse = Cifar100 {
        labels: CifarLabels::Coarse,
        ..Cifar100::default()
    };
    assert_ne!(
        coarse.reader().fingerprint(),
        Cifar100::default().reader().fingerprint()
    );
}

#[test]
fn labels_and_lengths_are_checked_beyond_checksums() {
    let refused = |like: &PublicSet, reader: Reader, files: &[Vec<u8>]| {
        let (root, set) = stand_in(like, files);
        Reader { set, ..reader }
            .load(&env(&root))
            .unwrap_err()
            .to_string()
    };
    let mut batches = vec![row(&[1], 0); 6];
    batches[2] = [row(&[1], 0), row(&[10], 0)].concat();
    assert_eq!(
        refused(&CIFAR_10, Cifar10::default().reader(), &batches),
        "`data_batch_3.bin` of `cifar-10` does not fit: row 1 has label 10, but there are 10 classes"
    );
    let files = [row(&[1], 0), row(&[1, 1], 0)];
    let text = refused(&CIFAR_100, Cifar100::default().reader(), &files);
    assert!(
        text.contains("`train.bin`") && text.contains("3073 bytes are no whole number of rows of 3074"),
        "{text}"
    );
}

#[test]
fn without_files_it_is_said_how_to_get_them() {
    let root = tempfile::tempdir().unwrap();
    let text = DataRecipe::load(&Cifar100::default(), &env(&root))
        .unwrap_err()
        .to_string();
    for part in [
        "cifar-100-binary.tar.gz",
        "cargo xtask data fetch cifar-100",
        "DENTATE_DATA",
    ] {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn real_cifar_is_read() {
    let Some(root) = std::env::var_os("DENTATE_DATA")
        .map(PathBuf::from)
        .filter(|root| root.join("cifar-10").is_dir())
    else {
        println!(
            "skipped: DENTATE_DATA is not set to a folder with cifar-10, so there is no CIFAR-10 to read"
        );
        return;
    };
    let env = DataEnv {
        root: Some(root),
        cache: None,
        ..DataEnv::default()
    };
    let data = DataRecipe::load(&Cifar10::default(), &env).unwrap();
    assert_eq!((data.train.len(), data.test.len()), (50_000, 10_000));
    let mut counts = [0; 10];
    (0..10_000)
        .filter_map(|r| data.test.label(r))
        .for_each(|l| counts[l as usize] += 1);
    assert_eq!(counts, [1000; 10]);
}
