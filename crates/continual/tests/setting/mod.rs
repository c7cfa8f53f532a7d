//! Shared code of the learner's tests: construction and probes of learners, and strategies with phases.

#![allow(
    clippy::unwrap_used,
    unreachable_pub,
    reason = "a test's own setting: a wrong step has to fail it"
)]

use dentate_continual::{Context, Gradient, Mechanism, Needs, Work};
use dentate_core::{
    Backend, BuildContext, DataId, Dataset, LearnError, Learner, LearnerRecipe, LrScaleOf, Objective,
    Optimizer, Predictions, Request, Route, Samples, Seed, Targets, TaskId,
};
use dentate_growth::{
    Action, GrowthStrategy, Hook, Phase, Reason, Select, StrategyError, Until, View, register,
};
use dentate_testkit::toy::{FEATURES, PER_CLASS, Toy};
use rand::Rng;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub fn learner(config: &Gradient, seed: u64) -> Box<dyn Learner> {
    let backend = || Box::new(dentate_testkit::Native::new()) as Box<dyn Backend>;
    config
        .build(BuildContext {
            backend: &backend,
            seed: Seed(seed),
        })
        .unwrap()
}

/// The bits of the scores of the first task's rows.
pub fn probe(learner: &mut dyn Learner, toy: &Toy, task: Option<TaskId>) -> Vec<u32> {
    let rows: Vec<u32> = (0..2 * PER_CLASS as u32).collect();
    match learner.predict(&toy.data, &rows, task).unwrap() {
        Predictions::Scores(scores) => scores.iter().map(|s| s.to_bits()).collect(),
        other => panic!("scores are expected, not {other:?}"),
    }
}

/// Before the first update: reads the first layer's weights, trains the network to reconstruct nothing with everything
/// frozen, reads again, and holds only if no bit has moved.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rehearses {}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Seen {
    first: Option<Vec<f32>>,
    trained: bool,
}

impl GrowthStrategy for Rehearses {
    type State = Seen;

    fn propose(&self, seen: &mut Seen, view: &View<'_>) -> Result<Action, StrategyError> {
        if view.hook != Hook::Begin {
            return Ok(Action::Hold(Reason::NotNow));
        }
        let connection = view.graph.connections().next().unwrap();
        let weights = dentate_core::Parameter::Weight(connection.id);
        let read = Action::Measure(
            vec![Request::Parameters(vec![weights])],
            Select::Experience,
            Route::default(),
        );
        match (view.measured, &seen.first) {
            (Some(measured), None) => {
                seen.first = Some(measured.arrays[0].iter().copied().collect());
                let hidden = view.graph.hidden().next().unwrap();
                let term = dentate_core::Term {
                    rows: None,
                    layer: hidden.id,
                    active: dentate_core::Active::All,
                    loss: dentate_core::Loss::MeanSquared,
                    target: dentate_core::Target::Layer(view.graph.hidden().next().unwrap().id),
                    weight: 1.0,
                    tally: dentate_core::Tally::None,
                };
                let zero = dentate_core::Term {
                    target: dentate_core::Target::Given(ndarray::Array2::zeros((60, hidden.width()))),
                    ..term
                };
                seen.trained = true;
                let frozen = view.graph.layers().map(|l| (LrScaleOf::Layer(l.id), 0.0));
                let rates = view
                    .graph
                    .connections()
                    .map(|c| (LrScaleOf::Connection(c.id), 0.0))
                    .chain(frozen);
                Ok(Action::Train(Box::new(Phase {
                    rows: Select::Experience,
                    batch: 60,
                    route: Route::default(),
                    objective: Objective {
                        terms: vec![zero],
                        penalties: Vec::new(),
                        keep: None,
                    },
                    rates: rates.collect(),
                    optimizer: Optimizer::adam(0.1),
                    until: Until::Updates(5),
                })))
            }
            (Some(measured), Some(first)) => {
                assert!(measured.arrays[0].iter().eq(first), "frozen weights moved");
                Ok(Action::Hold(Reason::NotNow))
            }
            (None, _) => Ok(read),
        }
    }
}

register!(
    strategy,
    Rehearses,
    "test-rehearses",
    summary = "A test.",
    citation = "this test"
);

/// Trains on rows of its own making when an experience begins, at rates of its own.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dreams {}

impl GrowthStrategy for Dreams {
    type State = Option<u32>;

    fn propose(&self, dreamt: &mut Option<u32>, view: &View<'_>) -> Result<Action, StrategyError> {
        let now = view.experience.index as u32;
        let Some(hidden) = view.graph.hidden().next().filter(|_| *dreamt != Some(now)) else {
            return Ok(Action::Hold(Reason::NotNow));
        };
        *dreamt = Some(now);
        let mut random = view.seed.random();
        let mut draw = |n: usize| {
            (0..n)
                .map(|_| random.random_range(-1.0..1.0))
                .collect::<Vec<f32>>()
        };
        let (inputs, targets) = (draw(30 * FEATURES), draw(30 * hidden.width()));
        let targets = ndarray::Array2::from_shape_vec((30, hidden.width()), targets).unwrap();
        let (samples, targets) = (Samples::Floats(inputs), Targets::Values(targets));
        let data = Dataset::new(DataId::scratch(now), samples, vec![FEATURES], targets).unwrap();
        Ok(Action::Train(Box::new(Phase {
            rows: Select::Own(data),
            batch: 7,
            route: Route {
                corruption: 0.2,
                ..Route::default()
            },
            objective: Objective {
                terms: vec![dentate_core::Term {
                    rows: None,
                    layer: hidden.id,
                    active: dentate_core::Active::All,
                    loss: dentate_core::Loss::MeanSquared,
                    target: dentate_core::Target::Values,
                    weight: 1.0,
                    tally: dentate_core::Tally::None,
                }],
                penalties: Vec::new(),
                keep: None,
            },
            rates: view
                .graph
                .connections()
                .map(|c| (LrScaleOf::Connection(c.id), 0.3))
                .collect(),
            optimizer: Optimizer::adam(0.1),
            until: Until::Updates(11),
        })))
    }
}

register!(
    strategy,
    Dreams,
    "test-dreams",
    summary = "A test.",
    citation = "this test"
);

/// Widens the first hidden layer by a unit when an experience begins, and calls that by a word which the framework has too.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Namesake {
    pub word: String,
}

impl GrowthStrategy for Namesake {
    type State = Option<usize>;

    fn propose(&self, grown: &mut Option<usize>, view: &View<'_>) -> Result<Action, StrategyError> {
        let now = Some(view.experience.index);
        if *grown == now {
            return Ok(Action::Hold(Reason::NotNow));
        }
        *grown = now;
        let mut plan = view.plan(&self.word);
        plan.widen(view.graph.hidden().next().unwrap().id, 1, view.init, view.init);
        Ok(Action::Grow(plan.finish()))
    }
}

register!(
    strategy,
    Namesake,
    "test-namesake",
    summary = "A test.",
    citation = "this test"
);

/// Does nothing, and looks at no row.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Blind {}

impl Mechanism for Blind {
    type State = ();

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn end(&self, (): &mut (), cx: &mut Context<'_>) -> Result<Work, LearnError> {
        let rows = cx.sample(0, cx.seed("none"))?;
        assert!(rows.is_empty(), "there is no row to look at");
        Ok(Work::Done)
    }
}

dentate_continual::register!(
    mechanism,
    Blind,
    "test-blind",
    summary = "A test.",
    citation = "this test",
    source = ""
);
