//! Greedy balancing buffer: rows of a class are taken as long as it has fewer than an equal share, and then no more.
//!
//! Prabhu, A., Torr, P. H. S., Dokania, P. K. (2020). GDumb: a simple approach that questions our progress in continual
//! learning. *ECCV*. With k classes so far and room for m rows,
//!
//! ```text
//! a row is kept if its class is new, or has fewer than m / k rows; of a full buffer it replaces a row drawn from the largest class.
//! ```
//!
//! Rows that come later are not kept for being later: once all classes have their share, the buffer does not change, so a
//! class is represented by its first rows.
//!
//! Rows with values for targets are one class.

use super::{Buffer, BufferView};
use dentate_core::Random;
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Takes rows of a class as long as it has fewer than an equal share.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GreedyBalanced {}

impl Buffer for GreedyBalanced {
    fn place(&self, shelf: &BufferView<'_>, random: &mut Random) -> Option<usize> {
        let kept = shelf.classes.len();
        let own = shelf.places(shelf.class).len();
        // Fewer than m / k, in whole numbers.
        let wanted = shelf.seen_of_class == 1 || own * shelf.known < shelf.capacity;
        if !wanted {
            return None;
        }
        if kept < shelf.capacity {
            return Some(kept);
        }
        let (largest, _) = shelf.largest()?;
        let of = shelf.places(largest);
        of.get(random.random_range(0..of.len())).copied()
    }
}

crate::register!(
    buffer,
    GreedyBalanced,
    "greedy-balanced",
    summary = "Accepts rows of a class until it has an equal share.",
    citation = "Prabhu, Torr & Dokania 2020, ECCV",
    source = include_str!("greedy_balanced.rs"),
);
