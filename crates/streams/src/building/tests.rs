use super::*;
use crate::data::{DataSpec, Digits, ImageFolder, Npy};
use crate::{BitFlip, Motion, Moving, Problem, ProblemName, Shape, ShapeName, StreamSpec};

/// A builder's defaults are those of a suite.
#[test]
fn what_is_left_out_is_as_in_a_suite() {
    let digits = Digits::default;
    let same = |built: Box<dyn StreamSpec>, suite: &str| {
        let read: Box<dyn StreamSpec> = serde_json::from_str(suite).unwrap();
        assert_eq!(format!("{built:?}"), format!("{read:?}"), "{suite}");
    };
    same(
        Box::new(Split::new(digits()).task_incremental()),
        r#"{ "kind": "split", "data": { "kind": "digits" }, "scenario": "task-incremental" }"#,
    );
    let split = Split::new(digits())
        .classes_per_task(5)
        .shuffle_classes()
        .online();
    same(
        Box::new(split.validation(0.25)),
        r#"{ "kind": "split", "data": { "kind": "digits" }, "scenario": "class-incremental", "classes_per_task": 5,
             "shuffle_classes": true, "online": true, "validation": 0.25 }"#,
    );
    same(
        Box::new(
            Split::new(digits())
                .classes([[7, 1], [0, 4]])
                .domain_incremental(),
        ),
        r#"{ "kind": "split", "data": { "kind": "digits" }, "scenario": "domain-incremental", "classes": [[7, 1], [0, 4]] }"#,
    );
    same(
        Box::new(Permuted::new(digits(), 3)),
        r#"{ "kind": "permuted", "data": { "kind": "digits" }, "scenario": "domain-incremental", "tasks": 3 }"#,
    );
    same(
        Box::new(Rotated::new(digits(), 4, 90.0).class_incremental()),
        r#"{ "kind": "rotated", "data": { "kind": "digits" }, "scenario": "class-incremental", "tasks": 4, "max_degrees": 90 }"#,
    );
    same(Box::<BitFlip>::default(), r#"{ "kind": "bit-flip" }"#);
    same(
        Box::new(Moving::new(Motion::Drift)),
        r#"{ "kind": "moving", "motion": "drift" }"#,
    );
    same(
        Box::new(Shape::new(ShapeName::Rings)),
        r#"{ "kind": "shape", "shape": "rings" }"#,
    );
    same(
        Box::new(Problem::new(ProblemName::Parity)),
        r#"{ "kind": "problem", "problem": "parity" }"#,
    );
    let same = |built: Box<dyn DataSpec>, suite: &str| {
        let read: Box<dyn DataSpec> = serde_json::from_str(suite).unwrap();
        assert_eq!(format!("{built:?}"), format!("{read:?}"), "{suite}");
    };
    same(
        Box::new(Npy::new("mine.npz", 10)),
        r#"{ "kind": "npy", "path": "mine.npz", "classes": 10 }"#,
    );
    same(
        Box::new(ImageFolder::new("pets", 2, [32, 48])),
        r#"{ "kind": "image-folder", "path": "pets", "classes": 2, "size": [32, 48] }"#,
    );
}
