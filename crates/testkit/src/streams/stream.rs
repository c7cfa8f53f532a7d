//! The laws of streams.

use super::environment;
use dentate_core::{Access, Dataset, Refused, Seed, Source, TargetKind};
use dentate_streams::{EvaluatedRows, Experience, Part, Stream, StreamSpec};
use std::collections::BTreeSet;

type All = [Box<dyn StreamSpec>];

fn build(spec: &dyn StreamSpec, seed: u64) -> Stream {
    match spec.build(&environment(), Seed(seed)) {
        Ok(stream) => stream,
        Err(error) => panic!("{spec:?} cannot be built: {error}"),
    }
}

/// A configuration is valid, and survives a round trip through TOML.
pub fn streams_survive_toml(all: &All) {
    for spec in all {
        spec.validate()
            .unwrap_or_else(|e| panic!("{spec:?} is refused: {e}"));
        let text = toml::to_string(spec).expect("a configuration can be written");
        let read: Box<dyn StreamSpec> = toml::from_str(&text).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(toml::to_string(&read).as_ref(), Ok(&text));
    }
}

/// Rows, their order and their descriptions depend on the seed alone. Tasks that are stated to be the same for every seed are.
pub fn one_seed_gives_the_same_stream(all: &All) {
    for spec in all {
        let streams: Vec<Stream> = (0..3).map(|seed| build(spec.as_ref(), seed)).collect();
        for (seed, stream) in (0..).zip(&streams) {
            let again = build(spec.as_ref(), seed);
            assert_eq!(stream.info, again.info, "{spec:?} under seed {seed}");
            assert_eq!(
                stream.digest(),
                again.digest(),
                "{spec:?} has other rows under seed {seed}"
            );
        }
        let (first, rest) = streams.split_first().expect("there are three");
        for other in rest.iter().filter(|_| !spec.tasks_by_seed()) {
            assert_eq!(
                first.info.task_names, other.info.task_names,
                "{spec:?}: tasks by seed"
            );
            assert_eq!(first.info.chance, other.info.chance, "{spec:?}: chance by seed");
        }
    }
}

/// The facts stated before building are true of the stream: scenario, access, target, shape, experiences and their tasks, rows.
pub fn facts_of_a_stream_are_true(all: &All) {
    for spec in all {
        let stream = build(spec.as_ref(), 1);
        if let Some(share) = spec.validation() {
            let kept: usize = stream.experiences.iter().map(|e| e.validation.len()).sum();
            assert_eq!(
                share > 0.0,
                kept > 0,
                "{spec:?} keeps {kept} rows back, and says {share}"
            );
        }
        let Some(facts) = spec.facts() else { continue };
        assert_eq!(facts.scenario, stream.info.scenario, "{spec:?}: scenario");
        assert_eq!(facts.target, stream.info.target, "{spec:?}: target");
        if let Some(shape) = &facts.shape {
            assert_eq!(*shape, stream.info.shape, "{spec:?}: shape");
        }
        assert_eq!(
            facts.experiences.len(),
            stream.experiences.len(),
            "{spec:?}: experiences"
        );
        for (told, made) in facts.experiences.iter().zip(&stream.experiences) {
            let sizes = |tasks: &[dentate_core::TaskInfo]| -> Vec<_> {
                tasks.iter().map(|task| (task.id, task.classes.len())).collect()
            };
            assert_eq!(facts.access, made.info.access, "{spec:?}: access");
            assert_eq!(sizes(&told.tasks), sizes(&made.info.tasks), "{spec:?}: tasks");
            for (told, made) in [(told.train, made.shown()), (told.test, made.test.len())] {
                assert!(
                    told.is_none_or(|n| n == made),
                    "{spec:?} says {told:?} rows of {made}"
                );
            }
        }
    }
}

/// Every row is one of its data, once in its part, of the stated shape, finite, and labelled by a class of its task; no row is
/// used both for training and for testing if both halves are in one data set of classes, unless the stream says that it evaluates
/// on training rows, and then it does. Rows shown before their task are training rows of the next task, and not shown again with it.
pub fn rows_are_where_they_should_be(all: &All) {
    for spec in all {
        let stream = build(spec.as_ref(), 1);
        assert!(!stream.experiences.is_empty(), "{spec:?} has no experience");
        assert_eq!(
            stream.info.features,
            stream.info.shape.iter().product::<usize>(),
            "{spec:?}: features are the product of the shape"
        );
        for (index, experience) in stream.experiences.iter().enumerate() {
            let info = &experience.info;
            assert_eq!(info.index, index, "{spec:?}: experiences are counted");
            assert_eq!(
                info.features, stream.info.features,
                "{spec:?}: features of experience {index}"
            );
            assert!(
                !experience.train.is_empty() && !experience.test.is_empty(),
                "{spec:?}: an empty part"
            );
            for part in [&experience.train, &experience.validation, &experience.test] {
                check(spec.as_ref(), experience, part);
            }
            let train: BTreeSet<u32> = experience.train.rows.iter().collect();
            assert!(
                experience.validation.rows.iter().all(|row| !train.contains(&row)),
                "{spec:?} learns from rows that it keeps back"
            );
            let test = &experience.test;
            if info.target == TargetKind::Classes && test.data.id() == experience.train.data.id() {
                match stream.info.evaluated {
                    EvaluatedRows::HeldOut => assert!(
                        test.rows.iter().all(|row| !train.contains(&row)),
                        "{spec:?} is evaluated on training rows, and does not say so"
                    ),
                    EvaluatedRows::Training => assert_eq!(
                        test.rows, experience.train.rows,
                        "{spec:?} says that it is evaluated on training rows"
                    ),
                }
            }
            if let Some(ahead) = &experience.ahead {
                let Some(next) = stream.experiences.get(index + 1) else {
                    panic!("{spec:?} shows rows of an experience after the last");
                };
                check(spec.as_ref(), next, ahead);
                assert_eq!(
                    ahead.data.id(),
                    next.train.data.id(),
                    "{spec:?}: rows ahead are of the next task"
                );
                let rows: BTreeSet<u32> = ahead.rows.iter().collect();
                for part in [&next.train, &next.validation] {
                    assert!(
                        part.rows.iter().all(|row| !rows.contains(&row)),
                        "{spec:?} shows rows ahead that come again, or are kept back"
                    );
                }
            }
        }
    }
}

fn check(spec: &dyn StreamSpec, experience: &Experience, part: &Part) {
    let index = experience.info.index;
    let rows: Vec<u32> = part.rows.iter().collect();
    assert!(
        rows.windows(2).all(|two| two[0] < two[1]),
        "{spec:?}: rows of {index} are not ascending"
    );
    assert!(
        rows.last().is_none_or(|&last| (last as usize) < part.data.len()),
        "{spec:?}: a row of {index} is not there"
    );
    assert_eq!(
        part.data.features(),
        experience.info.features,
        "{spec:?}: features of {index}"
    );
    let task = experience.info.tasks.iter().find(|task| task.id == part.task);
    let task = task.unwrap_or_else(|| panic!("{spec:?}: rows of {index} are of a task that is not told"));
    let mut values = vec![0.0; part.data.features()];
    for &row in &rows {
        part.data.read(row, &mut values).expect("the row is there");
        assert!(
            values.iter().all(|v| v.is_finite()),
            "{spec:?}: row {row} of {index} is not finite"
        );
        if experience.info.target == TargetKind::Classes {
            let label = part.data.label(row);
            assert!(
                label.is_some_and(|label| task.classes.contains(&label)),
                "{spec:?}: row {row} of {index} has label {label:?}, and its task has {:?}",
                task.classes
            );
        }
    }
}

/// A pass yields every training row once, the same in every repetition of a seed, and a stream with single access refuses a
/// second pass.
pub fn access_is_kept(all: &All) {
    for spec in all {
        let stream = build(spec.as_ref(), 1);
        for (index, experience) in stream.experiences.iter().enumerate() {
            let mut source = stream.source(&[index], Seed(5));
            let pass = |source: &mut dyn Source| {
                let mut seen = Vec::new();
                while let Some(rows) = source.next(7) {
                    seen.extend(rows.iter().map(|(data, _, row)| (data, row)));
                }
                seen
            };
            let first = pass(&mut source);
            assert_eq!(
                first,
                pass(&mut stream.source(&[index], Seed(5))),
                "{spec:?}: the order of a pass"
            );
            let parts = || [&experience.train].into_iter().chain(&experience.ahead);
            let of = |part: &Part| {
                let id = part.data.id();
                part.rows.iter().map(|row| (id, row)).collect::<Vec<_>>()
            };
            let mut expected: Vec<_> = parts().flat_map(of).collect();
            let mut sorted = first;
            sorted.sort_unstable();
            expected.sort_unstable();
            assert_eq!(sorted, expected, "{spec:?}: a pass is all rows, once");
            let ids: BTreeSet<_> = source.datasets().iter().map(Dataset::id).collect();
            let told: BTreeSet<_> = parts().map(|part| part.data.id()).collect();
            assert_eq!(ids, told, "{spec:?}: data of experience {index}");
            match experience.info.access {
                Access::Once => {
                    assert_eq!(
                        source.rewind(1),
                        Err(Refused::SinglePass),
                        "{spec:?} can be gone through again"
                    );
                    assert!(source.gather(&[0]).is_err(), "{spec:?} can be looked back at");
                }
                Access::Revisitable => assert!(source.gather(&[0]).is_ok(), "{spec:?} refuses a second look"),
            }
        }
    }
}
