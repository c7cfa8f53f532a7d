//! Reservoir: a uniform sample of all rows of the stream so far.
//!
//! Vitter, J. S. (1985). Random sampling with a reservoir. *ACM TOMS* 11(1), algorithm R: the n-th row enters a full buffer
//! of m rows with probability m/n, and replaces a row drawn uniformly.

use super::{Buffer, BufferView};
use dentate_core::Random;
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Keeps a uniform sample of all rows so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reservoir {}

impl Buffer for Reservoir {
    fn place(&self, shelf: &BufferView<'_>, random: &mut Random) -> Option<usize> {
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
    summary = "Keeps a uniform random sample of all rows so far.",
    citation = "Vitter 1985, ACM TOMS 11(1)",
    source = include_str!("reservoir.rs"),
);
