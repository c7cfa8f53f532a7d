//! The laws on the project's own streams and data sets, and on a data set that breaks each.

use dentate_core::{DataId, Dataset, Samples, Targets, config};
use dentate_streams::data::{ColouredShapes, Digits};
use dentate_streams::{
    DataEnv, DataFacts, DataRecipe, DataSpec, LabelledData, Motion, Moving, Permuted, PermutedLabels,
    RandomLabels, Split, StreamError, register,
};
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

mod kept {
    use super::*;

    fn digits() -> Digits {
        Digits {
            train: 40,
            test: 20,
            ..Digits::default()
        }
    }

    crate::conformance_data!(
        digits(),
        Digits {
            generator_seed: 2,
            ..digits()
        },
        ColouredShapes {
            train: 30,
            test: 20,
            ..ColouredShapes::default()
        },
    );

    fn split(scenario: &str, more: &str) -> Split {
        let data = "{ kind = \"digits\", train = 60, test = 30 }";
        let text = format!("data = {data}\nscenario = \"{scenario}\"\n{more}");
        toml::from_str(&text).expect("a split stream")
    }

    crate::conformance_stream!(
        split("class-incremental", ""),
        split("domain-incremental", "online = true"),
        split("task-incremental", "validation = 0.2\nshuffle_classes = true"),
        split(
            "domain-incremental",
            "online = true\ntransition = 0.8\nrows_per_task = 9"
        ),
        Permuted::new(digits(), 3)
            .online()
            .transition(1.0)
            .validation(0.2)
            .test_rows(12),
        Permuted::new(digits(), 2)
            .class_incremental()
            .rows_per_task(20)
            .first_identity(false),
        PermutedLabels::new(digits(), 3)
            .rows_per_task(20)
            .validation(0.2)
            .test_rows(12),
        RandomLabels::new(digits(), 3).rows_per_task(20),
        RandomLabels::new(digits(), 2)
            .task_incremental()
            .same_rows(false)
            .online(),
        Moving {
            motion: Motion::Jump,
            phases: 3,
            step: 1.0,
            train: 30,
            test: 20,
        },
    );
}

config! {
    /// A set of one number per row that breaks the law in `law`.
    struct Breaks {
        /// The law to break.
        law: String = String::new(),
    }
}

static LOADS: AtomicU32 = AtomicU32::new(0);

impl DataRecipe for Breaks {
    fn facts(&self) -> DataFacts {
        DataFacts {
            title: "broken".into(),
            classes: if self.law == "classes" { 3 } else { 2 },
            shape: Some(vec![1]),
            cached: Some(0),
        }
    }
    fn rows_by_class(&self) -> Option<[Vec<u64>; 2]> {
        let test = if self.law == "rows" { 3 } else { 2 };
        Some([vec![2, 2], vec![2, test]])
    }
    fn fingerprint(&self, _: &DataEnv) -> Result<String, StreamError> {
        Ok("broken".into())
    }
    fn prepare(&self, _: &DataEnv) -> Result<Option<PathBuf>, StreamError> {
        Ok(None)
    }
    fn load(&self, env: &DataEnv) -> Result<LabelledData, StreamError> {
        let value = match &*self.law {
            "same" => LOADS.fetch_add(1, Ordering::Relaxed) as f32,
            "finite" => f32::NAN,
            "other" => 1.0,
            "cache" if env.cache.is_some() => 2.0,
            _ => 0.0,
        };
        let half = |id| {
            let targets = Targets::Classes {
                labels: vec![0, 1, 0, 1],
                classes: 2,
            };
            Dataset::new(DataId(id), Samples::Floats(vec![value; 4]), vec![1], targets)
        };
        let told = if self.law == "fingerprint" {
            "another"
        } else {
            "broken"
        };
        Ok(LabelledData {
            train: half(0)?,
            test: half(1)?,
            classes: 2,
            fingerprint: told.into(),
        })
    }
}

register!(
    data,
    Breaks,
    "test-breaks",
    summary = "A test.",
    citation = "this test"
);

/// The message of a law for a set that breaks it.
#[test]
fn what_breaks_a_law_is_told() {
    type Law = fn(&[Box<dyn DataSpec>]);
    let laws: [(&str, Law, &str); 7] = [
        ("same", super::data_is_the_same_each_time, "changes"),
        ("classes", super::facts_of_data_are_true, "classes"),
        ("rows", super::facts_of_data_are_true, "rows of each class"),
        ("finite", super::facts_of_data_are_true, "not finite"),
        (
            "fingerprint",
            super::a_fingerprint_is_of_the_bytes_that_are_read,
            "another fingerprint",
        ),
        (
            "other",
            super::a_fingerprint_is_of_the_bytes_that_are_read,
            "have one fingerprint",
        ),
        (
            "cache",
            super::a_cache_changes_no_byte,
            "otherwise from the cache",
        ),
    ];
    for (breaks, law, words) in laws {
        let of = |law: &str| -> Box<dyn DataSpec> { Box::new(Breaks { law: law.into() }) };
        law(&[of("")]);
        let panic = catch_unwind(|| law(&[of(""), of(breaks)])).expect_err(breaks);
        let said = panic.downcast_ref::<String>().cloned().unwrap_or_default();
        assert!(said.contains(words), "{breaks}: {said}");
    }
}
