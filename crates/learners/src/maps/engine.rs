//! A running map, used by both the learner and the library.

use super::codebook::{Codebook, Winners};
use super::rule::Rule;

/// An algorithm with its state and its units.
#[derive(Clone, Debug)]
pub(crate) struct Engine<R: Rule> {
    pub(crate) rule: R,
    pub(crate) state: R::State,
    pub(crate) map: Codebook,
}

/// The relation of a signal to the map before the map learned from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SignalFit {
    /// Squared distance to the winner.
    pub(crate) squared: f32,
    /// True if winner and second were neighbours.
    pub(crate) adjacent: bool,
}

impl<R: Rule> Engine<R> {
    pub(crate) fn new(rule: R) -> Self {
        Self {
            rule,
            state: R::State::default(),
            map: Codebook::default(),
        }
    }

    pub(crate) fn started(&self) -> bool {
        self.map.len() > 0
    }

    /// Creates the initial units; does nothing if no signal is finite.
    pub(crate) fn start(&mut self, features: usize, signals: &[&[f32]]) {
        let usable = signals
            .iter()
            .copied()
            .filter(|signal| signal.iter().all(|x| x.is_finite()));
        let usable: Vec<&[f32]> = usable.collect();
        self.map = Codebook::new(features);
        if !usable.is_empty() {
            self.rule.start(&mut self.state, &mut self.map, &usable);
        }
    }

    /// Learns from a signal. `None`, without any change, if its distances are not finite.
    pub(crate) fn signal(&mut self, signal: &[f32], label: Option<u32>) -> Option<SignalFit> {
        let winners = self.map.winners(signal)?;
        let Winners { first, second } = winners;
        let adjacent = self
            .rule
            .adjacent(&self.state, &self.map, first.slot, second.slot);
        // Before the map changes, while the slot is still the winner's.
        if let Some(label) = label {
            self.map.votes.add(first.slot, label as usize);
        }
        self.rule.learn(&mut self.state, &mut self.map, signal, winners);
        Some(SignalFit {
            squared: first.squared,
            adjacent,
        })
    }
}
