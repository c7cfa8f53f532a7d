//! In the steady state a step allocates nothing, except for the packing of the matrix kernels.

use super::super::Native;
use dentate_core::{
    Activation, Active, Backend, DataId, Dataset, Expr, Gain, Graph, Head, Init, LayerId, Loss, Meter,
    MeterKind, Moment, NewLayer, Normalisation, Objective, Optimizer, Penalty, PlanBuilder, Route, Rows,
    Samples, Seed, Slot, SlotKind, Tally, Target, Targets, TaskId, Term,
};
use ndarray::Array2;

const DATA: DataId = DataId(0);

/// Two hidden layers, one normalised, with skip connections that have gains; ten classes.
fn network(native: &mut Native) -> (Graph, LayerId) {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let input = plan.layer(NewLayer::input(30));
    let one = plan.layer(NewLayer::hidden("one", 20, Activation::Relu));
    let two = plan.layer(NewLayer {
        normalisation: Normalisation::LayerNorm,
        ..NewLayer::hidden("two", 20, Activation::Gelu)
    });
    let head = Head {
        task: None,
        classes: (0..10).collect(),
    };
    let head = plan.layer(NewLayer::head("head", 10, Activation::Identity, head));
    plan.connect(input, one, Init::He);
    plan.connect(one, two, Init::He);
    plan.connect(two, head, Init::FanIn);
    plan.connect_with_gain(one, head, Init::FanIn, Gain::PerUnit, 1.0);
    let (graph, receipt) = Graph::empty().apply(&plan.finish(), Moment::default()).unwrap();
    native.apply(&graph, &receipt).unwrap();
    (graph, head)
}

fn data() -> Dataset {
    let values = (0..64 * 30).map(|i| (i * 7 % 5) as f32).collect();
    let labels = (0..64).map(|i| i % 10).collect();
    let targets = Targets::Classes { labels, classes: 10 };
    Dataset::new(DATA, Samples::Floats(values), vec![30], targets).unwrap()
}

#[test]
fn a_step_allocates_nothing() {
    let mut native = Native::new();
    let (graph, head) = network(&mut native);
    native.load(&data()).unwrap();
    let layer = graph.hidden().next().unwrap().id;
    let meter = |of| Meter {
        layer,
        of,
        decay: 0.9,
    };
    native
        .watch(&[
            meter(MeterKind::Activation),
            meter(MeterKind::Contribution),
            meter(MeterKind::AdaptableContribution),
            meter(MeterKind::Gradient),
        ])
        .unwrap();
    let (importance, anchor) = (Slot::new(SlotKind::Importance, 1), Slot::new(SlotKind::Anchor, 1));
    let w = || Expr::slot(Slot::WEIGHT);
    native.map(importance, &(w() * w())).unwrap();
    native.map(anchor, &w()).unwrap();
    let term = |loss, target| Term {
        rows: None,
        layer: head,
        active: Active::All,
        loss,
        target,
        weight: 1.0,
        tally: Tally::CURRENT,
    };
    let unit_of = (0..10).map(Some).collect();
    let soft = Target::Given(Array2::from_elem((16, 10), 0.5));
    let route = Route::default();
    let momentum = Optimizer::Sgd {
        learning_rate: 0.01,
        momentum: 0.9,
        weight_decay: 0.1,
    };
    for (size, penalties) in [(1, false), (16, false), (16, true)] {
        let mut objective = Objective {
            terms: vec![term(
                Loss::CrossEntropy,
                Target::Labels {
                    unit_of: Clone::clone(&unit_of),
                },
            )],
            penalties: Vec::new(),
            keep: None,
        };
        if size == 16 {
            let loss = Loss::Distillation { temperature: 2.0 };
            objective.terms.push(term(loss, soft.clone()));
        }
        if penalties {
            objective.penalties.push(Penalty {
                importance: Some(importance),
                anchor: Some(anchor),
                strength: 0.1,
            });
        }
        for optimizer in [Optimizer::sgd(0.01), momentum, Optimizer::adam(0.001)] {
            // Labels differ, so that everything that depends on the batch has occurred before anything is counted.
            let batch = |n: u32| Rows::of(DATA, TaskId(0), (n..n + size).collect());
            let batches = [batch(0), batch(5), batch(11)];
            let mut step = |rows| native.step(rows, &route, &objective, &optimizer).unwrap();
            (0..3).for_each(|_| batches.iter().for_each(&mut step));
            let seen = allocation_counter::measure(|| batches.iter().for_each(&mut step));
            assert_eq!(seen.count_total, 0, "{size} {penalties} {optimizer:?}");
        }
    }
}
