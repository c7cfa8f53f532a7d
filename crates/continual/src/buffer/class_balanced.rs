//! As many rows of each class as can be, each class's a uniform sample of its own.
//!
//! Chrysakis, A. & Moens, M.-F. (2020). Online continual learning from imbalanced data. *ICML*. A class that was ever the largest of a
//! full memory counts as full. With a full memory, a row of a class that is not full takes the place of a row of the largest
//! class, drawn uniformly; a row of a full class enters with probability m_c/n_c in the place of one of its own.
//!
//! **Departures.** A class is full while it is the largest now, not once it has ever been: the memory keeps no other history.

use super::{Buffer, Shelf};
use dentate_core::Random;
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// As many rows of each class as can be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassBalanced {}

impl Buffer for ClassBalanced {
    fn place(&self, shelf: &Shelf<'_>, random: &mut Random) -> Option<usize> {
        let kept = shelf.classes.len();
        if kept < shelf.capacity {
            return Some(kept);
        }
        let own = shelf.places(shelf.class);
        let (largest, most) = shelf.largest()?;
        if own.len() < most {
            let of = shelf.places(largest);
            return of.get(random.random_range(0..of.len())).copied();
        }
        let place = random.random_range(0..shelf.seen_of_class);
        own.get(usize::try_from(place).ok()?).copied()
    }
}

crate::register!(
    buffer,
    ClassBalanced,
    "class-balanced",
    summary = "Keeps as many rows of each class as can be.",
    citation = "Chrysakis & Moens 2020, ICML",
    source = include_str!("class_balanced.rs"),
);
