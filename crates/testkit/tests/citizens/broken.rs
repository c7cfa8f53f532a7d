//! Strategies that break laws, and the messages that report it.

use dentate_core::registry::Kind;
use dentate_core::{Activation, Adjustment, Edit, Graph, Init, LayerId, LrScaleOf, Parameter, Scenario};
use dentate_growth::{Action, Growth, GrowthStrategy, Hook, Law, Reason, StrategyError, View, register};
use dentate_testkit::strategy::{self, Case, Conformance, Data, Subject, again};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Freezes the first connection behind the first experience, and doubles its weights behind the second.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Meddles {}

impl GrowthStrategy for Meddles {
    type State = Option<u32>;

    fn propose(&self, done: &mut Option<u32>, view: &View<'_>) -> Result<Action, StrategyError> {
        let now = view.experience.index as u32;
        let connection = view.graph.connections().next();
        let (Some(connection), Hook::End) = (connection.filter(|_| *done != Some(now)), view.hook) else {
            return Ok(Action::Hold(Reason::NotNow));
        };
        *done = Some(now);
        let mut plan = view.plan("meddle");
        if connection.lr_scale == 0.0 {
            let (parameter, by) = (Parameter::Weight(connection.id), Adjustment::Scale(2.0));
            plan.edit(Edit::Adjust { parameter, by });
        } else {
            plan.lr_scale(LrScaleOf::Connection(connection.id), 0.0);
        }
        Ok(Action::Grow(plan.finish()))
    }
}

register!(
    strategy,
    Meddles,
    "test-meddles",
    summary = "A test.",
    citation = "this test"
);

/// Adds units when an experience begins; how many depends on what else the process has done.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wavers {}

static CALLS: AtomicUsize = AtomicUsize::new(0);

impl GrowthStrategy for Wavers {
    type State = Option<u32>;

    fn propose(&self, done: &mut Option<u32>, view: &View<'_>) -> Result<Action, StrategyError> {
        widened(view, done, 1 + CALLS.fetch_add(1, Ordering::Relaxed) % 3)
    }
}

register!(
    strategy,
    Wavers,
    "test-wavers",
    summary = "A test.",
    citation = "this test"
);

/// Adds a unit with random outgoing weights when an experience begins, and claims that this changes no answer.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Boasts {}

impl GrowthStrategy for Boasts {
    type State = Option<u32>;

    fn laws(&self) -> Vec<Law> {
        vec![Law::PreservesFunction]
    }

    fn propose(&self, done: &mut Option<u32>, view: &View<'_>) -> Result<Action, StrategyError> {
        widened(view, done, 1)
    }
}

register!(
    strategy,
    Boasts,
    "test-boasts",
    summary = "A test.",
    citation = "this test"
);

/// Splits units, with noise that is hard to see in a narrow layer or without, and claims that this changes no answer.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Blurs {
    noise: f32,
    share: f32,
}

impl GrowthStrategy for Blurs {
    type State = usize;

    fn cadence(&self) -> Option<u64> {
        Some(1)
    }

    fn laws(&self) -> Vec<Law> {
        vec![Law::PreservesFunction]
    }

    fn propose(&self, done: &mut usize, view: &View<'_>) -> Result<Action, StrategyError> {
        let layer = view
            .graph
            .hidden()
            .next()
            .filter(|_| view.hook == Hook::Update && *done < 4);
        let Some(layer) = layer else {
            return Ok(Action::Hold(Reason::NotNow));
        };
        *done += 1;
        let mut plan = view.plan("split");
        for unit in layer.units.iter().cycle().take(3) {
            plan.edit(Edit::Split {
                layer: layer.id,
                unit: unit.id,
                share: self.share,
                noise: self.noise,
            });
        }
        Ok(Action::Grow(plan.finish()))
    }
}

register!(
    strategy,
    Blurs,
    "test-blurs",
    summary = "A test.",
    citation = "this test"
);

/// Keeps no state, so that an experience that is gone on with is begun twice; and takes any key.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Forgets {}

impl GrowthStrategy for Forgets {
    type State = NotSaved;

    fn propose(&self, done: &mut NotSaved, view: &View<'_>) -> Result<Action, StrategyError> {
        widened(view, &mut done.done, 1)
    }
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct NotSaved {
    #[serde(skip)]
    done: Option<u32>,
}

register!(
    strategy,
    Forgets,
    "test-forgets",
    summary = "A test.",
    citation = "this test"
);

fn first_hidden(graph: &Graph) -> Option<LayerId> {
    graph.hidden().next().map(|layer| layer.id)
}

/// Widen the first hidden layer by `count`, once an experience.
fn widened(view: &View<'_>, done: &mut Option<u32>, count: usize) -> Result<Action, StrategyError> {
    let now = view.experience.index as u32;
    let layer = first_hidden(view.graph).filter(|_| view.hook == Hook::Begin && *done != Some(now));
    let Some(layer) = layer else {
        return Ok(Action::Hold(Reason::NotNow));
    };
    *done = Some(now);
    let mut plan = view.plan("widen");
    plan.edit(Edit::Widen {
        layer,
        count,
        incoming: Init::Uniform(0.5).into(),
        outgoing: Init::Uniform(0.5).into(),
        bias: 0.5,
        classes: Vec::new(),
    });
    Ok(Action::Grow(plan.finish()))
}

/// The message of the panic of `test`.
fn said(test: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(test).expect_err("it has to fail");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

fn case() -> Case {
    Case {
        scenario: Scenario::ClassIncremental,
        experiences: 3,
        rows: 6,
        features: 2,
        data: Data::Plain,
        hidden: vec![3],
        activation: Activation::Relu,
        batch: 2,
        epochs: 2,
        adam: false,
        rehearsal: false,
        seed: 1,
    }
}

/// The message is what a newcomer has to act on, so it is kept word for word.
#[test]
fn a_broken_law_says_what_happened_and_how_to_see_it_again() {
    let of = |name: &str, law: &str| {
        let (toml, law) = (format!("name = \"{name}\""), law.to_string());
        said(move || again(Kind::Strategy, &toml, &law, &case()))
    };
    let all = [
        of("test-meddles", "frozen_parameters_keep_every_bit"),
        of("test-boasts", "claimed_laws_hold"),
        of("test-forgets", "resuming_anywhere_is_bit_exact"),
    ];
    // The last bits of weights differ between processors.
    insta::with_settings!({ filters => [(r"-?\d+\.\d+", "[number]")] }, {
        insta::assert_snapshot!(all.join("\n"));
    });
}

/// The laws find these out by themselves, and leave the others' laws alone.
#[test]
fn broken_strategies_are_found_out() {
    fn found(strategy: impl Fn() -> Box<dyn Growth>, law: fn(&Conformance)) -> bool {
        let conformance = Conformance {
            subjects: vec![Subject::Strategy(strategy())],
            file: None,
            provoke: None,
        };
        catch_unwind(AssertUnwindSafe(|| law(&conformance))).is_err()
    }
    assert!(found(
        || Box::new(Meddles {}),
        strategy::frozen_parameters_keep_every_bit
    ));
    assert!(found(
        || Box::new(Wavers {}),
        strategy::one_seed_gives_the_same_run
    ));
    assert!(found(|| Box::new(Boasts {}), strategy::claimed_laws_hold));
    let blurs = |noise, share| move || -> Box<dyn Growth> { Box::new(Blurs { noise, share }) };
    assert!(found(blurs(1e-3, 0.5), strategy::claimed_laws_hold));
    assert!(found(blurs(2e-5, 0.5), strategy::claimed_laws_hold));
    // What is only rounded is honest at any width.
    for share in [0.5, 0.3, 1e-9, 1.0] {
        assert!(!found(blurs(0.0, share), strategy::claimed_laws_hold), "{share}");
    }
    assert!(found(
        || Box::new(Forgets {}),
        strategy::resuming_anywhere_is_bit_exact
    ));
    assert!(found(
        || Box::new(Forgets {}),
        strategy::configuration_survives_toml
    ));
    for keeps in [
        strategy::the_graph_is_always_well_formed,
        strategy::old_weights_survive_growth,
    ] {
        assert!(!found(|| Box::new(Wavers {}), keeps));
    }
}
