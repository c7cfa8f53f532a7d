use super::*;
use crate::StreamSpec;
use crate::data::Digits;

/// A builder's defaults are those of a suite: what both leave out is the same.
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
}
