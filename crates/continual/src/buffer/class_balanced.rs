//! Class-balanced buffer: numbers of rows per class as equal as possible, a uniform sample of each class.
//!
//! Chrysakis, A. & Moens, M.-F. (2020). Online continual learning from imbalanced data. *ICML*. A class that was ever the
//! largest of a full buffer counts as full. With a full buffer, a row of a class that is not full replaces a uniformly
//! drawn row of the largest class; a row of a full class enters with probability m_c/n_c and replaces one of its own.
//!
//! **Departures.** A class is full while it is the largest now, not once it has ever been: the buffer keeps no other
//! history.

use super::{Buffer, BufferView};
use dentate_core::Random;
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Keeps numbers of rows per class as equal as possible.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassBalanced {}

impl Buffer for ClassBalanced {
    fn place(&self, shelf: &BufferView<'_>, random: &mut Random) -> Option<usize> {
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
    summary = "Keeps the numbers of rows of all classes as equal as possible.",
    citation = "Chrysakis & Moens 2020, ICML",
    source = include_str!("class_balanced.rs"),
);
