use super::*;
use crate::data::Digits;
use dentate_core::Access;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn split(scenario: Scenario, classes_per_task: u32) -> Split {
    Split {
        data: Box::new(Digits {
            train: 200,
            test: 50,
            generator_seed: 1,
        }),
        scenario,
        classes: None,
        classes_per_task,
        shuffle_classes: false,
        online: false,
        validation: 0.0,
        rows_per_task: None,
        transition: 0.0,
    }
}

fn build(split: &Split, seed: u64) -> Stream {
    StreamRecipe::build(split, &DataEnv::default(), Seed(seed)).unwrap()
}

const SCENARIOS: [Scenario; 3] = [
    Scenario::TaskIncremental,
    Scenario::DomainIncremental,
    Scenario::ClassIncremental,
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn tasks_cover_all_rows_and_classes_disjointly(
        scenario in 0..3_usize, per_task in prop::sample::select(vec![2_u32, 5, 10]),
        shuffle_classes: bool, validation in 0.0..0.5_f64, seed: u64,
    ) {
        let spec = Split { shuffle_classes, validation, ..split(SCENARIOS[scenario], per_task) };
        let stream = build(&spec, seed);
        prop_assert_eq!(stream.experiences.len() as u32, 10 / per_task);
        let mut named: Vec<String> = Vec::new();
        let (mut train, mut test) = (BTreeSet::new(), BTreeSet::new());
        for (i, experience) in stream.experiences.iter().enumerate() {
            named.extend(stream.info.task_names[i].split('/').map(str::to_owned));
            let task = &experience.info.tasks[0];
            prop_assert_eq!(task.classes.len() as u32, per_task);
            for part in [&experience.train, &experience.validation, &experience.test] {
                prop_assert_eq!(part.task, task.id);
                for row in part.rows.iter() {
                    prop_assert!(task.classes.contains(&part.data.label(row).unwrap()));
                }
            }
            for row in experience.train.rows.iter().chain(experience.validation.rows.iter()) {
                prop_assert!(train.insert(row), "training row {} is in two parts", row);
            }
            experience.test.rows.iter().for_each(|row| assert!(test.insert(row)));
            let rows = experience.train.len() + experience.validation.len();
            prop_assert_eq!(experience.validation.len(), (rows as f64 * validation).round() as usize);
        }
        prop_assert_eq!((train.len(), test.len()), (200, 50));
        named.sort();
        prop_assert_eq!(named, (0..10).map(|c| c.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn the_same_seed_gives_the_same_stream(seed: u64) {
        let spec = Split { shuffle_classes: true, validation: 0.3, ..split(Scenario::ClassIncremental, 2) };
        let rows = |stream: &Stream| -> Vec<_> {
            stream.experiences.iter().map(|e| (e.info.clone(), e.train.rows.clone(), e.validation.rows.clone())).collect()
        };
        prop_assert_eq!(rows(&build(&spec, seed)), rows(&build(&spec, seed)));
        prop_assert_ne!(rows(&build(&spec, seed)), rows(&build(&spec, seed.wrapping_add(1))));
    }
}

#[test]
fn labels_follow_the_scenario() {
    let labels = |scenario| -> Vec<Vec<u32>> {
        build(&split(scenario, 2), 0)
            .experiences
            .iter()
            .map(|e| e.info.tasks[0].classes.clone())
            .collect()
    };
    let global: Vec<Vec<u32>> = (0..5).map(|t| vec![2 * t, 2 * t + 1]).collect();
    assert_eq!(labels(Scenario::TaskIncremental), global);
    assert_eq!(labels(Scenario::ClassIncremental), global);
    assert_eq!(labels(Scenario::DomainIncremental), vec![vec![0, 1]; 5]);

    let info = |scenario| build(&split(scenario, 2), 0).info;
    assert_eq!(info(Scenario::TaskIncremental).chance, Some(0.5));
    assert_eq!(info(Scenario::DomainIncremental).chance, Some(0.5));
    assert_eq!(info(Scenario::ClassIncremental).chance, Some(0.1));
    assert_eq!(info(Scenario::DomainIncremental).classes, Some(2));
    assert_eq!(
        info(Scenario::ClassIncremental).title,
        "Split digits, class-incremental"
    );
    assert_eq!(
        info(Scenario::ClassIncremental).task_names,
        ["0/1", "2/3", "4/5", "6/7", "8/9"]
    );
}

#[test]
fn a_class_keeps_its_position_when_classes_are_shuffled() {
    let spec = Split {
        shuffle_classes: true,
        ..split(Scenario::DomainIncremental, 2)
    };
    let stream = build(&spec, 3);
    for (experience, name) in stream.experiences.iter().zip(&stream.info.task_names) {
        let classes: Vec<u32> = name.split('/').map(|c| c.parse().unwrap()).collect();
        for row in experience.train.rows.iter() {
            // The generator's classes alternate.
            let position = classes.iter().position(|&c| c == row % 10).unwrap() as u32;
            assert_eq!(experience.train.data.label(row), Some(position));
        }
    }
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    let refused = |spec: Split| AnyStream::validate(&spec).unwrap_err().to_string();
    let text = refused(split(Scenario::ClassIncremental, 3));
    assert!(
        text.contains("`classes_per_task` is 3") && text.contains("2, 5, 10"),
        "{text}"
    );
    assert!(refused(split(Scenario::Single, 2)).contains("`scenario` is \"single\""));
    let text = refused(Split {
        validation: 0.6,
        ..split(Scenario::ClassIncremental, 2)
    });
    assert_eq!(text, "`validation` is 0.6, but has to be from 0 to 0.5");
    assert!(
        refused(Split {
            validation: f64::NAN,
            ..split(Scenario::ClassIncremental, 2)
        })
        .contains("validation")
    );
    let data = Box::new(Digits {
        train: 0,
        test: 50,
        generator_seed: 1,
    });
    assert!(
        refused(Split {
            data,
            ..split(Scenario::ClassIncremental, 2)
        })
        .contains("`data.train` is 0")
    );
}

#[test]
fn online_means_a_single_pass() {
    let stream = build(
        &Split {
            online: true,
            ..split(Scenario::ClassIncremental, 2)
        },
        0,
    );
    assert!(stream.experiences.iter().all(|e| e.info.access == Access::Once));
}

#[test]
fn tasks_can_be_listed() {
    let listed = |scenario, classes: &[&[u32]]| Split {
        classes: Some(classes.iter().map(|c| c.to_vec()).collect()),
        ..split(scenario, 2)
    };
    let stream = build(&listed(Scenario::ClassIncremental, &[&[7, 1], &[0], &[3]]), 0);
    assert_eq!(stream.info.task_names, ["7/1", "0", "3"]);
    assert_eq!(stream.info.chance, Some(0.25));
    for (experience, classes) in stream.experiences.iter().zip([&[7, 1][..], &[0], &[3]]) {
        assert_eq!(experience.info.tasks[0].classes, classes);
        // The generator's classes alternate.
        assert!(
            experience
                .train
                .rows
                .iter()
                .all(|row| classes.contains(&(row % 10)))
        );
        assert_eq!(experience.train.len(), 20 * classes.len());
    }
    let stream = build(&listed(Scenario::DomainIncremental, &[&[7, 1], &[2, 5]]), 0);
    let second = &stream.experiences[1].train;
    assert!(
        second
            .rows
            .iter()
            .all(|row| second.data.label(row) == Some(u32::from(row % 10 == 5)))
    );

    let refused = |spec: Split| AnyStream::validate(&spec).unwrap_err().to_string();
    let text = refused(listed(Scenario::ClassIncremental, &[&[1, 7], &[7]]));
    assert!(
        text.contains("`classes` is [[1, 7], [7]]") && text.contains("at most once"),
        "{text}"
    );
    assert!(refused(listed(Scenario::ClassIncremental, &[&[10]])).contains("from 0 to 9"));
    assert!(refused(listed(Scenario::ClassIncremental, &[&[1], &[]])).contains("a class or more"));
    assert!(refused(listed(Scenario::TaskIncremental, &[&[1, 7], &[0]])).contains("two classes or more"));
    let shuffled = Split {
        shuffle_classes: true,
        ..listed(Scenario::ClassIncremental, &[&[1, 7]])
    };
    assert!(refused(shuffled).contains("shuffle_classes"));
}

#[test]
fn tasks_may_be_of_unequal_size_in_every_scenario() {
    let tasks: &[&[u32]] = &[&[7, 1], &[2, 5, 8], &[9, 0]];
    for (scenario, labels, classes, chance) in [
        (
            Scenario::TaskIncremental,
            [vec![7, 1], vec![2, 5, 8], vec![9, 0]],
            7,
            (0.5 + 1.0 / 3.0 + 0.5) / 3.0,
        ),
        (
            Scenario::DomainIncremental,
            [vec![0, 1], vec![0, 1, 2], vec![0, 1]],
            3,
            1.0 / 3.0,
        ),
        (
            Scenario::ClassIncremental,
            [vec![7, 1], vec![2, 5, 8], vec![9, 0]],
            7,
            1.0 / 7.0,
        ),
    ] {
        let spec = Split {
            classes: Some(tasks.iter().map(|c| c.to_vec()).collect()),
            ..split(scenario, 2)
        };
        let stream = build(&spec, 0);
        stream.measurable(false).unwrap();
        assert_eq!(stream.info.chance, Some(chance), "{scenario:?}");
        assert_eq!(stream.info.classes, Some(classes));
        for ((experience, labels), task) in stream.experiences.iter().zip(labels).zip(tasks) {
            assert_eq!(experience.info.tasks[0].classes, labels);
            assert_eq!(experience.train.len(), 20 * task.len());
        }
    }
}
