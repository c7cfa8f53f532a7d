//! Refused plans for layers on grids, and plans for layers that are joined unit by unit.

use super::*;
use crate::graph::Gain;
use crate::layer::{Normalisation, Origin};
use crate::space::{Grid, Groups, Pool, Window};

const IMAGE: LayerId = LayerId(0);
const MAPS: LayerId = LayerId(1);
const SUM: LayerId = LayerId(2);
const PAIRS: LayerId = LayerId(3);
const OUT: LayerId = LayerId(4);

fn by(groups: Groups) -> Link {
    Link::Convolution {
        window: Window::square(3, 1, 1),
        groups,
    }
}

/// 2 channels of 4 × 4 (units 0 and 1), channels (2 to 5), as many sums of these with their depthwise convolutions (6 to 9), channels
/// in two groups (10 and 11), a head over two classes (12 and 13).
fn graph() -> Graph {
    let grid = Grid::new(4, 4);
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    plan.layer(NewLayer::image(2, grid));
    plan.layer(NewLayer {
        normalisation: Normalisation::BatchNorm,
        ..NewLayer::hidden("maps", 4, Activation::Relu).on(grid)
    });
    plan.layer(NewLayer::hidden("sum", 4, Activation::Relu).on(grid));
    plan.layer(NewLayer {
        pool: Pool::Max(Window::square(2, 2, 0)),
        ..NewLayer::hidden("pairs", 2, Activation::Relu).on(grid)
    });
    let head = Head {
        task: None,
        classes: vec![0, 1],
    };
    plan.layer(NewLayer::head("classes", 2, Activation::Identity, head));
    plan.link(IMAGE, MAPS, by(Groups::One), Init::He);
    plan.link(MAPS, SUM, by(Groups::Depthwise), Init::He);
    plan.link(SUM, PAIRS, by(Groups::Count(2)), Init::He);
    plan.connect(PAIRS, OUT, Init::He);
    Graph::empty().apply(&plan.finish(), Moment::default()).unwrap().0
}

fn refusal(edits: Vec<Edit>) -> String {
    let plan = Plan {
        cause: "test".into(),
        observed: None,
        seed: Seed(2),
        edits,
    };
    graph().apply(&plan, Moment::default()).unwrap_err().to_string()
}

fn link(id: u32, from: LayerId, to: LayerId, link: Link) -> Edit {
    Edit::Connect {
        id: ConnectionId(id),
        from,
        to,
        link,
        weights: Init::He.into(),
        gain: Gain::None,
        gain_start: 1.0,
        lr_scale: 1.0,
    }
}

fn replace(layer: LayerId, unit: u64) -> Edit {
    Edit::Replace {
        layer,
        units: vec![UnitId(unit)],
        incoming: Init::He.into(),
        outgoing: Init::Zero.into(),
        bias: 0.0,
        fold_mean: Vec::new(),
    }
}

#[test]
fn shapes_are_those_of_kernels_and_positions() {
    let graph = graph();
    let shape = |p| graph.parameters().get(&p).copied();
    assert_eq!(shape(Parameter::Weight(ConnectionId(0))), Some((4, 2 * 9)));
    assert_eq!(shape(Parameter::Weight(ConnectionId(1))), Some((4, 9)));
    assert_eq!(shape(Parameter::Weight(ConnectionId(2))), Some((2, 2 * 9)));
    assert_eq!(shape(Parameter::Weight(ConnectionId(3))), Some((2, 2 * 4)));
    assert_eq!(shape(Parameter::Variance(MAPS)), Some((1, 4)));
    let learned = 4 * 18 + 4 * 9 + 2 * 18 + 2 * 8 + (4 + 4 + 2 + 2) + 2 * 4;
    assert_eq!(graph.parameter_count(), learned);
    assert_eq!(graph.multiply_adds(), 16 * (4 * 18 + 4 * 9 + 2 * 18) + 2 * 8);
}

refused! {
    one_of_two_layers_that_are_tied_one_by_one: [widen(MAPS, 1)] =>
        "edit 0 (widen) of the plan cannot be done: layer 1 and layer 2 are tied and have to be resized together",
    a_source_in_groups: [widen(MAPS, 2), widen(SUM, 2)] =>
        "edit 1 (widen) of the plan cannot be done: connection 2 is a convolution in groups, and the units of its ends \
         stay where they are",
    a_target_in_groups: [widen(PAIRS, 2)] =>
        "edit 0 (widen) of the plan cannot be done: connection 2 is a convolution in groups, and the units of its ends \
         stay where they are",
    a_replaced_source_in_groups: [replace(SUM, 6)] =>
        "edit 0 (replace) of the plan cannot be done: connection 2 is a convolution in groups, and the units of its ends \
         stay where they are",
    a_matrix_to_a_grid: [link(4, IMAGE, PAIRS, Link::Dense)] =>
        "edit 0 (connect) of the plan cannot be done: connection 4 does not bring what the grid of the layer it leads to \
         has room for",
    another_grid: [link(4, IMAGE, PAIRS, Link::convolution(Window::square(3, 2, 1)))] =>
        "edit 0 (connect) of the plan cannot be done: connection 4 does not bring what the grid of the layer it leads to \
         has room for",
    a_sum_of_another_width: [link(4, IMAGE, SUM, Link::Direct)] =>
        "edit 0 (connect) of the plan cannot be done: layer 0 and layer 2 are tied and have to be resized together",
    groups_that_do_not_divide: [link(4, IMAGE, PAIRS, by(Groups::Count(3)))] =>
        "edit 0 (connect) of the plan cannot be done: connection 4 has groups that do not divide the widths of the layers \
         it joins",
    a_pool_that_does_not_fit: [add(5, NewLayer {
        pool: Pool::Average(Window::square(9, 1, 0)),
        ..NewLayer::hidden("new", 2, Activation::Relu).on(Grid::new(4, 4))
    })] =>
        "edit 0 (add-layer) of the plan cannot be done: layer 5 is laid out on an empty grid, or its pooling does not fit \
         into it",
    a_head_on_a_grid: [add(5, NewLayer::head("new", 2, Activation::Identity, Head { task: None, classes: vec![] })
        .on(Grid::new(2, 2)))] =>
        "edit 0 (add-head) of the plan cannot be done: layer 5 is a head and needs a single position: pool globally, or \
         lead a dense connection into it",
    dropping_all: [add(5, NewLayer { dropout: 1.0, ..NewLayer::hidden("new", 2, Activation::Relu) })] =>
        "edit 0 (add-layer) of the plan cannot be done: the dropout is 1, but has to be at least 0 and below 1",
    far_too_many_values: [add(5, NewLayer::hidden("new", 1 << 19, Activation::Relu).on(Grid::new(999, 999)))] =>
        "edit 0 (add-layer) of the plan cannot be done: 523239948288 values in a layer are more than the limit of 67108864",
}

/// Two layers of two channels each (units 1 and 2, 3 and 4), the second the first's sum: without groups, which would fix them.
fn summed() -> (Graph, LayerId, LayerId) {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let grid = Grid::new(3, 3);
    let image = plan.layer(NewLayer::image(1, grid));
    let low = plan.layer(NewLayer::hidden("low", 2, Activation::Relu).on(grid));
    let sum = plan.layer(NewLayer::hidden("sum", 2, Activation::Relu).on(grid));
    plan.link(image, low, by(Groups::One), Init::He);
    plan.link(low, sum, Link::Direct, Init::Zero);
    let (graph, _) = Graph::empty().apply(&plan.finish(), Moment::default()).unwrap();
    (graph, low, sum)
}

#[test]
fn units_that_would_lose_their_partners_stay() {
    let (graph, low, sum) = summed();
    let mut plan = Plan::new("prune", Seed(3));
    plan.edits = vec![prune(low, &[1], &[]), prune(sum, &[4], &[])];
    let refused = graph.apply(&plan, Moment::default()).unwrap_err().to_string();
    let wanted = "edit 1 (prune) of the plan cannot be done: layer 1 and layer 2 are tied and have to be resized together";
    assert_eq!(refused, wanted);
}

#[test]
fn tied_layers_grow_and_shrink_together() {
    let (graph, low, sum) = summed();
    let mut plan = Plan::new("grow", Seed(3));
    plan.edits = vec![
        widen(low, 2),
        widen(sum, 2),
        prune(low, &[1], &[]),
        prune(sum, &[3], &[]),
    ];
    let (graph, receipt) = graph.apply(&plan, Moment::default()).unwrap();
    for layer in [low, sum] {
        let layer = graph.layer(layer).unwrap();
        assert_eq!(layer.width(), 3);
        assert_eq!(
            layer.units.iter().filter(|u| u.origin == Origin::Grown).count(),
            2
        );
    }
    assert_eq!(
        receipt.parameters.len(),
        3,
        "kernels and two rows of biases: {receipt:?}"
    );
}

#[test]
fn an_identity_behind_maps_is_a_convolution() {
    let plan = Plan {
        cause: "deepen".into(),
        observed: None,
        seed: Seed(2),
        edits: vec![Edit::InsertIdentity {
            connection: ConnectionId(3),
            id: LayerId(5),
            inner: ConnectionId(4),
            name: "inserted".into(),
            activation: Activation::Relu,
            skip: false,
        }],
    };
    let (graph, receipt) = graph().apply(&plan, Moment::default()).unwrap();
    let inner = graph.connection(ConnectionId(4)).unwrap();
    assert_eq!(inner.link, by(Groups::One));
    assert_eq!(graph.layer(LayerId(5)).unwrap().grid, Grid::new(2, 2));
    let crate::receipt::Carry::Created(kernels) = &receipt.parameters[&Parameter::Weight(inner.id)] else {
        panic!("the connection is new");
    };
    for ((i, j), &w) in kernels.indexed_iter() {
        assert_eq!(w, if j == i * 9 + 4 { 1.0 } else { 0.0 });
    }
}
