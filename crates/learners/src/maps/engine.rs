//! A map at work: what the learner and the library both drive.

use super::codebook::{Codebook, Winners};
use super::rule::Rule;

/// An algorithm with its state and its units.
#[derive(Clone, Debug)]
pub(crate) struct Engine<R: Rule> {
    pub(crate) rule: R,
    pub(crate) state: R::State,
    pub(crate) map: Codebook,
}

/// How a signal lay to the map before the map learned from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Standing {
    /// Squared distance to the winner.
    pub(crate) squared: f32,
    /// Whether winner and second were neighbours.
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

    /// Make the first units, unless the signals are of no use: then there is still none.
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

    /// Learn from a signal. `None`, and nothing changed, when its distances are no numbers.
    pub(crate) fn signal(&mut self, signal: &[f32], label: Option<u32>) -> Option<Standing> {
        let winners = self.map.winners(signal)?;
        let Winners { first, second } = winners;
        let adjacent = self
            .rule
            .adjacent(&self.state, &self.map, first.slot, second.slot);
        // Before the map changes: slots are the winner's only until then.
        if let Some(label) = label {
            self.map.votes.add(first.slot, label as usize);
        }
        self.rule.learn(&mut self.state, &mut self.map, signal, winners);
        Some(Standing {
            squared: first.squared,
            adjacent,
        })
    }
}
