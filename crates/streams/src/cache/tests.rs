use super::*;
use proptest::prelude::*;
use std::cell::Cell;

fn images(train: u8, test: u8) -> Images {
    let half = |n: u8, fill: u8| Half {
        labels: (0..n).map(|i| i % 3).collect(),
        pixels: (0..usize::from(n) * 6)
            .map(|i| fill.wrapping_add(i as u8))
            .collect(),
    };
    Images {
        shape: vec![2, 3],
        classes: 3,
        train: half(train, 1),
        test: half(test, 100),
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read(train in 0_u8..20, test in 0_u8..20) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er.images");
        write(&path, "x", &images(train, test)).unwrap();
        prop_assert_eq!(read(&path, "x").unwrap(), images(train, test));
        prop_assert_eq!(fs::metadata(&path).unwrap().len(), size(&[2, 3], u64::from(train + test)));
        prop_assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn any_flipped_bit_and_any_cut_is_noticed(at in 0_usize..1000, bit in 0_u8..8, cut: bool) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.images");
        write(&path, "x", &images(4, 2)).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] ^= 1 << bit }
        fs::write(&path, bytes).unwrap();
        prop_assert!(read(&path, "x").is_err());
    }
}

#[test]
fn images_are_made_once_and_again_when_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let env = DataEnv {
        root: None,
        cache: Some(folder.path().to_owned()),
        ..DataEnv::default()
    };
    let made = Cell::new(0);
    let obtain = |env: &DataEnv, identity: &str| {
        obtain(env, "kind", identity, || {
            made.set(made.get() + 1);
            Ok(images(5, 2))
        })
        .unwrap()
    };
    assert_eq!(obtain(&env, "a"), obtain(&env, "a"));
    assert_eq!(made.get(), 1);
    obtain(&env, "b");
    assert_eq!(made.get(), 2, "another identity is another file");
    fs::write(place(&env, "kind", "a").unwrap(), b"rubbish").unwrap();
    assert_eq!(obtain(&env, "a"), images(5, 2));
    assert_eq!(made.get(), 3);
    obtain(&env, "a");
    assert_eq!(made.get(), 3);
    obtain(&DataEnv::default(), "a");
    assert_eq!(made.get(), 4, "without a cache they are made in memory");
}

/// Two intact files of the cache are swapped: the content of a file has to match its path.
#[test]
fn a_file_in_anothers_place_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let env = DataEnv {
        cache: Some(folder.path().to_owned()),
        ..DataEnv::default()
    };
    let of = |identity: &str, n: u8| obtain(&env, "kind", identity, || Ok(images(n, 2))).unwrap();
    let (a, b) = (of("a", 5), of("b", 7));
    let place = |identity| place(&env, "kind", identity).unwrap();
    fs::rename(place("a"), folder.path().join("aside")).unwrap();
    fs::rename(place("b"), place("a")).unwrap();
    fs::rename(folder.path().join("aside"), place("b")).unwrap();
    assert_eq!((of("a", 5), of("b", 7)), (a, b));
}
