use super::*;
use dentate_core::{
    Activation, Active, Edit, Grid, Head, Init, Link, Loss, LrScaleOf, Moment, NewLayer, PlanBuilder, Seed,
    Tally, Target, TaskId, Term, Window,
};

/// A normalised layer on a grid, and a head with a loss.
fn network(normalisation: Normalisation, side: usize) -> (Graph, Objective) {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let input = plan.layer(NewLayer::image(1, Grid::new(side, side)));
    let layer = plan.layer(NewLayer {
        normalisation,
        ..NewLayer::hidden("normed", 3, Activation::Relu).on(Grid::new(side, side))
    });
    let head = Head {
        task: Some(TaskId(0)),
        classes: vec![0, 1],
    };
    let head = plan.layer(NewLayer::head("head", 2, Activation::Identity, head));
    plan.link(input, layer, Link::convolution(Window::square(1, 1, 0)), Init::He);
    plan.connect(layer, head, Init::He);
    let (graph, _) = Graph::empty().apply(&plan.finish(), Moment::default()).unwrap();
    let term = Term {
        rows: None,
        layer: head,
        active: Active::All,
        loss: Loss::MeanSquared,
        target: Target::Values,
        weight: 1.0,
        tally: Tally::None,
    };
    let terms = vec![term];
    (
        graph,
        Objective {
            terms,
            penalties: Vec::new(),
            keep: None,
        },
    )
}

#[test]
fn a_row_is_lonely_under_batch_norm_without_positions() {
    let cases = [
        (Normalisation::BatchNorm, 1, true),
        (Normalisation::BatchNorm, 2, false),
        (Normalisation::LayerNorm, 1, false),
        (Normalisation::None, 1, false),
    ];
    for (normalisation, side, lonely) in cases {
        let (graph, objective) = network(normalisation, side);
        assert_eq!(
            batch(&graph, 4, Some(5)),
            4 + usize::from(lonely),
            "{normalisation:?}"
        );
        for left in [None, Some(4), Some(6), Some(9), Some(1)] {
            assert_eq!(batch(&graph, 4, left), 4, "{left:?}");
        }
        let refused = refuse(&graph, 1, &objective);
        assert_eq!(refused.is_err(), lonely, "{refused:?}");
        assert!(refuse(&graph, 2, &objective).is_ok());
    }
}

#[test]
fn what_is_frozen_or_not_judged_needs_no_variance() {
    let (graph, mut objective) = network(Normalisation::BatchNorm, 1);
    let said = refuse(&graph, 1, &objective).unwrap_err().to_string();
    assert!(said.contains("cannot train `normed`"), "{said}");
    let layer = graph.named("normed").unwrap().id;
    let mut plan = PlanBuilder::new(&graph, "freeze", Seed(0));
    plan.edit(Edit::SetLrScale {
        of: LrScaleOf::Layer(layer),
        lr_scale: 0.0,
    });
    let (frozen, _) = graph.apply(&plan.finish(), Moment::default()).unwrap();
    assert!(refuse(&frozen, 1, &objective).is_ok());
    assert_eq!(batch(&frozen, 4, Some(5)), 4);
    objective.terms.clear();
    assert!(refuse(&graph, 1, &objective).is_ok());
}
