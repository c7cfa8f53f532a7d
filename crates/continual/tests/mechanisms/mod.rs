//! Mechanisms against computations of their own, while the network grows under them.

mod exemplars;
mod expandable;
mod packnet;
mod sparse;
mod spectral;

use crate::driving::{Entries, apart, drive, entries, growing};
use crate::setting::{learner, probe};
use dentate_continual::{
    AdamO, AsymmetricCrossEntropyReplay, AveragedGradientEpisodicMemory, Batch, Context,
    DarkExperienceReplay, ElasticWeightConsolidation, ExperienceReplay, Fire, Gradient, HareAndTortoise,
    L2Init, LearningWithoutForgetting, Mechanism, MechanismSpec, MemoryAwareSynapses, NearestMeanOfExemplars,
    Needs, PackNet, SoftShrinkAndPerturb, SpectralRegularisation, SynapticIntelligence, Then, Update,
    UtilityMaximum, UtilityPerturbedGradientDescent, UtilityScope, WeightClipping,
};
use dentate_core::{
    AnyLearner, LearnError, Learner, MetricLog, Optimizer, Predictions, Progress, Purpose, Receipt, Route,
    Scenario, Slot, SlotKind, Snapshot, TaskId,
};
use dentate_testkit::toy::Toy;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// The slow copy is the moving average of the fast weights, newborn ones starting with their first value; it predicts; and every
/// seven updates the fast ones are where it is.
#[test]
fn the_tortoise_follows_the_hare() {
    let (momentum, every) = (0.8, 7);
    let mechanism = HareAndTortoise {
        momentum,
        every: Some(every),
    };
    let config = growing(vec![Box::new(mechanism)], Optimizer::adam(0.01));
    let toy = Toy::new(Scenario::DomainIncremental, 3);
    let (mut slow, mut before, mut updates) = (Entries::new(), Entries::new(), 0u64);
    let mut learner = drive(&config, &toy, 3, |learner, progress| {
        let fast = entries(learner, "");
        if progress == Progress::Updated {
            updates += 1;
            let found = entries(learner, "anchor");
            if updates % every == 0 {
                assert_eq!(apart(&fast, &found), 0.0, "they meet at update {updates}");
            } else {
                for (at, value) in &fast {
                    let start = before[at];
                    let own = slow.entry(at.clone()).or_insert(start);
                    *own = f64::from(momentum) * *own + (1.0 - f64::from(momentum)) * value;
                }
                assert!(apart(&slow, &found) < 1e-6, "update {updates}");
            }
            slow = found;
        }
        before = fast;
    });
    let rows: Vec<u32> = (0..9).collect();
    let scores = |learner: &mut dyn Learner| match learner.predict(&toy.data, &rows, None).unwrap() {
        Predictions::Scores(scores) => scores,
        other => panic!("scores are expected, not {other:?}"),
    };
    let found = scores(learner.as_mut());
    // The same network with the slow weights in the place of the fast ones answers the same.
    let mut saved = learner.save().unwrap();
    for (name, values) in saved.arrays.clone() {
        if let Some(block) = name.strip_prefix("anchor/") {
            saved.arrays.insert(block.to_string(), values);
        }
    }
    let mut plain = crate::setting::learner(&config, 4);
    plain.attach_data(&toy.data).unwrap();
    plain.load(&saved).unwrap();
    assert_eq!(found, scores(plain.as_mut()));
}

/// Number of projected gradients.
static PROJECTED: AtomicU64 = AtomicU64::new(0);

/// A-GEM, with a look at every gradient before and after.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Examined {
    inner: AveragedGradientEpisodicMemory,
}

impl Mechanism for Examined {
    type State = <AveragedGradientEpisodicMemory as Mechanism>::State;

    fn needs(&self) -> Needs {
        let mut needs = self.inner.needs();
        needs.slots.push((SlotKind::Statistic, "look"));
        needs
    }

    fn compose(
        &self,
        state: &mut Self::State,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        self.inner.compose(state, cx, batch)
    }

    fn gradient(
        &self,
        state: &mut Self::State,
        cx: &mut Context<'_>,
        gradient: Slot,
    ) -> Result<(), LearnError> {
        let flat = |cx: &mut Context<'_>, slot: Slot| -> Vec<f64> {
            let held = cx.network.snapshot();
            let blocks = held
                .slots
                .get(&slot)
                .into_iter()
                .flat_map(|blocks| blocks.values());
            blocks.flatten().map(|g| f64::from(*g)).collect()
        };
        let before = flat(cx, gradient);
        self.inner.gradient(state, cx, gradient)?;
        let after = flat(cx, gradient);
        let reference = flat(cx, cx.slot("reference")?);
        if reference.len() != after.len() {
            assert_eq!(before, after, "nothing is remembered yet");
            return Ok(());
        }
        // The reference is the gradient of the rows that were drawn, also after what it was used for.
        let (rows, objective) = cx.objective(state.held())?;
        let (route, look) = (Route::default(), cx.slot("look")?);
        cx.network
            .gradient(&rows, &route, &objective, look, Purpose::ReadOnly)?;
        assert_eq!(reference, flat(cx, look));
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let (along, square) = (dot(&before, &reference), dot(&reference, &reference));
        let slack = 1e-5 * (dot(&before, &before) * square).sqrt();
        if along < -slack {
            PROJECTED.fetch_add(1, Ordering::Relaxed);
            assert!(dot(&after, &reference) >= -slack, "it still rises");
            for ((a, b), r) in after.iter().zip(&before).zip(&reference) {
                assert!((a - (b - along / square * r)).abs() < 1e-5, "{a} from {b}");
            }
        } else if along > slack {
            assert_eq!(before, after, "what does no harm is left alone");
        }
        Ok(())
    }
}

dentate_continual::register!(
    mechanism,
    Examined,
    "test-examined",
    summary = "A test.",
    citation = "this test",
    source = ""
);

#[test]
fn a_projected_gradient_does_not_rise_on_what_is_remembered() {
    let config = growing(vec![Box::<Examined>::default()], Optimizer::sgd(0.2));
    drive(&config, &Toy::new(Scenario::DomainIncremental, 3), 3, |_, _| {});
    let projected = PROJECTED.load(Ordering::Relaxed);
    assert!(projected > 10, "{projected} gradients were projected");
}

/// UPGD, with a plain loop beside it.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Shadowed {
    inner: UtilityPerturbedGradientDescent,
}

/// The loop's running means and ages, by block and place.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Shadow {
    inner: <UtilityPerturbedGradientDescent as Mechanism>::State,
    utility: BTreeMap<(String, usize, usize), (f64, i32)>,
    /// The first noise of the last update.
    last: f64,
}

pub(crate) fn numbers(held: &Snapshot, slot: Slot) -> Entries {
    let mut all = Entries::new();
    for (block, values) in &held.slots[&slot] {
        for ((i, j), value) in values.indexed_iter() {
            all.insert((block.to_string(), i, j), f64::from(*value));
        }
    }
    all
}

impl Mechanism for Shadowed {
    type State = Shadow;

    fn needs(&self) -> Needs {
        self.inner.needs()
    }

    fn gradient(&self, shadow: &mut Shadow, cx: &mut Context<'_>, gradient: Slot) -> Result<(), LearnError> {
        let before = cx.network.snapshot();
        self.inner.gradient(&mut shadow.inner, cx, gradient)?;
        let after = numbers(&cx.network.snapshot(), gradient);
        let (weights, gradients) = (numbers(&before, Slot::WEIGHT), numbers(&before, gradient));
        let decay = f64::from(self.inner.decay);
        let (mut most, mut noises) = (f64::NEG_INFINITY, Vec::new());
        for (at, weight) in &weights {
            let (utility, age) = shadow.utility.entry(at.clone()).or_insert((0.0, 0));
            *age += 1;
            *utility = decay * *utility - (1.0 - decay) * gradients[at] * weight;
            most = most.max(match self.inner.maximum {
                UtilityMaximum::Corrected => *utility / (1.0 - decay.powi(*age)),
                UtilityMaximum::Uncorrected => *utility,
            });
        }
        // Rows of a block are units.
        let mut lengths: BTreeMap<(&str, usize), f64> = BTreeMap::new();
        for (block, i, j) in weights.keys() {
            let (utility, age) = shadow.utility[&(block.clone(), *i, *j)];
            *lengths.entry((block, *i)).or_default() += (utility / (1.0 - decay.powi(age))).powi(2);
        }
        for (at, found) in &after {
            let (utility, age) = shadow.utility[at];
            let most = match self.inner.scope {
                UtilityScope::Global => most,
                UtilityScope::Local => lengths[&(at.0.as_str(), at.1)].sqrt(),
            };
            let ratio = if most > 0.0 {
                utility / (1.0 - decay.powi(age)) / most
            } else {
                0.0
            };
            let factor = 1.0 - 1.0 / (1.0 + (-ratio).exp());
            let unreached = before.unreached.get(&gradient);
            if unreached.is_some_and(|blocks| blocks.iter().any(|block| block.to_string() == at.0)) {
                assert_eq!(*found, gradients[at], "{at:?}");
                UNREACHED.fetch_add(1, Ordering::Relaxed);
            } else if self.inner.noise > 0.0 {
                noises.push((found / factor - gradients[at]) / f64::from(self.inner.noise));
            } else {
                let wanted = gradients[at] * factor;
                assert!((found - wanted).abs() < 1e-4, "{at:?}: {found} against {wanted}");
            }
        }
        if self.inner.noise > 0.0 {
            // Six standard errors of a standard normal number's mean and square.
            let many = noises.len() as f64;
            let (mean, square) = (
                noises.iter().sum::<f64>() / many,
                noises.iter().map(|x| x * x).sum::<f64>() / many,
            );
            assert!(mean.abs() < 6.0 / many.sqrt(), "mean {mean} of {many}");
            assert!(
                (square - 1.0).abs() < 6.0 * (2.0 / many).sqrt(),
                "{square} of {many}"
            );
            assert_ne!(shadow.last, noises[0], "drawn anew in each update");
            shadow.last = noises[0];
        }
        Ok(())
    }

    fn grown(&self, shadow: &mut Shadow, cx: &mut Context<'_>, receipt: &Receipt) -> Result<(), LearnError> {
        self.inner.grown(&mut shadow.inner, cx, receipt)
    }
}

/// Entries of blocks that an update did not reach.
static UNREACHED: AtomicU64 = AtomicU64::new(0);

dentate_continual::register!(
    mechanism,
    Shadowed,
    "test-shadowed",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// Without noise, whose numbers are another law's: by a loop over single weights, newborn ones with an age of their own.
#[test]
fn utilities_are_those_of_a_plain_loop() {
    let (formula, code) = (UtilityMaximum::Corrected, UtilityMaximum::Uncorrected);
    let (global, local) = (UtilityScope::Global, UtilityScope::Local);
    for (scope, maximum) in [(global, formula), (global, code), (local, formula)] {
        let inner = UtilityPerturbedGradientDescent {
            decay: 0.9,
            noise: 0.0,
            scope,
            maximum,
        };
        let config = growing(vec![Box::new(Shadowed { inner })], Optimizer::sgd(0.2));
        drive(&config, &Toy::new(Scenario::DomainIncremental, 2), 2, |_, _| {});
    }
}

/// With noise, also in blocks whose gradient is 0, and in none that an update does not reach, such as other heads.
#[test]
fn noise_is_standard_normal_where_an_update_reaches() {
    let inner = UtilityPerturbedGradientDescent {
        decay: 0.9,
        noise: 0.5,
        ..UtilityPerturbedGradientDescent::default()
    };
    let config = growing(vec![Box::new(Shadowed { inner })], Optimizer::sgd(0.02));
    drive(&config, &Toy::new(Scenario::TaskIncremental, 3), 3, |_, _| {});
    assert!(UNREACHED.load(Ordering::Relaxed) > 100);
}

/// The outputs of an old head for new rows stay near those before the experience, through growth and new heads.
#[test]
fn old_answers_are_held_to_the_teachers() {
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    let moved = |strength: f32| {
        let mechanism = LearningWithoutForgetting {
            strength,
            ..LearningWithoutForgetting::default()
        };
        let config = growing(vec![Box::new(mechanism)], Optimizer::adam(0.02));
        // Rows of the third task, seen by the first head.
        let rows: Vec<u32> = (120..180).collect();
        let answers = |learner: &mut dyn Learner| match learner.predict(&toy.data, &rows, Some(TaskId(0))) {
            Ok(Predictions::Scores(scores)) => scores.column(0).to_owned() - scores.column(1),
            other => panic!("scores are expected, not {other:?}"),
        };
        let mut before = None;
        let (mut finished, mut last) = (0, 0.0);
        drive(&config, &toy, 3, |learner, progress| {
            finished += u32::from(progress == Progress::Finished);
            if progress == Progress::Finished && finished == 2 {
                before = Some(answers(learner));
            }
            if progress == Progress::Finished && finished == 3 {
                let off = answers(learner) - before.as_ref().unwrap();
                last = off.mapv(f32::abs).mean().unwrap();
            }
        });
        last
    };
    let [free, taught] = [0.0, 1.0].map(moved);
    assert!(free > 4.0 * taught, "{free} untaught, {taught} taught");
}

/// Mechanisms of a list do not share slots, and each of two of a kind has its own rows.
#[test]
fn two_anchors_in_one_list() {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    let list = |both: bool| -> Vec<Box<dyn MechanismSpec>> {
        let mut list: Vec<Box<dyn MechanismSpec>> = vec![Box::<SynapticIntelligence>::default()];
        if both {
            list.push(Box::<ElasticWeightConsolidation>::default());
        }
        list
    };
    let optimizer = || Optimizer::sgd(0.05);
    let mut both = drive(&growing(list(true), optimizer()), &toy, 1, |_, _| {});
    let mut alone = drive(&growing(list(false), optimizer()), &toy, 1, |_, _| {});
    // During the first experience nothing is held, and both see the same weights.
    for slot in ["importance", "anchor"] {
        assert_eq!(entries(both.as_mut(), slot), entries(alone.as_mut(), slot));
    }
    let second = entries(both.as_mut(), "importance-1");
    assert!(
        second.values().any(|f| *f != 0.0),
        "EWC has an importance of its own"
    );
    assert_ne!(second, entries(both.as_mut(), "importance"));

    let replays = |n: usize| -> Vec<Box<dyn MechanismSpec>> {
        let replay = ExperienceReplay {
            capacity: 20,
            ..ExperienceReplay::default()
        };
        (0..n)
            .map(|_| Box::new(replay.clone()) as Box<dyn MechanismSpec>)
            .collect()
    };
    let run = |n| {
        let mut learner = drive(&growing(replays(n), optimizer()), &toy, 2, |_, _| {});
        probe(learner.as_mut(), &toy, None)
    };
    assert_ne!(run(1), run(2));
}

/// Regularisation towards the first weights, by hand: under plain gradient descent a weight that the loss does not move returns by
/// λη of its way at every update, a newborn one to its own first value.
#[test]
fn first_weights_are_those_of_the_birth() {
    let toy = Toy::new(Scenario::DomainIncremental, 2);
    let config = growing(vec![Box::new(L2Init { strength: 0.5 })], Optimizer::sgd(0.1));
    let (mut first, mut before) = (Entries::new(), Entries::new());
    drive(&config, &toy, 2, |learner, _| {
        let now = entries(learner, "");
        for (at, value) in &now {
            if !before.contains_key(at) {
                first.insert(at.clone(), *value);
            }
        }
        let found = entries(learner, "anchor");
        for (at, anchor) in &found {
            assert_eq!(anchor.to_bits(), first[at].to_bits(), "{at:?}");
        }
        before = now;
    });
    assert!(!first.is_empty());
}

/// Dark experience replay, with a forward pass beside every row that enters the memory.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Witnessed {
    inner: DarkExperienceReplay,
}

/// The inner state, and the outputs of the update's rows by the weights before it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Witness {
    inner: <DarkExperienceReplay as Mechanism>::State,
    said: BTreeMap<u32, Vec<f32>>,
    stored: usize,
}

impl Mechanism for Witnessed {
    type State = Witness;

    fn needs(&self) -> Needs {
        self.inner.needs()
    }

    fn compose(
        &self,
        state: &mut Witness,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        self.inner.compose(&mut state.inner, cx, batch)
    }

    fn before(
        &self,
        state: &mut Witness,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<(), LearnError> {
        state.said.clear();
        for term in &update.objective.terms {
            let outputs = cx.network.forward(update.rows, update.route, &[term.layer])?;
            let rows: Vec<u32> = update.rows.iter().map(|(_, _, row)| row).collect();
            for place in term.stream_rows(rows.len()) {
                state.said.insert(rows[place], outputs[0].row(place).to_vec());
            }
        }
        Ok(())
    }

    fn updated(
        &self,
        state: &mut Witness,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<Then, LearnError> {
        let then = self.inner.updated(&mut state.inner, cx, update)?;
        let kept: Vec<_> = state.inner.remembered().collect();
        for (row, logits) in &kept[state.stored..] {
            let said = &state.said[row];
            assert_eq!(logits.len(), said.len());
            for (stored, said) in logits.iter().zip(said) {
                assert!((stored - said).abs() < 1e-5, "{stored} and {said}");
            }
        }
        state.stored = kept.len();
        Ok(then)
    }
}

dentate_continual::register!(
    mechanism,
    Witnessed,
    "test-witnessed",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// The outputs stored with a row are those of the update that it arrived with, before the weights changed; and every row is offered
/// once.
#[test]
fn remembered_logits_are_those_of_the_update() {
    let toy = Toy::new(Scenario::ClassIncremental, 3);
    let config = growing(vec![Box::<Witnessed>::default()], Optimizer::adam(0.02));
    drive(&config, &toy, 3, |_, _| {});
}

/// A mechanism that does nothing leaves every bit, wherever it stands in a list.
#[test]
fn one_that_does_nothing_leaves_every_bit() {
    let toy = Toy::new(Scenario::ClassIncremental, 2);
    let replay = || Box::<ExperienceReplay>::default() as Box<dyn MechanismSpec>;
    let blind = || Box::new(crate::setting::Blind {}) as Box<dyn MechanismSpec>;
    let run = |list| {
        let config = growing(list, Optimizer::adam(0.02));
        probe(drive(&config, &toy, 2, |_, _| {}).as_mut(), &toy, None)
    };
    let plain = run(vec![replay()]);
    assert_eq!(plain, run(vec![replay(), blind()]));
    assert_eq!(plain, run(vec![blind(), replay(), blind()]));
    assert_ne!(plain, run(Vec::new()));
}

/// A strategy's own training obeys a mechanism's factors on updates: it changes free weights, and none that a task owns.
#[test]
fn phases_move_nothing_that_is_kept_back() {
    let toy = Toy::new(Scenario::TaskIncremental, 2);
    let config = Gradient {
        mechanisms: vec![Box::<PackNet>::default()],
        strategy: Box::new(crate::setting::Dreams {}),
        ..growing(Vec::new(), Optimizer::adam(0.02))
    };
    let mut learner = learner(&config, 3);
    let mut moved = 0;
    for index in 0..2 {
        let (mut source, mut log) = (toy.source(index), MetricLog::default());
        learner.begin(&toy.info(index)).unwrap();
        let mut before = entries(learner.as_mut(), "");
        loop {
            let owners = entries(learner.as_mut(), "statistic-1");
            let progress = learner.advance(&mut source, &mut log).unwrap();
            let now = entries(learner.as_mut(), "");
            for (at, value) in &now {
                let owned = index == 1 && owners.get(at) == Some(&1.0);
                assert!(!owned || before[at].to_bits() == value.to_bits(), "{at:?} moved");
                moved += u32::from(!owned && before.get(at).is_some_and(|b| b != value));
            }
            before = now;
            if progress == Progress::Finished {
                break;
            }
        }
    }
    assert!(moved > 100, "{moved} moved");
}

/// Gradients computed by one mechanism do not affect another, whatever their order.
#[test]
fn all_of_them_go_together() {
    let toy = Toy::new(Scenario::TaskIncremental, 3);
    let common = || -> Vec<Box<dyn MechanismSpec>> {
        vec![
            Box::<DarkExperienceReplay>::default(),
            Box::<AveragedGradientEpisodicMemory>::default(),
            Box::<LearningWithoutForgetting>::default(),
            Box::<SynapticIntelligence>::default(),
            Box::<UtilityPerturbedGradientDescent>::default(),
            Box::<SpectralRegularisation>::default(),
            Box::<HareAndTortoise>::default(),
            Box::<ExperienceReplay>::default(),
            Box::<NearestMeanOfExemplars>::default(),
            Box::<ElasticWeightConsolidation>::default(),
            Box::<MemoryAwareSynapses>::default(),
            Box::<AsymmetricCrossEntropyReplay>::default(),
        ]
    };
    let writing = || -> Vec<Box<dyn MechanismSpec>> {
        vec![
            Box::<SoftShrinkAndPerturb>::default(),
            Box::<WeightClipping>::default(),
            Box::<Fire>::default(),
            Box::<AdamO>::default(),
        ]
    };
    let holding = || -> Vec<Box<dyn MechanismSpec>> { vec![Box::<PackNet>::default()] };
    let lists = [writing, holding].map(|own| common().into_iter().chain(own()).collect::<Vec<_>>());
    let turned = [writing, holding].map(|own| {
        own()
            .into_iter()
            .chain(common().into_iter().rev())
            .collect::<Vec<_>>()
    });
    for mechanisms in lists.into_iter().chain(turned) {
        drive(&growing(mechanisms, Optimizer::sgd(0.05)), &toy, 3, |_, _| {});
    }
    // What one keeps from moving another must not write.
    for writing in writing() {
        let name = writing.typetag_name().to_string();
        let refused = growing(vec![Box::<PackNet>::default(), writing], Optimizer::sgd(0.05)).validate();
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("packnet") && said.contains(&name), "{said}");
    }
}

/// Two slots of one name.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
struct Doubled {}

impl Mechanism for Doubled {
    type State = ();

    fn needs(&self) -> Needs {
        Needs::slots(&[
            (SlotKind::Statistic, "own"),
            (SlotKind::Mask, "other"),
            (SlotKind::Anchor, "own"),
        ])
    }
}

dentate_continual::register!(
    mechanism,
    Doubled,
    "test-doubled",
    summary = "A test.",
    citation = "this test",
    source = ""
);

/// A mechanism that declares a slot twice would be given the first for both.
#[test]
fn a_slot_declared_twice_is_refused() {
    let refused = growing(vec![Box::new(Doubled {})], Optimizer::sgd(0.05)).validate();
    let said = refused.unwrap_err().to_string();
    assert!(
        said.contains("`test-doubled`") && said.contains("`own`"),
        "{said}"
    );
    // Two mechanisms may have slots of one name.
    let two: Vec<Box<dyn MechanismSpec>> = vec![Box::<L2Init>::default(), Box::<L2Init>::default()];
    assert!(growing(two, Optimizer::sgd(0.05)).validate().is_ok());
}
