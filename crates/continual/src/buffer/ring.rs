//! The latest rows of each class, with equal room for all classes that have gone by.
//!
//! Lopez-Paz, D. & Ranzato, M. (2017). Gradient episodic memory for continual learning. *NeurIPS*, arXiv:1706.08840; Chaudhry et al.
//! 2019, arXiv:1902.10486 ("ring buffer"). With k classes known, a class has room for ⌊m/k⌋ rows, and its newest row takes the
//! place of its oldest. While a new class is short of its room, its rows take the places of rows of the largest class.
//!
//! **Departures.** The papers know the number of classes beforehand; here the rooms shrink as classes come.

use super::{Buffer, Shelf};
use dentate_core::Random;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The latest rows of each class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ring {}

impl Buffer for Ring {
    fn place(&self, shelf: &Shelf<'_>, _: &mut Random) -> Option<usize> {
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
        // Places of a class rise, and each is overwritten in its turn: the n-th row of a class goes where the (n - room)-th was.
        let turn = (shelf.seen_of_class - 1) as usize % own.len().max(1);
        own.get(turn).copied()
    }
}

crate::register!(
    buffer,
    Ring,
    "ring",
    summary = "Keeps the latest rows of each class, with equal room for all.",
    citation = "Lopez-Paz & Ranzato 2017, arXiv:1706.08840",
    source = include_str!("ring.rs"),
);
