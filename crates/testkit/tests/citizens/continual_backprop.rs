//! One step of continual backprop (Dohare et al. 2024) at batch 1: meters, replacement in place, and an optimizer whose
//! moments and step counts begin anew for the newborn only.

use dentate_backends::Native;
use dentate_core::{
    Activation, Active, Architecture, Backend, DataId, Dataset, Head, Init, Loss, Meter, MeterKind, Moment,
    NewLayer, Objective, Optimizer, Parameter, PlanBuilder, Purpose, Replacement, Route, Rows, Samples, Seed,
    Slot, Tally, Target, Targets, TaskId, Term,
};
use dentate_testkit::naive::{Cell, Network, Optimization};

const DECAY: f32 = 0.99;
const MATURE: u64 = 20;

#[test]
fn a_replaced_unit_starts_anew_and_nothing_else_does() {
    let mut plan = PlanBuilder::new(&dentate_core::Graph::empty(), "initial", Seed(1));
    let input = plan.layer(NewLayer::input(3));
    let hidden = plan.layer(NewLayer::hidden("hidden", 6, Activation::Tanh));
    let values = Head {
        task: None,
        classes: Vec::new(),
    };
    let head = plan.layer(NewLayer::head("head", 1, Activation::Identity, values));
    let into = plan.connect(input, hidden, Init::He);
    let out = plan.connect(hidden, head, Init::FanIn);
    let mut architecture = Architecture::empty();
    let receipt = architecture.apply(&plan.finish(), Moment::default()).unwrap();
    let mut backend = Native::new();
    backend.apply(architecture.graph(), &receipt).unwrap();

    let inputs = dentate_testkit::generators::block((16, 3), Seed(2));
    let targets = inputs
        .map_axis(ndarray::Axis(1), |r| r[0] * r[1] - r[2])
        .insert_axis(ndarray::Axis(1));
    let samples = Samples::Floats(inputs.iter().copied().collect());
    let data = Dataset::new(DataId(0), samples, vec![3], Targets::Values(targets)).unwrap();
    backend.load(&data).unwrap();
    let row = |i: u64| Rows::of(data.id(), TaskId(0), vec![(i % 16) as u32]);
    let all = Rows::of(data.id(), TaskId(0), (0..16).collect());
    let objective = Objective {
        terms: vec![Term {
            rows: None,
            layer: head,
            active: Active::All,
            loss: Loss::MeanSquared,
            target: Target::Values,
            weight: 1.0,
            tally: Tally::None,
        }],
        penalties: Vec::new(),
        keep: None,
    };
    let (route, optimizer) = (Route::default(), Optimizer::adam(0.01));
    let meter = |of| Meter {
        layer: hidden,
        of,
        decay: DECAY,
    };
    backend
        .watch(&[meter(MeterKind::Contribution), meter(MeterKind::Activation)])
        .unwrap();
    for i in 0..30 {
        backend.step(&row(i), &route, &objective, &optimizer).unwrap();
    }

    // The mature unit of lowest utility.
    let readings = backend.readings(hidden).unwrap();
    let utility = &readings.values[&MeterKind::Contribution];
    let mature = (0..6).filter(|&u| readings.age[u] >= MATURE);
    let worst = mature.min_by(|a, b| utility[*a].total_cmp(&utility[*b])).unwrap();
    let mean = readings.values[&MeterKind::Activation][worst];
    let unit = architecture.graph().layer(hidden).unwrap().units[worst].id;
    let before = backend.snapshot();
    let h = backend.forward(&all, &route, &[hidden, head]).unwrap();
    let weight = before.slots[&Slot::WEIGHT][&Parameter::Weight(out)][(0, worst)];
    let request = Replacement {
        layer: hidden,
        units: vec![unit],
        incoming: Init::He.into(),
        outgoing: Init::Zero.into(),
        bias: 0.0,
        fold_mean: vec![mean],
        seed: Seed(9),
    };
    let receipt = architecture
        .replace(
            &request,
            Moment {
                experience: 0,
                step: 30,
            },
        )
        .unwrap();
    backend.apply(architecture.graph(), &receipt).unwrap();

    // Outputs change by w_out · (mean − h) and by nothing else.
    let after = backend.forward(&all, &route, &[head]).unwrap();
    for i in 0..16 {
        let wanted = h[1][(i, 0)] + weight * (mean - h[0][(i, worst)]);
        assert!(
            (after[0][(i, 0)] - wanted).abs() < 1e-5,
            "row {i}: {} for {wanted}",
            after[0][(i, 0)]
        );
    }
    let born = architecture.graph().layer(hidden).unwrap().units[worst].id;
    assert_ne!(born, unit);
    assert_eq!(
        architecture.graph().layer(hidden).unwrap().units[worst].born.step,
        30
    );
    let ages = backend.readings(hidden).unwrap().age;
    assert!((0..6).all(|u| ages[u] == if u == worst { 0 } else { 30 }));

    // Four updates on, every parameter is where a scalar Adam takes it: the newborn's from nothing, the others' from where
    // they were.
    let mut scalars = scalars(&mut backend, &architecture, born);
    for i in 30..34 {
        backend
            .gradient(&row(i), &route, &objective, Slot::GRADIENT, Purpose::ReadOnly)
            .unwrap();
        let gradient = backend.snapshot().slots[&Slot::GRADIENT].clone();
        for (parameter, grid) in Network::of(architecture.graph()).grids() {
            for (r, cells) in grid.iter().enumerate() {
                for (c, cell) in cells.iter().enumerate() {
                    let g = f64::from(gradient[&parameter][(r, c)]);
                    scalars.get_mut(cell).unwrap().update(&optimizer, g, 1.0);
                }
            }
        }
        backend.step(&row(i), &route, &objective, &optimizer).unwrap();
    }
    let weights = &backend.snapshot().slots[&Slot::WEIGHT];
    for (parameter, grid) in Network::of(architecture.graph()).grids() {
        for (r, cells) in grid.iter().enumerate() {
            for (c, cell) in cells.iter().enumerate() {
                let (found, wanted) = (f64::from(weights[&parameter][(r, c)]), scalars[cell].weight);
                assert!((found - wanted).abs() < 1e-5, "{cell:?}: {found} for {wanted}");
            }
        }
    }
    // Without a new step count the newborn's outgoing weight would have moved by a third of this.
    let first = weights[&Parameter::Weight(out)][(0, worst)].abs();
    assert!(
        first > 0.01,
        "the newborn's weight has moved by {first} in four updates of 0.01"
    );
    assert_eq!(backend.readings(hidden).unwrap().age[worst], 4);
    let _ = into;
}

/// A scalar Adam for every parameter.
fn scalars(
    backend: &mut Native,
    architecture: &Architecture,
    born: dentate_core::UnitId,
) -> std::collections::BTreeMap<Cell, Optimization<f64>> {
    let snapshot = backend.snapshot();
    let mut all = std::collections::BTreeMap::new();
    for (parameter, grid) in Network::of(architecture.graph()).grids() {
        for (r, cells) in grid.iter().enumerate() {
            for (c, &cell) in cells.iter().enumerate() {
                let read = |slot: Slot| f64::from(snapshot.slots[&slot][&parameter][(r, c)]);
                let new = match cell {
                    Cell::Weight(_, to, from, _) => to == born || from == born,
                    Cell::Bias(u) => u == born,
                    _ => false,
                };
                let state = Optimization {
                    weight: read(Slot::WEIGHT),
                    first: if new { 0.0 } else { read(Slot::FIRST_MOMENT) },
                    second: if new { 0.0 } else { read(Slot::SECOND_MOMENT) },
                    age: if new { 0 } else { 30 },
                };
                all.insert(cell, state);
            }
        }
    }
    all
}

/// The utility of the paper beside a loop after the authors' code (`GnT.update_utility` of `loss-of-plasticity`), unit by unit in
/// double precision over some hundred updates, in which now and then a unit gives way to a newborn.
#[test]
fn adaptable_contribution_follows_the_authors_loop() {
    let mut plan = PlanBuilder::new(&dentate_core::Graph::empty(), "initial", Seed(1));
    let input = plan.layer(NewLayer::input(3));
    let hidden = plan.layer(NewLayer::hidden("hidden", 6, Activation::Relu));
    let values = Head {
        task: None,
        classes: Vec::new(),
    };
    let head = plan.layer(NewLayer::head("head", 2, Activation::Identity, values));
    let into = plan.connect(input, hidden, Init::He);
    let out = plan.connect(hidden, head, Init::FanIn);
    let mut architecture = Architecture::empty();
    let receipt = architecture.apply(&plan.finish(), Moment::default()).unwrap();
    let mut backend = Native::new();
    backend.apply(architecture.graph(), &receipt).unwrap();
    let inputs = dentate_testkit::generators::block((64, 3), Seed(2));
    let targets = dentate_testkit::generators::block((64, 2), Seed(3));
    let samples = Samples::Floats(inputs.iter().copied().collect());
    let data = Dataset::new(DataId(0), samples, vec![3], Targets::Values(targets)).unwrap();
    backend.load(&data).unwrap();
    let objective = Objective {
        terms: vec![Term {
            rows: None,
            layer: head,
            active: Active::All,
            loss: Loss::MeanSquared,
            target: Target::Values,
            weight: 1.0,
            tally: Tally::None,
        }],
        penalties: Vec::new(),
        keep: None,
    };
    let (route, optimizer) = (Route::default(), Optimizer::sgd(0.02));
    let kinds = [MeterKind::AdaptableContribution, MeterKind::Activation];
    let meters = kinds.map(|of| Meter {
        layer: hidden,
        of,
        decay: DECAY,
    });
    backend.watch(&meters).unwrap();

    let decay = f64::from(DECAY);
    let (mut ages, mut utility, mut mean) = ([0i32; 6], [0.0; 6], [0.0; 6]);
    for step in 0..400u64 {
        if step % 90 == 89 {
            let unit = (step / 90) as usize;
            let replaced = Replacement {
                layer: hidden,
                units: vec![architecture.graph().layer(hidden).unwrap().units[unit].id],
                incoming: Init::He.into(),
                outgoing: Init::Zero.into(),
                bias: 0.0,
                fold_mean: vec![0.0],
                seed: Seed(step),
            };
            let moment = Moment { experience: 0, step };
            let receipt = architecture.replace(&replaced, moment).unwrap();
            backend.apply(architecture.graph(), &receipt).unwrap();
            (ages[unit], utility[unit], mean[unit]) = (0, 0.0, 0.0);
        }
        let batch = (0..4).map(|i| ((step * 4 + i) % 64) as u32).collect();
        let rows = Rows::of(data.id(), TaskId(0), batch);
        let h = backend.forward(&rows, &route, &[hidden]).unwrap().remove(0);
        let weights = backend.snapshot().slots.remove(&Slot::WEIGHT).unwrap();
        for u in 0..6 {
            let over =
                |f: &dyn Fn(f64) -> f64| h.column(u).iter().map(|&h| f(f64::from(h))).sum::<f64>() / 4.0;
            let size = |all: ndarray::ArrayView1<'_, f32>| {
                all.iter().map(|w| f64::from(w.abs())).sum::<f64>() / all.len() as f64
            };
            ages[u] += 1;
            utility[u] *= decay;
            let correction = 1.0 - decay.powi(ages[u]);
            mean[u] *= decay;
            mean[u] += (1.0 - decay) * over(&|h| h);
            let corrected = mean[u] / correction;
            let outgoing = size(weights[&Parameter::Weight(out)].column(u));
            let incoming = size(weights[&Parameter::Weight(into)].row(u));
            let new = outgoing * over(&|h| (h - corrected).abs()) / incoming;
            utility[u] += (1.0 - decay) * new;
        }
        backend.step(&rows, &route, &objective, &optimizer).unwrap();
        let readings = backend.readings(hidden).unwrap();
        for u in 0..6 {
            let found = f64::from(readings.values[&MeterKind::AdaptableContribution][u]);
            let wanted = utility[u] / (1.0 - decay.powi(ages[u]));
            let off = (found - wanted).abs();
            assert!(
                off <= 1e-5 * (1.0 + wanted),
                "unit {u}, step {step}: {found} for {wanted}"
            );
        }
    }
    assert!(utility.iter().any(|u| *u > 0.01), "{utility:?}");
}
