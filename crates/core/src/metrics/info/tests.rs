use super::*;

fn entry() -> MetricEntry {
    MetricEntry {
        name: "wakefulness".into(),
        title: "wakefulness".into(),
        unit: Unit::Percent,
        better: Some(Direction::Higher),
        aggregate: Aggregate::Mean,
        formula: "Share of units that were awake.".into(),
        source: "Sleeper 1900".into(),
    }
}

#[test]
fn equal_declarations_of_manifests_are_one_metric() {
    let (first, again) = (Metric::of_manifest(&entry()), Metric::of_manifest(&entry()));
    assert!(std::ptr::eq(first.info(), again.info()));
    assert_eq!(
        first.explanation(),
        "Share of units that were awake (Sleeper 1900)."
    );
    assert_eq!(first.info().records, ["wakefulness"]);
    // Another suite may have declared the same name otherwise; each report says what its own did.
    let other = Metric::of_manifest(&MetricEntry {
        title: "vigilance".into(),
        ..entry()
    });
    assert_eq!(
        (other, other.title(), first.title()),
        (first, "vigilance", "wakefulness")
    );
}

#[test]
fn what_has_no_better_direction_is_not_ranked_by() {
    let neither = MetricEntry {
        better: None,
        name: "sleepiness".into(),
        ..entry()
    };
    assert_eq!(Metric::of_manifest(&neither).info().ranked, Ranked::Never);
    assert_eq!(Metric::of_manifest(&entry()).info().ranked, Ranked::Always);
}

/// A declaration is whole: named, explained, computed from something, and ranked by only if there is a better direction.
#[test]
fn every_declaration_is_whole() {
    let mut names = std::collections::BTreeSet::new();
    for metric in Metric::all() {
        let info = metric.info();
        assert!(names.insert(info.name), "{metric:?} is declared twice");
        let kebab = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(
            !info.name.is_empty() && info.name.chars().all(kebab),
            "{metric:?}"
        );
        assert!(
            !info.title.is_empty() && info.formula.ends_with('.'),
            "{metric:?}"
        );
        assert!(!info.records.is_empty(), "{metric:?} is computed from nothing");
        let known = |name: &&str| crate::record::known(name).is_some();
        assert!(info.records.iter().all(known), "{metric:?}");
        assert!(info.aggregate.is_none() || info.records.len() == 1, "{metric:?}");
        assert!(
            info.ranked == Ranked::Never || info.better.is_some(),
            "{metric:?}"
        );
    }
    assert_eq!(names.len(), 42);
}
