mod oracle;

use super::*;
use crate::suite::tests_support::suite_of;
use proptest::prelude::*;

fn measured(log: &str) -> Measured {
    let suite = suite_of(&[log]);
    measure(&suite, &Frames::of(&suite).unwrap()).unwrap().remove(0)
}

const TWO_TASKS: &str = "accuracy.untrained,0,0,0,,0.5\naccuracy.untrained,0,0,1,,0.4\n\
    parameters,0,0,,,100.0\nparameters,1,10,,,200.0\nunits,1,10,,h1,5.0\n\
    growth,1,10,,widen,3.0\ngrowth,1,12,,widen,2.0\n\
    updates,0,10,,,10.0\nupdates,1,20,,,20.0\ncompute,0,10,,,1e6\ncompute,1,20,,,3e6\n\
    accuracy,0,10,0,,0.9\naccuracy,0,10,1,,0.6\naccuracy,1,20,0,,0.7\naccuracy,1,20,1,,0.8\n\
    stop,1,20,,quota,1.0\ndead-units,0,10,,h1,1.0\ndead-units,1,20,,h1,3.0\ndead-units,1,20,,h2,5.0\n";

#[test]
fn a_run_comes_to_its_hand_computed_numbers() {
    let m = measured(TWO_TASKS);
    let expected = [
        (Metric::AVERAGE_ACCURACY, 0.75),
        (Metric::ANYTIME_ACCURACY, (0.9 + 0.75) / 2.0),
        (Metric::LEARNING_ACCURACY, 0.85),
        (Metric::FORGETTING, 0.2),
        (Metric::BACKWARD_TRANSFER, -0.2),
        (Metric::FORWARD_TRANSFER, 0.2),
        (Metric::ONE_STEP_TRANSFER, -0.2),
        (Metric::PARAMETERS, 200.0),
        (Metric::SIZE_EFFICIENCY, 0.75),
        (Metric::UPDATES, 20.0),
        (Metric::COMPUTE, 3e6),
        (Metric::GROWTH_EDITS, 2.0),
        (Metric::UNITS_BORN, 5.0),
    ];
    let mut names = expected.map(|(metric, _)| metric);
    names.sort();
    assert_eq!(m.values.keys().copied().collect::<Vec<_>>(), names);
    for (metric, value) in expected {
        assert!(
            (m.values[&metric] - value).abs() < 1e-12,
            "{metric:?} is {}",
            m.values[&metric]
        );
    }
    assert_eq!(m.stops, ["quota"]);
    assert_eq!(m.others, BTreeMap::from([("dead-units".into(), 4.0)]));
}

#[test]
fn the_lowest_accuracy_since_a_task_was_learned_is_found_between_boundaries() {
    let log = TWO_TASKS.replace(
        "accuracy,1,20,0,,0.7",
        "accuracy.continual,1,12,0,,0.25\naccuracy.continual,1,12,1,,0.0\naccuracy,1,20,0,,0.7",
    );
    let m = measured(&log);
    assert!((m.values[&Metric::MIN_ACCURACY] - 0.25).abs() < 1e-12);
    assert!((m.values[&Metric::WORST_CASE_ACCURACY] - (0.8 / 2.0 + 0.25 / 2.0)).abs() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn metrics_do_not_depend_on_the_order_of_the_log(
        lines in Just(TWO_TASKS.lines().collect::<Vec<_>>()).prop_shuffle()
    ) {
        let log: String = lines.iter().map(|l| format!("{l}\n")).collect();
        prop_assert_eq!(measured(&log), measured(TWO_TASKS));
    }
}

/// Rows that are shown before their task do not count, where tasks come one after another.
#[test]
fn online_accuracy_is_of_the_task_that_is_learned() {
    let online = "accuracy.prequential,0,10,0,,0.5\naccuracy.prequential,0,10,1,,0.1\naccuracy.prequential,1,20,1,,0.7\n";
    let m = measured(&format!("{TWO_TASKS}{online}"));
    assert!((m.values[&Metric::ONLINE_ACCURACY] - 0.6).abs() < 1e-12);
    // Learned at once, all tasks count.
    let joint = "accuracy,0,10,0,,0.9\naccuracy,0,10,1,,0.6\naccuracy.prequential,0,10,0,,0.5\naccuracy.prequential,0,10,1,,0.1\n";
    assert!((measured(joint).values[&Metric::ONLINE_ACCURACY] - 0.3).abs() < 1e-12);
}

/// Every aggregate of a declared metric, and what nobody declares.
#[test]
fn a_recorded_metric_is_summed_up_as_it_is_declared() {
    let log = "yawns,0,1,,a,1.0\nyawns,0,1,,b,2.0\nyawns,0,5,,a,4.0\nyawns,1,9,,a,3.0\n";
    let of = |aggregate: Option<Aggregate>| {
        let mut suite = suite_of(&[log]);
        suite
            .manifest
            .metrics
            .extend(aggregate.map(|aggregate| MetricEntry {
                name: "yawns".into(),
                title: "yawns".into(),
                unit: Unit::Count,
                better: None,
                aggregate,
                formula: "Yawns.".into(),
                source: String::new(),
            }));
        measure(&suite, &Frames::of(&suite).unwrap()).unwrap().remove(0)
    };
    let value = |aggregate| {
        let values = of(Some(aggregate)).values;
        values
            .iter()
            .find(|(metric, _)| metric.name() == "yawns")
            .map(|(_, value)| *value)
    };
    assert_eq!(value(Aggregate::Last), Some(2.5));
    assert_eq!(value(Aggregate::Mean), Some(2.5));
    assert_eq!(value(Aggregate::Sum), Some(10.0));
    assert_eq!(value(Aggregate::Max), Some(4.0));
    let (declared, undeclared) = (of(Some(Aggregate::Sum)), of(None));
    assert!(declared.others.is_empty() && undeclared.values.keys().all(|m| m.name() != "yawns"));
    assert_eq!(undeclared.others, BTreeMap::from([("yawns".into(), 2.5)]));
}

#[test]
fn memory_is_that_of_the_last_experience_and_the_most_is_that_of_any() {
    let m = measured(
        "memory-bytes,0,5,,parameters,40.0\nmemory-bytes,0,5,,rows,100.0\nmemory-bytes,1,9,,parameters,60.0\n\
         memory-bytes,1,9,,slots,20.0\n",
    );
    assert_eq!(m.values[&Metric::MEMORY], 80.0);
    assert_eq!(m.values[&Metric::LARGEST_MEMORY], 140.0);
    assert_eq!(m.memory.len(), 2);
    assert!(m.others.is_empty());
}

#[test]
fn a_run_is_measured_against_the_joint_one_of_its_seed() {
    let own = "accuracy,0,1,0,,0.9\naccuracy,0,1,1,,0.1\naccuracy,1,2,0,,0.5\naccuracy,1,2,1,,0.7\n";
    let joint = "accuracy,0,1,0,,0.95\naccuracy,0,1,1,,0.9\n";
    let mut suite = suite_of(&[own, own, joint]);
    let mut reference = suite.manifest.methods[0].clone();
    reference.name = "joint".into();
    suite.manifest.methods.push(reference);
    (suite.runs[2].method, suite.runs[2].entry.seed) = (1, 0);
    let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap();
    let value = measured[0].values[&Metric::INTRANSIGENCE];
    assert!((value - (0.05 + 0.2) / 2.0).abs() < 1e-12, "{value}");
    // The second seed has no reference, and a reference is not measured against itself.
    assert!(!measured[1].values.contains_key(&Metric::INTRANSIGENCE));
    assert!(!measured[2].values.contains_key(&Metric::INTRANSIGENCE));
}

/// A recovery is counted from the boundary to the first window at the first level, 2.5 here.
#[test]
fn a_map_recovers_when_its_error_is_back() {
    let signals = [
        (0, 10, 4.0),
        (0, 20, 1.0),
        (1, 30, 9.0),
        (1, 40, 2.0),
        (2, 50, 9.0),
    ];
    let windows =
        signals.map(|(e, step, value)| format!("quantization-error.signals,{e},{step},,,{value:?}\n"));
    let log = format!("quantization-error,0,20,0,,1.0\n{}", windows.concat());
    let m = measured(&log);
    assert_eq!(m.values[&Metric::RECOVERED], 0.5);
    assert_eq!(m.values[&Metric::RECOVERY_TIME], 20.0);
    assert!(
        !measured(&windows.concat())
            .values
            .contains_key(&Metric::RECOVERED)
    );
}

/// An error of a metric's function is in its name.
#[test]
fn a_metric_without_values_is_named() {
    let frame = df!("run" => [0_u32], "values" => [1.0]);
    let suite = suite_of(&["loss,0,1,,,0.5\n"]);
    let mut measured = vec![Measured::default()];
    let said = enter(&suite, &mut measured, Metric::FORGETTING, frame)
        .unwrap_err()
        .to_string();
    assert!(
        said.contains("the metric `forgetting`") && said.contains("value"),
        "{said}"
    );
}

/// What the framework declares is not declared otherwise by a manifest.
#[test]
fn a_manifest_declares_nothing_of_the_framework() {
    let mut suite = suite_of(&[TWO_TASKS]);
    for name in ["forgetting", "accuracy"] {
        suite.manifest.metrics.push(MetricEntry {
            name: name.into(),
            title: "otherwise".into(),
            unit: Unit::Number,
            better: None,
            aggregate: Aggregate::Sum,
            formula: String::new(),
            source: String::new(),
        });
    }
    let m = measure(&suite, &Frames::of(&suite).unwrap()).unwrap().remove(0);
    assert_eq!(m, measured(TWO_TASKS));
    assert!(m.values.keys().all(|metric| metric.title() != "otherwise"));
}
