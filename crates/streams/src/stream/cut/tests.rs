use super::*;
use dentate_core::{Samples, Targets};
use proptest::prelude::*;

/// A row for each label.
fn data(labels: &[u32]) -> Dataset {
    let targets = Targets::Classes {
        labels: labels.to_vec(),
        classes: 10,
    };
    Dataset::new(
        DataId(0),
        Samples::Floats(vec![0.0; labels.len()]),
        vec![1],
        targets,
    )
    .unwrap()
}

fn cut(scenario: Scenario, validation: f64) -> Cut {
    Cut {
        scenario,
        online: false,
        validation,
        seed: Seed(3),
    }
}

fn of(labels: &[u32], rows: &[u32]) -> BTreeMap<u32, usize> {
    let mut counts = BTreeMap::new();
    for &row in rows {
        *counts.entry(labels[row as usize]).or_default() += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn rows_are_kept_back_class_by_class(
        labels in prop::collection::vec(prop::sample::select(vec![0_u32, 0, 0, 0, 0, 1, 1, 3, 7]), 1..60),
        share in 0.0..=0.5_f64, task in 0_u32..5,
    ) {
        let data = data(&labels);
        let (left, kept) = cut(Scenario::ClassIncremental, share).kept_back(&data, all_rows(&data), task);
        let mut all = [left.clone(), kept.clone()].concat();
        all.sort_unstable();
        prop_assert_eq!(all, all_rows(&data));
        let (left, kept, there) = (of(&labels, &left), of(&labels, &kept), of(&labels, &all_rows(&data)));
        for (class, n) in there {
            let exact = n as f64 * share;
            let kept = kept.get(&class).copied().unwrap_or(0);
            prop_assert!(left.get(&class).is_some_and(|n| *n > 0), "class {} has no row left", class);
            prop_assert!((kept as f64 - exact).abs() < 1.0 + 1e-9, "{} of {} rows of class {}", kept, n, class);
        }
    }
}

/// Nine in ten rows are of one class: in a draw without regard to it, often all of the other's rows are held out, or none.
#[test]
fn a_rare_class_is_on_both_sides() {
    let labels: Vec<u32> = (0..40).map(|row| u32::from(row % 20 == 0)).collect();
    let data = data(&labels);
    for seed in 0..50 {
        let cut = Cut {
            seed: Seed(seed),
            ..cut(Scenario::ClassIncremental, 0.5)
        };
        let (left, kept) = cut.kept_back(&data, all_rows(&data), 0);
        let sides = [of(&labels, &left), of(&labels, &kept)];
        assert_eq!(
            sides,
            [
                BTreeMap::from([(0, 19), (1, 1)]),
                BTreeMap::from([(0, 19), (1, 1)])
            ]
        );
    }
}

#[test]
fn guessing_is_among_the_labels_that_the_scenario_leaves_open() {
    let labels: Vec<u32> = vec![0, 1, 2, 3, 4];
    let chance = |scenario, tasks: &[&[u32]]| {
        let cut = cut(scenario, 0.0);
        let experience = |(task, classes): (u32, &&[u32])| {
            let part = || (data(&labels), classes.to_vec());
            cut.experience(task, classes.to_vec(), [part(), part()])
        };
        let experiences = (0..).zip(tasks).map(experience).collect();
        let info = cut.stream("x".into(), Vec::new(), experiences).info;
        (info.chance.unwrap(), info.classes.unwrap())
    };
    let unequal: &[&[u32]] = &[&[0, 1], &[2, 3, 4, 5]];
    assert_eq!(
        chance(Scenario::TaskIncremental, unequal),
        ((0.5 + 0.25) / 2.0, 6)
    );
    assert_eq!(chance(Scenario::ClassIncremental, unequal), (1.0 / 6.0, 6));
    let shared: &[&[u32]] = &[&[0, 1, 2], &[0, 1]];
    assert_eq!(chance(Scenario::DomainIncremental, shared), (1.0 / 3.0, 3));
    let gaps: &[&[u32]] = &[&[0, 3, 7], &[0, 3, 7]];
    assert_eq!(chance(Scenario::DomainIncremental, gaps), (1.0 / 3.0, 3));
    assert_eq!(chance(Scenario::TaskIncremental, gaps), (1.0 / 3.0, 3));
}
