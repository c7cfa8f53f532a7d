use crate::{Budget, Gradient};
use dentate_core::{Access, ExperienceFacts, LearnerRecipe, Scenario, Scope, StreamFacts, TargetKind};

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

fn said(budget: Budget, scope: Scope, stream: &StreamFacts) -> String {
    let learner = Gradient {
        hidden: vec![2],
        batch: 4,
        budget,
        scope,
        ..Gradient::default()
    };
    learner
        .suits(stream)
        .map_or_else(|e| e.to_string(), |()| "fine".into())
}

/// A single pass has as many updates as batches, of an experience or of all together.
#[test]
fn a_single_pass_has_as_many_updates_as_batches() {
    let budget = |n, scope| said(Budget::Updates(n), scope, &stream());
    assert_eq!(budget(3, Scope::Current), "fine");
    assert!(budget(4, Scope::Current).contains("has 3 batches of 4"));
    assert_eq!(budget(5, Scope::Everything), "fine");
    assert!(budget(6, Scope::Everything).contains("has 5 batches of 4"));
    // What only the data say is asked once they are there.
    let mut open = stream();
    open.experiences.iter_mut().for_each(|e| e.train = None);
    assert_eq!(said(Budget::Updates(4), Scope::Current, &open), "fine");
    assert!(said(Budget::Epochs(2), Scope::Current, &open).contains("budget = { epochs = 1 }"));
}
