use super::*;
use crate::{Access, Activation, Cause, Init, Moment, NewLayer, PlanBuilder, Seed, TaskId, TaskInfo};

/// A network of two inputs with these heads, of a task and classes each.
fn network(heads: &[(Option<u32>, &[u32])]) -> Graph {
    let empty = Graph::empty();
    let mut plan = PlanBuilder::new(&empty, Cause::Initial, Seed(0));
    let input = plan.layer(NewLayer::input(2));
    for (task, classes) in heads {
        let head = Head {
            task: task.map(TaskId),
            classes: classes.to_vec(),
        };
        let name = format!("head {task:?}");
        let layer = plan.layer(NewLayer::head(
            name,
            classes.len().max(1),
            Activation::Identity,
            head,
        ));
        plan.connect(input, layer, Init::Zero);
    }
    empty.apply(&plan.finish(), Moment::default()).unwrap().0
}

fn experience(scenario: Scenario, target: TargetKind, tasks: &[(u32, &[u32])]) -> ExperienceInfo {
    let task = |(id, classes): &(u32, &[u32])| TaskInfo {
        id: TaskId(*id),
        classes: classes.to_vec(),
    };
    ExperienceInfo {
        index: 0,
        scenario,
        tasks: tasks.iter().map(task).collect(),
        target,
        features: 2,
        access: Access::Revisitable,
    }
}

fn new(name: &str, task: Option<u32>, classes: &[u32]) -> MissingHead {
    MissingHead::New {
        name: name.into(),
        width: classes.len(),
        head: Head {
            task: task.map(TaskId),
            classes: classes.to_vec(),
        },
    }
}

#[test]
fn every_given_task_has_a_head_of_its_own() {
    let both = experience(
        Scenario::TaskIncremental,
        TargetKind::Classes,
        &[(0, &[0, 1]), (4, &[3, 2])],
    );
    let lacks = |heads: &[(Option<u32>, &[u32])]| MissingHead::of(&network(heads), &both);
    let fourth = new("head of task 5", Some(4), &[3, 2]);
    assert_eq!(
        lacks(&[]),
        [new("head of task 1", Some(0), &[0, 1]), fourth.clone()]
    );
    assert_eq!(lacks(&[(Some(0), &[0, 1])]), [fourth]);
    assert_eq!(lacks(&[(Some(0), &[0, 1]), (Some(4), &[2, 3])]), []);
}

#[test]
fn a_shared_head_gets_the_classes_that_it_lacks_in_order_and_once() {
    let wanted = experience(
        Scenario::ClassIncremental,
        TargetKind::Classes,
        &[(0, &[5, 1]), (1, &[5, 3])],
    );
    assert_eq!(
        MissingHead::of(&network(&[]), &wanted),
        [new("head", None, &[1, 3, 5])]
    );
    let graph = network(&[(None, &[3])]);
    let layer = graph.heads().next().unwrap().0.id;
    let classes = vec![1, 5];
    assert_eq!(
        MissingHead::of(&graph, &wanted),
        [MissingHead::Classes { layer, classes }]
    );
    assert_eq!(MissingHead::of(&network(&[(None, &[1, 3, 5])]), &wanted), []);
}

#[test]
fn values_have_one_head_whatever_the_scenario() {
    for scenario in [Scenario::TaskIncremental, Scenario::DomainIncremental] {
        let wanted = experience(scenario, TargetKind::Values(3), &[(0, &[]), (1, &[])]);
        let found = MissingHead::of(&network(&[]), &wanted);
        assert!(matches!(&found[..], [MissingHead::New { width: 3, head, .. }] if head.classes.is_empty()));
        assert_eq!(MissingHead::of(&network(&[(None, &[])]), &wanted), []);
    }
}
