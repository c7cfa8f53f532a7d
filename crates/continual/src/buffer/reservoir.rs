//! A uniform sample of all rows that have gone by.
//!
//! Vitter, J. S. (1985). Random sampling with a reservoir. *ACM TOMS* 11(1), algorithm R: the n-th row enters a full memory of m
//! with probability m/n, in the place of a row drawn uniformly.

use super::{Buffer, Shelf};
use dentate_core::Random;
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A uniform sample of all rows that have gone by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservoir {}

impl Buffer for Reservoir {
    fn place(&self, shelf: &Shelf<'_>, random: &mut Random) -> Option<usize> {
        let kept = shelf.classes.len();
        if kept < shelf.capacity {
            return Some(kept);
        }
        let place = random.random_range(0..shelf.seen);
        usize::try_from(place).ok().filter(|place| *place < kept)
    }
}

crate::register!(
    buffer,
    Reservoir,
    "reservoir",
    summary = "Keeps a uniform sample of all rows that have gone by.",
    citation = "Vitter 1985, ACM TOMS 11(1)",
    source = include_str!("reservoir.rs"),
);
