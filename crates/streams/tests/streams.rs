//! Streams as a suite and a plugin crate meet them: by name, from the outside.

#[path = "streams/damaged.rs"]
mod damaged;
mod keeping;

use dentate_core::registry::{self, Kind};
use dentate_core::{ConfigError, DataId, Dataset, Samples, Seed, Source, Targets};
use dentate_streams::{
    DataEnv, DataFacts, DataRecipe, LabelledData, LayoutErrorKind, NpyErrorKind, PictureErrorKind,
    StreamError, StreamSpec, TreeErrorKind, register,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// A data set as a plugin would bring one: two numbers a row, four classes.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Corners {
    /// Rows of each half.
    rows: u32,
}

impl DataRecipe for Corners {
    fn facts(&self) -> DataFacts {
        DataFacts {
            title: "corners".into(),
            classes: 4,
            shape: Some(vec![2]),
            cached: Some(0),
        }
    }
    fn fingerprint(&self, _: &DataEnv) -> Result<String, StreamError> {
        Ok(format!("corners rows={}", self.rows))
    }
    fn prepare(&self, _: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        Ok(None)
    }
    fn load(&self, _: &DataEnv) -> Result<LabelledData, StreamError> {
        let half = |id| {
            let labels: Vec<u32> = (0..self.rows).map(|r| r % 4).collect();
            let values = labels
                .iter()
                .flat_map(|&l| [(l / 2) as f32, (l % 2) as f32])
                .collect();
            Dataset::new(
                DataId(id),
                Samples::Floats(values),
                vec![2],
                Targets::Classes { labels, classes: 4 },
            )
        };
        Ok(LabelledData {
            train: half(0)?,
            test: half(1)?,
            classes: 4,
            fingerprint: format!("corners rows={}", self.rows),
        })
    }
}

register!(
    data,
    Corners,
    "corners",
    summary = "the corners of a square",
    citation = "this test",
);

fn spec(json: &str) -> Box<dyn StreamSpec> {
    serde_json::from_str(json).expect("the specification is well formed")
}

#[test]
fn everything_is_registered_once_with_a_schema() {
    let entries = registry::entries();
    registry::check(&entries).unwrap();
    let names = |kind| {
        entries
            .iter()
            .filter(|e| e.kind == kind)
            .map(|e| e.name)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        names(Kind::Stream),
        [
            "bit-flip",
            "bursts",
            "experiences",
            "moving",
            "permuted",
            "permuted-labels",
            "problem",
            "random-labels",
            "rotated",
            "shape",
            "split",
            "unlearnable"
        ]
    );
    assert_eq!(
        names(Kind::Data),
        [
            "cifar-10",
            "cifar-100",
            "coloured-shapes",
            "corners",
            "delicate",
            "digits",
            "first-of",
            "image-folder",
            "mnist",
            "npy"
        ]
    );
    let ours = |entry: &&registry::Entry| matches!(entry.kind, Kind::Stream | Kind::Data);
    for entry in entries.iter().filter(ours) {
        let schema = serde_json::to_value((entry.schema)()).unwrap();
        let keys = schema["properties"].as_object().unwrap();
        assert!(!keys.is_empty(), "{} has keys", entry.name);
        for (key, about) in keys {
            let told = about.get("description").is_some() || about.get("$ref").is_some();
            assert!(told, "`{key}` of {} says what it is: {about}", entry.name);
        }
    }
}

#[test]
fn a_plugins_data_is_cut_like_any_other() {
    let text = r#"{"kind":"split","data":{"kind":"corners","rows":12},"scenario":"task-incremental",
                   "classes_per_task":2,"shuffle_classes":false,"online":true,"validation":0.0,
                   "transition":0.0}"#;
    let spec = spec(text);
    assert_eq!(
        serde_json::to_value(spec.clone()).unwrap(),
        serde_json::from_str::<serde_json::Value>(text).unwrap()
    );
    spec.validate().unwrap();
    let env = DataEnv::default();
    spec.prepare(&env).unwrap();
    assert_eq!(spec.fingerprint(&env).unwrap(), "corners rows=12");

    let stream = spec.build(&env, Seed(1)).unwrap();
    assert_eq!(stream.info.title, "Split corners, task-incremental");
    let mut source = stream.source(&[1], Seed(1));
    assert_eq!(source.len(), Some(6));
    let rows = source.next(100).unwrap();
    assert!(
        rows.iter().all(|(_, _, row)| row % 4 >= 2),
        "the second task has classes 2 and 3"
    );
    assert!(source.rewind(1).is_err(), "online");
}

#[test]
fn what_a_suite_gets_wrong_is_told() {
    let refused = |json: &str| match serde_json::from_str::<Box<dyn StreamSpec>>(json) {
        Err(error) => error.to_string(),
        Ok(spec) => spec.validate().unwrap_err().to_string(),
    };
    let digits = r#""data":{"kind":"digits"},"scenario":"class-incremental""#;
    for (json, part) in [
        (
            format!(r#"{{"kind":"split",{digits},"clases_per_task":2}}"#),
            "clases_per_task",
        ),
        (format!(r#"{{"kind":"splt",{digits}}}"#), "splt"),
        (
            r#"{"kind":"split","scenario":"class-incremental"}"#.into(),
            "data",
        ),
        (
            format!(r#"{{"kind":"permuted",{digits},"tasks":0}}"#),
            "`tasks` is 0",
        ),
        (
            format!(r#"{{"kind":"rotated",{digits},"tasks":3,"max_degrees":-1}}"#),
            "`max_degrees` is -1",
        ),
        (
            r#"{"kind":"rotated","data":{"kind":"corners","rows":4},"scenario":"class-incremental","tasks":2,
            "max_degrees":90}"#
                .into(),
            "images of height × width",
        ),
        (
            r#"{"kind":"split","data":{"kind":"coloured-shapes","size":8},"scenario":"class-incremental"}"#
                .into(),
            "`data.size` is 8",
        ),
        (
            r#"{"kind":"split","data":{"kind":"npy","path":"set"},"scenario":"class-incremental"}"#.into(),
            "classes",
        ),
        (
            r#"{"kind":"problem","problem":"encoder","bits":1}"#.into(),
            "from 2 to 256 for `encoder`",
        ),
    ] {
        let text = refused(&json);
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn runs_of_one_seed_see_the_same_and_runs_of_two_do_not() {
    let spec = spec(
        r#"{"kind":"permuted","data":{"kind":"digits","train":50,"test":20},"tasks":2,
            "scenario":"domain-incremental","first_identity":false}"#,
    );
    let folder = tempfile::tempdir().unwrap();
    let env = DataEnv {
        root: None,
        cache: Some(folder.path().to_owned()),
        ..DataEnv::default()
    };
    spec.prepare(&env).unwrap();
    let first_images = |seed| {
        let stream = spec.build(&env, Seed(seed)).unwrap();
        stream
            .experiences
            .iter()
            .map(|e| e.train.data.gather(&[0]).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(first_images(1), first_images(1));
    assert_ne!(first_images(1), first_images(2));
}

#[test]
fn pictures_of_three_channels_are_split_permuted_and_turned() {
    let data =
        r#""data":{"kind":"coloured-shapes","train":40,"test":20,"size":16},"scenario":"class-incremental""#;
    let build = |kind: &str, more: &str| {
        let spec = spec(&format!(r#"{{"kind":"{kind}",{data}{more}}}"#));
        spec.validate().unwrap();
        spec.build(&DataEnv::default(), Seed(1)).unwrap()
    };
    let split = build("split", r#","classes_per_task":5"#);
    assert_eq!(split.info.title, "Split coloured shapes, class-incremental");
    assert_eq!(
        (&split.info.shape[..], split.info.features),
        (&[3, 16, 16][..], 768)
    );
    let sizes: Vec<_> = split
        .experiences
        .iter()
        .map(|e| (e.train.len(), e.test.len()))
        .collect();
    assert_eq!(sizes, [(20, 10), (20, 10)]);
    assert_eq!(build("permuted", r#","tasks":2"#).info.shape, [3, 16, 16]);
    let turned = build("rotated", r#","tasks":2,"max_degrees":90"#);
    let rows = |task: usize| turned.experiences[task].test.data.gather(&[3]).unwrap();
    let (upright, quarter) = (rows(0), rows(1));
    let place = |c: usize, y: usize, x: usize| c * 256 + y * 16 + x;
    for (c, y, x) in [(0, 0, 0), (1, 3, 9), (2, 15, 2)] {
        let apart = quarter[[0, place(c, y, x)]] - upright[[0, place(c, x, 15 - y)]];
        assert!(apart.abs() < 0.01, "channel {c}, row {y}, column {x}");
    }
}

#[test]
fn real_pictures_are_split() {
    let archive = "cifar10-jpeg-25k.tar";
    let root = std::env::var_os("DENTATE_DATA").map(PathBuf::from);
    let Some(root) = root.filter(|root| root.join(archive).is_file()) else {
        println!(
            "skipped: DENTATE_DATA is not set to a folder with {archive}, so there are no pictures to split"
        );
        return;
    };
    let env = DataEnv {
        root: Some(root),
        cache: None,
        ..DataEnv::default()
    };
    let spec = spec(&format!(
        r#"{{"kind":"split","data":{{"kind":"image-folder","path":"{archive}","classes":10,"size":[16,16],"resize":true,
            "train":1000,"test":500}},"scenario":"class-incremental"}}"#
    ));
    let stream = spec.build(&env, Seed(1)).unwrap();
    assert_eq!(stream.info.title, "Split cifar10-jpeg-25k, class-incremental");
    assert_eq!(
        (stream.experiences.len(), &stream.info.shape[..]),
        (5, &[3, 16, 16][..])
    );
    assert!(
        stream
            .experiences
            .iter()
            .all(|e| (e.train.len(), e.test.len()) == (200, 100))
    );
}

#[test]
fn real_mnist_is_split() {
    let Some(root) = std::env::var_os("DENTATE_DATA") else {
        println!("skipped: DENTATE_DATA is not set, so there is no MNIST to split");
        return;
    };
    let env = DataEnv {
        root: Some(root.into()),
        cache: None,
        ..DataEnv::default()
    };
    let spec =
        spec(r#"{"kind":"split","data":{"kind":"mnist"},"scenario":"class-incremental","validation":0.1}"#);
    let stream = spec.build(&env, Seed(1)).unwrap();
    let count =
        |part: fn(&dentate_streams::Experience) -> usize| stream.experiences.iter().map(part).sum::<usize>();
    assert_eq!(count(|e| e.train.len() + e.validation.len()), 60_000);
    assert_eq!(count(|e| e.test.len()), 10_000);
    // Zeros and ones of the test set.
    assert_eq!(stream.experiences[0].test.len(), 980 + 1135);
    assert_eq!(stream.datasets().len(), 2);
}

/// Damaged and malformed files: no panic, no more memory than stated, one sentence.
#[test]
fn damaged_files_are_refused_in_one_sentence() {
    use dentate_streams::fuzzing::{READERS, examples};
    use dentate_testkit::malformed::{Reader, attack};
    for (name, read, most) in READERS {
        attack(&Reader { name, read, most }, &examples(name), 5000, Seed(1));
    }
}

#[test]
fn errors_say_what_is_wrong() {
    use dentate_core::data::DataError;
    use dentate_streams::StreamError as E;
    use dentate_streams::idx::{IdxError, IdxErrorKind as K};
    let io = || std::io::Error::from(std::io::ErrorKind::PermissionDenied);
    let of_idx = |kind| IdxError {
        file: "labels".into(),
        kind,
    };
    let idx = [
        K::Io(io()),
        K::Magic { found: [1, 2, 3, 4] },
        K::Dimensions {
            expected: 1,
            found: 3,
        },
        K::TooLarge {
            dims: vec![7, 8],
            limit: 9,
        },
        K::Truncated {
            expected: 9,
            found: 3,
        },
        K::Trailing { expected: 9 },
    ];
    let idx: Vec<String> = idx.map(|kind| of_idx(kind).to_string()).into();
    let (root, file) = (PathBuf::from("data"), PathBuf::from("data/mnist/labels"));
    let errors = [
        E::NoRoot { set: "mnist" },
        E::Missing {
            set: "mnist",
            file: "labels",
            root,
        },
        E::Size {
            file: file.clone(),
            expected: 9,
            found: 3,
        },
        E::Checksum {
            file: file.clone(),
            expected: "aa",
            found: "bb".into(),
        },
        E::Archive {
            file: "data/cifar-10/cifar-10.tar.gz".into(),
            expected: "aa",
            found: "bb".into(),
        },
        E::Unreadable {
            path: file.clone(),
            source: io(),
        },
        E::Idx(of_idx(K::Trailing { expected: 9 })),
        E::Mismatch {
            set: "mnist",
            file: "labels",
            reason: "3 images for 4 labels".into(),
        },
        E::NoDataFolder {
            path: "pets.tar".into(),
        },
        E::Picture {
            file: "pets.tar/train/ant/1.png".into(),
            kind: PictureErrorKind::Format,
        },
        E::Picture {
            file: "pets/train/ant/1.png".into(),
            kind: PictureErrorKind::TooLarge { found: [9000, 3] },
        },
        E::Picture {
            file: "pets/train/ant/1.png".into(),
            kind: PictureErrorKind::Damaged {
                format: "PNG",
                reason: "it ends early".into(),
            },
        },
        E::Picture {
            file: "pets/train/ant/1.jpg".into(),
            kind: PictureErrorKind::Turned { orientation: 6 },
        },
        E::Tree {
            path: "pets.tar".into(),
            kind: TreeErrorKind::Twice {
                name: "train/ant/1.png".into(),
            },
        },
        E::Tree {
            path: "pets.tar".into(),
            kind: TreeErrorKind::NoEnd,
        },
        E::Tree {
            path: "pets.tar".into(),
            kind: TreeErrorKind::Trailing,
        },
        E::Tree {
            path: "pets.tar".into(),
            kind: TreeErrorKind::Nowhere {
                name: "train/ant".into(),
                target: "../ants".into(),
            },
        },
        E::Tree {
            path: "pets".into(),
            kind: TreeErrorKind::Circle {
                name: "train/ant/all".into(),
            },
        },
        E::Tree {
            path: "pets".into(),
            kind: TreeErrorKind::Links { most: 16 },
        },
        E::Tree {
            path: "pets.tar".into(),
            kind: TreeErrorKind::Outside {
                name: "../ant/1.png".into(),
            },
        },
        E::Tree {
            path: "pets".into(),
            kind: TreeErrorKind::Sort {
                name: "train/ant/pipe".into(),
            },
        },
        E::Layout {
            path: "pets".into(),
            kind: LayoutErrorKind::Empty,
        },
        E::Npy {
            file: "set.npz/x_train.npy".into(),
            kind: NpyErrorKind::Magic,
        },
        E::NoArray {
            archive: "set.npz".into(),
            name: "x_tran".into(),
            nearest: Some("x_train".into()),
            known: "x_train, y_train".into(),
        },
        E::Cache {
            path: file,
            source: io(),
        },
        E::Config(ConfigError::new("tasks", 0, "from 1 to 1000")),
        E::Lacking {
            task: 2,
            name: "2/3".into(),
            lacks: "no test rows".into(),
            key: "data",
        },
        E::SameName {
            name: "shells".into(),
        },
        E::Experience {
            name: "shells".into(),
            source: Box::new(E::NoLabels),
        },
        E::Shapes {
            first: "shells".into(),
            second: "birds".into(),
            expected: vec![3, 8, 8],
            found: vec![1, 8, 8],
        },
        E::TaskLabels {
            task: "shells".into(),
            first: "shells".into(),
            second: "more shells".into(),
            expected: vec![0, 1],
            found: vec![2, 3],
        },
        E::NoLabels,
        E::Data(DataError::Columns { features: 3 }),
    ];
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(format!("{}\n{}", errors.join("\n"), idx.join("\n")));
}

/// The digest of a stream depends on rows, order, inputs and labels.
#[test]
fn a_streams_digest_follows_from_all_that_a_run_sees() {
    let json = |more: &str| {
        let data = r#"{"kind":"digits","train":40,"test":20,"generator_seed":1}"#;
        format!(r#"{{"kind":"split","scenario":"class-incremental","data":{data}{more}}}"#)
    };
    let digest = |json: &str, seed| {
        spec(json)
            .build(&DataEnv::default(), Seed(seed))
            .unwrap()
            .digest()
    };
    let (plain, shuffled) = (json(""), json(r#","shuffle_classes":true"#));
    assert_eq!(digest(&plain, 1), digest(&plain, 2));
    let all = [
        digest(&plain, 1),
        digest(&shuffled, 1),
        digest(&shuffled, 2),
        digest(&json(r#","validation":0.2"#), 1),
        digest(&plain.replace("\"generator_seed\":1", "\"generator_seed\":2"), 1),
        digest(&plain.replace("class-inc", "domain-inc"), 1),
    ];
    for (i, one) in all.iter().enumerate() {
        assert!(!all[..i].contains(one), "{i}");
    }
    let mut stream = spec(&plain).build(&DataEnv::default(), Seed(1)).unwrap();
    for experience in &mut stream.experiences {
        let test = &mut experience.test.data;
        let Targets::Classes { labels, classes } = test.targets().into_owned() else {
            unreachable!("digits have classes")
        };
        let labels = labels.iter().map(|label| label ^ 1).collect();
        *test = test
            .relabelled(test.id(), Targets::Classes { labels, classes })
            .unwrap();
    }
    assert_ne!(stream.digest(), all[0]);
}
