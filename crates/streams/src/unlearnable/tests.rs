use super::*;
use crate::Permuted;
use crate::data::Digits;
use std::collections::BTreeSet;

fn digits() -> Digits {
    Digits {
        train: 200,
        test: 50,
        generator_seed: 1,
    }
}

fn build(spec: &impl StreamRecipe, seed: u64) -> Stream {
    StreamRecipe::build(spec, &DataEnv::default(), Seed(seed)).unwrap()
}

/// The labels of an experience's training rows, and those of the data.
fn labels_of(stream: &Stream, experience: usize) -> Vec<u32> {
    let part = &stream.experiences[experience].train;
    part.rows.iter().filter_map(|row| part.data.label(row)).collect()
}

/// The task comes `span` times with labels that have nothing to do with its own nor with each other, and then with its own; its inputs and its
/// test rows are those of `permuted` all the time.
#[test]
fn labels_are_random_for_a_time() {
    let spec = Unlearnable::new(digits()).tasks(4).unlearnable(2, 3);
    let stream = build(&spec, 5);
    let permuted = build(&Permuted::new(digits(), 4).domain_incremental(), 5);
    stream.measurable(false).unwrap();
    let tasks: Vec<u32> = stream.experiences.iter().map(|e| e.info.tasks[0].id.0).collect();
    assert_eq!(tasks, [0, 1, 1, 1, 1, 2, 3]);
    assert_eq!(
        stream.facts().experiences,
        StreamRecipe::facts(&spec).unwrap().experiences
    );
    let agree = |a: &[u32], b: &[u32]| a.iter().zip(b).filter(|(a, b)| a == b).count();
    let truth = labels_of(&permuted, 1);
    for (at, e) in stream.experiences.iter().enumerate() {
        let own = &permuted.experiences[tasks[at] as usize];
        for (part, own, labelled) in [(&e.train, &own.train, false), (&e.test, &own.test, true)] {
            let (mut a, mut b) = (vec![0.0; 784], vec![0.0; 784]);
            for row in part.rows.iter() {
                part.data.read(row, &mut a).unwrap();
                own.data.read(row, &mut b).unwrap();
                assert_eq!(a, b);
                assert!(!labelled || part.data.label(row) == own.data.label(row));
            }
        }
        let found = labels_of(&stream, at);
        if (1..4).contains(&at) {
            // Of 200 rows 20 agree by chance, with a standard deviation of 4.2.
            assert!(agree(&found, &truth) < 42);
            let others = (1..4).filter(|other| *other != at);
            assert!(
                others
                    .into_iter()
                    .all(|other| agree(&found, &labels_of(&stream, other)) < 42)
            );
        } else {
            assert_eq!(found, labels_of(&permuted, tasks[at] as usize));
        }
    }
    let ids: BTreeSet<_> = stream.datasets().iter().map(dentate_core::Dataset::id).collect();
    assert_eq!(ids.len(), 2 * 4 + 3, "data sets are told apart");
    let names: BTreeSet<&String> = stream.info.task_names.iter().collect();
    assert_eq!(names.len(), 7, "{names:?}");
}

/// Without a span the stream is that of `permuted`, to the digest.
#[test]
fn without_a_span_it_is_a_permuted_stream() {
    let stream = build(&Unlearnable::new(digits()).tasks(3).unlearnable(2, 0), 7);
    let permuted = build(&Permuted::new(digits(), 3).domain_incremental(), 7);
    assert_eq!(stream.digest(), permuted.digest());
}

#[test]
fn a_task_that_does_not_exist_is_refused() {
    let error = AnyStream::validate(&Unlearnable::new(digits()).unlearnable(6, 1)).unwrap_err();
    assert!(error.to_string().contains("at"), "{error}");
}
