//! Laws of the algorithms, checked after every signal of random runs.

use super::configuration::common;
use super::engine::Engine;
use super::rule::Rule;
use super::*;
use dentate_core::{Cause, Seed};
use proptest::prelude::*;
use rand::Rng;

mod laws;
mod model;
mod settings;
mod traps;

/// Signals from a few blobs that jump halfway.
fn signals(seed: u64, count: usize, features: usize) -> Vec<Vec<f32>> {
    let mut random = Seed(seed).random();
    let blob = |i: usize| {
        if i.is_multiple_of(3) {
            0.0
        } else {
            1.0 + (i % 3) as f32
        }
    };
    (0..count)
        .map(|i| {
            let centre = blob(i) + if i >= count / 2 { 10.0 } else { 0.0 };
            (0..features)
                .map(|_| centre + random.random_range(-0.5f32..0.5))
                .collect()
        })
        .collect()
}

/// An engine with its initial units.
fn started<R: Rule>(rule: R, signals: &[Vec<f32>]) -> Engine<R> {
    let mut engine = Engine::new(rule);
    let first = signals.iter().take(engine.rule.wanted());
    let first: Vec<&[f32]> = first.map(Vec::as_slice).collect();
    engine.start(signals[0].len(), &first);
    engine
}

/// Processes signals, with access to the engine before and after each.
fn course<R: Rule>(
    rule: R,
    signals: &[Vec<f32>],
    mut look: impl FnMut(usize, &Engine<R>, &Engine<R>) -> Result<(), TestCaseError>,
) -> Result<(), TestCaseError> {
    let mut engine = started(rule, signals);
    for (i, signal) in signals.iter().enumerate() {
        let before = engine.clone();
        prop_assert!(engine.signal(signal, Some((i % 4) as u32)).is_some());
        look(i, &before, &engine)?;
        engine.map.take_changes();
    }
    Ok(())
}

/// A rule that does nothing, for testing the code around a rule.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Still {
    epochs: u64,
    batch: usize,
    reading: Reading,
}

impl Rule for Still {
    type State = ();
    const NAME: &'static str = "still";
    fn wanted(&self) -> usize {
        2
    }
    fn start(&self, (): &mut (), map: &mut codebook::Codebook, signals: &[&[f32]]) {
        for signal in signals {
            map.add(signal, Cause::Initial);
        }
    }
    fn learn(&self, (): &mut (), _: &mut codebook::Codebook, _: &[f32], _: codebook::Winners) {}
    common!();
}
