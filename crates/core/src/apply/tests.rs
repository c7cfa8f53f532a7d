//! Every reason for which a plan can be refused, with its message.

use super::*;
use crate::graph::{Gain, Parameter};
use crate::ids::{ConnectionId, LayerId, UnitId};
use crate::init::{Init, NewWeights};
use crate::layer::{Activation, Head, Role};
use crate::plan::{LrScaleOf, NewLayer, PlanBuilder};
use crate::receipt::Adjustment;
use crate::seed::Seed;
use crate::space::Link;
use ndarray::Array2;

const INPUT: LayerId = LayerId(0);
const LOW: LayerId = LayerId(1);
const HIGH: LayerId = LayerId(2);
const CLASSES: LayerId = LayerId(3);
const INTO_LOW: ConnectionId = ConnectionId(0);

/// Input (units 0 and 1), two hidden layers of one width group (2 and 3, 4 and 5), a head over two classes (6 and 7).
fn graph() -> Graph {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let tied = |name: &str| NewLayer {
        width_group: Some(7),
        ..NewLayer::hidden(name, 2, Activation::Relu)
    };
    plan.layer(NewLayer::input(2));
    plan.layer(tied("low"));
    plan.layer(tied("high"));
    let head = Head {
        task: None,
        classes: vec![0, 1],
    };
    plan.layer(NewLayer::head("classes", 2, Activation::Identity, head));
    plan.connect(INPUT, LOW, Init::He);
    plan.connect(LOW, HIGH, Init::He);
    plan.connect(HIGH, CLASSES, Init::He);
    Graph::empty().apply(&plan.finish(), Moment::default()).unwrap().0
}

/// The error message for a plan of these edits.
fn refusal(edits: Vec<Edit>) -> String {
    let plan = Plan {
        cause: "test".into(),
        observed: None,
        seed: Seed(2),
        edits,
    };
    graph().apply(&plan, Moment::default()).unwrap_err().to_string()
}

fn widen(layer: LayerId, count: usize) -> Edit {
    Edit::Widen {
        layer,
        count,
        incoming: Init::He.into(),
        outgoing: Init::Zero.into(),
        bias: 0.0,
        classes: Vec::new(),
    }
}

fn prune(layer: LayerId, units: &[u64], fold_mean: &[f32]) -> Edit {
    Edit::Prune {
        layer,
        units: units.iter().map(|&u| UnitId(u)).collect(),
        fold_mean: fold_mean.to_vec(),
    }
}

fn connect(id: u32, from: LayerId, to: LayerId) -> Edit {
    Edit::Connect {
        id: ConnectionId(id),
        from,
        to,
        link: Link::Dense,
        weights: Init::He.into(),
        gain: Gain::None,
        gain_start: 1.0,
        lr_scale: 1.0,
    }
}

fn add(id: u32, layer: NewLayer) -> Edit {
    Edit::AddLayer {
        id: LayerId(id),
        layer,
    }
}

fn split(layer: LayerId, unit: u64, share: f32, noise: f32) -> Edit {
    Edit::Split {
        layer,
        unit: UnitId(unit),
        share,
        noise,
    }
}

fn insert(connection: ConnectionId) -> Edit {
    Edit::InsertIdentity {
        connection,
        id: LayerId(4),
        inner: ConnectionId(3),
        name: "inserted".into(),
        activation: Activation::Relu,
        skip: false,
    }
}

fn adjust(parameter: Parameter, by: Adjustment) -> Edit {
    Edit::Adjust { parameter, by }
}

macro_rules! refused {
    ($($name:ident: $edits:expr => $text:literal,)*) => {
        $(
            #[test]
            fn $name() {
                assert_eq!(refusal(Vec::from($edits)), $text);
            }
        )*
    };
}

refused! {
    an_unknown_layer: [widen(LayerId(9), 1)] =>
        "edit 0 (widen) of the plan cannot be done: there is no layer 9",
    an_unknown_connection: [insert(ConnectionId(9))] =>
        "edit 0 (insert-identity) of the plan cannot be done: there is no connection 9",
    an_unknown_parameter: [adjust(Parameter::Scale(LOW), Adjustment::Scale(2.0))] =>
        "edit 0 (adjust) of the plan cannot be done: there is no parameter block layer-1/scale",
    a_unit_that_lives_elsewhere: [prune(LOW, &[4], &[])] =>
        "edit 0 (prune) of the plan cannot be done: unit 4 does not live in layer 1",
    a_unit_named_twice: [prune(LOW, &[2, 2], &[])] =>
        "edit 0 (prune) of the plan cannot be done: unit 2 is named twice",
    a_newborn: [widen(LOW, 1), widen(HIGH, 1), split(LOW, 8, 0.5, 0.0)] =>
        "edit 2 (split) of the plan cannot be done: unit 8 is born in this very plan; split, prune or replace it in a \
         later one",
    a_plan_for_another_graph: [connect(7, INPUT, HIGH)] =>
        "edit 0 (connect) of the plan cannot be done: it was made for another graph: it would create number 7, but the \
         next is 3",
    a_cycle: [connect(3, CLASSES, LOW)] =>
        "edit 0 (connect) of the plan cannot be done: a connection from layer 3 to layer 1 would close a cycle",
    a_second_connection: [connect(3, INPUT, LOW)] =>
        "edit 0 (connect) of the plan cannot be done: layer 0 and layer 1 are joined already by connection 0",
    a_resized_input: [widen(INPUT, 1)] =>
        "edit 0 (widen) of the plan cannot be done: layer 0 is the input layer, whose units are the features of the data",
    a_second_input: [add(4, NewLayer { name: "again".into(), ..NewLayer::input(1) })] =>
        "edit 0 (add-layer) of the plan cannot be done: the graph has an input layer already: layer 0",
    a_taken_name: [add(4, NewLayer::hidden("low", 1, Activation::Relu))] =>
        "edit 0 (add-layer) of the plan cannot be done: a layer called `low` is there already",
    an_emptied_layer: [prune(CLASSES, &[6, 7], &[])] =>
        "edit 0 (prune) of the plan cannot be done: layer 3 would have no unit",
    a_count_of_none: [widen(CLASSES, 1), widen(LOW, 0)] =>
        "edit 0 (widen) of the plan cannot be done: 1 units of a head need as many classes, but 0 are given",
    nothing_asked_for: [widen(LOW, 0)] =>
        "edit 0 (widen) of the plan cannot be done: it asks for no unit at all",
    a_head_of_too_few_classes: [add(4, NewLayer::head("new", 2, Activation::Identity, Head {
        task: None,
        classes: vec![5],
    }))] =>
        "edit 0 (add-head) of the plan cannot be done: 2 units of a head need as many classes, but 1 are given",
    a_split_head: [split(CLASSES, 6, 0.5, 0.0)] =>
        "edit 0 (split) of the plan cannot be done: 1 units of a head need as many classes, but 0 are given",
    classes_for_no_head: [Edit::Widen {
        layer: LOW,
        count: 1,
        incoming: Init::He.into(),
        outgoing: Init::Zero.into(),
        bias: 0.0,
        classes: vec![3],
    }] =>
        "edit 0 (widen) of the plan cannot be done: layer 1 is no head over classes",
    a_wrong_shape: [adjust(Parameter::Weight(INTO_LOW), Adjustment::Set(Array2::zeros((1, 2))))] =>
        "edit 0 (adjust) of the plan cannot be done: values for connection-0/weight have shape (1, 2), but (2, 2) \
         is needed",
    a_row_outside: [adjust(Parameter::Weight(INTO_LOW), Adjustment::AddRow { row: 4, values: vec![0.0; 2] })] =>
        "edit 0 (adjust) of the plan cannot be done: values for connection-0/weight have shape (5, 2), but (2, 2) \
         is needed",
    too_few_mean_outputs: [prune(LOW, &[2], &[0.5, 0.5])] =>
        "edit 0 (prune) of the plan cannot be done: 1 units go, but 2 mean outputs are given",
    a_rate_below_zero: [Edit::SetLrScale { of: LrScaleOf::Layer(LOW), lr_scale: -1.0 }] =>
        "edit 0 (set-lr-scale) of the plan cannot be done: the rate is -1, but has to be finite and not negative",
    a_share_above_one: [split(LOW, 2, 2.0, 0.0)] =>
        "edit 0 (split) of the plan cannot be done: the share is 2, but has to be between 0 and 1",
    a_noise_that_is_no_number: [split(LOW, 2, 0.5, f32::NAN)] =>
        "edit 0 (split) of the plan cannot be done: the noise is NaN, but has to be finite and not negative",
    an_infinite_factor: [adjust(Parameter::Weight(INTO_LOW), Adjustment::Scale(f32::INFINITY))] =>
        "edit 0 (adjust) of the plan cannot be done: the factor is inf, but has to be finite",
    an_infinite_rule: [Edit::Replace {
        layer: LOW,
        units: vec![UnitId(2)],
        incoming: Init::Normal(f32::INFINITY).into(),
        outgoing: Init::Zero.into(),
        bias: 0.0,
        fold_mean: Vec::new(),
    }] =>
        "edit 0 (replace) of the plan cannot be done: an initial weight is inf, but has to be finite",
    infinite_values: [adjust(Parameter::Bias(LOW), Adjustment::Add(Array2::from_elem((1, 2), f32::INFINITY)))] =>
        "edit 0 (adjust) of the plan cannot be done: values for layer-1/bias are not all finite",
    far_too_wide_a_layer: [widen(LOW, 9_000_000)] =>
        "edit 0 (widen) of the plan cannot be done: 9000002 units in a layer are more than the limit of 1048576",
    far_too_many_parameters: [
        add(4, NewLayer::hidden("wide", 1 << 17, Activation::Relu)),
        add(5, NewLayer::hidden("wider", 1 << 17, Activation::Relu)),
        connect(3, LayerId(4), LayerId(5)),
    ] =>
        "edit 2 (connect) of the plan cannot be done: 17180131346 parameters are more than the limit of 2147483648",
    one_of_two_tied_layers: [widen(LOW, 1)] =>
        "edit 0 (widen) of the plan cannot be done: layer 1 and layer 2 are tied and have to be resized together",
    one_of_two_tied_layers_and_another: [widen(LOW, 1), prune(CLASSES, &[6], &[])] =>
        "edit 0 (widen) of the plan cannot be done: layer 1 and layer 2 are tied and have to be resized together",
    tied_layers_resized_differently: [widen(LOW, 1), widen(HIGH, 2), prune(CLASSES, &[6], &[])] =>
        "edit 1 (widen) of the plan cannot be done: layer 1 and layer 2 are tied and have to be resized together",
    a_layer_tied_to_others_of_another_width: [
        add(4, NewLayer { width_group: Some(7), ..NewLayer::hidden("odd", 5, Activation::Relu) }),
        prune(CLASSES, &[6], &[]),
    ] =>
        "edit 0 (add-layer) of the plan cannot be done: layer 1 and layer 4 are tied and have to be resized together",
    a_resized_source_of_an_identity: [widen(LOW, 1), widen(HIGH, 1), insert(ConnectionId(2))] =>
        "edit 2 (insert-identity) of the plan cannot be done: the units of layer 2 change in this plan; insert a layer \
         behind it in another",
    a_source_of_an_identity_resized: [insert(ConnectionId(1)), widen(LOW, 1)] =>
        "edit 1 (widen) of the plan cannot be done: the units of layer 1 change in this plan; insert a layer behind it \
         in another",
}

#[test]
fn given_weights_of_a_wrong_shape() {
    let mut weights: NewWeights = Init::He.into();
    weights.given.insert(INTO_LOW, Array2::zeros((3, 3)));
    let edit = Edit::Replace {
        layer: LOW,
        units: vec![UnitId(2)],
        incoming: weights,
        outgoing: Init::Zero.into(),
        bias: 0.0,
        fold_mean: Vec::new(),
    };
    assert_eq!(
        refusal(vec![edit]),
        "edit 0 (replace) of the plan cannot be done: values for connection-0/weight have shape (3, 3), but (1, 2) \
         is needed"
    );
}

#[test]
fn weights_that_nobody_would_read() {
    let mut weights: NewWeights = Init::He.into();
    weights.given.insert(INTO_LOW, Array2::zeros((2, 1)));
    let mut edit = widen(LOW, 1);
    if let Edit::Widen { outgoing, .. } = &mut edit {
        *outgoing = weights.clone();
    }
    assert_eq!(
        refusal(vec![edit, widen(HIGH, 1)]),
        "edit 0 (widen) of the plan cannot be done: weights are given for connection 0, where this edit starts none"
    );
    let mut edit = connect(3, INPUT, HIGH);
    if let Edit::Connect { weights: given, .. } = &mut edit {
        *given = weights.clone();
    }
    assert_eq!(
        refusal(vec![edit]),
        "edit 0 (connect) of the plan cannot be done: weights are given for connection 0, where this edit starts none"
    );
    let request = Replacement {
        layer: HIGH,
        units: vec![UnitId(4)],
        incoming: weights,
        outgoing: Init::Zero.into(),
        bias: 0.0,
        fold_mean: Vec::new(),
        seed: Seed(0),
    };
    assert_eq!(
        graph()
            .replace(&request, Moment::default())
            .unwrap_err()
            .to_string(),
        "edit 0 (replace) of the plan cannot be done: weights are given for connection 0, where this edit starts none"
    );
}

#[test]
fn weights_for_a_connection_of_this_plan() {
    let mut edit = widen(LOW, 1);
    if let Edit::Widen { outgoing, .. } = &mut edit {
        outgoing.given.insert(ConnectionId(3), Array2::zeros((2, 1)));
    }
    assert_eq!(
        refusal(vec![connect(3, LOW, CLASSES), edit, widen(HIGH, 1)]),
        "edit 1 (widen) of the plan cannot be done: weights are given for connection 3, where this edit starts none"
    );
}

#[test]
fn into_the_input() {
    assert_eq!(
        refusal(vec![connect(3, LOW, INPUT)]),
        "edit 0 (connect) of the plan cannot be done: layer 0 is the input layer, whose units are the features of the data"
    );
}

#[test]
fn an_empty_plan_changes_nothing() {
    let before = graph();
    let (after, receipt) = before
        .apply(&Plan::new("nothing", Seed(0)), Moment::default())
        .unwrap();
    assert_eq!(after, before);
    assert!(receipt.parameters.is_empty() && receipt.units.is_empty() && receipt.born.is_empty());
    assert!(matches!(before.layer(CLASSES).unwrap().role, Role::Head(_)));
}

#[test]
fn what_is_absorbed_is_counted_as_it_was_before() {
    let mut plan = Plan::new("wide", Seed(0));
    plan.edits = vec![widen(LOW, 2), widen(HIGH, 2)];
    let wide = graph().apply(&plan, Moment::default()).unwrap().0;
    let units = |layer| -> Vec<u64> { wide.layer(layer).unwrap().units.iter().map(|u| u.id.0).collect() };
    let mut plan = Plan::new("prune", Seed(0));
    for layer in [LOW, HIGH] {
        // When the second is removed, the first has been removed: its position is one lower than before.
        plan.edits.push(prune(layer, &units(layer)[0..1], &[0.5]));
        plan.edits.push(prune(layer, &units(layer)[2..3], &[0.25]));
    }
    let (_, receipt) = wide.apply(&plan, Moment::default()).unwrap();
    let folded_means: Vec<_> = receipt
        .folded_means
        .iter()
        .map(|a| (a.layer, a.position, a.mean))
        .collect();
    assert_eq!(
        folded_means,
        [(LOW, 0, 0.5), (LOW, 2, 0.25), (HIGH, 0, 0.5), (HIGH, 2, 0.25)]
    );
}

mod space;
