//! Mechanisms that keep a network plastic, against loops of their own, while the network grows.

mod isometry;

use crate::driving::{Entries, drive, entries, growing};
use crate::mechanisms::numbers;
use crate::setting::learner;
use dentate_continual::{
    Budget, Context, Gradient, Mechanism, MechanismSpec, Needs, SoftShrinkAndPerturb, Then, Update,
    WeightClipping, Work,
};
use dentate_core::{
    Graph, Init, LearnError, Learner, MetricLog, Normalisation, Optimizer, Parameter, Progress, Receipt,
    Scenario, Slot,
};
use dentate_growth::Composed;
use dentate_growth::parts::{
    Every, Never, NoSelection, RandomStart, SelfNormalisedResets, SilenceTest, SilenceThresholds,
    SurvivalSpec,
};
use dentate_testkit::toy::Toy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of weights into a unit: of a connection, or of all connections into a layer with biases.
fn fan_in(graph: &Graph, block: &str) -> usize {
    let shapes = graph.parameters();
    let columns = |parameter| shapes.get(&parameter).map_or(0, |(_, columns)| *columns);
    let (parameter, _) = shapes.iter().find(|(p, _)| p.to_string() == block).unwrap();
    match *parameter {
        Parameter::Weight(_) => columns(*parameter),
        Parameter::Bias(layer) => {
            let into = graph.connections().filter(|c| c.to == layer);
            into.map(|c| columns(Parameter::Weight(c.id))).sum()
        }
        other => panic!("{other} has no inputs"),
    }
}

/// Bounds are those of the birth: by the fan-in at that time, or the magnitude of the first value, whichever is larger. Nothing is
/// beyond them, and what hits them stays there.
#[test]
fn weights_stay_within_the_bounds_of_their_birth() {
    let factor = 0.5;
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    // Newborn weights are larger than the first ones could be.
    let initializer = RandomStart {
        incoming: Some(Init::Uniform(2.5)),
        ..RandomStart::default()
    };
    let config = Gradient {
        strategy: Box::new(Composed {
            every: 9,
            max_units: 16,
            trigger: Box::new(Every { checks: 1 }),
            initializer: Box::new(initializer),
            ..Composed::default()
        }),
        ..growing(vec![Box::new(WeightClipping { factor })], Optimizer::adam(0.02))
    };
    let (mut bounds, mut born) = (Entries::new(), Entries::new());
    let (mut updates, mut clipped, mut newborn, mut larger) = (0, 0, 0, 0);
    drive(&config, &toy, 3, |learner, progress| {
        let graph = learner.architecture().graph().clone();
        let weights = entries(learner, "");
        if progress != Progress::Updated {
            for (at, value) in weights {
                if updates > 0 && !bounds.contains_key(&at) {
                    born.entry(at).or_insert(value);
                }
            }
            return;
        }
        updates += 1;
        for (at, value) in &weights {
            if !bounds.contains_key(at) {
                let drawn = (6.0 / fan_in(&graph, &at.0) as f64).sqrt();
                let first = born.get(at).map_or(0.0, |first| first.abs());
                larger += u32::from(first > drawn);
                newborn += u32::from(born.contains_key(at));
                bounds.insert(at.clone(), drawn.max(first));
            }
            let most = f64::from(factor) * bounds[at];
            assert!(
                value.abs() <= most * (1.0 + 1e-6),
                "{at:?}: {value} beyond {most}"
            );
            clipped += u32::from((value.abs() - most).abs() < 1e-6 * most);
        }
        let found = entries(learner, "statistic-1");
        for (at, bound) in &bounds {
            assert!(
                (found[at] - bound).abs() < 1e-6 * bound,
                "{at:?}: {} and {bound}",
                found[at]
            );
        }
    });
    assert!(clipped > 1000, "{clipped} entries are at their bounds");
    assert!(
        newborn > 50 && larger > 20,
        "{newborn} entries are newborn, {larger} of them larger than a draw"
    );
}

/// The noise that soft shrink and perturb adds, in units of the initial draw: number of draws, their sum and sum of squares, in thousandths.
static DRAWN: [AtomicU64; 3] = [const { AtomicU64::new(0) }; 3];

/// Soft shrink and perturb, with a look at the weights before and after it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Shaken {
    inner: SoftShrinkAndPerturb,
}

impl Mechanism for Shaken {
    type State = ();

    fn needs(&self) -> Needs {
        self.inner.needs()
    }

    fn begin(&self, (): &mut (), cx: &mut Context<'_>) -> Result<Work, LearnError> {
        self.inner.begin(&mut (), cx)
    }

    fn updated(&self, (): &mut (), cx: &mut Context<'_>, update: &Update<'_>) -> Result<Then, LearnError> {
        let graph = cx.network.graph().clone();
        let before = numbers(&cx.network.snapshot(), Slot::WEIGHT);
        let then = self.inner.updated(&mut (), cx, update)?;
        let after = numbers(&cx.network.snapshot(), Slot::WEIGHT);
        let due = cx.network.clock().step.is_multiple_of(self.inner.every);
        let (mut sum, mut squares, mut many) = (0.0, 0.0, 0u64);
        for (at, before) in &before {
            let shrunk = f64::from(self.inner.shrink) * before;
            if !due || at.0.ends_with("/scale") || at.0.ends_with("/shift") {
                assert_eq!(after[at], *before, "{at:?}");
            } else if at.0.ends_with("/bias") {
                assert!((after[at] - shrunk).abs() < 1e-6, "{at:?}");
            } else {
                let deviation = (2.0 / fan_in(&graph, &at.0) as f64).sqrt();
                let drawn = (after[at] - shrunk) / f64::from(self.inner.noise) / deviation;
                (sum, squares, many) = (sum + drawn, squares + drawn * drawn, many + 1);
            }
        }
        DRAWN[0].fetch_add(many, Ordering::Relaxed);
        // Shifted by one, so that no sum is negative.
        DRAWN[1].fetch_add(((sum + many as f64) * 1000.0) as u64, Ordering::Relaxed);
        DRAWN[2].fetch_add((squares * 1000.0) as u64, Ordering::Relaxed);
        Ok(then)
    }

    fn grown(&self, (): &mut (), cx: &mut Context<'_>, receipt: &Receipt) -> Result<(), LearnError> {
        self.inner.grown(&mut (), cx, receipt)
    }
}

dentate_continual::register!(
    mechanism,
    Shaken,
    "test-shaken",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// Weights are shrunk and get a fresh draw with the variance of the first one, biases are shrunk, normalisations are left alone.
#[test]
fn soft_shrink_and_perturb_is_what_a_loop_says() {
    let inner = SoftShrinkAndPerturb {
        shrink: 0.9,
        noise: 0.1,
        every: 2,
    };
    let mechanisms: Vec<Box<dyn MechanismSpec>> = vec![Box::new(Shaken { inner })];
    let config = Gradient {
        normalisation: Normalisation::LayerNorm,
        ..growing(mechanisms, Optimizer::sgd(0.05))
    };
    drive(&config, &Toy::new(Scenario::DomainIncremental, 3), 3, |_, _| {});
    let [many, sum, squares] = [0, 1, 2].map(|i| DRAWN[i].load(Ordering::Relaxed) as f64);
    let (mean, variance) = (sum / 1000.0 / many - 1.0, squares / 1000.0 / many);
    assert!(many > 3000.0, "{many} draws");
    // Four standard errors.
    let slack = 4.0 / many.sqrt();
    assert!(mean.abs() < slack, "mean {mean} of {many}");
    assert!(
        (variance - 1.0).abs() < 1.5 * slack,
        "variance {variance} of {many}"
    );
}

/// Pushes the first unit of the first hidden layer below its threshold for good, once.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Silencing {}

/// The update at which it does.
const SILENCED: u64 = 40;

impl Mechanism for Silencing {
    type State = ();

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn updated(&self, (): &mut (), cx: &mut Context<'_>, _: &Update<'_>) -> Result<Then, LearnError> {
        if cx.network.clock().step == SILENCED {
            let layer = cx.network.graph().named("hidden-1").unwrap().id;
            let mut held = cx.network.snapshot();
            let blocks = held.slots.get_mut(&Slot::WEIGHT).unwrap();
            blocks.get_mut(&Parameter::Bias(layer)).unwrap()[(0, 0)] = -100.0;
            cx.network.restore(&held)?;
        }
        Ok(Then::On)
    }
}

dentate_continual::register!(
    mechanism,
    Silencing,
    "test-silencing",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// A unit that falls silent gives way to a new one, by either test, and soon; one that is left alone stays silent.
#[test]
fn a_unit_that_falls_silent_is_reset() {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    let rule = |test| SelfNormalisedResets {
        rejection: 0.001,
        test,
        entries: Some(20),
        thresholds: SilenceThresholds {
            first: 40,
            least: 40,
            ..SilenceThresholds::default()
        },
    };
    let survivals: [(Box<dyn SurvivalSpec>, bool); 3] = [
        (Box::new(rule(SilenceTest::Histogram)), true),
        (Box::new(rule(SilenceTest::Quantile)), true),
        (Box::new(NoSelection::default()), false),
    ];
    for (survival, resets) in survivals {
        let name = survival.typetag_name();
        let config = Gradient {
            hidden: vec![8],
            batch: 4,
            budget: Budget::Epochs(4),
            optimizer: Optimizer::sgd(0.01),
            mechanisms: vec![Box::new(Silencing {})],
            strategy: Box::new(Composed {
                every: 3,
                trigger: Box::new(Never {}),
                survival,
                ..Composed::default()
            }),
            ..Gradient::default()
        };
        let mut learner = learner(&config, 4);
        let (mut source, mut log) = (toy.source(0), MetricLog::default());
        learner.begin(&toy.info(0)).unwrap();
        let first = |learner: &dyn Learner| {
            learner.architecture().graph().named("hidden-1").unwrap().units[0].clone()
        };
        let (mut steps, mut before) = (0, None);
        loop {
            match learner.advance(&mut source, &mut log).unwrap() {
                Progress::Updated => steps += 1,
                Progress::Finished => break,
                _ => {}
            }
            if steps == SILENCED {
                before.get_or_insert(first(learner.as_ref()).id);
            }
        }
        let unit = first(learner.as_ref());
        assert_eq!(Some(unit.id) != before, resets, "{name}");
        if resets {
            assert!(
                unit.born.step > SILENCED && unit.born.step < SILENCED + 40,
                "{name}: {:?}",
                unit.born
            );
        }
    }
}
