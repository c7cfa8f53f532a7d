use super::*;
use crate::data::{DataEnv, Digits};
use crate::permuted::Permuted;
use crate::spec::StreamRecipe;
use crate::split::Split;
use crate::stream::Stream;
use dentate_core::{Source, TaskId};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn digits(train: u32) -> Digits {
    Digits {
        train,
        test: 20,
        generator_seed: 2,
    }
}

fn build(spec: &impl StreamRecipe, seed: u64) -> Stream {
    spec.build(&DataEnv::default(), Seed(seed)).unwrap()
}

/// The tasks and rows that an experience shows, in order.
fn shown(stream: &Stream, experience: usize, seed: u64, batch: usize) -> Vec<(TaskId, u32)> {
    let mut source = stream.source(&[experience], Seed(seed));
    std::iter::from_fn(|| source.next(batch))
        .flat_map(|rows| rows.iter().map(|(_, task, row)| (task, row)).collect::<Vec<_>>())
        .collect()
}

/// A permuted or a split stream, all of whose tasks have `rows` rows before validation.
fn stream(split: bool, tasks: u32, rows: u32, validation: f64, transition: f64, seed: u64) -> Stream {
    if split {
        let classes = (0..tasks).map(|task| [2 * task, 2 * task + 1]);
        let spec = Split::new(digits(5 * rows))
            .classes(classes)
            .domain_incremental()
            .online();
        build(&spec.validation(validation).transition(transition), seed)
    } else {
        let spec = Permuted::new(digits(rows), tasks).online();
        build(&spec.validation(validation).transition(transition), seed)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    /// Every training row is shown once in the stream, in the place that the definition gives it, and no row that is held out.
    #[test]
    fn rows_are_shown_once_and_in_their_place(
        split: bool, tasks in 2_u32..5, rows in 2_u32..6, share in 0.0..=1.0_f64, validation in 0.0..0.3_f64, seed: u64,
    ) {
        let rows = 10 * rows;
        let stream = stream(split, tasks, rows, validation, share, seed);
        let abrupt = self::stream(split, tasks, rows, validation, 0.0, seed);
        let mut seen: BTreeMap<TaskId, Vec<u32>> = BTreeMap::new();
        for task in 0..tasks as usize {
            let (e, before) = (&stream.experiences[task], &abrupt.experiences[task]);
            let all = shown(&stream, task, seed, 1);
            prop_assert_eq!(all.len(), e.shown());
            prop_assert_eq!(stream.facts().experiences[task].train, Some(all.len()));
            prop_assert_eq!(&e.test.rows, &before.test.rows);
            prop_assert_eq!(&e.validation.rows, &before.validation.rows);
            prop_assert_eq!(&e.info, &before.info, "nothing is told");
            // The window: its length is the share of a task, to the even number.
            let of_task = abrupt.experiences[task].train.len();
            let last = task + 1 == tasks as usize;
            let ahead = if last { 0 } else { (share * of_task as f64 / 2.0).floor() as usize };
            let window = 2 * ahead;
            let own = |n: usize| TaskId(n as u32);
            let (calm, mixture) = all.split_at(all.len() - window);
            prop_assert!(calm.iter().all(|(of, _)| *of == own(task)), "nothing changes before the window");
            prop_assert!(mixture.iter().all(|(of, _)| [own(task), own(task + 1)].contains(of)));
            for j in 0..=window {
                let found = mixture[..j].iter().filter(|(of, _)| *of == own(task + 1)).count();
                // The integral of the share j / window.
                let expected = (j * j) as f64 / (2.0 * window.max(1) as f64);
                prop_assert!((found as f64 - expected).abs() < 1.0, "{} of {} rows, not {}", found, j, expected);
            }
            prop_assert_eq!(mixture.iter().filter(|(of, _)| *of == own(task + 1)).count(), ahead);
            for (of, row) in all {
                seen.entry(of).or_default().push(row);
            }
        }
        for (task, mut rows) in seen {
            rows.sort_unstable();
            prop_assert_eq!(rows, abrupt.experiences[task.0 as usize].train.rows.to_vec());
        }
    }

    /// A batch of any size ends on the same rows, and a source goes on where it was.
    #[test]
    fn a_resumed_source_goes_on_where_it_was(share in 0.0..=1.0_f64, seed: u64, taken in 0_usize..12, batch in 1_usize..7, task in 0_usize..3) {
        let stream = stream(false, 3, 30, 0.0, share, seed);
        let mut source = stream.source(&[task], Seed(seed));
        (0..taken).for_each(|_| drop(source.next(batch)));
        let mut resumed = stream.source(&[task], Seed(seed));
        resumed.resume(source.position());
        loop {
            let (a, b) = (source.next(batch), resumed.next(batch));
            prop_assert_eq!(&a, &b);
            if a.is_none() {
                break;
            }
        }
        let sorted = |batch| {
            let mut all = shown(&stream, task, seed, batch);
            all.sort_unstable();
            all
        };
        prop_assert_eq!(sorted(batch), sorted(1));
    }

    /// The facts before loading are those of the stream.
    #[test]
    fn facts_are_of_the_blended_stream(share in 0.0..=1.0_f64, rows in 1_u32..5, tasks in 1_u32..5) {
        let permuted = Permuted::new(digits(50), tasks).online().rows_per_task(10 * rows).transition(share);
        prop_assert_eq!(permuted.facts().unwrap(), build(&permuted, 3).facts());
        let split = Split::new(digits(100)).domain_incremental().online().transition(share);
        prop_assert_eq!(split.facts().unwrap(), build(&split, 3).facts());
    }
}

#[test]
fn several_experiences_together_have_every_row_once() {
    let (stream, abrupt) = (
        stream(false, 3, 30, 0.0, 0.7, 1),
        stream(false, 3, 30, 0.0, 0.0, 1),
    );
    let all = |stream: &Stream| {
        let mut rows: Vec<_> = stream
            .source(&[0, 1, 2], Seed(1))
            .next(1000)
            .unwrap()
            .iter()
            .collect();
        rows.sort_unstable();
        rows
    };
    assert_eq!(all(&stream), all(&abrupt));
    let mut together = stream.source(&[0, 1, 2], Seed(1));
    let first = together.next(20).unwrap();
    assert!(
        first.segments.iter().any(|s| s.task == TaskId(2)),
        "there is no order of tasks"
    );
}

#[test]
fn what_has_no_meaning_is_refused() {
    let refused = |spec: Permuted| {
        let error = spec.build(&DataEnv::default(), Seed(1)).unwrap_err();
        assert_eq!(error.key(), Some("transition"), "{error}");
        error.to_string()
    };
    let permuted = || Permuted::new(digits(30), 3).transition(0.5);
    assert!(refused(permuted()).contains("unless `online` is set"));
    assert!(refused(permuted().online().class_incremental()).contains("domain-incremental"));
    assert!(refused(permuted().online().task_incremental()).contains("domain-incremental"));
    assert!(refused(permuted().online().transition(1.5)).contains("1.5"));
    let unequal = Split::new(digits(100)).classes([vec![0, 1], vec![2, 3, 4]]);
    let unequal = unequal.domain_incremental().online().transition(0.5);
    let error = unequal.build(&DataEnv::default(), Seed(1)).unwrap_err();
    assert!(error.to_string().contains("equally many classes"), "{error}");
}

/// Digests of streams without a transition, as they were before transitions existed.
#[test]
fn an_abrupt_stream_is_what_it_was() {
    let digest =
        |spec: &dyn crate::spec::StreamSpec| spec.build(&DataEnv::default(), Seed(7)).unwrap().digest();
    let permuted = Permuted::new(digits(40), 3).online().validation(0.1);
    let split = Split::new(digits(40)).domain_incremental().online();
    insta::assert_snapshot!([digest(&permuted), digest(&split)].join("\n"));
    let spec: Permuted = serde_json::from_value(serde_json::json!({
        "data": { "kind": "digits", "train": 40, "test": 20, "generator_seed": 2 },
        "tasks": 3, "scenario": "domain-incremental", "online": true, "validation": 0.1,
    }))
    .unwrap();
    assert_eq!(digest(&spec), digest(&permuted));
}
