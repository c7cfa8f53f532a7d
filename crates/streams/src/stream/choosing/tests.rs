use super::*;
use crate::data::DataEnv;
use crate::spec::StreamSpec;
use std::collections::BTreeMap;

fn stream(text: &str) -> Result<Stream, StreamError> {
    let spec: Box<dyn StreamSpec> = serde_json::from_str(text).unwrap();
    spec.build(&DataEnv::default(), Seed(7))
}

fn digits(more: &str) -> Stream {
    let text = format!(
        r#"{{ "kind": "split", "scenario": "class-incremental", "data": {{ "kind": "digits", "train": 200, "test": 100 }}{more} }}"#
    );
    stream(&text).unwrap()
}

fn rows(part: &Part) -> Vec<u32> {
    part.rows.to_vec()
}

fn by_label(part: &Part) -> BTreeMap<Option<u32>, usize> {
    let mut counts = BTreeMap::new();
    for row in part.rows.iter() {
        *counts.entry(part.data.label(row)).or_default() += 1;
    }
    counts
}

#[test]
fn settings_are_chosen_on_training_rows_that_are_not_trained_on() {
    let whole = digits("");
    let choosing = whole.clone().for_choosing(0.2, Seed(7)).unwrap();
    choosing.measurable(false).unwrap();
    choosing.measurable(true).unwrap();
    for (before, now) in whole.experiences.iter().zip(&choosing.experiences) {
        let mut all = [rows(&now.train), rows(&now.test)].concat();
        all.sort_unstable();
        assert_eq!(all, rows(&before.train));
        assert_eq!(rows(&now.test), rows(&now.validation));
        // Four of twenty rows of each of two classes.
        assert_eq!(by_label(&now.test).into_values().collect::<Vec<_>>(), [4, 4]);
        assert_eq!(now.test.data.id(), before.train.data.id());
    }
    // Nowhere in it is a test row.
    let test = whole.experiences[0].test.data.id();
    assert_ne!(test, whole.experiences[0].train.data.id());
    assert!(choosing.datasets().iter().all(|data| data.id() != test));
    let again = whole.clone().for_choosing(0.2, Seed(7)).unwrap();
    assert_eq!(again.digest(), choosing.digest());
    assert_ne!(
        whole.for_choosing(0.2, Seed(8)).unwrap().digest(),
        choosing.digest()
    );
}

#[test]
fn a_streams_own_validation_rows_come_first() {
    let whole = digits(r#", "validation": 0.3"#);
    let choosing = whole.clone().for_choosing(0.1, Seed(7)).unwrap();
    for (before, now) in whole.experiences.iter().zip(&choosing.experiences) {
        assert_eq!(rows(&now.train), rows(&before.train));
        assert_eq!(rows(&now.test), rows(&before.validation));
    }
}

#[test]
fn every_class_has_a_row_and_keeps_one() {
    let choosing = digits("").for_choosing(0.001, Seed(7)).unwrap();
    assert!(
        choosing
            .experiences
            .iter()
            .all(|e| by_label(&e.test).into_values().eq([1, 1]))
    );
    let choosing = digits("").for_choosing(0.999, Seed(7)).unwrap();
    assert!(
        choosing
            .experiences
            .iter()
            .all(|e| by_label(&e.train).into_values().eq([1, 1]))
    );
}

/// Values and points have no classes.
#[test]
fn rows_without_classes_are_held_out_as_well() {
    let bits = r#"{ "kind": "bit-flip", "experiences": 2, "train": 50, "test": 20 }"#;
    let points = r#"{ "kind": "shape", "shape": "moons", "train": 50, "test": 20 }"#;
    for text in [bits, points] {
        let choosing = stream(text).unwrap().for_choosing(0.1, Seed(7)).unwrap();
        for experience in &choosing.experiences {
            assert_eq!((experience.train.len(), experience.test.len()), (45, 5), "{text}");
        }
    }
}

#[test]
fn what_is_evaluated_on_training_rows_leaves_nothing_to_choose_by() {
    let xor = stream(r#"{ "kind": "problem", "problem": "xor" }"#).unwrap();
    let error = xor.for_choosing(0.1, Seed(7)).unwrap_err().to_string();
    assert!(
        error.starts_with("`sweep` is asked for, but has to be left out"),
        "{error}"
    );
}
