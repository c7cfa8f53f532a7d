//! The gradient learner, driven as an experiment drives it, over the native backend.

#![allow(clippy::unwrap_used, reason = "a wrong step has to fail the test")]

mod driving;
mod from_memory;
mod holding;
mod importances;
mod mechanisms;
mod normed;
mod objectives;
mod plasticity;
mod rates;
mod setting;
mod synaptic;
mod trials;

use dentate_continual::{
    AdamO, Arriving, AsymmetricCrossEntropyReplay, AveragedGradientEpisodicMemory, Budget, ClassBalanced,
    Clip, DarkExperienceReplay, Distribution, DynamicallyExpandableNetwork, ElasticWeightConsolidation,
    ExperienceReplay, Fire, Fisher, Form, GDumb, Gradient, HareAndTortoise, IsometryScale, L2, L2Init,
    LearningWithoutForgetting, MechanismSpec, MemoryAwareSynapses, NearestMeanOfExemplars, PackNet, Regrow,
    Reservoir, Ring, Schedule, ScheduleUnit, ShrinkAndPerturb, SoftShrinkAndPerturb, SparseTurnover,
    SpectralRegularisation, SynapticIntelligence, UtilityMaximum, UtilityPerturbedGradientDescent,
    WeightClipping,
};
use dentate_core::{
    Access, Activation, Cause, DataId, Dataset, Event, Init, LearnError, Learner, LearnerRecipe, LearnerSpec,
    MetricLog, Optimizer, Origin, Predictions, Progress, Refused, Samples, Scenario, Targets, TaskId, UnitId,
};
use dentate_growth::parts::{
    Every, GradMax, Never, RandomDeath, RandomStart, RoundRobin, Slope, Turnover, ZeroFanOut,
};
use dentate_growth::{
    Composed, ContinualBackprop, DynamicNodeCreation, Fixed, Growth, ProgressiveColumns, Rounding,
    UtilityMeasure,
};
use dentate_testkit::toy::Toy;
use setting::{learner, probe};
use std::collections::{BTreeMap, BTreeSet};

dentate_testkit::conformance_mechanism!(
    ElasticWeightConsolidation {
        samples: 9,
        ..ElasticWeightConsolidation::default()
    },
    ElasticWeightConsolidation {
        fisher: Fisher::Empirical,
        decay: 0.5,
        strength: 10.0,
        ..ElasticWeightConsolidation::default()
    },
    ElasticWeightConsolidation {
        form: Form::PerTask,
        decay: 0.7,
        samples: 9,
        ..ElasticWeightConsolidation::default()
    },
    ElasticWeightConsolidation {
        fisher: Fisher::Identity,
        decay: 0.0,
        strength: 0.5,
        ..ElasticWeightConsolidation::default()
    },
    MemoryAwareSynapses::default(),
    MemoryAwareSynapses {
        strength: 20.0,
        samples: 7,
    },
    SynapticIntelligence::default(),
    SynapticIntelligence {
        strength: 30.0,
        damping: 0.01,
    },
    ExperienceReplay::default(),
    ExperienceReplay {
        capacity: 5,
        batch: Some(2),
        buffer: Box::new(ClassBalanced {}),
    },
    ExperienceReplay {
        capacity: 6,
        batch: Some(3),
        buffer: Box::new(Ring {}),
    },
    AsymmetricCrossEntropyReplay::default(),
    AsymmetricCrossEntropyReplay {
        classes: Arriving::Experience,
        capacity: 6,
        batch: Some(2),
        buffer: Box::new(Ring {}),
    },
    GDumb {
        epochs: 2,
        batch: 4,
        ..GDumb::default()
    },
    GDumb {
        capacity: 5,
        epochs: 1,
        batch: 2,
        buffer: Box::new(Reservoir {}),
    },
    ShrinkAndPerturb {
        every: Some(4),
        ..ShrinkAndPerturb::default()
    },
    ShrinkAndPerturb::default(),
    LearningWithoutForgetting::default(),
    NearestMeanOfExemplars::default(),
    SpectralRegularisation {
        strength: 0.1,
        ..SpectralRegularisation::default()
    },
    SpectralRegularisation {
        strength: 0.1,
        exponent: 1,
        biases: false,
    },
    L2::default(),
    L2Init { strength: 0.1 },
    PackNet::default(),
    DynamicallyExpandableNetwork::default(),
    DynamicallyExpandableNetwork {
        select_after: 2,
        l1: 0.05,
        loss_threshold: 0.0,
        units: 2,
        group: 0.2,
        drift_threshold: 1e-3,
        passes: 2,
        samples: 5,
        max_units: 12,
        ..DynamicallyExpandableNetwork::default()
    },
    DarkExperienceReplay::default(),
    DarkExperienceReplay {
        alpha: 1.0,
        beta: 0.0,
        capacity: 6,
        batch: Some(2),
        buffer: Box::new(Ring {}),
    },
    AveragedGradientEpisodicMemory::default(),
    HareAndTortoise {
        momentum: 0.5,
        every: Some(3),
    },
    UtilityPerturbedGradientDescent {
        decay: 0.5,
        noise: 0.01,
        ..UtilityPerturbedGradientDescent::default()
    },
    UtilityPerturbedGradientDescent {
        maximum: UtilityMaximum::Uncorrected,
        ..UtilityPerturbedGradientDescent::default()
    },
    SoftShrinkAndPerturb::default(),
    SoftShrinkAndPerturb {
        shrink: 0.9,
        noise: 0.1,
        every: 2,
    },
    WeightClipping { factor: 0.4 },
    SparseTurnover {
        every: 3,
        ..SparseTurnover::default()
    },
    SparseTurnover {
        density: 0.6,
        distribution: Distribution::ErdosRenyi,
        regrow: Regrow::Random,
        every: 2,
        until: Some(20),
        heads: true,
        ..SparseTurnover::default()
    },
    Fire::default(),
    Fire {
        iterations: 3,
        scale: IsometryScale::One,
    },
    AdamO::default(),
    AdamO {
        strength: 0.5,
        rate: Some(0.01),
        every: 3,
    },
);

dentate_testkit::conformance_learner!(
    Gradient {
        hidden: vec![4],
        batch: 3,
        ..Gradient::default()
    },
    Gradient {
        hidden: vec![3],
        batch: 3,
        budget: Budget::MultiplyAdds(3000),
        mechanisms: vec![replay(5)],
        ..Gradient::default()
    },
    Gradient {
        mechanisms: vec![replay(5), Box::<ElasticWeightConsolidation>::default()],
        // Long enough for a unit to be created.
        batch: 2,
        budget: Budget::Epochs(4),
        ..small(creation())
    },
    Gradient {
        track_survival: Some(3),
        track_newborn_gradients: true,
        track_resets: true,
        ..small(mortal())
    },
);

/// Replay from a reservoir of so many rows.
fn replay(capacity: usize) -> Box<dyn MechanismSpec> {
    Box::new(ExperienceReplay {
        capacity,
        ..ExperienceReplay::default()
    })
}

/// Units that are born often, and of which half die after four updates.
fn mortal() -> Box<dyn Growth> {
    let strategy = Composed {
        every: 1,
        trigger: Box::new(Every { checks: 1 }),
        survival: Box::new(RandomDeath {
            probation: 4,
            share: 0.5,
        }),
        ..Composed::default()
    };
    Box::new(strategy)
}

/// Each newborn's activity is noted when its window is over, each death of one with its age, and training is none the wiser.
#[test]
fn lives_of_newborn_units_are_noted() {
    let (toy, window) = (Toy::new(Scenario::ClassIncremental, 2), 3);
    let run = |track_survival| {
        let config = Gradient {
            track_survival,
            ..small(mortal())
        };
        let mut learner = learner(&config, 5);
        let (mut log, mut seen) = (MetricLog::default(), BTreeMap::new());
        for index in 0..2 {
            let mut source = toy.source(index);
            learner.begin(&toy.info(index)).unwrap();
            while learner.advance(&mut source, &mut log).unwrap() != Progress::Finished {
                for unit in learner.architecture().graph().hidden().flat_map(|l| &l.units) {
                    seen.insert(unit.id, (unit.born.step, unit.origin));
                }
            }
        }
        (learner, log, seen)
    };
    let (mut learner, log, seen) = run(Some(window));
    let noted = |metric: &str| -> BTreeMap<UnitId, (u64, f64)> {
        let own = log.records.iter().filter(|r| r.metric == metric);
        own.map(|r| {
            (
                UnitId(r.item.as_deref().unwrap().parse().unwrap()),
                (r.step, r.value),
            )
        })
        .collect()
    };
    let (active, dead) = (noted("unit.activity"), noted("unit.death"));
    let grown = |unit: &UnitId| seen[unit].1 != Origin::Initial;
    let steps = |all: &BTreeMap<UnitId, (u64, f64)>| -> BTreeMap<UnitId, u64> {
        all.iter().map(|(unit, (step, _))| (*unit, *step)).collect()
    };
    let last = log.updates;
    let wanted = seen
        .iter()
        .filter(|(unit, (born, _))| grown(unit) && born + window <= last);
    assert_eq!(
        steps(&active),
        wanted.map(|(unit, (born, _))| (*unit, born + window)).collect()
    );
    assert!(active.values().all(|(_, mean)| *mean >= 0.0) && active.values().any(|(_, mean)| *mean > 0.0));
    let deaths = learner.architecture().dead().iter().filter(|d| grown(&d.unit));
    let wanted: BTreeMap<UnitId, (u64, f64)> = deaths
        .map(|d| (d.unit, (d.died.step, (d.died.step - d.born.step) as f64)))
        .collect();
    assert_eq!(dead, wanted);
    assert!(dead.len() > 2, "{} deaths", dead.len());
    let (mut other, log, _) = run(None);
    assert!(!log.records.iter().any(|r| r.metric.starts_with("unit.")));
    assert!(
        learner.save().unwrap().arrays == other.save().unwrap().arrays,
        "watching changed the weights"
    );
}

/// Dynamic node creation composed of parts grows as its direct form does: the same units at the same steps, with the same bits.
#[test]
fn dynamic_node_creation_is_a_composition() {
    let direct = DynamicNodeCreation {
        slope: 0.5,
        window: 6,
        interval: 2,
        max_units: 20,
        ..DynamicNodeCreation::default()
    };
    let composed = Composed {
        every: direct.interval,
        max_units: direct.max_units,
        trigger: Box::new(Slope {
            slope: direct.slope,
            window: 3,
            mean_error: direct.mean_error,
        }),
        initializer: Box::new(RandomStart {
            incoming: Some(direct.weights),
            outgoing: Some(direct.weights),
            bias: 0.0,
        }),
        ..Composed::default()
    };
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    let grown = |strategy: Box<dyn Growth>| {
        let config = Gradient {
            budget: Budget::Epochs(8),
            ..small(strategy)
        };
        let mut learner = learner(&config, 9);
        for index in 0..3 {
            learn(learner.as_mut(), &toy, index).unwrap();
        }
        (
            learner.architecture().graph().clone(),
            learner.save().unwrap().arrays,
        )
    };
    let (one, other) = (grown(Box::new(direct)), grown(Box::new(composed)));
    assert_eq!(one.0, other.0);
    assert!(one.1 == other.1, "the weights differ");
    assert!(
        one.0.named("hidden-2").unwrap().width() > 10,
        "too little has grown to tell"
    );
}

/// Continual backprop composed of parts replaces as its direct form does, over thousands of updates: the same units at the same
/// updates, with the same bits, whatever the utility, the rounding and the start.
#[test]
fn continual_backprop_is_a_composition() {
    let direct = ContinualBackprop {
        replacement_rate: 0.002,
        maturity: 40,
        decay: 0.9,
        ..ContinualBackprop::default()
    };
    let variants = [
        direct.clone(),
        ContinualBackprop {
            utility: UtilityMeasure::AdaptableContribution,
            weights: Some(Init::Uniform(0.3)),
            ..direct.clone()
        },
        ContinualBackprop {
            rounding: Rounding::Random,
            ..direct
        },
    ];
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    let replaced = |strategy: Box<dyn Growth>| {
        let config = Gradient {
            budget: Budget::Epochs(120),
            optimizer: Optimizer::adam(0.002),
            ..small(strategy)
        };
        let (mut learner, mut updates) = (learner(&config, 9), 0);
        for index in 0..3 {
            updates += learn(learner.as_mut(), &toy, index).unwrap().0.updates;
        }
        let arrays = learner.save().unwrap().arrays;
        (learner.architecture().clone(), arrays, updates)
    };
    for direct in variants {
        let composed = Composed {
            every: 1,
            meter_decay: direct.decay,
            trigger: Box::new(Never {}),
            initializer: Box::new(ZeroFanOut {
                incoming: direct.weights,
                bias: 0.0,
            }),
            survival: Box::new(Turnover {
                replacement_rate: direct.replacement_rate,
                maturity: direct.maturity,
                utility: direct.utility,
                rounding: direct.rounding,
            }),
            ..Composed::default()
        };
        let (one, other) = (replaced(Box::new(direct)), replaced(Box::new(composed)));
        assert_eq!(one.0.dead(), other.0.dead());
        assert_eq!(one.0, other.0);
        assert!(one.1 == other.1, "the weights differ");
        let (gone, updates) = (one.0.dead().len(), one.2);
        assert!(updates > 2000 && gone > 50, "{gone} in {updates} updates");
    }
}

/// GradMax on a network that trains: its newborns leave the function as it is, and learn.
#[test]
fn gradmax_keeps_the_function_and_its_units_learn() {
    let strategy = Composed {
        every: 4,
        units: 2,
        max_units: 14,
        trigger: Box::new(Every { checks: 1 }),
        placement: Box::new(RoundRobin {}),
        initializer: Box::new(GradMax { scale: 0.5, rows: 32 }),
        ..Composed::default()
    };
    let config = Gradient {
        activation: Activation::ReluLiveAtZero,
        budget: Budget::Epochs(3),
        ..small(Box::new(strategy))
    };
    let toy = Toy::new(Scenario::ClassIncremental, 1);
    let mut learner = learner(&config, 2);
    let mut source = toy.source(0);
    let mut log = MetricLog::default();
    learner.begin(&toy.info(0)).unwrap();
    let (mut before, mut growths) = (Vec::new(), 0);
    loop {
        let progress = learner.advance(&mut source, &mut log).unwrap();
        if progress == Progress::Finished {
            break;
        }
        let now: Vec<u32> = if growths + before.len() > 0 || log.updates > 0 {
            probe(learner.as_mut(), &toy, None)
        } else {
            Vec::new()
        };
        if progress == Progress::Edited && log.updates > 0 {
            growths += 1;
            let off = now
                .iter()
                .zip(&before)
                .map(|(a, b): (&u32, &u32)| (f32::from_bits(*a) - f32::from_bits(*b)).abs());
            assert!(
                off.fold(0.0, f32::max) < 1e-5,
                "growth {growths} changed an answer"
            );
        }
        before = now;
    }
    assert!(growths > 2, "{growths}");
    let (graph, saved) = (learner.architecture().graph().clone(), learner.save().unwrap());
    let first = &saved.arrays["connection-0/weight"];
    let layer = graph.named("hidden-1").unwrap();
    assert!(layer.width() > 12);
    let alive = (12..layer.width()).filter(|&i| first.row(i).iter().any(|w| *w != 0.0));
    assert!(alive.count() > 0, "no newborn has learned");
}

/// The importance of a bias of the head has a closed form: the mean over rows of p (1 − p).
#[test]
fn the_exact_fisher_information_is_what_the_formula_says() {
    let config = Gradient {
        hidden: vec![6],
        batch: 8,
        mechanisms: vec![Box::<ElasticWeightConsolidation>::default()],
        ..Gradient::default()
    };
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    let mut learner = learner(&config, 3);
    learn(learner.as_mut(), &toy, 0).unwrap();
    let rows: Vec<u32> = (0..60).collect();
    let Predictions::Scores(scores) = learner.predict(&toy.data, &rows, None).unwrap() else {
        panic!("classes have scores");
    };
    let mut wanted = [0.0f64; 2];
    for row in scores.rows() {
        let odds = [f64::from(row[0]).exp(), f64::from(row[1]).exp()];
        for (wanted, odd) in wanted.iter_mut().zip(odds) {
            let p = odd / (odds[0] + odds[1]);
            *wanted += p * (1.0 - p) / rows.len() as f64;
        }
    }
    let head = learner.architecture().graph().heads().next().unwrap().0.id;
    let saved = learner.save().unwrap();
    let found = &saved.arrays[&format!("importance/layer-{}/bias", head.0)];
    for (found, wanted) in found.iter().zip(wanted) {
        assert!((f64::from(*found) - wanted).abs() < 1e-5, "{found} for {wanted}");
    }
    assert!(
        wanted[0] > 1e-4,
        "the network is too sure of itself to test anything"
    );
}

/// A mechanism that looks at no row works where rows cannot be looked at again; one that does is refused in a sentence.
#[test]
fn what_looks_at_no_row_asks_nothing_of_the_source() {
    let mut toy = Toy::new(Scenario::DomainIncremental, 2);
    toy.access = Access::Once;
    let with = |mechanism| Gradient {
        mechanisms: vec![mechanism],
        ..small(Box::new(Fixed {}))
    };
    let mut blind = learner(&with(Box::new(setting::Blind {})), 1);
    for index in 0..2 {
        learn(blind.as_mut(), &toy, index).unwrap();
    }
    let mut looking = learner(&with(Box::<ElasticWeightConsolidation>::default()), 1);
    let said = learn(looking.as_mut(), &toy, 0).unwrap_err().to_string();
    assert!(said.contains("single-pass"), "{said}");
}

/// The more strongly weights are held, the nearer they stay; and what is born is held nowhere.
#[test]
fn weights_are_held_where_they_were() {
    let moved = |strength: f32| {
        let config = Gradient {
            hidden: vec![8],
            batch: 8,
            budget: Budget::Epochs(4),
            optimizer: Optimizer::sgd(0.02),
            mechanisms: vec![Box::new(ElasticWeightConsolidation {
                strength,
                ..ElasticWeightConsolidation::default()
            })],
            ..Gradient::default()
        };
        let toy = Toy::new(Scenario::DomainIncremental, 2);
        let mut learner = learner(&config, 5);
        learn(learner.as_mut(), &toy, 0).unwrap();
        let before = learner.save().unwrap().arrays;
        learn(learner.as_mut(), &toy, 1).unwrap();
        let after = learner.save().unwrap().arrays;
        let (importance, weight) = ("importance/connection-0/weight", "connection-0/weight");
        let off = before[weight].iter().zip(&after[weight]).zip(&before[importance]);
        off.map(|((a, b), f)| f64::from(f * (a - b) * (a - b)))
            .sum::<f64>()
    };
    let moved = [0.0, 10.0, 100.0].map(moved);
    assert!(
        moved[0] > 1.2 * moved[1] && moved[1] > 1.2 * moved[2],
        "{moved:?}"
    );
}

fn small(strategy: Box<dyn Growth>) -> Gradient {
    Gradient {
        hidden: vec![12, 8],
        batch: 8,
        strategy,
        ..Gradient::default()
    }
}

fn columns() -> Box<dyn Growth> {
    Box::new(ProgressiveColumns::default())
}

fn creation() -> Box<dyn Growth> {
    let strategy = DynamicNodeCreation {
        window: 4,
        interval: 2,
        slope: 0.5,
        ..DynamicNodeCreation::default()
    };
    Box::new(strategy)
}

/// Learn experience `index` of `toy` from where the learner stands; returns what was done.
fn learn(
    learner: &mut dyn Learner,
    toy: &Toy,
    index: usize,
) -> Result<(MetricLog, Vec<Progress>), LearnError> {
    let mut source = toy.source(index);
    let (mut log, mut done) = (MetricLog::default(), Vec::new());
    learner.begin(&toy.info(index))?;
    loop {
        let progress = learner.advance(&mut source, &mut log)?;
        done.push(progress);
        if progress == Progress::Finished {
            return Ok((log, done));
        }
    }
}

/// Growth is counted whatever a strategy calls it, and what the framework does of itself is not.
#[test]
fn a_plan_named_like_one_of_the_frameworks_is_the_strategys() {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    for cause in [Cause::Initial, Cause::Head, Cause::Phase, Cause::Ageing] {
        let word = cause.to_string();
        let config = Gradient {
            track_survival: Some(3),
            ..small(Box::new(setting::Namesake { word: word.clone() }))
        };
        let mut learner = learner(&config, 1);
        let (mut grown, mut active) = (Vec::new(), 0);
        for index in 0..2 {
            let (log, _) = learn(learner.as_mut(), &toy, index).unwrap();
            let of = |metric: &'static str| log.records.iter().filter(move |r| r.metric == metric);
            grown.extend(of("growth").map(|r| (r.item.clone(), r.value)));
            active += of("unit.activity").count();
        }
        let one = (Some(word.clone()), 1.0);
        assert_eq!((grown, active), (vec![one.clone(), one], 2), "{word}");
        let journal = &learner.architecture().journal().events;
        let named = journal.iter().filter(|event| match event {
            Event::Applied { plan, .. } => plan.cause == Cause::Own(word.clone()),
            Event::Replaced { .. } => false,
        });
        assert_eq!(named.count(), 2, "{word}");
    }
}

/// Strategies and mechanisms draw anew in each experience: no two of their plans have the same seed.
#[test]
fn no_two_experiences_draw_the_same_numbers() {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    let word = "grown".to_string();
    let config = Gradient {
        mechanisms: vec![Box::new(ShrinkAndPerturb::default())],
        ..small(Box::new(setting::Namesake { word }))
    };
    let mut learner = learner(&config, 1);
    for index in 0..3 {
        learn(learner.as_mut(), &toy, index).unwrap();
    }
    let events = &learner.architecture().journal().events;
    let seeds: Vec<u64> = events
        .iter()
        .filter_map(|event| match event {
            Event::Applied { plan, .. } if matches!(plan.cause, Cause::Own(_)) => Some(plan.seed.0),
            _ => None,
        })
        .collect();
    assert_eq!(seeds.len(), 3 + 2, "it grows three times and shakes twice");
    let distinct: BTreeSet<u64> = seeds.iter().copied().collect();
    assert_eq!(distinct.len(), seeds.len(), "{seeds:?}");
}

/// A request for all rows of an experience, or for some of all rows, is never answered with none.
#[test]
fn rows_of_a_source_that_does_not_count_them_are_refused() {
    let toy = Toy::new(Scenario::ClassIncremental, 1);
    let samples = Composed {
        every: 1,
        trigger: Box::new(Every { checks: 1 }),
        initializer: Box::new(GradMax::default()),
        ..Composed::default()
    };
    let strategies: [Box<dyn Growth>; 2] = [Box::new(setting::Rehearses {}), Box::new(samples)];
    for strategy in strategies {
        let config = Gradient {
            activation: Activation::ReluLiveAtZero,
            ..small(strategy)
        };
        let mut learner = learner(&config, 1);
        let (mut source, mut log) = (toy.source(0).uncounted(), MetricLog::default());
        learner.begin(&toy.info(0)).unwrap();
        let error = (0..100).find_map(|_| learner.advance(&mut source, &mut log).err());
        assert_eq!(error, Some(LearnError::Source(Refused::Uncounted)));
    }
}

/// The law that progressive columns are for: what was learned is bit-identical after any number of further columns.
#[test]
fn progressive_columns_keep_every_bit_of_earlier_tasks() {
    for adapters in [true, false] {
        let strategy = ProgressiveColumns {
            adapters,
            ..ProgressiveColumns::default()
        };
        let mut learner = learner(&small(Box::new(strategy)), 1);
        let toy = Toy::new(Scenario::TaskIncremental, 4);
        let mut remembered: Vec<Vec<u32>> = Vec::new();
        for index in 0..4 {
            learn(learner.as_mut(), &toy, index).unwrap();
            for (task, bits) in remembered.iter().enumerate() {
                assert_eq!(
                    &probe(learner.as_mut(), &toy, Some(TaskId(task as u32))),
                    bits,
                    "task {task}"
                );
            }
            remembered.push(probe(learner.as_mut(), &toy, Some(TaskId(index as u32))));
        }
    }
}

/// The control forgets on the same stream, so the law above is not vacuous.
#[test]
fn a_fixed_network_does_not() {
    let mut learner = learner(
        &Gradient {
            hidden: vec![12, 8],
            batch: 8,
            ..Gradient::default()
        },
        1,
    );
    let toy = Toy::new(Scenario::TaskIncremental, 2);
    learn(learner.as_mut(), &toy, 0).unwrap();
    let before = probe(learner.as_mut(), &toy, Some(TaskId(0)));
    learn(learner.as_mut(), &toy, 1).unwrap();
    assert_ne!(probe(learner.as_mut(), &toy, Some(TaskId(0))), before);
}

#[test]
fn saved_anywhere_and_loaded_it_goes_on_bit_for_bit() {
    let methods = [
        small(columns()),
        small(creation()),
        Gradient {
            mechanisms: vec![replay(30)],
            ..small(creation())
        },
        Gradient {
            optimizer: Optimizer::Sgd {
                learning_rate: 0.1,
                momentum: 0.9,
                weight_decay: 1e-3,
            },
            ..small(columns())
        },
        Gradient {
            schedule: Schedule::cosine().warmup(5),
            clip: Some(Clip::Norm(0.5)),
            ..small(creation())
        },
        Gradient {
            schedule: Schedule::Step {
                every: 9,
                unit: ScheduleUnit::Updates,
                factor: 0.7,
                warmup: 0,
                restart: false,
            },
            ..small(columns())
        },
        // Cut in the midst of a phase of the strategy's own, on rows that no stream can give back.
        small(Box::new(setting::Dreams {})),
    ];
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    for (method, config) in methods.iter().enumerate() {
        for stop in [1, 2, 7, 30] {
            let mut whole = learner(config, 5);
            let mut cut = learner(config, 5);
            learn(whole.as_mut(), &toy, 0).unwrap();
            learn(cut.as_mut(), &toy, 0).unwrap();
            // The second experience is cut after `stop` calls and goes on in another process, as it were.
            let (mut a, mut b) = (toy.source(1), toy.source(1));
            let (mut ledger_a, mut ledger_b) = (MetricLog::default(), MetricLog::default());
            whole.begin(&toy.info(1)).unwrap();
            cut.begin(&toy.info(1)).unwrap();
            for _ in 0..stop {
                whole.advance(&mut a, &mut ledger_a).unwrap();
                cut.advance(&mut b, &mut ledger_b).unwrap();
            }
            let state = cut.save().unwrap();
            let mut cut = learner(config, 99);
            cut.attach_data(&toy.data).unwrap();
            cut.load(&state).unwrap();
            loop {
                let progress = whole.advance(&mut a, &mut ledger_a).unwrap();
                assert_eq!(cut.advance(&mut b, &mut ledger_b).unwrap(), progress);
                if progress == Progress::Finished {
                    break;
                }
            }
            assert_eq!(ledger_a, ledger_b, "method {method}, stop {stop}");
            assert_eq!(whole.architecture(), cut.architecture());
            assert_eq!(probe(whole.as_mut(), &toy, None), probe(cut.as_mut(), &toy, None));
            assert_eq!(whole.save().unwrap(), cut.save().unwrap());
        }
    }
}

#[test]
fn the_seed_decides_everything() {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    let run = |seed| {
        let mut learner = learner(
            &Gradient {
                mechanisms: vec![replay(1000)],
                ..small(creation())
            },
            seed,
        );
        learn(learner.as_mut(), &toy, 0).unwrap();
        learn(learner.as_mut(), &toy, 1).unwrap();
        probe(learner.as_mut(), &toy, None)
    };
    assert_eq!(run(3), run(3));
    assert_ne!(run(3), run(4));
}

#[test]
fn a_second_epoch_of_a_single_pass_stream_is_refused() {
    let config = Gradient {
        budget: Budget::Epochs(2),
        ..small(columns())
    };
    let mut toy = Toy::new(Scenario::ClassIncremental, 1);
    toy.access = Access::Once;
    let error = learn(learner(&config, 1).as_mut(), &toy, 0).unwrap_err();
    assert_eq!(error.kind(), "refused");
    let once = Gradient {
        budget: Budget::Epochs(1),
        ..config
    };
    assert!(learn(learner(&once, 1).as_mut(), &toy, 0).is_ok());
}

#[test]
fn a_budget_in_updates_is_kept_to_the_update() {
    let config = Gradient {
        budget: Budget::Updates(77),
        ..small(columns())
    };
    let toy = Toy::new(Scenario::ClassIncremental, 1);
    let (log, done) = learn(learner(&config, 1).as_mut(), &toy, 0).unwrap();
    assert_eq!(log.updates, 77);
    assert_eq!(done.iter().filter(|p| **p == Progress::Updated).count(), 77);
}

/// No update begins once the budget is spent, and the one that spends it is the last.
#[test]
fn a_budget_in_multiply_adds_is_kept_to_the_update() {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    let spent = |budget| {
        let config = Gradient {
            budget,
            ..small(creation())
        };
        let mut learner = learner(&config, 1);
        [0, 1].map(|index| {
            let (log, _) = learn(learner.as_mut(), &toy, index).unwrap();
            (log.updates, log.multiply_adds)
        })
    };
    let each = spent(Budget::MultiplyAddsOfEach(vec![20_000, 50_000]));
    for ((updates, adds), most) in each.iter().zip([20_000, 50_000]) {
        let update = adds / updates;
        assert!(
            *adds >= most && *adds < most + 3 * update,
            "{adds} of {most}, {update} an update"
        );
    }
    assert_eq!(spent(Budget::MultiplyAdds(20_000))[0], each[0]);
    let updates = spent(Budget::UpdatesOfEach(vec![7, 19]));
    assert_eq!((updates[0].0, updates[1].0), (7, 19));
    // A list has to be as long as the stream.
    let config = Gradient {
        budget: Budget::UpdatesOfEach(vec![7]),
        ..small(creation())
    };
    assert_eq!(learn(learner(&config, 1).as_mut(), &toy, 1).unwrap().0.updates, 0);
}

/// The end of rows that go by only once is that of a budget that would go on.
#[test]
fn rows_that_go_by_once_end_a_budget_of_work() {
    let mut toy = Toy::new(Scenario::ClassIncremental, 1);
    toy.access = Access::Once;
    let updates = |budget| {
        let config = Gradient {
            budget,
            ..small(columns())
        };
        learn(learner(&config, 1).as_mut(), &toy, 0).map(|(log, _)| log.updates)
    };
    let all = updates(Budget::Epochs(1)).unwrap();
    assert_eq!(updates(Budget::MultiplyAdds(u64::MAX)), Ok(all));
    assert_eq!(updates(Budget::UpdatesOfEach(vec![1000])), Ok(all));
    assert_eq!(updates(Budget::UpdatesOfEach(vec![2])), Ok(2));
    assert!(updates(Budget::Updates(1000)).is_err());
}

#[test]
fn heads_follow_the_scenario() {
    for (scenario, heads, classes) in [
        (Scenario::TaskIncremental, 3, vec![4, 5]),
        (Scenario::ClassIncremental, 1, vec![0, 1, 2, 3, 4, 5]),
        (Scenario::DomainIncremental, 1, vec![0, 1]),
    ] {
        let toy = Toy::new(scenario, 3);
        let mut learner = learner(
            &Gradient {
                hidden: vec![6],
                ..Gradient::default()
            },
            1,
        );
        for index in 0..3 {
            learn(learner.as_mut(), &toy, index).unwrap();
        }
        let graph = learner.architecture().graph();
        assert_eq!(graph.heads().count(), heads, "{scenario:?}");
        assert_eq!(
            graph.heads().next_back().unwrap().1.classes,
            classes,
            "{scenario:?}"
        );
    }
}

/// Scores of classes that the learner has not met are −∞, so that it cannot be right about them by luck.
#[test]
fn unknown_classes_cannot_win() {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    let mut learner = learner(&small(columns()), 1);
    assert_eq!(
        learner.predict(&toy.data, &[0], None).unwrap(),
        Predictions::Abstain
    );
    learn(learner.as_mut(), &toy, 1).unwrap();
    let Predictions::Scores(scores) = learner.predict(&toy.data, &[0, 1], None).unwrap() else {
        panic!("scores are expected")
    };
    assert_eq!(scores.dim(), (2, 4));
    assert!(scores.column(0).iter().all(|s| *s == f32::NEG_INFINITY));
    assert!(scores.column(2).iter().all(|s| s.is_finite()));
}

#[test]
fn a_loss_that_is_no_number_ends_the_run() {
    // Without a ReLU, which could die and leave a finite loss.
    let activation = dentate_core::Activation::Identity;
    let config = Gradient {
        optimizer: Optimizer::sgd(3e38),
        activation,
        batch: 8,
        ..Gradient::default()
    };
    let toy = Toy::new(Scenario::ClassIncremental, 1);
    let error = learn(learner(&config, 1).as_mut(), &toy, 0).unwrap_err();
    assert_eq!(error.kind(), "not-finite");
}

#[test]
fn rehearsal_keeps_what_fine_tuning_loses() {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    let accuracy = |config: &Gradient| {
        let mut learner = learner(config, 2);
        for index in 0..3 {
            learn(learner.as_mut(), &toy, index).unwrap();
        }
        toy.accuracy(learner.as_mut())
    };
    let naive = Gradient {
        hidden: vec![32],
        batch: 8,
        budget: Budget::Epochs(10),
        optimizer: Optimizer::adam(0.01),
        ..Gradient::default()
    };
    let replay = Gradient {
        mechanisms: vec![replay(60)],
        ..naive.clone()
    };
    let dark = Gradient {
        mechanisms: vec![Box::<DarkExperienceReplay>::default()],
        ..naive.clone()
    };
    let [naive, replay, dark] = [naive, replay, dark].map(|config| accuracy(&config));
    assert!(
        naive < 0.7 && replay > 0.9 && dark > 0.9,
        "naive {naive}, replay {replay}, dark {dark}"
    );
}

/// A strategy's own phase trains on the rows, route and rates it asked for, and its rates end with it.
#[test]
fn a_phase_is_the_strategys_own() {
    let config = small(Box::new(setting::Rehearses {}));
    let toy = Toy::new(Scenario::ClassIncremental, 1);
    let mut learner = learner(&config, 1);
    let (log, _) = learn(learner.as_mut(), &toy, 0).unwrap();
    // 5 updates of the phase and one epoch of 60 rows in batches of 8.
    assert_eq!(log.updates, 5 + 8);
    assert_eq!(log.measurements, 2);
    assert!(
        learner
            .architecture()
            .graph()
            .connections()
            .all(|c| c.lr_scale == 1.0)
    );
    assert!(config.grows());
}

#[test]
fn configurations_survive_toml_and_refuse_unknown_keys() {
    let config: Box<dyn LearnerSpec> = Box::new(Gradient {
        mechanisms: vec![replay(1000)],
        ..small(creation())
    });
    let text = toml::to_string(&config).unwrap();
    let back: Box<dyn LearnerSpec> = toml::from_str(&text).unwrap();
    assert_eq!(toml::to_string(&back).unwrap(), text);
    let error = toml::from_str::<Box<dyn LearnerSpec>>(&format!("bach = 3\n{text}")).unwrap_err();
    assert!(error.to_string().contains("bach"), "{error}");
}

/// A penalty that pulls harder than plain gradient descent can follow is named; one that another optimizer scales down is not.
#[test]
fn a_penalty_that_makes_gradient_descent_unstable_is_named() {
    let run = |optimizer| {
        let config = Gradient {
            hidden: vec![4],
            batch: 10,
            budget: Budget::Epochs(20),
            optimizer,
            mechanisms: vec![Box::new(ElasticWeightConsolidation {
                strength: 1e6,
                ..ElasticWeightConsolidation::default()
            })],
            ..Gradient::default()
        };
        let toy = Toy::new(Scenario::ClassIncremental, 2);
        let mut learner = learner(&config, 1);
        (0..2).try_for_each(|task| learn(learner.as_mut(), &toy, task).map(|_| ()))
    };
    let sgd = |learning_rate, momentum| Optimizer::Sgd {
        learning_rate,
        momentum,
        weight_decay: 0.0,
    };
    for (momentum, limit) in [(0.0, "below 2 only"), (0.5, "below 3 only")] {
        let error = run(sgd(0.1, momentum)).unwrap_err();
        assert_eq!(error.kind(), "not-finite");
        assert!(
            matches!(&error, LearnError::Unstable { pull, .. } if *pull > 3.0),
            "{error}"
        );
        let said = error.to_string();
        assert!(
            said.contains("elastic-weight-consolidation") && said.contains(limit),
            "{said}"
        );
    }
    // Where every weight matters by 1 the pull is strength × learning rate.
    let (toy, strength) = (Toy::new(Scenario::ClassIncremental, 1), 400.0);
    let config = Gradient {
        budget: Budget::Epochs(20),
        optimizer: sgd(0.1, 0.0),
        mechanisms: vec![Box::new(L2 { strength })],
        ..Gradient::default()
    };
    let error = learn(learner(&config, 1).as_mut(), &toy, 0)
        .map(|_| ())
        .unwrap_err();
    assert!(
        matches!(&error, LearnError::Unstable { pull, limit, .. } if (*pull, *limit) == (40.0, 2.0)),
        "{error}"
    );
    // Without anything to hold on to the rate alone is to blame.
    let error = run(sgd(1e30, 0.0)).unwrap_err();
    assert!(matches!(error, LearnError::Diverged { .. }), "{error}");
}

/// Weights that are finite can give sums of opposite infinities.
#[test]
fn an_answer_that_is_no_number_is_refused() {
    let toy = Toy::new(Scenario::ClassIncremental, 1);
    let mut learner = learner(&Gradient::default(), 1);
    learn(learner.as_mut(), &toy, 0).unwrap();
    let largest = vec![f32::MAX; 5];
    let targets = Targets::Classes {
        labels: vec![0],
        classes: 2,
    };
    let data = Dataset::new(DataId(9), Samples::Floats(largest), vec![5], targets).unwrap();
    let error = learner.predict(&data, &[0], None).unwrap_err();
    assert!(
        matches!(error, LearnError::Overflow { step } if step > 0),
        "{error}"
    );
    assert_eq!(error.kind(), "not-finite");
}
