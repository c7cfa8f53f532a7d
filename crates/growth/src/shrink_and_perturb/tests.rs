use super::*;
use crate::parts::tests::Scene;
use dentate_core::Moment;

#[test]
fn all_that_learns_is_shrunk_and_shaken_at_a_boundary() {
    let (strategy, mut scene) = (ShrinkAndPerturb::default(), Scene::new());
    let mut done = false;
    // Nothing was learned yet, so there is nothing to shrink.
    let first = strategy.propose(&mut done, &scene.view(Occasion::Begin, 0, None));
    assert!(matches!(first.unwrap(), Action::Hold(_)));
    let Action::Grow(plan) = strategy
        .propose(&mut done, &scene.view(Occasion::Begin, 9, None))
        .unwrap()
    else {
        panic!("it is due");
    };
    // Two connections, each scaled and shaken; two layers with biases.
    assert_eq!(plan.edits.len(), 6);
    scene.graph = scene.graph.apply(&plan, Moment::default()).unwrap().0;
    assert!(matches!(
        strategy
            .propose(&mut done, &scene.view(Occasion::Begin, 9, None))
            .unwrap(),
        Action::Hold(_)
    ));
    assert!(!done);
}
