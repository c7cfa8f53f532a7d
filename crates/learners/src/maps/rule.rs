//! The interface of a map algorithm.

use super::codebook::{Codebook, Winners};
use super::reading::Reading;
use dentate_core::{Config, State};

/// An algorithm: its configuration, which implements this trait, and its running state are two types.
pub trait Rule: Config + Default {
    /// State kept besides the codebook.
    type State: State + PartialEq;

    /// Its registered name.
    const NAME: &'static str;

    /// The number of signals it needs for its initial units.
    fn wanted(&self) -> usize;

    /// Creates the initial units (at least two) from signals (at least one).
    fn start(&self, state: &mut Self::State, map: &mut Codebook, signals: &[&[f32]]);

    /// Learns from a signal.
    fn learn(&self, state: &mut Self::State, map: &mut Codebook, signal: &[f32], winners: Winners);

    /// Returns whether two units are neighbours, for the topographic error.
    fn adjacent(&self, state: &Self::State, map: &Codebook, a: usize, b: usize) -> bool {
        let _ = state;
        map.edges.joined(a, b)
    }

    /// Returns whether it has edges at all.
    fn has_edges(&self) -> bool {
        true
    }

    /// Checks that its number of units could change in a run with this many signals (if known).
    ///
    /// # Errors
    /// [`Unsuited`](dentate_core::Unsuited), naming the key.
    fn could_grow(&self, _signals: Option<u64>) -> Result<(), dentate_core::Unsuited> {
        Ok(())
    }

    /// Returns whether its number of units changes.
    fn grows(&self) -> bool {
        true
    }

    /// Passes over an experience.
    fn epochs(&self) -> u64;

    /// Signals processed in one step of a run.
    fn batch(&self) -> usize;

    /// The settings for classifying rows.
    fn reading(&self) -> &Reading;
}
