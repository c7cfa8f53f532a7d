use super::*;
use std::fs;
use std::path::Path;

fn validate(data: &ImageFolder) -> Result<(), dentate_core::ConfigError> {
    crate::data::AnyData::validate(data)
}

/// A picture of 2 × 2 in one colour.
fn picture(colour: [u8; 3]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 2);
    encoder.set_color(png::ColorType::Rgb);
    encoder
        .write_header()
        .unwrap()
        .write_image_data(&colour.repeat(4))
        .unwrap();
    bytes
}

/// Training and test pictures of two classes, and the environment to read them in.
fn folder() -> (tempfile::TempDir, DataEnv) {
    let root = tempfile::tempdir().unwrap();
    for (name, colour) in [
        ("train/ant/1.png", [10, 20, 30]),
        ("train/bee/1.PNG", [40, 50, 60]),
        ("train/bee/2.png", [41, 51, 61]),
        ("test/ant/9.png", [1, 2, 3]),
        ("test/bee/9.png", [4, 5, 6]),
    ] {
        let path = root.path().join("pets").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, picture(colour)).unwrap();
    }
    fs::write(root.path().join("pets/readme.txt"), "pets").unwrap();
    let env = DataEnv {
        root: Some(root.path().to_owned()),
        cache: Some(root.path().join("cache")),
        ..DataEnv::default()
    };
    (root, env)
}

fn pets(more: &str) -> ImageFolder {
    serde_json::from_str(&format!(r#"{{"path":"pets","classes":2,"size":[2,2]{more}}}"#)).unwrap()
}

fn refused(spec: &ImageFolder, env: &DataEnv) -> String {
    spec.load(env).unwrap_err().to_string()
}

fn images(folder: &Path) -> usize {
    let names = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name());
    names
        .filter(|name| name.to_string_lossy().ends_with(".images"))
        .count()
}

#[test]
fn halves_classes_and_channels_follow_from_folders() {
    let (_root, env) = folder();
    let data = pets("").load(&env).unwrap();
    assert_eq!((data.train.shape(), data.classes), (&[3, 2, 2][..], 2));
    let labels = |data: &dentate_core::Dataset| {
        (0..data.len() as u32)
            .filter_map(|r| data.label(r))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (labels(&data.train), labels(&data.test)),
        (vec![0, 1, 1], vec![0, 1])
    );
    let row = data.train.gather(&[1]).unwrap().mapv(|v| (v * 255.0).round());
    assert_eq!(
        row.into_raw_vec_and_offset().0,
        [[40.0; 4], [50.0; 4], [60.0; 4]].concat()
    );

    let kept = pets(r#","train":2,"test":1,"channels":1,"title":"Pets""#);
    let data = kept.load(&env).unwrap();
    assert_eq!(
        (data.train.len(), data.test.len(), data.train.shape()),
        (2, 1, &[1, 2, 2][..])
    );
    assert_eq!(
        (kept.facts().title, pets("").facts().title),
        ("Pets".into(), "pets".into())
    );

    let drawn = ImageFolder {
        path: "pets/test".into(),
        ..pets(r#","test_share":0.5"#)
    };
    assert!(refused(&drawn, &env).contains("class `ant` has no training pictures"));
}

#[test]
fn pictures_are_decoded_once_and_again_when_one_changes() {
    let (root, env) = folder();
    let spec = pets("");
    let place = spec.prepare(&env).unwrap().unwrap();
    assert!(place.is_file());
    let print = spec.fingerprint(&env).unwrap();
    // What is in the cache is used: it is swapped for another here to check that.
    let other = Images {
        shape: vec![3, 2, 2],
        classes: 2,
        train: Half {
            labels: vec![1],
            pixels: vec![7; 12],
        },
        test: Half {
            labels: vec![0],
            pixels: vec![8; 12],
        },
    };
    fs::remove_file(&place).unwrap();
    let tree = Tree::open(&root.path().join("pets")).unwrap();
    cache::obtain(&env, NAME, &spec.identity(&env, &tree).unwrap(), || Ok(other)).unwrap();
    assert_eq!(spec.load(&env).unwrap().train.len(), 1);
    assert_eq!(images(&root.path().join("cache")), 1);

    fs::write(root.path().join("pets/train/ant/1.png"), picture([11, 20, 30])).unwrap();
    assert_ne!(spec.fingerprint(&env).unwrap(), print);
    assert_eq!(spec.load(&env).unwrap().train.len(), 3);
    // Limits share a cache file; other forms do not.
    pets(r#","train":1"#).load(&env).unwrap();
    assert_eq!(images(&root.path().join("cache")), 2);
    pets(r#","channels":1"#).load(&env).unwrap();
    assert_eq!(images(&root.path().join("cache")), 3);
}

#[test]
fn a_copy_elsewhere_is_the_same_data() {
    let ((_one, here), (_two, there)) = (folder(), folder());
    assert_eq!(
        pets("").fingerprint(&here).unwrap(),
        pets("").fingerprint(&there).unwrap()
    );
}

#[test]
fn what_does_not_fit_is_named() {
    let (root, env) = folder();
    let text = refused(&pets(r#","train":4"#), &env);
    assert_eq!(
        text,
        "`train` is 4, but has to be at most 3, as many as there are"
    );
    let mut large = pets("");
    large.size = [4, 4];
    let text = refused(&large, &env);
    assert!(
        text.contains("ant") && text.contains("2 × 2") && text.contains("instead of 4 × 4"),
        "{text}"
    );
    large.resize = true;
    assert_eq!(large.load(&env).unwrap().train.features(), 48);
    let text = refused(&pets(r#","test_folder":"tset""#), &env);
    assert!(
        text.contains("no folder `tset`") && text.contains("`test`, `train`"),
        "{text}"
    );
    fs::write(root.path().join("pets/train/bee/3.jpg"), "no picture").unwrap();
    let text = refused(&pets(""), &env);
    assert!(
        text.contains("3.jpg cannot be used as a picture: it begins like neither PNG nor JPEG"),
        "{text}"
    );
    let text = refused(&pets(""), &DataEnv::default());
    assert!(text.starts_with("no data folder is known, and `pets`"), "{text}");
    let many = ImageFolder {
        classes: 257,
        ..pets("")
    };
    assert!(
        validate(&many)
            .unwrap_err()
            .to_string()
            .contains("`classes` is 257")
    );
    let flat = ImageFolder {
        size: [0, 2],
        ..pets("")
    };
    assert!(
        validate(&flat)
            .unwrap_err()
            .to_string()
            .contains("`size[0]` is 0")
    );
    for (more, part) in [
        (r#","test_share":1.5"#, "`test_share` is 1.5"),
        (
            r#","test_share":0.5,"train_folder":"x""#,
            "`train_folder` is x, but has to be left out with `test_share`",
        ),
        (r#","channels":2"#, "`channels` is 2"),
        (r#","train":0"#, "`train` is 0"),
        (r#","title":" ""#, "`title` is empty"),
    ] {
        let text = validate(&pets(more)).unwrap_err().to_string();
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn real_pictures_are_read_from_their_archive() {
    let archive = "cifar10-jpeg-25k.tar";
    let Some(root) = std::env::var_os("DENTATE_DATA")
        .map(PathBuf::from)
        .filter(|root| root.join(archive).is_file())
    else {
        println!(
            "skipped: DENTATE_DATA is not set to a folder with {archive}, so there are no real pictures to read"
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let env = DataEnv {
        root: Some(root),
        cache: Some(folder.path().to_owned()),
        ..DataEnv::default()
    };
    let spec: ImageFolder =
        serde_json::from_str(&format!(r#"{{"path":"{archive}","classes":10,"size":[32,32]}}"#)).unwrap();
    let time = |what: &str| {
        let start = std::time::Instant::now();
        let data = spec.load(&env).unwrap();
        println!("{archive}, {what}: {:?}", start.elapsed());
        data
    };
    let (decoded, cached) = (time("decoded"), time("from the cache"));
    assert_eq!((decoded.train.len(), decoded.test.len()), (20_000, 5_000));
    assert_eq!(decoded.train.shape(), [3, 32, 32]);
    let rows: Vec<u32> = (0..50).collect();
    assert_eq!(
        decoded.train.gather(&rows).unwrap(),
        cached.train.gather(&rows).unwrap()
    );
    assert!(
        (0..50).all(|row| decoded.train.label(row) == Some(row % 10)),
        "classes take turns"
    );
    // Photographs use the whole range, and their channels differ.
    let values = decoded.train.gather(&rows).unwrap();
    let mean = values.mean().unwrap();
    assert!(
        (0.3..0.7).contains(&mean) && values.iter().any(|&v| v < 0.02) && values.iter().any(|&v| v > 0.98),
        "{mean}"
    );
}

/// Two classes are swapped, and swapped back: data loaded in between is refused where the first is expected.
#[test]
fn classes_that_change_places_are_other_data() {
    let (root, env) = folder();
    let spec: Box<dyn crate::data::DataSpec> = Box::new(pets(""));
    let print = spec.fingerprint(&env).unwrap();
    let expecting = DataEnv {
        expected: Some(print.clone()),
        ..env.clone()
    };
    assert_eq!(spec.load(&expecting).unwrap().fingerprint, print);
    let swap = || {
        let place = |name: &str| root.path().join("pets").join(name);
        for (from, to) in [
            ("train/ant", "aside"),
            ("train/bee", "train/ant"),
            ("aside", "train/bee"),
        ] {
            fs::rename(place(from), place(to)).unwrap();
        }
    };
    swap();
    for env in [
        expecting.clone(),
        DataEnv {
            cache: None,
            ..expecting.clone()
        },
    ] {
        let error = spec.load(&env).unwrap_err();
        assert!(matches!(error, StreamError::Changed { .. }), "{error}");
    }
    swap();
    assert_eq!(spec.load(&expecting).unwrap().fingerprint, print);
}

/// A wrong digest is stored for the files: what is decoded is hashed itself.
#[test]
fn pictures_are_of_the_bytes_that_were_decoded() {
    let (root, env) = folder();
    let spec = pets("");
    let tree = Tree::open(&root.path().join("pets")).unwrap();
    let refused = spec.decode(&env, &tree, "another").unwrap_err();
    assert!(matches!(refused, StreamError::Changing { .. }), "{refused}");
    let identity = spec.identity(&env, &tree).unwrap();
    spec.decode(&env, &tree, &identity).unwrap();
}
