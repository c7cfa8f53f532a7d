use super::*;
use crate::data::Digits;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn permuted_labels(tasks: u32) -> PermutedLabels {
    PermutedLabels::new(
        Digits {
            train: 200,
            test: 50,
            generator_seed: 1,
        },
        tasks,
    )
}

fn build(spec: &PermutedLabels, seed: u64) -> Stream {
    StreamRecipe::build(spec, &DataEnv::default(), Seed(seed)).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_class_has_one_label_in_both_halves_of_a_task(
        seed: u64, given: bool, same_rows: bool, first_identity: bool, rows in prop::option::of(20_u32..200), tests in prop::option::of(10_u32..50),
        validation in 0.0..0.5_f64,
    ) {
        let spec = PermutedLabels {
            scenario: if given { Scenario::TaskIncremental } else { Scenario::DomainIncremental },
            rows_per_task: rows,
            test_rows: tests,
            validation,
            same_rows,
            first_identity,
            ..permuted_labels(3)
        };
        let stream = build(&spec, seed);
        stream.measurable(false).unwrap();
        prop_assert_eq!(stream.info.evaluated, crate::stream::EvaluatedRows::HeldOut);
        for (task, e) in (0_u32..).zip(&stream.experiences) {
            let first = if given { 10 * task } else { 0 };
            let mut label_of = BTreeMap::new();
            for part in [&e.train, &e.validation, &e.test] {
                for row in part.rows.iter() {
                    // The digits of both halves are in turns.
                    let label = part.data.label(row).unwrap();
                    prop_assert_eq!(*label_of.entry(row % 10).or_insert(label), label);
                }
            }
            let found: BTreeSet<u32> = label_of.values().copied().collect();
            prop_assert_eq!(found, (first..first + 10).collect::<BTreeSet<u32>>());
            prop_assert_eq!(e.train.len() + e.validation.len(), rows.unwrap_or(200) as usize);
            prop_assert_eq!(e.test.len(), tests.unwrap_or(50) as usize);
            prop_assert_eq!(&e.test.rows, &stream.experiences[0].test.rows);
            if task == 0 && first_identity {
                prop_assert!(label_of.iter().all(|(class, label)| class == label));
            }
        }
    }

    #[test]
    fn permutations_are_bijective_and_follow_the_seed(seed: u64, task in 0_u32..20) {
        let spec = PermutedLabels { first_identity: false, ..permuted_labels(20) };
        let classes = [0, 2, 3, 7];
        let of = |seed| spec.permutation(task, &classes, Seed(seed));
        prop_assert_eq!(of(seed), of(seed));
        let labels: BTreeSet<u32> = of(seed).into_values().collect();
        prop_assert_eq!(labels, classes.into_iter().collect::<BTreeSet<u32>>());
        let distinct: BTreeSet<_> = (0..40).map(|more| of(seed.wrapping_add(more))).collect();
        prop_assert!(distinct.len() > 12, "of 24 permutations {} are drawn", distinct.len());
    }
}

#[test]
fn classes_are_not_told_apart_by_task() {
    let spec = PermutedLabels {
        scenario: Scenario::ClassIncremental,
        ..permuted_labels(2)
    };
    let error = StreamRecipe::build(&spec, &DataEnv::default(), Seed(1)).unwrap_err();
    assert_eq!(error.key(), Some("scenario"));
}
