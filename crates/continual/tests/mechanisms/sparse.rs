//! Sparse turnover while the network grows, is pruned and gets heads.

use crate::driving::{Entries, drive, entries, growing};
use crate::mechanisms::numbers;
use dentate_continual::{
    Context, Distribution, Gradient, Lens, Mechanism, MechanismSpec, Needs, Regrow, Sight, SparseTurnover,
    Then, Update, Work,
};
use dentate_core::{
    Graph, LearnError, Learner, Optimizer, Parameter, Progress, Receipt, Role, Scenario, Slot,
};
use dentate_growth::parts::{
    Deeper, Every, Given, InitializerSpec, Net2NetWider, NoSelection, PlacementSpec, RandomStart,
    SurvivalSpec, TriggerSpec, Turnover, ZeroFanOut,
};
use dentate_growth::{Composed, Pruning, Schedule};
use dentate_testkit::toy::Toy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The number of live weights of each block, and whether what is dead is 0, with its moments.
fn check(learner: &mut dyn Learner, density: f64) -> usize {
    let graph = learner.architecture().graph().clone();
    let (weights, live) = (entries(learner, ""), entries(learner, "mask"));
    if live.is_empty() {
        return 0;
    }
    let moments = ["first-moment", "second-moment"].map(|slot| entries(learner, slot));
    let mut numbers: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (at, live) in &live {
        let [alive, all] = numbers.entry(&at.0).or_default();
        (*alive, *all) = (*alive + usize::from(*live == 1.0), *all + 1);
        if *live == 0.0 {
            assert_eq!(weights[at].to_bits(), 0, "{at:?} is dead");
            for moment in &moments {
                assert!(
                    moment.get(at).is_none_or(|m| *m == 0.0),
                    "a moment of {at:?}, which is dead"
                );
            }
        }
    }
    let mut sparse = 0;
    for (block, [alive, all]) in numbers {
        let wanted = if is_sparse(&graph, block) {
            sparse += 1;
            (density * all as f64).round() as usize
        } else {
            all
        };
        assert_eq!(alive, wanted, "{block} of {all}");
    }
    sparse
}

/// Returns whether a block has the weights of a connection into a hidden layer.
fn is_sparse(graph: &Graph, block: &str) -> bool {
    let mut weights = graph
        .connections()
        .filter(|c| Parameter::Weight(c.id).to_string() == block);
    weights.any(|c| graph.layer(c.to).is_some_and(|l| l.role == Role::Hidden))
}

/// Units are replaced too, except where new ones are copies, which need places of their own.
fn survival(initializer: &dyn InitializerSpec) -> Box<dyn SurvivalSpec> {
    if initializer.start().copies() {
        return Box::new(NoSelection {});
    }
    Box::new(Turnover {
        replacement_rate: 0.05,
        maturity: 3,
        ..Turnover::default()
    })
}

/// The number of live weights is exact after every update of a network that widens at random, by copies, deepens, is pruned and has units
/// replaced; what is dead is 0 bit for bit; new heads are dense.
#[test]
fn the_share_of_live_weights_is_exact() {
    let random = || Box::new(RandomStart::default()) as Box<dyn InitializerSpec>;
    let given = || Box::new(Given::default()) as Box<dyn PlacementSpec>;
    let cases: Vec<(Box<dyn InitializerSpec>, Box<dyn PlacementSpec>, Option<Pruning>)> = vec![
        (random(), given(), None),
        (
            Box::new(ZeroFanOut::default()),
            given(),
            Some(Pruning {
                when: Schedule::ExperienceEnd,
                fraction: 0.3,
                ..Pruning::default()
            }),
        ),
        (Box::new(Net2NetWider::default()), given(), None),
        (
            random(),
            Box::new(Deeper {
                most: 7,
                ..Deeper::default()
            }),
            None,
        ),
    ];
    for (initializer, placement, pruning) in cases {
        for regrow in [Regrow::Gradient, Regrow::Random] {
            let mechanism = SparseTurnover {
                density: 0.4,
                regrow,
                every: 4,
                ..SparseTurnover::default()
            };
            let config = Gradient {
                strategy: Box::new(Composed {
                    every: 9,
                    max_units: 16,
                    trigger: Box::new(Every { checks: 1 }) as Box<dyn TriggerSpec>,
                    initializer: initializer.boxed(),
                    placement: placement.boxed(),
                    pruning: pruning.clone(),
                    survival: survival(initializer.as_ref()),
                    ..Composed::default()
                }),
                ..growing(vec![Box::new(mechanism)], Optimizer::adam(0.02))
            };
            let toy = Toy::new(Scenario::TaskIncremental, 3);
            let mut checked = 0;
            drive(&config, &toy, 3, |learner, progress| {
                // What a change of the network brings is settled at the next update.
                if progress == Progress::Updated {
                    checked += check(learner, 0.4);
                }
            });
            assert!(checked > 50, "{checked} blocks");
        }
    }
}

/// True if the network is new or has changed since the last update.
static CHANGED: AtomicBool = AtomicBool::new(true);

/// Turnovers seen.
static TURNOVERS: AtomicU64 = AtomicU64::new(0);

/// Sparse turnover with a loop beside it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Watched {
    inner: SparseTurnover,
}

impl Mechanism for Watched {
    type State = <SparseTurnover as Mechanism>::State;

    fn needs(&self) -> Needs {
        self.inner.needs()
    }

    fn begin(&self, state: &mut Self::State, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        self.inner.begin(state, cx)
    }

    fn view(&self, state: &Self::State, cx: &mut Context<'_>, sight: Sight) -> Result<Lens, LearnError> {
        self.inner.view(state, cx, sight)
    }

    fn grown(
        &self,
        state: &mut Self::State,
        cx: &mut Context<'_>,
        receipt: &Receipt,
    ) -> Result<(), LearnError> {
        CHANGED.store(true, Ordering::Relaxed);
        self.inner.grown(state, cx, receipt)
    }

    fn updated(
        &self,
        state: &mut Self::State,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<Then, LearnError> {
        let before = cx.network.snapshot();
        let then = self.inner.updated(state, cx, update)?;
        let after = cx.network.snapshot();
        let live = cx.slot("live")?;
        if CHANGED.swap(false, Ordering::Relaxed) {
            return Ok(then); // what a change has brought was settled too
        }
        let (was, now) = (numbers(&before, live), numbers(&after, live));
        let (old, new) = (numbers(&before, Slot::WEIGHT), numbers(&after, Slot::WEIGHT));
        if !cx.network.clock().step.is_multiple_of(self.inner.every) {
            assert_eq!((was, old), (now, new));
            return Ok(then);
        }
        let gradients = numbers(&after, cx.slot("gradient")?);
        let graph = cx.network.graph();
        let blocks: std::collections::BTreeSet<&String> = was.keys().map(|at| &at.0).collect();
        for block in blocks.into_iter().filter(|block| is_sparse(graph, block)) {
            let own: Vec<_> = was.keys().filter(|at| at.0 == *block).collect();
            let count = own.iter().filter(|at| was[**at] == 1.0).count();
            let mut kept: Entries = was.clone();
            kept.retain(|at, _| at.0 == *block);
            for _ in 0..(self.inner.turnover * count as f64).round() as usize {
                let least = own.iter().filter(|at| kept[**at] == 1.0);
                let least = least
                    .min_by(|a, b| old[**a].abs().total_cmp(&old[**b].abs()))
                    .unwrap();
                kept.insert((*least).clone(), 0.0);
            }
            while kept.values().filter(|l| **l == 1.0).count() < count {
                let most = own.iter().rev().filter(|at| kept[**at] == 0.0);
                let most = most
                    .max_by(|a, b| gradients[**a].abs().total_cmp(&gradients[**b].abs()))
                    .unwrap();
                kept.insert((*most).clone(), 1.0);
            }
            for at in own {
                assert_eq!(now[at], kept[at], "{at:?}");
                let wanted = if was[at] == 1.0 && now[at] == 1.0 {
                    old[at]
                } else {
                    0.0
                };
                assert_eq!(new[at], wanted, "{at:?}");
            }
            TURNOVERS.fetch_add(1, Ordering::Relaxed);
        }
        Ok(then)
    }
}

dentate_continual::register!(
    mechanism,
    Watched,
    "test-watched",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// Every turnover of a run drops and lets grow what a loop does.
#[test]
fn turnovers_of_a_run_are_those_of_a_loop() {
    for distribution in [Distribution::Uniform, Distribution::ErdosRenyi] {
        let inner = SparseTurnover {
            density: 0.5,
            distribution,
            every: 5,
            ..SparseTurnover::default()
        };
        let list: Vec<Box<dyn MechanismSpec>> = vec![Box::new(Watched { inner })];
        let toy = Toy::new(Scenario::DomainIncremental, 2);
        drive(&growing(list, Optimizer::sgd(0.1)), &toy, 2, |_, _| {});
    }
    let seen = TURNOVERS.load(Ordering::Relaxed);
    assert!(seen > 20, "{seen} turnovers");
}
