use super::*;
use crate::data::Digits;
use proptest::prelude::*;

fn permuted(scenario: Scenario, tasks: u32) -> Permuted {
    Permuted {
        data: Box::new(Digits {
            train: 30,
            test: 10,
            generator_seed: 1,
        }),
        tasks,
        scenario,
        online: false,
        validation: 0.0,
        first_identity: true,
        rows_per_task: None,
        same_rows: false,
        test_rows: None,
        transition: 0.0,
    }
}

fn build(spec: &Permuted, seed: u64) -> Stream {
    StreamRecipe::build(spec, &DataEnv::default(), Seed(seed)).unwrap()
}

proptest! {
    #[test]
    fn orders_are_bijective_and_follow_the_seed(seed: u64, task in 0_u32..20, features in 2_usize..900) {
        let spec = permuted(Scenario::DomainIncremental, 20);
        let order = spec.order(task, features, Seed(seed));
        prop_assert_eq!(&order, &spec.order(task, features, Seed(seed)));
        let mut sorted = order.clone();
        sorted.sort_unstable();
        prop_assert!(sorted.iter().copied().eq(0..features as u32));
        if task == 0 {
            prop_assert_eq!(&order, &sorted);
        }
        if features > 50 {
            prop_assert_ne!(spec.order(task + 1, features, Seed(seed)), order);
        }
    }
}

#[test]
fn training_and_test_rows_of_a_task_are_permuted_alike() {
    let stream = build(&permuted(Scenario::DomainIncremental, 3), 5);
    let spec = permuted(Scenario::DomainIncremental, 3);
    for task in 0..3 {
        let order = spec.order(task, 784, Seed(5));
        for part in 0..2 {
            let of = |e: usize| {
                if part == 0 {
                    &stream.experiences[e].train
                } else {
                    &stream.experiences[e].test
                }
            };
            let (upright, view) = (
                of(0).data.gather(&[4]).unwrap(),
                of(task as usize).data.gather(&[4]).unwrap(),
            );
            assert!((0..784).all(|i| view[[0, i]] == upright[[0, order[i] as usize]]));
        }
    }
    let ids: Vec<u64> = stream.datasets().iter().map(|d| d.id().0).collect();
    assert_eq!(ids, [0, 1, 2, 3, 4, 5]);
}

#[test]
fn labels_are_shared_only_in_the_domain_incremental_scenario() {
    for (scenario, chance, total) in [
        (Scenario::DomainIncremental, 0.1, 10),
        (Scenario::TaskIncremental, 0.1, 30),
        (Scenario::ClassIncremental, 1.0 / 30.0, 30),
    ] {
        let stream = build(&permuted(scenario, 3), 0);
        assert_eq!(
            (stream.info.chance, stream.info.classes),
            (Some(chance), Some(total))
        );
        for (t, e) in (0..).zip(&stream.experiences) {
            let first = if total == 10 { 0 } else { t * 10 };
            assert_eq!(e.info.tasks[0].classes, (first..first + 10).collect::<Vec<_>>());
            assert_eq!(e.train.data.label(7), Some(first + 7));
            assert_eq!((e.train.len(), e.test.len()), (30, 10));
        }
    }
}

#[test]
fn the_first_task_can_be_permuted_too() {
    let upright = build(&permuted(Scenario::DomainIncremental, 1), 1);
    let spec = Permuted {
        first_identity: false,
        ..permuted(Scenario::DomainIncremental, 1)
    };
    let first = |s: &Stream| s.experiences[0].train.data.gather(&[0]).unwrap();
    assert_ne!(first(&upright), first(&build(&spec, 1)));
}

/// Bytes that a stream of this many tasks needs beyond its samples and labels, which are stored once.
fn held(scenario: Scenario, tasks: u32, validation: f64) -> u64 {
    let spec = Permuted {
        data: Box::new(Digits {
            train: 3000,
            test: 1000,
            generator_seed: 1,
        }),
        validation,
        ..permuted(scenario, tasks)
    };
    let mut stream = None;
    let memory = allocation_counter::measure(|| stream = Some(build(&spec, 5)));
    let stream = stream.unwrap();
    assert_eq!(stream.experiences.len(), tasks as usize);
    let storages: Vec<_> = stream
        .datasets()
        .iter()
        .map(|data| std::sync::Arc::as_ptr(data.storage()))
        .collect();
    for (at, storage) in storages.iter().enumerate() {
        assert_eq!(*storage, storages[at % 2], "samples are stored once");
    }
    u64::try_from(memory.bytes_current).unwrap()
}

#[test]
fn a_task_more_takes_a_permutation_and_next_to_nothing_else() {
    for scenario in [
        Scenario::DomainIncremental,
        Scenario::TaskIncremental,
        Scenario::ClassIncremental,
    ] {
        let more = held(scenario, 41, 0.0) - held(scenario, 1, 0.0);
        let each = more / 40;
        // One permutation for training and test rows; 4 bytes for each row would be 16,000.
        let permutations = 4 * 784;
        assert!(each < permutations + 2500, "{scenario:?}: {each} bytes a task");
        // The held-out rows are drawn anew for each task: a bit for each row in each of the two parts.
        let more = held(scenario, 41, 0.1) - held(scenario, 1, 0.1);
        let drawn = 2 * 3000 / 8;
        assert!(
            more / 40 < permutations + drawn + 2500,
            "{scenario:?}: {} bytes a task",
            more / 40
        );
    }
}
