use super::*;
use dentate_continual::{Buffer, ClassBalanced, GreedyBalanced, Reservoir, Ring, register};
use dentate_core::Random;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

crate::conformance_buffer!(Reservoir {}, ClassBalanced {}, Ring {}, GreedyBalanced {});

/// Returns places one behind the first free one.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Beyond {}

impl Buffer for Beyond {
    fn place(&self, shelf: &BufferView<'_>, _: &mut Random) -> Option<usize> {
        Some(shelf.classes.len() + usize::from(shelf.seen > 3))
    }
}

register!(
    buffer,
    Beyond,
    "test-beyond",
    summary = "A test.",
    citation = "this test"
);

/// Keeps nothing.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Nothing {}

impl Buffer for Nothing {
    fn place(&self, _: &BufferView<'_>, _: &mut Random) -> Option<usize> {
        None
    }
}

register!(
    buffer,
    Nothing,
    "test-nothing",
    summary = "A test.",
    citation = "this test"
);

#[test]
#[should_panic(expected = "that are taken, with room for")]
fn a_place_behind_the_first_free_one_is_found() {
    a_place_is_free_or_taken(&[Box::new(Beyond {})]);
}

#[test]
#[should_panic(expected = "the first row's place is None")]
fn a_buffer_that_keeps_nothing_is_found() {
    a_place_is_free_or_taken(&[Box::new(Nothing {})]);
}
