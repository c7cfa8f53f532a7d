use super::*;
use serde_json::json;

#[test]
fn bounds_are_read_checked_and_said() {
    let of = |schema: Json| Bounds::of(&schema);
    let cases = [
        (of(json!({})), None, vec![-1e9, 0.0], vec![]),
        (
            of(json!({ "minimum": 1 })),
            Some("at least 1"),
            vec![1.0, 2.0],
            vec![0.0, f64::NAN],
        ),
        (
            of(json!({ "exclusiveMinimum": 0 })),
            Some("above 0"),
            vec![1e-9],
            vec![0.0, -1.0],
        ),
        (
            of(json!({ "minimum": 0.0, "exclusiveMaximum": 1 })),
            Some("at least 0 and below 1"),
            vec![0.0, 0.5],
            vec![1.0, -0.1, f64::NAN],
        ),
        (
            of(json!({ "minimum": 0.25, "maximum": 4 })),
            Some("from 0.25 to 4"),
            vec![0.25, 4.0],
            vec![0.0, 4.1],
        ),
    ];
    for (bounds, words, inside, outside) in cases {
        assert_eq!(bounds.words(false).as_deref(), words);
        assert!(inside.iter().all(|v| bounds.contain(*v)), "{words:?}");
        assert!(outside.iter().all(|v| !bounds.contain(*v)), "{words:?}");
        assert!(bounds.outside().iter().all(|v| !bounds.contain(*v)), "{words:?}");
    }
    assert_eq!(of(json!({ "minimum": 0 })).words(true), None);
}
