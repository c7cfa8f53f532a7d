//! Importances against scalar loops, on a network of three hidden units whose derivatives are written out.

use crate::driving::{Entries, apart, entries};
use crate::setting::learner;
use dentate_continual::{
    Budget, ElasticWeightConsolidation, Fisher, Form, Gradient, MechanismSpec, MemoryAwareSynapses,
    SynapticIntelligence,
};
use dentate_core::{
    Access, Activation, Init, Learner, MetricLog, Optimizer, Progress, Scenario, Seed, TaskId,
};
use dentate_testkit::Pool;
use dentate_testkit::toy::{FEATURES, PER_CLASS, Toy};

/// Hidden units.
const UNITS: usize = 3;
/// Rows of an experience.
const ROWS: usize = 2 * PER_CLASS;

fn config(mechanism: impl MechanismSpec + 'static) -> Gradient {
    Gradient {
        hidden: vec![UNITS],
        activation: Activation::Tanh,
        // Outputs of different sizes, or classes are as good as equal.
        init: Init::Uniform(1.0),
        batch: 6,
        budget: Budget::Epochs(1),
        optimizer: Optimizer::sgd(0.1),
        mechanisms: vec![Box::new(mechanism)],
        ..Gradient::default()
    }
}

/// Learns one experience from these rows.
fn learn(learner: &mut dyn Learner, toy: &Toy, index: usize, rows: Vec<u32>) {
    let mut source = Pool::new(toy.data.clone(), TaskId(index as u32), rows, toy.access, Seed(0));
    learner.begin(&toy.info(index)).unwrap();
    while learner.advance(&mut source, &mut MetricLog::default()).unwrap() != Progress::Finished {}
}

fn rows(index: usize) -> Vec<u32> {
    let start = (ROWS * index) as u32;
    (start..start + ROWS as u32).collect()
}

fn at(block: &str, row: usize, column: usize) -> (String, usize, usize) {
    (block.into(), row, column)
}

const BLOCKS: [&str; 4] = [
    "connection-0/weight",
    "layer-1/bias",
    "connection-1/weight",
    "layer-2/bias",
];

/// The outputs for a row, and those of the hidden units.
fn forward(net: &Entries, x: &[f32]) -> (Vec<f64>, Vec<f64>) {
    let [into, bias, out, last] = BLOCKS;
    let hidden: Vec<f64> = (0..UNITS)
        .map(|unit| {
            let sum: f64 = (0..FEATURES)
                .map(|i| net[&at(into, unit, i)] * f64::from(x[i]))
                .sum();
            (sum + net[&at(bias, 0, unit)]).tanh()
        })
        .collect();
    let classes = net.keys().filter(|(block, ..)| block == last).count();
    let outputs = (0..classes).map(|class| {
        let sum: f64 = (0..UNITS)
            .map(|unit| net[&at(out, class, unit)] * hidden[unit])
            .sum();
        sum + net[&at(last, 0, class)]
    });
    (outputs.collect(), hidden)
}

/// The derivatives by every parameter of something whose derivatives by the outputs are `error`.
fn backward(net: &Entries, x: &[f32], hidden: &[f64], error: &[f64]) -> Entries {
    let [into, bias, out, last] = BLOCKS;
    let mut all = Entries::new();
    for (class, e) in error.iter().enumerate() {
        all.insert(at(last, 0, class), *e);
        for (unit, h) in hidden.iter().enumerate() {
            all.insert(at(out, class, unit), e * h);
        }
    }
    for (unit, h) in hidden.iter().enumerate() {
        let each = error.iter().enumerate();
        let through: f64 = each.map(|(class, e)| e * net[&at(out, class, unit)]).sum();
        let inner = through * (1.0 - h * h);
        all.insert(at(bias, 0, unit), inner);
        for (i, x) in x.iter().enumerate() {
            all.insert(at(into, unit, i), inner * f64::from(*x));
        }
    }
    all
}

fn softmax(z: &[f64]) -> Vec<f64> {
    let top = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = z.iter().map(|z| (z - top).exp()).sum();
    z.iter().map(|z| (z - top).exp() / sum).collect()
}

/// The mean over an experience's rows of what `each` makes of a row's label, outputs and derivatives for given errors.
fn mean(
    net: &Entries,
    toy: &Toy,
    index: usize,
    each: impl Fn(usize, &[f64], &dyn Fn(&[f64]) -> Entries) -> Vec<(f64, Entries)>,
) -> Entries {
    let mut all = Entries::new();
    for row in rows(index) {
        let mut x = [0.0; FEATURES];
        toy.data.read(row, &mut x).unwrap();
        let (z, hidden) = forward(net, &x);
        let label = toy.data.label(row).unwrap() as usize;
        for (weight, entries) in each(label, &z, &|error| backward(net, &x, &hidden, error)) {
            for (at, value) in entries {
                *all.entry(at).or_default() += weight * value / ROWS as f64;
            }
        }
    }
    all
}

fn squared(entries: Entries) -> Entries {
    entries
        .into_iter()
        .map(|(at, value)| (at, value * value))
        .collect()
}

/// p − onehot(y).
fn off(p: &[f64], label: usize) -> Vec<f64> {
    let hit = |class: usize| f64::from(u8::from(class == label));
    p.iter().enumerate().map(|(class, p)| p - hit(class)).collect()
}

fn fisher(kind: Fisher, net: &Entries, toy: &Toy, index: usize) -> Entries {
    mean(net, toy, index, |label, z, derive| {
        let p = softmax(z);
        match kind {
            Fisher::Exact => (0..z.len())
                .map(|y| (p[y], squared(derive(&off(&p, y)))))
                .collect(),
            Fisher::Empirical => vec![(1.0, squared(derive(&off(&p, label))))],
            Fisher::Identity => vec![(
                1.0,
                derive(&vec![0.0; z.len()])
                    .into_keys()
                    .map(|at| (at, 1.0))
                    .collect(),
            )],
        }
    })
}

/// |∂ ‖z‖² / ∂θ|, row by row.
fn sensitivity(net: &Entries, toy: &Toy, index: usize) -> Entries {
    mean(net, toy, index, |_, z, derive| {
        let error: Vec<f64> = z.iter().map(|z| 2.0 * z).collect();
        let all = derive(&error).into_iter().map(|(at, value)| (at, value.abs()));
        vec![(1.0, all.collect())]
    })
}

fn agree(what: &str, found: &Entries, wanted: &Entries) {
    assert!(found.keys().eq(wanted.keys()), "{what}: {found:?} and {wanted:?}");
    let most = wanted.values().fold(0.0f64, |most, value| most.max(value.abs()));
    assert!(most > 1e-3, "{what}: there is nothing to compare");
    let far = apart(found, wanted);
    assert!(
        far < 1e-4 * most,
        "{what} differ by {far}, the largest being {most}"
    );
}

/// After each of two experiences, the second of which brings two classes: importances are sums of each experience's, by the
/// loop with its weights at that time.
#[test]
fn importances_are_those_of_a_scalar_loop() {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    let check = |mechanism: Box<dyn MechanismSpec>, by_hand: &dyn Fn(&Entries, usize) -> Entries| {
        let mut config = config(ElasticWeightConsolidation::default());
        config.mechanisms = vec![mechanism];
        let mut learner = learner(&config, 4);
        let mut sum = Entries::new();
        for index in 0..2 {
            learn(learner.as_mut(), &toy, index, rows(index));
            let net = entries(learner.as_mut(), "");
            for (at, value) in by_hand(&net, index) {
                *sum.entry(at).or_default() += value;
            }
            agree("importances", &entries(learner.as_mut(), "importance"), &sum);
            assert_eq!(entries(learner.as_mut(), "anchor"), net);
        }
    };
    for kind in [Fisher::Exact, Fisher::Empirical, Fisher::Identity] {
        let mechanism = ElasticWeightConsolidation {
            fisher: kind,
            strength: 1.0,
            ..ElasticWeightConsolidation::default()
        };
        check(Box::new(mechanism), &|net, index| fisher(kind, net, &toy, index));
    }
    let mechanism = MemoryAwareSynapses {
        strength: 1.0,
        ..MemoryAwareSynapses::default()
    };
    check(Box::new(mechanism), &|net, index| sensitivity(net, &toy, index));
}

/// One quadratic has the gradient of the sum of all: at any weights, with the share of older ones that is kept.
#[test]
fn quadratics_for_each_task_are_one() {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    for decay in [1.0, 0.25] {
        let mechanism = ElasticWeightConsolidation {
            form: Form::PerTask,
            decay,
            strength: 1.0,
            ..ElasticWeightConsolidation::default()
        };
        let mut learner = learner(&config(mechanism), 4);
        let mut quadratics: Vec<(Entries, Entries)> = Vec::new();
        for index in 0..3 {
            learn(learner.as_mut(), &toy, index, rows(index));
            let net = entries(learner.as_mut(), "");
            for value in quadratics
                .iter_mut()
                .flat_map(|(importance, _)| importance.values_mut())
            {
                *value *= f64::from(decay);
            }
            quadratics.push((fisher(Fisher::Exact, &net, &toy, index), net.clone()));
            let importance = entries(learner.as_mut(), "importance");
            let anchor = entries(learner.as_mut(), "anchor");
            for point in [-0.7, 0.0, 0.4] {
                let (mut found, mut wanted) = (Entries::new(), Entries::new());
                for at in net.keys() {
                    found.insert(at.clone(), importance[at] * (point - anchor[at]));
                    // A weight that an earlier experience did not know has no quadratic from it.
                    let each = quadratics
                        .iter()
                        .filter_map(|(f, held)| Some(f.get(at)? * (point - held[at])));
                    wanted.insert(at.clone(), each.sum());
                }
                agree("gradients of the penalty", &found, &wanted);
            }
        }
        // The other form is another penalty.
        let apart = apart(
            &entries(learner.as_mut(), "anchor"),
            &entries(learner.as_mut(), ""),
        );
        assert!(apart > 0.05, "{apart}");
    }
}

/// With no share of older importances only the last experience counts, and the two forms are one.
#[test]
fn without_older_shares_importances_are_made_again() {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    let run = |form| {
        let mechanism = ElasticWeightConsolidation {
            form,
            decay: 0.0,
            strength: 1.0,
            ..ElasticWeightConsolidation::default()
        };
        let mut learner = learner(&config(mechanism), 4);
        (0..2).for_each(|index| learn(learner.as_mut(), &toy, index, rows(index)));
        let net = entries(learner.as_mut(), "");
        agree(
            "importances",
            &entries(learner.as_mut(), "importance"),
            &fisher(Fisher::Exact, &net, &toy, 1),
        );
        assert_eq!(entries(learner.as_mut(), "anchor"), net);
        net
    };
    assert_eq!(run(Form::Online), run(Form::PerTask));
}

/// Nothing is looked at for importances of 1, so rows may go by once.
#[test]
fn importances_of_one_need_no_second_look() {
    let mut toy = Toy::new(Scenario::ClassIncremental, 2);
    toy.access = Access::Once;
    let mechanism = ElasticWeightConsolidation {
        fisher: Fisher::Identity,
        decay: 0.0,
        strength: 0.1,
        ..ElasticWeightConsolidation::default()
    };
    let mut learner = learner(&config(mechanism), 4);
    for index in 0..2 {
        learn(learner.as_mut(), &toy, index, rows(index));
        let importance = entries(learner.as_mut(), "importance");
        assert!(importance.len() > 20 && importance.values().all(|one| *one == 1.0));
    }
}

/// Importances are means over rows: the same if every row is there twice. Those of synaptic intelligence are sums over
/// updates: twice the rows are as many updates only where an update takes all of them, and then its gradient is the same.
#[test]
fn rows_that_are_there_twice_change_no_importance() {
    let toy = Toy::new(Scenario::ClassIncremental, 1);
    let twice: Vec<u32> = rows(0).into_iter().flat_map(|row| [row, row]).collect();
    let check = |mechanism: &dyn Fn() -> Box<dyn MechanismSpec>, budget: &Budget| {
        let importance = |rows: &[u32]| {
            let config = Gradient {
                mechanisms: vec![mechanism()],
                batch: rows.len(),
                budget: budget.clone(),
                ..config(ElasticWeightConsolidation::default())
            };
            let mut learner = learner(&config, 4);
            learn(learner.as_mut(), &toy, 0, rows.to_vec());
            entries(learner.as_mut(), "importance")
        };
        agree("importances", &importance(&twice), &importance(&rows(0)));
    };
    for budget in [Budget::Epochs(0), Budget::Updates(5)] {
        for kind in [Fisher::Exact, Fisher::Empirical] {
            let mechanism = ElasticWeightConsolidation {
                fisher: kind,
                ..ElasticWeightConsolidation::default()
            };
            check(&|| Box::new(mechanism.clone()), &budget);
        }
        check(&|| Box::<MemoryAwareSynapses>::default(), &budget);
    }
    check(&|| Box::<SynapticIntelligence>::default(), &Budget::Updates(5));
}
