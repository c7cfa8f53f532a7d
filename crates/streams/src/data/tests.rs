use super::*;
use dentate_core::registry;

fn env(folder: &tempfile::TempDir) -> DataEnv {
    DataEnv {
        root: None,
        cache: Some(folder.path().to_owned()),
        ..DataEnv::default()
    }
}

fn parse(json: &str) -> Result<Box<dyn DataSpec>, serde_json::Error> {
    serde_json::from_str(json)
}

#[test]
fn a_spec_is_read_by_its_kind_and_refuses_unknown_keys() {
    let spec = parse(r#"{ "kind": "digits", "train": 50 }"#).unwrap();
    let copy = spec.clone();
    let text = serde_json::to_string(&copy).unwrap();
    assert_eq!(
        text,
        r#"{"kind":"digits","train":50,"test":1500,"generator_seed":1}"#
    );
    assert!(
        parse(r#"{ "kind": "digits", "trian": 50 }"#)
            .unwrap_err()
            .to_string()
            .contains("trian")
    );
    assert!(parse(r#"{ "kind": "digist" }"#).is_err());
}

#[test]
fn ranges_name_the_key() {
    for (json, key) in [
        (r#"{ "kind": "digits", "train": 0 }"#, "`train` is 0"),
        (r#"{ "kind": "mnist", "train": 60001 }"#, "`train` is 60001"),
        (r#"{ "kind": "mnist", "test": 0 }"#, "`test` is 0"),
        (r#"{ "kind": "cifar-10", "train": 50001 }"#, "`train` is 50001"),
        (r#"{ "kind": "cifar-100", "test": 10001 }"#, "`test` is 10001"),
        (r#"{ "kind": "coloured-shapes", "train": 9 }"#, "`train` is 9"),
        (r#"{ "kind": "coloured-shapes", "size": 8 }"#, "`size` is 8"),
        (r#"{ "kind": "coloured-shapes", "noise": 0.6 }"#, "`noise` is 0.6"),
    ] {
        let error = parse(json).unwrap().validate().unwrap_err().to_string();
        assert!(error.contains(key), "{error}");
    }
}

#[test]
fn digits_are_the_same_with_and_without_a_cache() {
    let folder = tempfile::tempdir().unwrap();
    let spec = Digits {
        train: 40,
        test: 20,
        generator_seed: 3,
    };
    let path = DataRecipe::prepare(&spec, &env(&folder)).unwrap().unwrap();
    assert!(path.is_file());
    let (cached, fresh) = (spec.load_in(&env(&folder)), spec.load_in(&DataEnv::default()));
    assert_eq!(
        (cached.train.len(), cached.test.len(), cached.classes),
        (40, 20, 10)
    );
    assert_eq!(cached.train.shape(), [28, 28]);
    let rows: Vec<u32> = (0..40).collect();
    assert_eq!(
        cached.train.gather(&rows).unwrap(),
        fresh.train.gather(&rows).unwrap()
    );
    assert!(
        cached
            .train
            .gather(&rows)
            .unwrap()
            .iter()
            .all(|v| (0.0..=1.0).contains(v))
    );
    assert_ne!(
        cached.train.gather(&[0]).unwrap(),
        cached.test.gather(&[0]).unwrap(),
        "training and test images differ"
    );
    assert_eq!(DataRecipe::prepare(&spec, &DataEnv::default()).unwrap(), None);
}

#[test]
fn coloured_shapes_are_the_same_with_and_without_a_cache() {
    let folder = tempfile::tempdir().unwrap();
    let spec = ColouredShapes {
        train: 40,
        test: 20,
        size: 16,
        ..ColouredShapes::default()
    };
    let load = |env: &DataEnv| DataRecipe::load(&spec, env).unwrap();
    let (cached, fresh) = (load(&env(&folder)), load(&DataEnv::default()));
    assert!(
        DataRecipe::prepare(&spec, &env(&folder))
            .unwrap()
            .unwrap()
            .is_file()
    );
    assert_eq!(cached.train.shape(), [3, 16, 16]);
    let rows: Vec<u32> = (0..40).collect();
    assert_eq!(
        cached.train.gather(&rows).unwrap(),
        fresh.train.gather(&rows).unwrap()
    );
    let count = |label| {
        rows.iter()
            .filter(|&&r| fresh.train.label(r) == Some(label))
            .count()
    };
    assert!((0..10).all(|label| count(label) == 4), "classes are balanced");
    let quiet = ColouredShapes {
        noise: 0.0,
        ..spec.clone()
    };
    let print = |spec: &ColouredShapes| DataRecipe::fingerprint(spec, &DataEnv::default()).unwrap();
    assert_ne!(print(&spec), print(&quiet));
}

impl Digits {
    fn load_in(&self, env: &DataEnv) -> LabelledData {
        DataRecipe::load(self, env).unwrap()
    }
}

#[test]
fn fingerprints_tell_parameters_apart() {
    let print = |seed, train| {
        DataRecipe::fingerprint(
            &Digits {
                train,
                test: 10,
                generator_seed: seed,
            },
            &DataEnv::default(),
        )
        .unwrap()
    };
    assert_eq!(print(1, 10), print(1, 10));
    assert_ne!(print(1, 10), print(2, 10));
    assert_ne!(print(1, 10), print(1, 20));
}

#[test]
fn mnist_without_a_folder_says_how_to_get_it() {
    let text = DataRecipe::load(&Mnist::default(), &DataEnv::default())
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("cargo xtask data fetch mnist") && text.contains("DENTATE_DATA"),
        "{text}"
    );
}

#[test]
fn the_schema_of_a_nested_data_set_points_to_the_registry() {
    let schema = serde_json::to_value(schemars::schema_for!(Box<dyn DataSpec>)).unwrap();
    assert_eq!(schema["x-registry"], "data");
    assert_eq!(
        schema["properties"]["kind"]["enum"],
        serde_json::json!([
            "cifar-10",
            "cifar-100",
            "coloured-shapes",
            "digits",
            "first-of",
            "image-folder",
            "mnist",
            "npy"
        ])
    );
    registry::check(&registry::entries()).unwrap();
}

#[test]
fn real_mnist_is_decoded_once() {
    let Some(root) = std::env::var_os("DENTATE_DATA") else {
        println!("skipped: DENTATE_DATA is not set, so there is no MNIST to read");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let env = DataEnv {
        root: Some(root.into()),
        cache: Some(folder.path().to_owned()),
        ..DataEnv::default()
    };
    let small = Mnist {
        train: Some(1000),
        test: None,
    };
    DataRecipe::prepare(&small, &env).unwrap();
    let start = std::time::Instant::now();
    // From the cache alone: the files are no longer needed.
    let data = DataRecipe::load(
        &small,
        &DataEnv {
            root: None,
            ..env.clone()
        },
    )
    .unwrap();
    println!("MNIST from the cache: {:?}", start.elapsed());
    assert_eq!((data.train.len(), data.test.len()), (1000, 10_000));
    // The first training image is a five, the first test image a seven.
    assert_eq!((data.train.label(0), data.test.label(0)), (Some(5), Some(7)));
    let mut counts = [0; 10];
    (0..10_000)
        .filter_map(|r| data.test.label(r))
        .for_each(|l| counts[l as usize] += 1);
    assert_eq!(counts, [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
}
