//! Suites drawn from the registry and the schemas. What a check lets through, a run does not fail for.

use crate::suite::{Suite, SuiteError};
use dentate_backends::Choice;
use dentate_core::config::Bounds;
use dentate_core::registry::{self, Kind};
use dentate_core::{BuildContext, Learner, MetricLog, Progress, Random, Seed};
use dentate_streams::{DataEnv, Stream};
use rand::Rng;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use toml::{Table, Value};

mod drawing;

use drawing::Draw;

/// Suites of a test run.
const SUITES: u64 = 2000;
/// Steps after which a run has shown enough.
const STEPS: usize = 400;

/// A suite of one stream and one method.
fn suite(seed: u64) -> String {
    let mut draw = Draw::new(Seed(seed).derive("suite").random());
    let (stream, method) = (draw.stream(), draw.method());
    let mut top = Table::new();
    top.insert("stream".into(), Value::Array(vec![Value::Table(stream)]));
    top.insert("method".into(), Value::Array(vec![Value::Table(method)]));
    toml::to_string(&top).unwrap()
}

/// The error of a run of the suite's only pair, if it has one.
fn run(suite: &Suite, streams: &mut BTreeMap<String, Stream>) -> Option<(&'static str, String)> {
    let (method, named) = suite.pairs().next().unwrap();
    let learner = suite.learner(method, named).unwrap();
    let key = serde_json::to_string(&named.spec).unwrap();
    let stream = streams.entry(key).or_insert_with(|| {
        named
            .spec
            .build(&DataEnv::default(), Seed(1).derive("stream"))
            .unwrap()
    });
    // What is known with the data is asked before a run too.
    if learner.suits(&stream.facts()).is_err() {
        return None;
    }
    let ready = Choice::Native.ready().unwrap();
    let backend = || ready.make();
    let setting = BuildContext {
        backend: &backend,
        seed: Seed(1),
    };
    let failed = learner
        .build(setting)
        .and_then(|mut learner| course(learner.as_mut(), stream));
    failed.err().map(|error| (error.kind(), error.to_string()))
}

/// Go through a stream as a run does.
fn course(learner: &mut dyn Learner, stream: &Stream) -> Result<(), dentate_core::LearnError> {
    let count = stream.experiences.len();
    let groups = learner.protocol().groups(count);
    let mut log = MetricLog::default();
    for (index, group) in groups.iter().enumerate().take(3) {
        let mut source = stream.source(group, Seed(index as u64));
        learner
            .begin(&stream.merged_info(group))
            .map(|()| log.experience = index as u32)?;
        for _ in 0..STEPS {
            if learner.advance(&mut source, &mut log)? == Progress::Finished {
                break;
            }
        }
        let test = &stream.experiences[group[0]].test;
        let task =
            Some(test.task).filter(|_| stream.info.scenario == dentate_core::Scenario::TaskIncremental);
        let rows = test.rows.to_vec();
        learner.predict(&test.data, &rows, task)?;
        learner.examine(&test.data, &rows)?;
        learner.reconstruct(&test.data, &rows)?;
        learner.save()?;
    }
    Ok(())
}

/// Ends that no check can know of: the numbers decide.
const BY_CHANCE: [&str; 1] = ["not-finite"];

#[test]
fn what_is_accepted_does_not_fail_for_what_was_known() {
    let mut streams = BTreeMap::new();
    let (mut accepted, mut unsuited) = (0, 0);
    let mut wrong: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for seed in 0..SUITES {
        let text = suite(seed);
        let checked = catch_unwind(|| Suite::parse(Path::new("drawn.toml"), &text));
        let suite = match checked {
            Err(_) => panic!("a check panicked at\n{text}"),
            Ok(Err(error)) => {
                unsuited += usize::from(matches!(error, SuiteError::Unsuited { .. }));
                continue;
            }
            Ok(Ok(suite)) => suite,
        };
        accepted += 1;
        let ran = catch_unwind(AssertUnwindSafe(|| run(&suite, &mut streams)));
        match ran {
            Err(_) => panic!("a run panicked at\n{text}"),
            Ok(Some((kind, message))) if !BY_CHANCE.contains(&kind) => {
                let entry = wrong.entry(format!("{kind}: {message}")).or_insert((0, text));
                entry.0 += 1;
            }
            Ok(_) => {}
        }
    }
    println!("{accepted} of {SUITES} accepted, {unsuited} unsuited");
    for (why, (times, text)) in &wrong {
        println!("--- {times} × {why}\n{text}");
    }
    assert!(
        wrong.is_empty(),
        "{} kinds of failure could have been known",
        wrong.len()
    );
    // A generator that makes nothing but mistakes would find none.
    assert!(
        accepted > 150 && unsuited > 100,
        "{accepted} accepted, {unsuited} unsuited"
    );
}
