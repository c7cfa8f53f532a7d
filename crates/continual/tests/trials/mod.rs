//! Trials of plans: what a network would reach, measured without keeping anything.

use dentate_core::{
    Activation, Active, DataId, Dataset, Edit, Graph, GrowingNetwork, Head, Init, Loss, NewLayer, Objective,
    Optimizer, Plan, PlanBuilder, Purpose, Route, Rows, Samples, Seed, Slot, Tally, Target, Targets, TaskId,
    Term, mlp,
};
use dentate_testkit::Native;
use ndarray::Array2;

/// A network of 3-5-4-2 that has learned a little by Adam, the rows, and the objective.
fn trained() -> (GrowingNetwork, Rows, Objective) {
    let mut network = GrowingNetwork::new(Box::new(Native::new()));
    network
        .apply(&mlp(3, &[5, 4], Activation::Tanh, Init::FanIn, Seed(1)))
        .unwrap();
    let hidden = network.graph().hidden().next_back().unwrap().id;
    let mut plan = PlanBuilder::new(network.graph(), "head", Seed(2));
    let (task, classes) = (None, Vec::new());
    let head = plan.layer(NewLayer::head(
        "head",
        2,
        Activation::Identity,
        Head { task, classes },
    ));
    plan.connect(hidden, head, Init::FanIn);
    network.apply(&plan.finish()).unwrap();
    let values = (0..30).map(|i| (f64::from(i) * 0.7).sin() as f32).collect();
    let targets = Targets::Values(Array2::from_shape_fn((10, 2), |(i, j)| ((i + j) % 3) as f32));
    let data = Dataset::new(DataId(1), Samples::Floats(values), vec![3], targets).unwrap();
    network.attach(&data).unwrap();
    let rows = Rows::of(DataId(1), TaskId(0), (0..10).collect());
    let term = Term {
        rows: None,
        layer: head,
        active: Active::All,
        loss: Loss::MeanSquared,
        target: Target::Values,
        weight: 1.0,
        tally: Tally::None,
    };
    let objective = Objective {
        terms: vec![term],
        ..Objective::default()
    };
    for _ in 0..5 {
        network
            .step(&rows, &Route::default(), &objective, &Optimizer::adam(0.01))
            .unwrap();
        network.tick();
    }
    (network, rows, objective)
}

/// A plan that widens, one that prunes and one that splits.
fn plans(graph: &Graph) -> Vec<Plan> {
    let layer = graph.named("hidden-1").unwrap();
    let mut wider = PlanBuilder::new(graph, "wider", Seed(3));
    wider.widen(layer.id, 2, Init::FanIn, Init::Normal(0.5));
    let (mut narrower, mut copied) = (
        PlanBuilder::new(graph, "narrower", Seed(4)),
        PlanBuilder::new(graph, "copied", Seed(5)),
    );
    narrower.edit(Edit::Prune {
        layer: layer.id,
        units: vec![layer.units[1].id],
        fold_mean: Vec::new(),
    });
    copied.edit(Edit::Split {
        layer: layer.id,
        unit: layer.units[0].id,
        share: 0.5,
        noise: 0.3,
    });
    vec![wider.finish(), narrower.finish(), copied.finish()]
}

#[test]
fn a_trial_gives_what_the_plans_would_and_leaves_no_trace() {
    let (mut network, rows, objective) = trained();
    let plans = plans(network.graph());
    let (graph, mut before) = (network.graph().clone(), network.snapshot());
    let found = network
        .values_after(&plans, &rows, &Route::default(), &objective)
        .unwrap();
    let mut after = network.snapshot();
    assert_eq!(&graph, network.graph());
    let (work, no_work) = (after.stats.multiply_adds, before.stats.multiply_adds);
    assert!(work > no_work, "its work is counted");
    (after.stats.multiply_adds, before.stats.multiply_adds) = (0, 0);
    assert_eq!(before, after);

    let really = |plan: Option<&Plan>| {
        let (mut network, rows, objective) = trained();
        if let Some(plan) = plan {
            network.apply(plan).unwrap();
        }
        let (route, into) = (Route::default(), Slot::GRADIENT);
        network
            .gradient(&rows, &route, &objective, into, Purpose::ReadOnly)
            .unwrap()
    };
    let wanted: Vec<f64> = [None]
        .into_iter()
        .chain(plans.iter().map(Some))
        .map(really)
        .collect();
    assert_eq!(found, wanted);
    assert!(
        found.windows(2).all(|pair| (pair[0] - pair[1]).abs() > 1e-4),
        "the plans differ: {found:?}"
    );
}

/// A factor on each unit of a layer is 1 for the units that a plan adds.
#[test]
fn new_units_are_not_gated() {
    let (mut network, rows, objective) = trained();
    let (layer, plans) = (
        network.graph().named("hidden-1").unwrap().id,
        plans(network.graph()),
    );
    let mut route = Route::default();
    route.gates.insert(layer, vec![0.5; 5]);
    let tried = network
        .values_after(&plans[..1], &rows, &route, &objective)
        .unwrap();
    network.apply(&plans[0]).unwrap();
    route.gates.insert(layer, vec![0.5, 0.5, 0.5, 0.5, 0.5, 1.0, 1.0]);
    let value = network
        .gradient(&rows, &route, &objective, Slot::GRADIENT, Purpose::ReadOnly)
        .unwrap();
    assert_eq!(tried[1], value);
}

#[test]
fn a_plan_that_is_refused_leaves_no_trace_either() {
    let (mut network, rows, objective) = trained();
    let mut bad = plans(network.graph());
    let twice = bad[1].edits[0].clone();
    bad[1].edits.push(twice);
    let before = network.snapshot();
    let refused = network.values_after(&bad, &rows, &Route::default(), &objective);
    assert!(refused.is_err());
    let mut after = network.snapshot();
    after.stats = before.stats.clone();
    assert_eq!(before, after);
}
