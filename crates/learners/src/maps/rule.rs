//! What an algorithm says of a map.

use super::codebook::{Codebook, Winners};
use super::reading::Reading;
use dentate_core::{Config, State};

/// An algorithm: its configuration, which is what implements this, and its running state are two types.
pub trait Rule: Config + Default {
    /// What it keeps beside the codebook.
    type State: State + PartialEq;

    /// Its registered name.
    const NAME: &'static str;

    /// How many signals it wants to start from.
    fn wanted(&self) -> usize;

    /// Make the first units (at least two) from signals (at least one).
    fn start(&self, state: &mut Self::State, map: &mut Codebook, signals: &[&[f32]]);

    /// Take in a signal.
    fn learn(&self, state: &mut Self::State, map: &mut Codebook, signal: &[f32], winners: Winners);

    /// Whether two units are neighbours, for the topographic error.
    fn adjacent(&self, state: &Self::State, map: &Codebook, a: usize, b: usize) -> bool {
        let _ = state;
        map.edges.joined(a, b)
    }

    /// Whether it has edges at all.
    fn has_edges(&self) -> bool {
        true
    }

    /// Whether its number of units could ever change, with so many signals in a run (where that is known).
    ///
    /// # Errors
    /// [`Unsuited`](dentate_core::Unsuited), naming the key.
    fn could_grow(&self, _signals: Option<u64>) -> Result<(), dentate_core::Unsuited> {
        Ok(())
    }

    /// Whether its number of units changes.
    fn grows(&self) -> bool {
        true
    }

    /// Passes over an experience.
    fn epochs(&self) -> u64;

    /// Signals that one step of a run takes in.
    fn batch(&self) -> usize;

    /// How a row is labelled.
    fn reading(&self) -> &Reading;
}
