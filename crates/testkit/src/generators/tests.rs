//! Coverage of the generators: a property over cases that never occur says nothing.

use super::*;
use dentate_core::{Graph, Loss, Moment, Seed};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::collections::{BTreeMap, BTreeSet};

fn samples<S: Strategy>(strategy: &S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    let one = |_| {
        strategy
            .new_tree(&mut runner)
            .expect("nothing is filtered out")
            .current()
    };
    (0..count).map(one).collect()
}

fn graph(shape: &Shape) -> Graph {
    let built = Graph::empty().apply(&shape.plan(), Moment::default());
    built.expect("a shape is well-formed").0
}

#[test]
fn plans_hold_every_edit() {
    let mut seen = BTreeMap::<&str, usize>::new();
    for (shape, intents) in samples(&(shapes(), intents(6)), 300) {
        for edit in plan(&graph(&shape), &intents, Seed(1)).edits {
            *seen.entry(edit.name()).or_default() += 1;
        }
    }
    let wanted = [
        "add-head",
        "add-layer",
        "adjust",
        "connect",
        "insert-identity",
        "prune",
        "replace",
        "set-lr-scale",
        "split",
        "widen",
    ];
    for name in wanted {
        assert!(seen.get(name).is_some_and(|n| *n >= 20), "{name}: {seen:?}");
    }
}

#[test]
fn every_fault_finds_a_graph() {
    let mut found = BTreeSet::new();
    for (shape, before, fault) in samples(&(shapes(), intents(3), faults()), 1500) {
        if let Some((plan, index)) = faulty(&graph(&shape), &before, fault, &[], Seed(1)) {
            assert!(index < plan.edits.len());
            found.insert(format!("{fault:?}"));
        }
    }
    assert_eq!(found.len(), 28, "{found:?}");
}

#[test]
fn objectives_hold_every_loss() {
    let mut seen = BTreeSet::new();
    for (shape, goals, labels) in samples(&(shapes(), goals(), proptest::bool::ANY), 300) {
        for term in objective(&graph(&shape), &goals, 4, labels, Seed(1)).terms {
            let loss = match term.loss {
                Loss::CrossEntropy => "cross-entropy",
                Loss::MeanSquared => "mean squared",
                Loss::Distillation { .. } => "distillation",
            };
            let some = matches!(term.active, dentate_core::Active::Units(_));
            seen.insert((loss, some, term.rows.is_some()));
        }
    }
    // Labels are compared with all units of their head.
    assert_eq!(seen.len(), 2 + 4 + 4, "{seen:?}");
}
