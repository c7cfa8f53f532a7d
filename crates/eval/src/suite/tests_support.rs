//! A suite in memory, for the white-box tests of modules that need one.

use super::Suite;
use dentate_core::record::{MethodEntry, StreamEntry};

/// Two tasks and one growing method, with a finished run for each log (without header).
pub(crate) fn suite_of(logs: &[&str]) -> Suite {
    crate::frames::suite(2, logs).unwrap()
}

/// Final accuracies by stream, method and seed, in two tasks that are never forgotten, on so many test rows each. Methods are called
/// `m0`, `m1`, …, streams `s0`, `s1`, …; a method without seeds on a stream has no run there.
pub(crate) fn suite_of_values(streams: &[Vec<Vec<f64>>], rows: u32) -> Suite {
    let methods = streams.iter().map(Vec::len).max().unwrap_or(0);
    let log = |v: f64| {
        format!(
            "test-rows,0,0,0,,{rows}.0\ntest-rows,0,0,1,,{rows}.0\naccuracy,0,1,0,,{v}\naccuracy,1,2,0,,{v}\naccuracy,1,2,1,,{v}\n"
        )
    };
    let mut places = Vec::new();
    let mut logs = Vec::new();
    for (stream, of_methods) in streams.iter().enumerate() {
        for (method, seeds) in of_methods.iter().enumerate() {
            for (seed, value) in seeds.iter().enumerate() {
                places.push((stream, method, seed as u64));
                logs.push(log(*value));
            }
        }
    }
    let mut suite = suite_of(&logs.iter().map(String::as_str).collect::<Vec<_>>());
    let (method, stream) = (
        suite.manifest.methods[0].clone(),
        suite.manifest.streams[0].clone(),
    );
    suite.manifest.methods = (0..methods)
        .map(|i| MethodEntry {
            name: format!("m{i}"),
            title: format!("M{i}"),
            grows: false,
            ..method.clone()
        })
        .collect();
    suite.manifest.streams = (0..streams.len())
        .map(|i| StreamEntry {
            name: format!("s{i}"),
            ..stream.clone()
        })
        .collect();
    for (run, (stream, method, seed)) in suite.runs.iter_mut().zip(places) {
        (run.stream, run.method) = (stream, method);
        (run.entry.stream, run.entry.method) = (format!("s{stream}"), format!("m{method}"));
        run.entry.seed = seed;
    }
    suite
}

/// The comparisons of a suite in memory.
pub(crate) fn compared(suite: &Suite) -> Vec<crate::comparison::StreamComparison> {
    let frames = crate::frames::Frames::of(suite).unwrap();
    crate::comparison::compare(suite, &crate::metrics::measure(suite, &frames).unwrap())
}
