//! Growth as the graph sees it, held against a naive model over random edits.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may end")]

#[path = "core/carry.rs"]
mod carry;
#[path = "core/errors.rs"]
mod errors;
#[path = "core/faults.rs"]
mod faults;
#[path = "core/function.rs"]
mod function;
#[path = "core/graph.rs"]
mod graph;
#[path = "core/growth_log.rs"]
mod growth_log;
#[path = "core/journal.rs"]
mod journal;
#[path = "core/naive.rs"]
mod naive;
#[path = "core/replacement.rs"]
mod replacement;

use dentate_core::{Architecture, Graph, Moment, Plan, Seed};
use dentate_testkit::generators::{Intent, Shape, intents, plan, shapes};
use proptest::prelude::*;

/// A network and a few plans for it, one after another.
fn stories() -> impl Strategy<Value = (Shape, Vec<Vec<Intent>>)> {
    (shapes(), prop::collection::vec(intents(6), 1..4))
}

/// The moment of the `k`-th plan.
fn moment(k: usize) -> Moment {
    Moment {
        experience: k as u32 / 2,
        step: 10 * k as u64,
    }
}

/// Apply a sequence of plans. `each` gets every plan with the graph before it.
fn tell(story: &(Shape, Vec<Vec<Intent>>), mut each: impl FnMut(&Graph, &Plan, Moment)) -> Architecture {
    let mut architecture = Architecture::empty();
    let first = story.0.plan();
    each(architecture.graph(), &first, moment(0));
    architecture
        .apply(&first, moment(0))
        .expect("a shape is well-formed");
    for (k, intents) in story.1.iter().enumerate() {
        let next = plan(architecture.graph(), intents, Seed(k as u64 + 1));
        each(architecture.graph(), &next, moment(k + 1));
        let receipt = architecture.apply(&next, moment(k + 1));
        if let Err(error) = receipt {
            panic!("a valid plan was refused: {error}\n{next:#?}");
        }
    }
    architecture
}
