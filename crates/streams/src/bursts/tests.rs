use super::*;
use crate::Permuted;
use crate::data::Digits;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn digits() -> Digits {
    Digits {
        train: 60,
        test: 20,
        generator_seed: 1,
    }
}

fn build(spec: &impl StreamRecipe, seed: u64) -> Stream {
    StreamRecipe::build(spec, &DataEnv::default(), Seed(seed)).unwrap()
}

proptest! {
    /// New tasks are numbered in turn, known ones were seen; bursts are where the formula says, and the control has as many new tasks, no two
    /// of its gaps differing by more than one.
    #[test]
    fn novelty_comes_as_stated(seed: u64, experiences in 1_u32..60, new in 1_u32..6, known in 0_u32..9) {
        let spec = Bursts::new(digits()).experiences(experiences).bursts_of(new, known);
        let even = spec.clone().even();
        let mut firsts = Vec::new();
        for spec in [&spec, &even] {
            let (mut seen, mut own) = (0, Vec::new());
            for (i, task) in (0..).zip(spec.tasks(Seed(seed))) {
                if task == seen {
                    seen += 1;
                    own.push(i);
                }
                prop_assert!(task < seen);
            }
            firsts.push(own);
        }
        let wanted: Vec<u32> = (0..experiences).filter(|i| i % (new + known) < new).collect();
        prop_assert_eq!(&firsts[0], &wanted);
        prop_assert_eq!(firsts[1].len(), wanted.len());
        prop_assert_eq!(firsts[1].first(), Some(&0));
        let ends = firsts[1].iter().copied().skip(1).chain([experiences]);
        let gaps: BTreeSet<u32> = firsts[1].iter().zip(ends).map(|(a, b)| b - a).collect();
        prop_assert!(gaps.last().unwrap() - gaps.first().unwrap() <= 1, "{:?}", gaps);
    }
}

/// A task is that of `permuted` to the bit, whenever it comes, with rows drawn anew; its test rows are always the same.
#[test]
fn a_task_that_comes_back_is_the_same_task() {
    let stream = build(
        &Bursts::new(digits())
            .experiences(12)
            .bursts_of(2, 4)
            .rows(30)
            .test_rows(15),
        5,
    );
    let permuted = build(&Permuted::new(digits(), 4).domain_incremental(), 5);
    stream.measurable(false).unwrap();
    assert_eq!(stream.info.chance, Some(0.1));
    let mut drawn = BTreeSet::new();
    for e in &stream.experiences {
        let task = e.info.tasks[0].id.0 as usize;
        let own = &permuted.experiences[task];
        assert_eq!((e.train.len(), e.test.len()), (30, 15));
        for (part, own) in [(&e.train, &own.train), (&e.test, &own.test)] {
            let (mut a, mut b) = (vec![0.0; 784], vec![0.0; 784]);
            for row in part.rows.iter() {
                part.data.read(row, &mut a).unwrap();
                own.data.read(row, &mut b).unwrap();
                assert_eq!(a, b, "row {row} of task {task}");
                assert_eq!(part.data.label(row), own.data.label(row));
            }
        }
        assert_eq!(e.test.rows, stream.experiences[0].test.rows);
        drawn.insert(e.train.rows.iter().collect::<Vec<_>>());
    }
    assert_eq!(drawn.len(), 12, "rows are drawn anew");
    let names: BTreeSet<&String> = stream.info.task_names.iter().collect();
    assert_eq!(names.len(), 12, "{names:?}");
}

/// Too many rows are refused under the setting's own name.
#[test]
fn too_many_rows_are_refused_by_name() {
    let error = AnyStream::validate(&Bursts::new(digits()).rows(61))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`rows`") || error.contains("rows = 61") || error.starts_with("rows"),
        "{error}"
    );
    assert!(!error.contains("rows_per_task"), "{error}");
}
