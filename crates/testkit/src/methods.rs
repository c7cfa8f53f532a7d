//! Methods of continual learning on any backend: the same results as on the native one, while the network grows.

use crate::Native;
use crate::toy::Toy;
use dentate_continual::{
    AdamO, AveragedGradientEpisodicMemory, Budget, DarkExperienceReplay, ElasticWeightConsolidation,
    ExperienceReplay, Fire, Form, GDumb, Gradient, GradientLearner, HareAndTortoise, L2, L2Init,
    MechanismSpec, SoftShrinkAndPerturb, SpectralRegularisation, SynapticIntelligence,
    UtilityPerturbedGradientDescent, WeightClipping,
};
use dentate_core::registry::{self, Kind};
use dentate_core::{
    Activation, Backend, LearnError, Learner, MetricLog, Optimizer, Predictions, Progress, Scenario, Seed,
    TaskId,
};
use dentate_growth::Composed;
use dentate_growth::parts::Every;
use ndarray::Array2;

/// A mechanism of this name, as it is by default.
fn by_default(name: &str) -> Vec<Box<dyn MechanismSpec>> {
    match toml::from_str(&format!("name = {name:?}")) {
        Ok(mechanism) => vec![mechanism],
        Err(error) => panic!("`{name}` has no default: {error}"),
    }
}

/// Lists of mechanisms, each with a name: those below, and every registered one by default.
fn all() -> Vec<(&'static str, Vec<Box<dyn MechanismSpec>>)> {
    let registered = registry::entries().into_iter();
    let own =
        registered.filter(|entry| entry.kind == Kind::Mechanism && entry.package == "dentate-continual");
    let mut all = lists();
    all.extend(own.map(|entry| (entry.name, by_default(entry.name))));
    all
}

/// Lists of mechanisms whose settings matter.
fn lists() -> Vec<(&'static str, Vec<Box<dyn MechanismSpec>>)> {
    let replay = || ExperienceReplay {
        capacity: 20,
        ..ExperienceReplay::default()
    };
    let dark = || DarkExperienceReplay {
        capacity: 20,
        ..DarkExperienceReplay::default()
    };
    let upgd = UtilityPerturbedGradientDescent {
        decay: 0.9,
        noise: 0.01,
        ..UtilityPerturbedGradientDescent::default()
    };
    let slow = HareAndTortoise {
        momentum: 0.8,
        every: Some(7),
    };
    let spectral = SpectralRegularisation {
        strength: 0.1,
        ..SpectralRegularisation::default()
    };
    let per_task = ElasticWeightConsolidation {
        form: Form::PerTask,
        ..ElasticWeightConsolidation::default()
    };
    let dumb = GDumb {
        capacity: 40,
        epochs: 3,
        ..GDumb::default()
    };
    vec![
        ("replay", vec![Box::new(replay())]),
        ("dark experience replay", vec![Box::new(dark())]),
        ("quadratics for each task", vec![Box::new(per_task)]),
        ("gdumb", vec![Box::new(dumb)]),
        ("upgd", vec![Box::new(upgd)]),
        ("hare and tortoise", vec![Box::new(slow)]),
        ("l2", vec![Box::new(L2 { strength: 0.1 })]),
        ("l2-init", vec![Box::new(L2Init { strength: 0.1 })]),
        ("spectral", vec![Box::new(spectral)]),
        (
            "soft shrink and perturb",
            vec![Box::new(SoftShrinkAndPerturb {
                shrink: 0.99,
                noise: 0.01,
                every: 1,
            })],
        ),
        ("weight clipping", vec![Box::new(WeightClipping { factor: 0.5 })]),
        ("fire", vec![Box::<Fire>::default()]),
        ("adamo", vec![Box::<AdamO>::default()]),
        (
            "two anchors",
            vec![
                Box::<SynapticIntelligence>::default(),
                Box::<ElasticWeightConsolidation>::default(),
            ],
        ),
        (
            "dark experience replay behind a-gem",
            vec![Box::<AveragedGradientEpisodicMemory>::default(), Box::new(dark())],
        ),
        (
            "replay behind a-gem",
            vec![
                Box::<AveragedGradientEpisodicMemory>::default(),
                Box::new(replay()),
            ],
        ),
    ]
}

/// The predictions for the first task after a run over three, on a network that widens every nine updates.
fn answers(
    mechanisms: Vec<Box<dyn MechanismSpec>>,
    backend: Box<dyn Backend>,
) -> Result<Array2<f32>, LearnError> {
    let config = Gradient {
        hidden: vec![6, 5],
        activation: Activation::Tanh,
        batch: 6,
        budget: Budget::Epochs(2),
        optimizer: Optimizer::sgd(0.05),
        mechanisms,
        strategy: Box::new(Composed {
            every: 9,
            max_units: 12,
            trigger: Box::new(Every { checks: 1 }),
            ..Composed::default()
        }),
        ..Gradient::default()
    };
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    let mut learner = GradientLearner::new(config, backend, Seed(4));
    for index in 0..3 {
        let (mut source, mut log) = (toy.source(index), MetricLog::default());
        learner.begin(&toy.info(index))?;
        while learner.advance(&mut source, &mut log)? != Progress::Finished {}
    }
    let rows: Vec<u32> = (0..60).collect();
    match learner.predict(&toy.data, &rows, Some(TaskId(0)))? {
        Predictions::Scores(scores) => Ok(scores),
        _ => Ok(Array2::zeros((0, 0))),
    }
}

/// Every mechanism of the framework, alone and with others, gives the same predictions on this backend as on the native one, to
/// a hundredth of the largest: 60 updates of a smooth network amplify rounding differences.
///
/// # Panics
/// If one does not, or a run ends early.
pub fn methods_match_the_native_backend(make: impl Fn() -> Box<dyn Backend>) {
    for ((name, own), (_, other)) in all().into_iter().zip(all()) {
        let course = |mechanisms, backend| match answers(mechanisms, backend) {
            Ok(scores) => scores,
            Err(error) => panic!("{name}: {error}"),
        };
        let native = course(own, Box::new(Native::new()));
        let found = course(other, make());
        assert_eq!(native.dim(), found.dim(), "{name}");
        // Classes without a head are −∞ on both.
        let finite = |v: &f32| v.is_finite();
        let most = native
            .iter()
            .copied()
            .filter(finite)
            .fold(1e-3, |most: f32, v| most.max(v.abs()));
        for (a, b) in native.iter().zip(&found) {
            assert!(
                a == b || (a - b).abs() <= 0.01 * most,
                "{name}: {a} and {b}, of {most}"
            );
        }
    }
}
