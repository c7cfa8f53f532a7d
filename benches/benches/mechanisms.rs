//! The cost of a mechanism: an update of a perceptron of 784-100-100-100-10 by the gradient learner with it, against one without, on the
//! second experience, when penalties and memories are in force. With batches of one row and of 64; and of one row with plain gradient
//! descent, as continual backprop is used, that of strategies that replace units.
//!
//! `cargo bench -p dentate-benches --bench mechanisms`.

use criterion::Criterion;
use dentate_backends::Native;
use dentate_benches::{Contest, handwritten, measuring, shown};
use dentate_continual::{
    AdamO, AveragedGradientEpisodicMemory, Budget, DarkExperienceReplay, ElasticWeightConsolidation,
    ExperienceReplay, Gradient, GradientLearner, HareAndTortoise, L2Init, LearningWithoutForgetting,
    MechanismSpec, MemoryAwareSynapses, SpectralRegularisation, SynapticIntelligence,
    UtilityPerturbedGradientDescent, WeightClipping,
};
use dentate_core::{
    Access, Dataset, ExperienceInfo, Learner, MetricLog, Optimizer, Progress, Scenario, Seed, TargetKind,
    TaskId, TaskInfo,
};
use dentate_growth::parts::{Never, SelfNormalisedResets};
use dentate_growth::{Composed, ContinualBackprop, Growth};
use dentate_testkit::Pool;
use std::time::Duration;

/// The updates of the first experience, after which an importance is taken.
const FIRST: u64 = 200;

fn mechanisms() -> Vec<(&'static str, Vec<Box<dyn MechanismSpec>>)> {
    let one = |mechanism: Box<dyn MechanismSpec>| vec![mechanism];
    vec![
        ("none", Vec::new()),
        ("l2-init", one(Box::<L2Init>::default())),
        (
            "elastic-weight-consolidation",
            one(Box::<ElasticWeightConsolidation>::default()),
        ),
        (
            "memory-aware-synapses",
            one(Box::<MemoryAwareSynapses>::default()),
        ),
        (
            "synaptic-intelligence",
            one(Box::<SynapticIntelligence>::default()),
        ),
        (
            "learning-without-forgetting",
            one(Box::<LearningWithoutForgetting>::default()),
        ),
        ("experience-replay", one(Box::<ExperienceReplay>::default())),
        (
            "dark-experience-replay",
            one(Box::<DarkExperienceReplay>::default()),
        ),
        ("a-gem", one(Box::<AveragedGradientEpisodicMemory>::default())),
        ("hare-and-tortoise", one(Box::<HareAndTortoise>::default())),
        ("weight-clipping", one(Box::<WeightClipping>::default())),
        (
            "spectral-regularisation",
            one(Box::<SpectralRegularisation>::default()),
        ),
        ("adamo", one(Box::<AdamO>::default())),
        ("upgd", one(Box::<UtilityPerturbedGradientDescent>::default())),
        (
            "upgd without noise",
            one(Box::new(UtilityPerturbedGradientDescent {
                noise: 0.0,
                ..UtilityPerturbedGradientDescent::default()
            })),
        ),
    ]
}

fn experience(index: usize) -> ExperienceInfo {
    ExperienceInfo {
        index,
        scenario: Scenario::DomainIncremental,
        tasks: vec![TaskInfo {
            id: TaskId(index as u32),
            classes: (0..10).collect(),
        }],
        features: 784,
        target: TargetKind::Classes,
        access: Access::Revisitable,
    }
}

/// Strategies that replace units, as in the suites.
fn strategies() -> Vec<(&'static str, Gradient)> {
    let with = |strategy: Box<dyn Growth>| Gradient {
        strategy,
        ..Gradient::default()
    };
    let resets = |rejection| Composed {
        every: 16,
        trigger: Box::new(Never {}),
        survival: Box::new(SelfNormalisedResets {
            rejection,
            ..SelfNormalisedResets::default()
        }),
        ..Composed::default()
    };
    vec![
        ("none", Gradient::default()),
        ("self-normalised-resets", with(Box::new(resets(0.001)))),
        (
            "self-normalised-resets, none due",
            with(Box::new(resets(f64::MIN_POSITIVE))),
        ),
        (
            "continual-backprop",
            with(Box::new(ContinualBackprop {
                replacement_rate: 1e-4,
                maturity: 100,
                ..ContinualBackprop::default()
            })),
        ),
    ]
}

/// A learner in its second experience, with its rows.
fn second(
    config: Gradient,
    (batch, optimizer): (usize, Optimizer),
    data: &Dataset,
) -> (GradientLearner, Pool) {
    let updates = if measuring() { FIRST } else { 2 };
    let mut config = Gradient {
        hidden: vec![100, 100, 100],
        batch,
        budget: Budget::Updates(updates),
        optimizer,
        ..config
    };
    let rows = |first: u32| (first..first + 4_000).collect();
    let pool = |index: u32| {
        Pool::new(
            data.clone(),
            TaskId(index),
            rows(4_000 * index),
            Access::Revisitable,
            Seed(3),
        )
    };
    let mut first = GradientLearner::new(config.clone(), Box::new(Native::new()), Seed(1));
    let mut source = pool(0);
    first.begin(&experience(0)).expect("a good experience");
    while first
        .advance(&mut source, &mut MetricLog::default())
        .expect("an update")
        != Progress::Finished
    {}
    // The same with a budget that does not end.
    config.budget = Budget::Updates(u64::MAX);
    let mut learner = GradientLearner::new(config, Box::new(Native::new()), Seed(1));
    learner.attach_data(data).expect("data can be attached");
    learner
        .load(&first.save().expect("a state"))
        .expect("its own state");
    learner.begin(&experience(1)).expect("a good experience");
    let mut source = pool(1);
    while learner
        .advance(&mut source, &mut MetricLog::default())
        .expect("a step")
        != Progress::Updated
    {}
    (learner, source)
}

fn main() {
    let mut c = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_secs(5))
        .configure_from_args();
    let (name, pixels, labels) = handwritten();
    let data = shown(&pixels, &labels);
    let alone = |(name, mechanisms)| {
        let config = Gradient {
            mechanisms,
            ..Gradient::default()
        };
        (name, config)
    };
    let of_mechanisms = || mechanisms().into_iter().map(alone).collect();
    let (adam, sgd) = (Optimizer::adam(1e-3), Optimizer::sgd(0.003));
    let contests: [(&str, Vec<(&str, Gradient)>, usize, Optimizer); 3] = [
        ("Adam", of_mechanisms(), 1, adam),
        ("Adam", of_mechanisms(), 64, adam),
        ("SGD, strategies", strategies(), 1, sgd),
    ];
    for (what, contenders, batch, optimizer) in contests {
        let mut contest = Contest::default();
        for (name, config) in contenders {
            let (mut learner, mut source) = second(config, (batch, optimizer), &data);
            let mut log = MetricLog::default();
            contest.here(name, move |_| {
                while learner.advance(&mut source, &mut log).expect("an update") != Progress::Updated {}
                log.records.clear();
            });
        }
        let title = format!("784-100-100-100-10, batch {batch}, {what}, {name}");
        contest.hold(&mut c, &title);
        contest.report(&title);
    }
    c.final_summary();
}
