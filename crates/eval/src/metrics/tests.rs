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
        (Metric::AverageAccuracy, 0.75),
        (Metric::AnytimeAccuracy, (0.9 + 0.75) / 2.0),
        (Metric::LearningAccuracy, 0.85),
        (Metric::Forgetting, 0.2),
        (Metric::BackwardTransfer, -0.2),
        (Metric::ForwardTransfer, 0.2),
        (Metric::OneStepTransfer, -0.2),
        (Metric::Parameters, 200.0),
        (Metric::SizeEfficiency, 0.75),
        (Metric::Updates, 20.0),
        (Metric::Compute, 3e6),
        (Metric::GrowthEdits, 2.0),
        (Metric::UnitsBorn, 5.0),
    ];
    assert_eq!(
        m.values.keys().copied().collect::<Vec<_>>(),
        expected.map(|(metric, _)| metric)
    );
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
    assert!((m.values[&Metric::MinAccuracy] - 0.25).abs() < 1e-12);
    assert!((m.values[&Metric::WorstCaseAccuracy] - (0.8 / 2.0 + 0.25 / 2.0)).abs() < 1e-12);
}

#[test]
fn names_are_unique() {
    let mut names: Vec<_> = Metric::ALL.iter().map(|m| m.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Metric::ALL.len());
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

/// Suites can rank by measures that the report has and that have a direction.
#[test]
fn every_ranking_is_a_measure_with_a_direction() {
    for ranking in dentate_core::record::RANKINGS {
        let metric = Metric::ALL
            .into_iter()
            .find(|metric| metric.name() == ranking.measure);
        let direction = metric.and_then(Metric::direction);
        assert!(direction.is_some(), "{ranking:?}");
    }
}

/// Rows that are shown before their task do not count, where tasks come one after another.
#[test]
fn online_accuracy_is_of_the_task_that_is_learned() {
    let online = "accuracy.prequential,0,10,0,,0.5\naccuracy.prequential,0,10,1,,0.1\naccuracy.prequential,1,20,1,,0.7\n";
    let m = measured(&format!("{TWO_TASKS}{online}"));
    assert!((m.values[&Metric::OnlineAccuracy] - 0.6).abs() < 1e-12);
    // Learned at once, all tasks count.
    let joint = "accuracy,0,10,0,,0.9\naccuracy,0,10,1,,0.6\naccuracy.prequential,0,10,0,,0.5\naccuracy.prequential,0,10,1,,0.1\n";
    assert!((measured(joint).values[&Metric::OnlineAccuracy] - 0.3).abs() < 1e-12);
}
