//! Ring buffer: the latest rows of each class, with equal capacity for all classes so far.
//!
//! Lopez-Paz, D. & Ranzato, M. (2017). Gradient episodic memory for continual learning. *NeurIPS*, arXiv:1706.08840;
//! Chaudhry et al. 2019, arXiv:1902.10486 ("ring buffer"). With k classes known, a class has capacity for ⌊m/k⌋ rows, and
//! its newest row replaces its oldest. While a new class has fewer, its rows replace rows of the largest class.
//!
//! **Departures.** The papers know the number of classes beforehand; here the capacity per class shrinks as classes appear.

use super::{Buffer, BufferView};
use dentate_core::Random;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Keeps the latest rows of each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ring {}

impl Buffer for Ring {
    fn place(&self, shelf: &BufferView<'_>, _: &mut Random) -> Option<usize> {
        let kept = shelf.classes.len();
        let own = shelf.places(shelf.class);
        let room = shelf.capacity / shelf.known.max(1);
        if own.len() < room {
            if kept < shelf.capacity {
                return Some(kept);
            }
            let (largest, _) = shelf.largest()?;
            return shelf.places(largest).first().copied();
        }
        // The positions of a class are in ascending order and overwritten in turn: with capacity m, the n-th row of a class
        // replaces its row n − m.
        let turn = (shelf.seen_of_class - 1) as usize % own.len().max(1);
        own.get(turn).copied()
    }
}

crate::register!(
    buffer,
    Ring,
    "ring",
    summary = "Keeps the latest rows of each class, with equal shares of the capacity.",
    citation = "Lopez-Paz & Ranzato 2017, arXiv:1706.08840",
    source = include_str!("ring.rs"),
);
