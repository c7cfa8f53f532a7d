use super::*;
use dentate_core::{Activation, Head, Moment, NewLayer, Normalisation, PlanBuilder};

/// Every kind of block has its first values again: weights within the bounds of their rule, drawn for each block, scales 1, biases
/// and shifts 0. Running statistics are left.
#[test]
fn blocks_begin_as_new_ones_do() {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let input = plan.layer(NewLayer::input(4));
    let hidden = plan.layer(NewLayer {
        normalisation: Normalisation::BatchNorm,
        ..NewLayer::hidden("hidden-1", 4, Activation::Relu)
    });
    let classes = Head {
        task: None,
        classes: vec![0, 1, 2, 3],
    };
    let head = plan.layer(NewLayer::head("head", 4, Activation::Identity, classes));
    plan.connect(input, hidden, Init::Zero);
    plan.connect(hidden, head, Init::Zero);
    let (graph, _) = Graph::empty().apply(&plan.finish(), Moment::default()).unwrap();
    let mut weights = Vec::new();
    for (parameter, shape) in graph.parameters() {
        let fresh = beginning(&graph, parameter, shape, Init::Uniform(0.5), Seed(2));
        match parameter {
            Parameter::Weight(_) => weights.push(fresh.unwrap()),
            Parameter::Scale(_) => assert!(fresh.unwrap().iter().all(|v| *v == 1.0)),
            Parameter::Bias(_) | Parameter::Shift(_) => assert!(fresh.unwrap().iter().all(|v| *v == 0.0)),
            Parameter::Gain(_) => panic!("no connection has a gain"),
            Parameter::Mean(_) | Parameter::Variance(_) => assert!(fresh.is_none()),
        }
    }
    assert!(weights.len() == 2 && weights[0] != weights[1]);
    for value in weights.iter().flatten() {
        assert!(*value != 0.0 && value.abs() <= 0.5);
    }
}
