use super::*;
use crate::stream::{EvaluatedRows, Part, Stream, StreamInfo};
use dentate_core::{ExperienceInfo, Samples, Scenario, TargetKind, Targets, TaskInfo};
use proptest::prelude::*;

/// A stream whose experiences have these numbers of rows, every other one from a second data set.
fn stream(sizes: &[u32], access: Access) -> Stream {
    let data = |id| {
        let samples = Samples::Floats((0..100).map(|i| i as f32).collect());
        Dataset::new(DataId(id), samples, vec![1], Targets::None).unwrap()
    };
    let sets = [data(0), data(1)];
    let experience = |(i, &n): (usize, &u32)| {
        let task = TaskId(i as u32);
        let part = |rows| Part {
            data: sets[i % 2].clone(),
            task,
            rows,
        };
        Experience {
            info: ExperienceInfo {
                index: i,
                scenario: Scenario::ClassIncremental,
                tasks: vec![TaskInfo {
                    id: task,
                    classes: vec![i as u32],
                }],
                target: TargetKind::Classes,
                features: 1,
                access,
            },
            train: part((0..n).map(|r| r * 2).collect()),
            validation: part(RowSet::default()),
            test: part(RowSet::default()),
            ahead: None,
        }
    };
    let info = StreamInfo {
        scenario: Scenario::ClassIncremental,
        title: String::new(),
        task_names: Vec::new(),
        target: TargetKind::Classes,
        features: 1,
        shape: vec![1],
        classes: None,
        chance: None,
        problem: None,
        evaluated: EvaluatedRows::HeldOut,
    };
    Stream {
        info,
        experiences: sizes.iter().enumerate().map(experience).collect(),
    }
}

fn pass(source: &mut PartSource, n: usize) -> Vec<(DataId, TaskId, u32)> {
    std::iter::from_fn(|| source.next(n))
        .flat_map(|rows| rows.iter().collect::<Vec<_>>())
        .collect()
}

proptest! {
    #[test]
    fn a_pass_shows_every_training_row_once(
        sizes in prop::collection::vec(0_u32..20, 1..5), n in 0_usize..12, seed: u64, passes in 1_u64..3,
    ) {
        let stream = stream(&sizes, Access::Revisitable);
        let all: Vec<usize> = (0..sizes.len()).collect();
        let mut source = stream.source(&all, Seed(seed));
        let mut expected: Vec<_> = stream.experiences.iter().flat_map(|e| e.train.rows().iter().collect::<Vec<_>>()).collect();
        expected.sort_unstable();
        prop_assert_eq!(source.len(), Some(expected.len()));
        for p in 0..passes {
            source.rewind(p).unwrap();
            let mut seen = pass(&mut source, n);
            seen.sort_unstable();
            prop_assert_eq!(&seen, &expected);
            prop_assert!(source.next(n).is_none());
        }
    }

    #[test]
    fn passes_differ_and_do_not_depend_on_the_ones_before(seed: u64, n in 1_usize..9) {
        let stream = stream(&[40], Access::Revisitable);
        let mut source = stream.source(&[0], Seed(seed));
        let first = pass(&mut source, n);
        source.rewind(3).unwrap();
        let later = pass(&mut source, n);
        prop_assert_ne!(&first, &later);
        let mut fresh = stream.source(&[0], Seed(seed));
        fresh.rewind(3).unwrap();
        prop_assert_eq!(pass(&mut fresh, n), later);
        prop_assert_ne!(pass(&mut stream.source(&[0], Seed(seed.wrapping_add(1))), n), first);
    }

    #[test]
    fn a_resumed_source_goes_on_where_it_was(seed: u64, p in 0_u64..3, steps in 0_usize..12, n in 1_usize..7) {
        let stream = stream(&[20, 15], Access::Revisitable);
        let mut source = stream.source(&[0, 1], Seed(seed));
        source.rewind(p).unwrap();
        (0..steps).for_each(|_| drop(source.next(n)));
        let mut resumed = stream.source(&[0, 1], Seed(seed));
        resumed.resume(source.position());
        prop_assert_eq!(pass(&mut resumed, n), pass(&mut source, n));
    }
}

#[test]
fn a_batch_has_a_segment_an_experience_at_most() {
    let stream = stream(&[30, 30, 30], Access::Revisitable);
    let mut source = stream.source(&[0, 1, 2], Seed(1));
    while let Some(rows) = source.next(16) {
        assert!(rows.segments.len() <= 3);
    }
    assert_eq!(source.datasets().len(), 2);
}

#[test]
fn an_online_source_refuses_a_second_look() {
    let stream = stream(&[10], Access::Once);
    let mut source = stream.source(&[0], Seed(1));
    assert_eq!(source.access(), Access::Once);
    assert_eq!(source.rewind(0), Ok(()), "nothing has been seen yet");
    assert_eq!(source.gather(&[0]), Err(Refused::SinglePass));
    source.next(4).unwrap();
    assert_eq!(source.rewind(0), Err(Refused::SinglePass));
    assert_eq!(source.rewind(1), Err(Refused::SinglePass));
    assert_eq!(pass(&mut source, 4).len(), 6, "a refusal changes nothing");
}

#[test]
fn positions_are_those_of_no_pass() {
    let stream = stream(&[3, 3], Access::Revisitable);
    let mut source = stream.source(&[0, 1], Seed(1));
    source.rewind(5).unwrap();
    let rows: Vec<_> = source.gather(&[4, 0]).unwrap().iter().collect();
    assert_eq!(rows, [(DataId(1), TaskId(1), 2), (DataId(0), TaskId(0), 0)]);
    assert_eq!(
        source.gather(&[6]),
        Err(Refused::Position { position: 6, len: 6 })
    );
}

#[test]
fn merged_experiences_list_every_task() {
    let info = stream(&[1, 1, 1], Access::Revisitable).merged_info(&[0, 2]);
    assert_eq!(info.index, 0);
    assert_eq!(info.tasks.iter().map(|t| t.id.0).collect::<Vec<_>>(), [0, 2]);
}
