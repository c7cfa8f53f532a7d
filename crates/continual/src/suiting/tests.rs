use crate::{Budget, Gradient};
use dentate_core::{Access, ExperienceFacts, LearnerRecipe, Protocol, Scenario, StreamFacts, TargetKind};

/// Two tasks of two classes, single-pass.
fn stream() -> StreamFacts {
    let experience = |task| ExperienceFacts::of(task, vec![2 * task, 2 * task + 1], [Some(10), Some(4)]);
    StreamFacts {
        scenario: Scenario::ClassIncremental,
        access: Access::Once,
        target: TargetKind::Classes,
        shape: Some(vec![3]),
        experiences: (0..2).map(experience).collect(),
    }
}

fn said(budget: Budget, protocol: Protocol, stream: &StreamFacts) -> String {
    let learner = Gradient {
        hidden: vec![2],
        batch: 4,
        budget,
        protocol,
        ..Gradient::default()
    };
    learner
        .suits(stream)
        .map_or_else(|e| e.to_string(), |()| "fine".into())
}

/// A single pass has as many updates as batches, of an experience or of all together.
#[test]
fn a_single_pass_has_as_many_updates_as_batches() {
    let budget = |n, protocol| said(Budget::Updates(n), protocol, &stream());
    assert_eq!(budget(3, Protocol::Sequential), "fine");
    assert!(budget(4, Protocol::Sequential).contains("has 3 batches of 4"));
    assert_eq!(budget(5, Protocol::Joint), "fine");
    assert!(budget(6, Protocol::Joint).contains("has 5 batches of 4"));
    // Facts that only the data determine are checked once the data are loaded.
    let mut open = stream();
    open.experiences.iter_mut().for_each(|e| e.train = None);
    assert_eq!(said(Budget::Updates(4), Protocol::Sequential, &open), "fine");
    assert!(said(Budget::Epochs(2), Protocol::Sequential, &open).contains("budget = { epochs = 1 }"));
}
