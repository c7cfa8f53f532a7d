use super::*;
use crate::data::Digits;
use crate::split::Split;
use dentate_core::{Access, TaskId};
use proptest::prelude::*;
use serde_json::{Value, json};

const SCENARIOS: [Scenario; 3] = [
    Scenario::TaskIncremental,
    Scenario::DomainIncremental,
    Scenario::ClassIncremental,
];

fn digits(train: u32, seed: u64) -> Value {
    json!({ "kind": "digits", "train": train, "test": 50, "generator_seed": seed })
}

fn stream(scenario: Scenario, list: Value) -> Experiences {
    let text = json!({ "scenario": scenario, "experience": list });
    serde_json::from_value(text).unwrap()
}

fn build(spec: &Experiences, seed: u64) -> Stream {
    StreamRecipe::build(spec, &DataEnv::default(), Seed(seed)).unwrap()
}

fn refused(spec: &Experiences) -> String {
    let error = StreamRecipe::build(spec, &DataEnv::default(), Seed(1)).unwrap_err();
    assert!(error.key().is_some(), "{error}");
    error.to_string()
}

fn labels_of(stream: &Stream) -> Vec<Vec<u32>> {
    let labels = |e: &crate::stream::Experience| e.info.tasks[0].classes.clone();
    stream.experiences.iter().map(labels).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    /// A split of one data set by classes equals a `split` stream, to the digest.
    #[test]
    fn one_data_set_by_classes_is_a_split_stream(
        scenario in 0..3_usize, order in Just((0..10_u32).collect::<Vec<_>>()).prop_shuffle(),
        at in 2..9_usize, online: bool, validation in 0.0..0.5_f64, seed: u64,
    ) {
        let scenario = SCENARIOS[scenario];
        let tasks = [&order[..at], &order[at..]];
        let split = Split {
            data: Box::new(Digits { train: 200, test: 50, generator_seed: 3 }),
            scenario,
            classes: Some(tasks.iter().map(|task| task.to_vec()).collect()),
            classes_per_task: 2,
            shuffle_classes: false,
            online,
            validation,
            rows_per_task: None,
            transition: 0.0,
        };
        let list = tasks.iter().zip(["a", "b"])
            .map(|(classes, name)| json!({ "name": name, "data": digits(200, 3), "classes": classes }));
        let own = Experiences { online, validation, ..stream(scenario, list.collect()) };
        let (own, split) = (build(&own, seed), StreamRecipe::build(&split, &DataEnv::default(), Seed(seed)).unwrap());
        prop_assert_eq!(own.facts(), split.facts());
        prop_assert_eq!((own.info.classes, own.info.chance), (split.info.classes, split.info.chance));
        for (mine, theirs) in own.experiences.iter().zip(&split.experiences) {
            for (mine, theirs) in [(&mine.train, &theirs.train), (&mine.validation, &theirs.validation), (&mine.test, &theirs.test)] {
                prop_assert_eq!(&mine.rows, &theirs.rows);
                for row in mine.rows.iter() {
                    prop_assert_eq!(mine.data.label(row), theirs.data.label(row));
                }
            }
        }
        if scenario != Scenario::DomainIncremental {
            prop_assert_eq!(own.digest(), split.digest());
        }
    }

    /// The facts known before loading agree with the built stream.
    #[test]
    fn facts_hold(
        scenario in 0..3_usize, shared: bool, sets in prop::collection::vec((0..3_u64, prop::bool::ANY), 1..6), validation in 0.0..0.5_f64,
    ) {
        let scenario = SCENARIOS[scenario];
        let list = sets.iter().enumerate().map(|(at, (set, some))| {
            let mut one = json!({ "name": at.to_string(), "data": digits(200, *set) });
            if *some {
                one["classes"] = json!([7, 2, 1]);
            }
            one
        });
        let spec = Experiences {
            shared_labels: shared && scenario != Scenario::DomainIncremental,
            validation,
            ..stream(scenario, list.collect())
        };
        let (said, built) = (StreamRecipe::facts(&spec).unwrap(), build(&spec, 1));
        built.measurable(false).unwrap();
        prop_assert_eq!(said.complete(), validation == 0.0);
        let mut known = built.facts();
        for (known, said) in known.experiences.iter_mut().zip(&said.experiences) {
            known.train = known.train.filter(|_| said.train.is_some());
        }
        prop_assert_eq!(said, known);
        // Rows of a data set are stored once, and data with the same labelling is one data set.
        let stored = built.datasets().iter().map(|d| std::sync::Arc::as_ptr(d.storage())).collect::<BTreeSet<_>>();
        let distinct: BTreeSet<u64> = sets.iter().map(|(set, _)| *set).collect();
        prop_assert_eq!(stored.len(), 2 * distinct.len());
    }
}

#[test]
fn labels_of_later_data_follow_those_of_earlier() {
    let list = json!([
        { "name": "old", "data": digits(100, 1), "classes": [3, 4] },
        { "name": "new", "data": digits(100, 2) },
        { "name": "old again", "data": digits(100, 1), "classes": [0, 3] },
    ]);
    let all: Vec<u32> = (0..10).collect();
    let later: Vec<u32> = (10..20).collect();
    for scenario in [Scenario::TaskIncremental, Scenario::ClassIncremental] {
        let mut spec = stream(scenario, list.clone());
        let built = build(&spec, 1);
        assert_eq!(labels_of(&built), [vec![3, 4], later.clone(), vec![0, 3]]);
        let data = &built.experiences[1].test.data;
        assert!((0..50).all(|row| data.label(row) == Some(10 + row % 10)));
        assert_eq!(built.info.task_names, ["old", "new", "old again"]);
        spec.shared_labels = true;
        assert_eq!(labels_of(&build(&spec, 1)), [vec![3, 4], all.clone(), vec![0, 3]]);
    }
    let spec = stream(Scenario::DomainIncremental, list);
    let built = build(&spec, 1);
    assert_eq!(labels_of(&built), [vec![0, 1], all, vec![0, 1]]);
    let part = &built.experiences[2].train;
    let by_position = |row: u32| part.data.label(row) == Some(u32::from(row % 10 == 3));
    assert!(part.rows.iter().all(by_position));
}

#[test]
fn experiences_may_be_of_one_task() {
    let list = json!([
        { "name": "first", "data": digits(100, 1), "classes": [3, 4] },
        { "name": "other", "data": digits(100, 1), "classes": [5, 6] },
        { "name": "more", "data": digits(100, 2), "classes": [4, 3], "task": "first" },
    ]);
    let mut spec = stream(Scenario::TaskIncremental, list);
    let text = refused(&spec);
    for part in ["`more`", "`first`", "[13, 14]", "[3, 4]", "shared_labels"] {
        assert!(text.contains(part), "{text}");
    }
    spec.shared_labels = true;
    let built = build(&spec, 1);
    let tasks: Vec<TaskId> = built.experiences.iter().map(|e| e.info.tasks[0].id).collect();
    assert_eq!(tasks, [TaskId(0), TaskId(1), TaskId(0)]);
    assert_eq!(built.experiences[2].info.index, 2);
    assert_eq!(built.experiences[2].test.task, TaskId(0));
    assert_eq!(
        labels_of(&built)[2],
        [3, 4],
        "in the order that the task's head has them"
    );
    assert_eq!(built.merged_info(&[0, 1, 2]).tasks.len(), 2);
    assert_eq!(
        StreamRecipe::facts(&spec).unwrap().experiences[2].tasks[0].id,
        TaskId(0)
    );
}

#[test]
fn what_does_not_go_together_is_refused_by_name() {
    let one = |name: &str| json!({ "name": name, "data": digits(100, 1) });
    let coloured =
        json!({ "name": "colours", "data": { "kind": "coloured-shapes", "train": 20, "test": 20 } });
    let text = refused(&stream(
        Scenario::ClassIncremental,
        json!([one("grey"), coloured]),
    ));
    for part in ["`grey`", "`colours`", "[28, 28]", "[3, 32, 32]"] {
        assert!(text.contains(part), "{text}");
    }
    let with = |key: &str, value: Value| {
        let mut bad = one("bad");
        bad[key] = value;
        stream(Scenario::TaskIncremental, json!([one("good"), bad]))
    };
    for (spec, part) in [
        (with("name", json!("good")), "two experiences are called `good`"),
        (with("name", json!(" ")), "`name` is"),
        (with("task", json!("a\nb")), "experience `bad`: `task` is"),
        (
            stream(
                Scenario::TaskIncremental,
                json!([
                    { "name": "a", "data": digits(100, 1), "task": "t" },
                    { "name": "b", "data": digits(100, 1), "task": "a" },
                ]),
            ),
            "experience `b`: `task` is `a`, but has to be `t`, the task of experience `a`",
        ),
        (
            with("classes", json!([1, 10])),
            "experience `bad`: `classes` is [1, 10], but has to be a list with each class from 0 to 9",
        ),
        (with("classes", json!([1, 1])), "at most once"),
        (with("classes", json!([])), "a class or more"),
        (with("classes", json!([1])), "two classes or more"),
        (with("data", digits(0, 1)), "experience `bad`: `train` is 0"),
        (
            stream(Scenario::ClassIncremental, json!([])),
            "`experience` is empty",
        ),
        (
            stream(Scenario::Single, json!([one("a")])),
            "`scenario` is single",
        ),
        (
            Experiences {
                shared_labels: true,
                ..stream(Scenario::DomainIncremental, json!([one("a")]))
            },
            "`shared_labels` is true, but has to be left out where streams are `domain-incremental`",
        ),
        (
            Experiences {
                validation: 0.7,
                ..stream(Scenario::ClassIncremental, json!([one("a")]))
            },
            "`validation` is 0.7",
        ),
    ] {
        let text = refused(&spec);
        assert!(text.contains(part), "{part} is not in: {text}");
    }
}

#[test]
fn each_data_set_is_held_to_its_own_fingerprint() {
    let list = json!([
        { "name": "a", "data": digits(100, 1), "classes": [0, 1] },
        { "name": "b", "data": digits(100, 2) },
        { "name": "c", "data": digits(100, 1), "classes": [2, 3] },
    ]);
    let spec = Experiences {
        online: true,
        ..stream(Scenario::ClassIncremental, list)
    };
    let spec: &dyn crate::spec::StreamSpec = &spec;
    let env = DataEnv::default();
    let print = spec.fingerprint(&env).unwrap();
    let each: Vec<String> = serde_json::from_str(&print).unwrap();
    assert_eq!(each.len(), 2, "each data set is named once");
    let expecting = |expected: String| DataEnv {
        expected: Some(expected),
        ..env.clone()
    };
    let built = spec.build(&expecting(print.clone()), Seed(1)).unwrap();
    assert!(built.experiences.iter().all(|e| e.info.access == Access::Once));
    let swapped = json!([each[1], each[0]]).to_string();
    for other in [swapped, each[0].clone(), String::new()] {
        let error = spec.build(&expecting(other), Seed(1)).unwrap_err();
        assert!(matches!(error, StreamError::Changed { .. }), "{error}");
    }
}
