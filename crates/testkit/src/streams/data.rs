//! The laws of data sets.

use super::environment;
use dentate_core::{DataId, Dataset, Targets};
use dentate_streams::{DataEnv, DataSpec, LabelledData, StreamError};
use std::path::PathBuf;

type All = [Box<dyn DataSpec>];

fn load(data: &dyn DataSpec, env: &DataEnv) -> LabelledData {
    match data.load(env) {
        Ok(loaded) => loaded,
        Err(error) => panic!("{data:?} cannot be loaded: {error}"),
    }
}

/// The content of all rows: their values to the bit, and their labels.
fn rows(data: &Dataset) -> Vec<(Vec<u32>, Option<u32>)> {
    let mut values = vec![0.0; data.features()];
    let row = |row: u32| {
        data.read(row, &mut values).expect("the row is one of its own");
        (values.iter().map(|v| v.to_bits()).collect(), data.label(row))
    };
    (0..data.len() as u32).map(row).collect()
}

/// Returns whether two loaded sets are equal to the bit.
fn same(a: &LabelledData, b: &LabelledData) -> bool {
    let halves = [(&a.train, &b.train), (&a.test, &b.test)];
    a.classes == b.classes
        && halves
            .iter()
            .all(|(a, b)| a.shape() == b.shape() && rows(a) == rows(b))
}

/// A configuration is valid, and survives a round trip through TOML.
pub fn data_survives_toml(all: &All) {
    for data in all {
        data.validate()
            .unwrap_or_else(|e| panic!("{data:?} is refused: {e}"));
        let text = toml::to_string(data).expect("a configuration can be written");
        let read: Box<dyn DataSpec> = toml::from_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(toml::to_string(&read).as_ref(), Ok(&text));
    }
}

/// The loaded data is a function of the configuration and the files.
pub fn data_is_the_same_each_time(all: &All) {
    let env = environment();
    for data in all {
        assert!(
            same(&load(data.as_ref(), &env), &load(data.as_ref(), &env)),
            "{data:?} changes"
        );
    }
}

/// The facts stated before loading are true of the loaded data: classes, shape, rows of each class. Values are finite, both
/// halves are labelled, training rows are data 0 and test rows data 1.
pub fn facts_of_data_are_true(all: &All) {
    let env = environment();
    for data in all {
        let (facts, loaded) = (data.facts(), load(data.as_ref(), &env));
        let halves = [&loaded.train, &loaded.test];
        assert!(!facts.title.is_empty(), "{data:?} has no title");
        assert_eq!(loaded.classes, facts.classes, "{data:?}: classes");
        assert_eq!(halves.map(Dataset::id), [DataId(0), DataId(1)], "{data:?}: ids");
        assert_eq!(
            halves[0].shape(),
            halves[1].shape(),
            "{data:?}: shapes of both halves"
        );
        if let Some(shape) = &facts.shape {
            assert_eq!(halves[0].shape(), shape, "{data:?}: shape");
        }
        for (which, half) in halves.into_iter().enumerate() {
            assert!(!half.is_empty(), "{data:?} has an empty half");
            let targets = half.targets();
            let Targets::Classes { labels, classes } = &*targets else {
                panic!("{data:?} has no labels");
            };
            assert_eq!(*classes, loaded.classes, "{data:?}: classes of a half");
            let mut counts = vec![0u64; facts.classes as usize];
            for &label in labels {
                let count = counts.get_mut(label as usize);
                *count.unwrap_or_else(|| {
                    panic!("{data:?} has a label {label} of {} classes", facts.classes)
                }) += 1;
            }
            if let Some(told) = data.rows_by_class() {
                assert_eq!(told[which], counts, "{data:?}: rows of each class");
            }
            let finite = |(values, _): &(Vec<u32>, _)| values.iter().all(|v| f32::from_bits(*v).is_finite());
            assert!(
                rows(half).iter().all(finite),
                "{data:?} has values that are not finite"
            );
        }
    }
}

/// The stated fingerprint is that of the loaded data; another one is refused; other data has another.
pub fn a_fingerprint_is_of_the_bytes_that_are_read(all: &All) {
    let env = environment();
    let mut known: Vec<(String, LabelledData)> = Vec::new();
    for data in all {
        let loaded = load(data.as_ref(), &env);
        let told = data
            .fingerprint(&env)
            .unwrap_or_else(|e| panic!("{data:?} has no fingerprint: {e}"));
        assert_eq!(
            told, loaded.fingerprint,
            "{data:?} tells another fingerprint than it loads"
        );
        let expecting = |expected: String| {
            let expected = Some(expected);
            data.load(&DataEnv {
                expected,
                ..env.clone()
            })
        };
        assert!(expecting(told.clone()).is_ok(), "{data:?} refuses what it is");
        let other = expecting(format!("{told} and more"));
        assert!(
            matches!(other, Err(StreamError::Changed { .. })),
            "{data:?} is taken for other data"
        );
        for (fingerprint, before) in &known {
            let differs = *fingerprint != told;
            assert!(
                differs || same(before, &loaded),
                "{data:?} and other data have one fingerprint: {told}"
            );
        }
        known.push((told, loaded));
    }
}

/// A folder that is deleted on drop.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that remains does no harm.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Data through a cache, new or existing, equals data without one.
pub fn a_cache_changes_no_byte(all: &All) {
    let env = environment();
    let folder = Folder(std::env::temp_dir().join(format!("dentate-laws-{}", std::process::id())));
    let cached = DataEnv {
        cache: Some(folder.0.clone()),
        ..env.clone()
    };
    for data in all {
        let plain = load(data.as_ref(), &env);
        data.prepare(&cached)
            .unwrap_or_else(|e| panic!("{data:?} cannot be prepared: {e}"));
        for _ in 0..2 {
            let kept = load(data.as_ref(), &cached);
            assert!(same(&plain, &kept), "{data:?} comes otherwise from the cache");
            assert_eq!(plain.fingerprint, kept.fingerprint, "{data:?}: fingerprint");
        }
    }
}
