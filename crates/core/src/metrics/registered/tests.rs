use super::*;
use crate::metrics::Ranked;
use crate::record::{Direction, Unit};

crate::register!(
    metric,
    "yawns",
    title = "yawns of a network",
    unit = count,
    better = lower,
    aggregate = sum,
    formula = "Yawns in all.",
    source = "this test",
);

#[test]
fn a_declaration_is_found_by_name_and_written_into_a_manifest() {
    let yawns = find_registered("yawns").unwrap();
    assert_eq!(
        (yawns.info.unit, yawns.info.better),
        (Unit::Count, Some(Direction::Lower))
    );
    assert_eq!(
        (yawns.info.ranked, yawns.info.records),
        (Ranked::Always, ["yawns"].as_slice())
    );
    let entry = yawns.entry();
    let text = serde_json::to_string(&entry).unwrap();
    assert!(text.contains(r#""better":"lower","aggregate":"sum""#), "{text}");
    assert_eq!(serde_json::from_str::<MetricEntry>(&text).unwrap(), entry);
    assert!(find_registered("nothing-of-the-kind").is_none());
    assert_eq!(check_registered(&registered()), Ok(()));
}

#[test]
fn names_are_ones_own() {
    let of = |name, package| RecordedMetric {
        info: MetricInfo {
            name,
            ..MetricInfo::PLAIN
        },
        package,
    };
    let (a, b) = (of("yawns", "a"), of("yawns", "b"));
    let said = check_registered(&[&a, &b]).unwrap_err().to_string();
    assert_eq!(
        said,
        "two metrics are called `yawns`: one in package `a`, one in `b`; rename one of them"
    );
    let said = check_registered(&[&of("a b", "c")]).unwrap_err().to_string();
    assert!(said.contains("registers the metric \"a b\""), "{said}");
    for taken in ["forgetting", "accuracy.class"] {
        let said = check_registered(&[&of(taken, "c")]).unwrap_err().to_string();
        assert!(
            said.contains(&format!("package `c` registers the metric `{taken}`")),
            "{said}"
        );
    }
}
