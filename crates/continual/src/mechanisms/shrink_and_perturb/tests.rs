use super::*;
use dentate_core::{Activation, Init, Moment, mlp};

/// Two connections, each shrunk and perturbed; two layers with biases.
#[test]
fn all_that_learns_is_shrunk_and_shaken() {
    let plan = mlp(2, &[4, 4], Activation::Relu, Init::He, Seed(1));
    let (graph, _) = Graph::empty().apply(&plan, Moment::default()).unwrap();
    let plan = ShrinkAndPerturb::default()
        .plan(&graph, Init::He, Seed(9))
        .unwrap();
    assert_eq!(plan.edits.len(), 6);
    assert!(graph.apply(&plan, Moment::default()).is_ok());
}
