use super::*;
use crate::data::Digits;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn random_labels(tasks: u32) -> RandomLabels {
    RandomLabels::new(
        Digits {
            train: 200,
            test: 50,
            generator_seed: 1,
        },
        tasks,
    )
}

fn build(spec: &RandomLabels, seed: u64) -> Stream {
    StreamRecipe::build(spec, &DataEnv::default(), Seed(seed)).unwrap()
}

/// The labels of a task's training rows.
fn labels_of(stream: &Stream, task: usize) -> Vec<u32> {
    let part = &stream.experiences[task].train;
    part.rows.iter().filter_map(|row| part.data.label(row)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_task_has_the_rows_and_random_labels_of_every_class(
        seed: u64, given: bool, same: bool, rows in prop::option::of(10_u32..200),
    ) {
        let spec = RandomLabels {
            scenario: if given { Scenario::TaskIncremental } else { Scenario::DomainIncremental },
            rows_per_task: rows,
            same_rows: same,
            ..random_labels(3)
        };
        let stream = build(&spec, seed);
        stream.measurable(false).unwrap();
        prop_assert_eq!(stream.info.chance, Some(0.1));
        prop_assert_eq!(stream.info.evaluated, EvaluatedRows::Training);
        for (task, e) in (0_u32..).zip(&stream.experiences) {
            prop_assert_eq!(e.train.len(), rows.unwrap_or(200) as usize);
            prop_assert_eq!(&e.train.rows, &e.test.rows);
            prop_assert_eq!(e.train.data.id(), e.test.data.id());
            let first = if given { 10 * task } else { 0 };
            let found: BTreeSet<u32> = labels_of(&stream, task as usize).into_iter().collect();
            prop_assert_eq!(found, (first..first + 10).collect::<BTreeSet<u32>>());
        }
        let alike = stream.experiences.windows(2).all(|two| two[0].train.rows == two[1].train.rows);
        // 200 of 200 rows are the same ones, and so may be 199.
        prop_assert!(same && alike || !same && (alike == rows.is_none() || rows.is_some_and(|n| n > 190)));
    }
}

/// Labels have nothing to do with those of the data, nor with those of another task or seed.
#[test]
fn labels_are_drawn_anew_and_evenly() {
    let (stream, other) = (build(&random_labels(3), 5), build(&random_labels(3), 6));
    let agree = |a: &[u32], b: &[u32]| a.iter().zip(b).filter(|(a, b)| a == b).count();
    let own: Vec<u32> = (0..200).map(|row| row % 10).collect();
    let first = labels_of(&stream, 0);
    // Of 200 rows 20 agree by chance, with a standard deviation of 4.2.
    for another in [
        &own,
        &labels_of(&stream, 1),
        &labels_of(&stream, 2),
        &labels_of(&other, 0),
    ] {
        assert!(agree(&first, another) < 42, "{}", agree(&first, another));
    }
    assert_eq!(first, labels_of(&build(&random_labels(3), 5), 0));
    let counts: Vec<usize> = (0..10)
        .map(|class| first.iter().filter(|l| **l == class).count())
        .collect();
    assert!(counts.iter().all(|n| (3..=42).contains(n)), "{counts:?}");
    assert_ne!(counts, [20; 10], "labels are not dealt out, but drawn");
}

#[test]
fn inputs_are_those_of_the_training_rows() {
    let stream = build(&random_labels(2), 1);
    let digits = Digits {
        train: 200,
        test: 50,
        generator_seed: 1,
    };
    let data = crate::data::DataRecipe::load(&digits, &DataEnv::default()).unwrap();
    for e in &stream.experiences {
        assert!(std::sync::Arc::ptr_eq(
            e.train.data.storage(),
            stream.experiences[0].train.data.storage()
        ));
        assert_eq!(e.test.data.gather(&[7]), data.train.gather(&[7]));
    }
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = |spec: RandomLabels| {
        let error = StreamRecipe::build(&spec, &DataEnv::default(), Seed(1)).unwrap_err();
        assert!(error.key().is_some(), "{error}");
        error.to_string()
    };
    let spec = RandomLabels {
        scenario: Scenario::ClassIncremental,
        ..random_labels(2)
    };
    assert!(refused(spec).starts_with("`scenario` is"));
    let text = refused(random_labels(2).rows_per_task(9));
    assert!(
        text.contains("`rows_per_task` is 9, but has to be from 10 to 200"),
        "{text}"
    );
}
