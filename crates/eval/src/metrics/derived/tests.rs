use super::*;
use crate::metrics::Aggregate;
use dentate_core::metrics::MetricInfo;

fn nothing(_: &Frames) -> PolarsResult<DataFrame> {
    df!("run" => [0_u32], "value" => [1.0])
}

/// Every metric of the framework is computed in exactly one way.
#[test]
fn each_metric_has_a_function_or_an_aggregate() {
    let all = all_derived();
    check_derived(&all).unwrap();
    for metric in Metric::all() {
        let aggregate: Option<Aggregate> = metric.info().aggregate;
        let functions = all.iter().filter(|derived| derived.metric == metric).count();
        assert_eq!(functions, usize::from(aggregate.is_none()), "{metric:?}");
    }
}

#[test]
fn a_name_of_another_is_refused() {
    static TAKEN: MetricInfo = MetricInfo {
        name: "forgetting",
        ..MetricInfo::PLAIN
    };
    static RECORD: MetricInfo = MetricInfo {
        name: "accuracy.class",
        ..MetricInfo::PLAIN
    };
    static OWN: MetricInfo = MetricInfo {
        name: "own",
        ..MetricInfo::PLAIN
    };
    let of = |info: &'static MetricInfo, package| Derived {
        metric: Metric::declared(info),
        compute: nothing,
        package,
    };
    let said = |all: &[Derived]| check_derived(all).unwrap_err().to_string();
    assert_eq!(
        said(&[of(&TAKEN, "a")]),
        "the metric `forgetting` of package `a` has the name of one of the framework; rename it"
    );
    assert!(said(&[of(&RECORD, "a")]).contains("of a record"));
    assert!(said(&[of(&OWN, "a"), of(&OWN, "b")]).contains("package `b` has the name of one of package `a`"));
    assert!(check_derived(&[of(&OWN, "a")]).is_ok());
}
