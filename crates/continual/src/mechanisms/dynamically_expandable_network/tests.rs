use super::*;
use dentate_core::{Activation, Cause, GrowingNetwork, Head, Init, Layer, NewLayer, Plan, PlanBuilder, Seed};
use ndarray::Array1;
use rand::Rng;
use std::collections::BTreeSet;

type Blocks = BTreeMap<Parameter, Array2<f32>>;

/// Three inputs, hidden layers of 4 and 3 units, a connection that skips the second one, and two heads.
fn skipping() -> Plan {
    let mut plan = PlanBuilder::new(&Graph::empty(), Cause::Initial, Seed(3));
    let input = plan.layer(NewLayer::input(3));
    let first = plan.layer(NewLayer::hidden("first", 4, Activation::Tanh));
    let second = plan.layer(NewLayer::hidden("second", 3, Activation::Tanh));
    plan.connect(input, first, Init::He);
    plan.connect(first, second, Init::He);
    for task in 0..2 {
        let head = Head {
            task: Some(TaskId(task)),
            classes: vec![2 * task, 2 * task + 1],
        };
        let head = plan.layer(NewLayer::head(
            format!("head {task}"),
            2,
            Activation::Identity,
            head,
        ));
        plan.connect(second, head, Init::He);
        plan.connect(first, head, Init::He);
    }
    plan.finish()
}

fn network() -> GrowingNetwork {
    let mut network = GrowingNetwork::new(Box::new(dentate_testkit::Native::new()));
    network.apply(&skipping()).unwrap();
    network
}

fn blocks(network: &mut GrowingNetwork, slot: Slot) -> Blocks {
    network.snapshot().slots[&slot].clone()
}

/// Weights of which many are 0.
fn sparse(graph: &Graph, seed: u64) -> Blocks {
    let mut random = Seed(seed).random();
    let parameters = graph.parameters().into_iter();
    parameters
        .map(|(parameter, shape)| {
            let mut draw = || {
                if random.random_bool(0.3) {
                    random.random_range(-1.0..1.0)
                } else {
                    0.0
                }
            };
            (parameter, Array2::from_shape_simple_fn(shape, &mut draw))
        })
        .collect()
}

/// Everything that a head reaches, by following every path from it one weight at a time.
fn follow(graph: &Graph, weights: &Blocks, at: (LayerId, usize), found: &mut BTreeSet<(LayerId, usize)>) {
    found.insert(at);
    for connection in graph.connections().filter(|c| c.to == at.0) {
        for (source, weight) in weights[&Parameter::Weight(connection.id)]
            .row(at.1)
            .iter()
            .enumerate()
        {
            if *weight != 0.0 {
                follow(graph, weights, (connection.from, source), found);
            }
        }
    }
}

/// The subnetwork is what paths of weights other than 0 lead to, whose entries alone are marked: the weights between two of its units, and those from
/// inputs.
#[test]
fn the_subnetwork_is_what_paths_reach() {
    let graph = network().graph().clone();
    let head = graph.heads().nth(1).unwrap().0.id;
    let (mut reached, mut missed) = (0, 0);
    for seed in 0..40 {
        let weights = sparse(&graph, seed);
        let used = Used::below(&graph, &weights, &[head]);
        let mut found = BTreeSet::new();
        for unit in 0..2 {
            follow(&graph, &weights, (head, unit), &mut found);
        }
        let input = graph.input().unwrap().id;
        found.extend((0..3).map(|unit| (input, unit)));
        for (parameter, (rows, columns)) in graph.parameters() {
            let mut marks = Array2::zeros((rows, columns));
            used.mark(&graph, parameter, &mut marks);
            for ((row, column), mark) in marks.indexed_iter() {
                let wanted = match parameter {
                    Parameter::Weight(id) => {
                        let c = graph.connection(id).unwrap();
                        found.contains(&(c.to, row)) && found.contains(&(c.from, column))
                    }
                    Parameter::Bias(layer) => found.contains(&(layer, column)),
                    other => panic!("{other}"),
                };
                assert_eq!(
                    *mark == 1.0,
                    wanted,
                    "{parameter} at {row}, {column}, seed {seed}"
                );
                reached += u32::from(wanted);
                missed += u32::from(!wanted);
            }
        }
    }
    assert!(reached > 300 && missed > 300, "{reached} and {missed}");
}

/// After an update |w| falls by the rate times `l1`, to 0 at most; then what comes into a new unit is scaled by max(0, 1 − rate · group / ‖w‖).
/// Biases, and what is not trained, keep their bits.
#[test]
fn proximal_steps_are_those_of_the_formulas() {
    let mut network = network();
    let graph = network.graph().clone();
    let trained = Slot::new(SlotKind::Mask, 0);
    network.map(trained, &Expr::constant(0.0)).unwrap();
    let first = graph.named("first").unwrap().id;
    let into = graph.into_layer(first).next().unwrap().id;
    let out = graph.out_of(first).next().unwrap().id;
    let mut held = network.snapshot();
    // Unit 3 of the first layer is new, and so is what it feeds.
    let marks = held.slots.get_mut(&trained).unwrap();
    marks
        .get_mut(&Parameter::Weight(into))
        .unwrap()
        .row_mut(3)
        .fill(1.0);
    marks
        .get_mut(&Parameter::Weight(out))
        .unwrap()
        .column_mut(3)
        .fill(1.0);
    marks.get_mut(&Parameter::Bias(first)).unwrap()[(0, 3)] = 1.0;
    let weights = held.slots.get_mut(&Slot::WEIGHT).unwrap();
    weights
        .get_mut(&Parameter::Weight(into))
        .unwrap()
        .row_mut(3)
        .assign(&Array1::from(vec![0.3, -0.4, 0.005]));
    weights
        .get_mut(&Parameter::Weight(out))
        .unwrap()
        .column_mut(3)
        .assign(&Array1::from(vec![0.5, -0.009, -0.02]));
    weights.get_mut(&Parameter::Bias(first)).unwrap()[(0, 3)] = 0.7;
    network.restore(&held).unwrap();
    let before = blocks(&mut network, Slot::WEIGHT);
    let (l1, group) = (0.01, 0.1);
    network
        .map(Slot::WEIGHT, &shrinking::shrunk(trained, l1, group))
        .unwrap();
    let after = blocks(&mut network, Slot::WEIGHT);
    // By hand: 0.3, −0.4 and 0.005 become 0.29, −0.39 and 0, of length 0.486.
    let scale = 1.0 - 0.1 / 0.29f32.hypot(0.39);
    let near = |found: f32, wanted: f32| assert!((found - wanted).abs() < 1e-6, "{found}, not {wanted}");
    for (place, wanted) in [0.29 * scale, -0.39 * scale, 0.0].into_iter().enumerate() {
        near(after[&Parameter::Weight(into)][(3, place)], wanted);
    }
    for (place, wanted) in [0.49, 0.0, -0.01].into_iter().enumerate() {
        near(after[&Parameter::Weight(out)][(place, 3)], wanted);
    }
    let mut same = 0;
    for (parameter, block) in &after {
        for (at, value) in block.indexed_iter() {
            let moves = (*parameter == Parameter::Weight(into) && at.0 == 3)
                || (*parameter == Parameter::Weight(out) && at.1 == 3);
            if !moves {
                assert_eq!(
                    value.to_bits(),
                    before[parameter][at].to_bits(),
                    "{parameter} at {at:?}"
                );
                same += 1;
            }
        }
    }
    assert!(same > 30, "{same}");
    // A group shorter than the step goes to 0 as a whole, and stays there.
    for _ in 0..2 {
        network
            .map(Slot::WEIGHT, &shrinking::shrunk(trained, 0.0, 0.5))
            .unwrap();
        let after = blocks(&mut network, Slot::WEIGHT);
        assert_eq!(after[&Parameter::Weight(into)].row(3), Array1::<f32>::zeros(3));
    }
    let weights = blocks(&mut network, Slot::WEIGHT);
    let layer = graph.layer(first).unwrap();
    let unused = |from: u64| shrinking::unused(&graph, &weights, layer, UnitId(from));
    assert_eq!(unused(0), [layer.units[3].id]);
    assert_eq!(unused(layer.units[3].id.0 + 1), [], "older units stay");
}

/// Of the units above the threshold the most drifted are split where there is no room for all: ascending order would take others.
#[test]
fn the_most_drifted_units_are_split() {
    let (layer, other) = (LayerId(1), LayerId(2));
    let drifts = BTreeMap::from([
        (layer, vec![(0, 0.2), (1, 0.04), (2, 0.9), (3, 0.3), (4, 0.05)]),
        (other, vec![(0, 0.01)]),
    ]);
    let chosen = |room| {
        let chosen = splitting::most_drifted(&drifts, 0.05, &BTreeMap::from([(layer, room), (other, 9)]));
        assert!(
            !chosen.contains_key(&other),
            "no unit of it is above the threshold"
        );
        let units = chosen.get(&layer).into_iter().flatten();
        units.map(|(unit, _)| *unit).collect::<Vec<_>>()
    };
    assert_eq!(
        chosen(9),
        [2, 3, 0],
        "all above the threshold, which the last one is not"
    );
    assert_eq!(chosen(1), [2]);
    assert_eq!(chosen(2), [2, 3]);
    assert_eq!(chosen(0), [0usize; 0]);
}

/// A drift is the distance of a unit's weights from older sources and of its bias, computed here from the blocks.
#[test]
fn drifts_are_distances_from_the_weights_before() {
    let mut network = network();
    let before = blocks(&mut network, Slot::WEIGHT);
    network.enter(1);
    let mut plan = PlanBuilder::new(network.graph(), "wider", Seed(1));
    plan.widen(network.graph().named("first").unwrap().id, 1, Init::He, Init::He);
    network.apply(&plan.finish()).unwrap();
    let graph = network.graph().clone();
    let anchored: Blocks = blocks(&mut network, Slot::WEIGHT);
    let now: Blocks = sparse(&graph, 5);
    let found = splitting::drifts(&graph, &now, &anchored, 1);
    for (name, width, incoming) in [("first", 4, 0), ("second", 3, 1)] {
        let layer = graph.named(name).unwrap();
        let weight = Parameter::Weight(graph.connections().nth(incoming).unwrap().id);
        let units = &found[&layer.id];
        assert_eq!(units.len(), width, "the new unit has no earlier weights");
        for (unit, drift) in units {
            let old = before[&weight].row(*unit);
            let sum: f32 = old
                .iter()
                .zip(now[&weight].row(*unit))
                .map(|(a, b)| (a - b).powi(2))
                .sum();
            let bias =
                now[&Parameter::Bias(layer.id)][(0, *unit)] - before[&Parameter::Bias(layer.id)][(0, *unit)];
            let wanted = f64::from((sum + bias * bias).sqrt());
            assert!((drift - wanted).abs() < 1e-6, "{drift}, not {wanted}");
        }
    }
}

/// Outputs of layers for an input, computed by hand from blocks; `seen` are the units that count.
fn outputs(
    graph: &Graph,
    weights: &Blocks,
    x: &[f64],
    seen: &dyn Fn(&Layer, usize) -> bool,
) -> BTreeMap<LayerId, Vec<f64>> {
    let mut all: BTreeMap<LayerId, Vec<f64>> = BTreeMap::new();
    for layer in graph.order().into_iter().filter_map(|id| graph.layer(id)) {
        if layer.role == Role::Input {
            all.insert(layer.id, x.to_vec());
            continue;
        }
        let own = (0..layer.width()).map(|unit| {
            let mut sum = f64::from(weights[&Parameter::Bias(layer.id)][(0, unit)]);
            for c in graph.into_layer(layer.id) {
                let row = weights[&Parameter::Weight(c.id)].row(unit).to_vec();
                sum += row
                    .iter()
                    .zip(&all[&c.from])
                    .map(|(w, h)| f64::from(*w) * h)
                    .sum::<f64>();
            }
            match layer.role {
                Role::Hidden if !seen(layer, unit) => 0.0,
                Role::Hidden => sum.tanh(),
                _ => sum,
            }
        });
        let own = own.collect();
        all.insert(layer.id, own);
    }
    all
}

/// When all units that have changed are split, the units that there were give what they gave before the task, and the new head what it gave
/// before the split.
#[test]
fn a_split_keeps_both_functions() {
    let mut network = network();
    let before = blocks(&mut network, Slot::WEIGHT);
    network.enter(1);
    let graph = network.graph().clone();
    let heads: Vec<LayerId> = graph.heads().map(|(layer, _)| layer.id).collect();
    // What the second task trained: everything but the first head, and of the first layer only two units.
    let mut now = before.clone();
    let mut random = Seed(8).random();
    for connection in graph.connections().filter(|c| c.to != heads[0]) {
        for ((row, _), weight) in now
            .get_mut(&Parameter::Weight(connection.id))
            .unwrap()
            .indexed_iter_mut()
        {
            if connection.to != graph.named("first").unwrap().id || row < 2 {
                *weight += random.random_range(-0.5..0.5f32);
            }
        }
    }
    let drifts = splitting::drifts(&graph, &now, &before, 1);
    let rooms = graph.hidden().map(|layer| (layer.id, 9)).collect();
    let chosen = splitting::most_drifted(&drifts, 0.0, &rooms);
    assert_eq!(chosen.values().map(Vec::len).collect::<Vec<_>>(), [2, 3]);
    let mut held = network.snapshot();
    held.slots.insert(Slot::WEIGHT, now.clone());
    network.restore(&held).unwrap();
    let mut plan = PlanBuilder::new(&graph, "split", Seed(2));
    splitting::plan(&graph, &now, &before, &chosen, &heads[1..], 1, &mut plan);
    network.apply(&plan.finish()).unwrap();
    let (grown, after) = (network.graph().clone(), blocks(&mut network, Slot::WEIGHT));
    assert_eq!(grown.hidden().map(Layer::width).collect::<Vec<_>>(), [6, 6]);
    let gates = gates(&grown, 0);
    let old = |layer: &Layer, unit: usize| gates[&layer.id][unit] > 0.0;
    for x in [[0.3, -1.0, 0.5], [1.0, 0.2, -0.7]] {
        let (first, second) = (
            outputs(&graph, &before, &x, &|_, _| true),
            outputs(&graph, &now, &x, &|_, _| true),
        );
        let hidden = outputs(&grown, &after, &x, &old);
        let open = outputs(&grown, &after, &x, &|_, _| true);
        assert_eq!(hidden[&heads[0]], first[&heads[0]], "the first task's answer");
        for (found, wanted) in open[&heads[1]].iter().zip(&second[&heads[1]]) {
            assert!(
                (found - wanted).abs() < 1e-6,
                "{found}, not {wanted}, for the second task"
            );
        }
        assert_ne!(first[&heads[0]], second[&heads[0]], "nothing was to be restored");
    }
}

/// Moments of units tell which experience they were born in; those born later are hidden, and a layer without any has no gates.
#[test]
fn later_units_are_hidden() {
    let mut network = network();
    network.enter(2);
    let first = network.graph().named("first").unwrap().id;
    let mut plan = PlanBuilder::new(network.graph(), "wider", Seed(1));
    plan.widen(first, 2, Init::He, Init::He);
    network.apply(&plan.finish()).unwrap();
    let gates_at = |stamp| gates(network.graph(), stamp);
    let wanted = vec![1.0, 1.0, 1.0, 1.0, 0.0, 0.0];
    assert_eq!(gates_at(0), BTreeMap::from([(first, wanted.clone())]));
    assert_eq!(gates_at(1), BTreeMap::from([(first, wanted)]));
    assert_eq!(gates_at(2), BTreeMap::new());
}
