//! Dynamically expandable networks (DEN): each task retrains the part of the network that it uses, adds units if that is not
//! enough, and duplicates units that it has changed too much for earlier tasks.
//!
//! Yoon, J., Yang, E., Lee, J. & Hwang, S. J. (2018). Lifelong learning with dynamically expandable networks. *ICLR*, arXiv:1708.01547.
//! The first task trains everything, with an L1 penalty. For task t > 1, with W' the weights at its beginning:
//!
//! ```text
//! selective retraining   L + l1 |W|₁, of the new head alone, for `select_after` updates; then of the subnetwork S that is reached
//!                        from the head downwards over weights other than 0, with pull/2 ‖W − W'‖² besides
//! expansion              if L > loss_threshold: `units` new units in each hidden layer, which alone are trained, on
//!                        L + l1 |W|₁ + group Σ_g ‖w_g‖₂, one group for what comes into a new unit; those left without any are removed
//! split                  units with ‖w − w'‖₂ > drift_threshold, the most drifted first: the unit gets w' back, a copy takes w
//! timestamped inference  the answer for a task is that of the units which existed when it was over
//! ```
//!
//! Both penalties are proximal steps after each update, η being the optimizer's learning rate:
//!
//! ```text
//! w ← sign(w) max(0, |w| − η l1)            w_g ← w_g max(0, 1 − η group / ‖w_g‖)
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `select_after` | updates of an experience that train the head alone | 100 |
//! | `l1` | strength of the L1 penalty on weights | 1e-5 |
//! | `pull` | strength of the pull towards W' | 0.5 |
//! | `loss_threshold` | mean loss above which the network is expanded | 0.01 |
//! | `units` | new units in each hidden layer | 10 |
//! | `group` | strength of the group lasso on what comes into a new unit | 1e-3 |
//! | `drift_threshold` | change of incoming weights and bias above which a unit is split | 0.05 |
//! | `passes` | passes over the task's rows after expanding, and again after splitting | 1 |
//! | `samples` | rows that the loss is measured on | 512 |
//! | `max_units` | width at which a layer gets no more units | 1024 |
//!
//! **Preserves** the answers for earlier tasks where nothing that they use has changed, whatever is added: the hidden units' outputs are 0 then, so that
//! they are the same but for the order in which a backend adds. With `drift_threshold = 0` and room for all copies, every parameter that a task has used
//! keeps its bits for good, since each unit that has changed is split.
//!
//! **Costs** 2 · `passes` passes over a task's rows beyond the budget where the network is expanded and units are split, and memory for three
//! numbers per parameter.
//!
//! **Departures.** The bias is part of a unit's drift and is given back with the weights. A copy takes the place of its original in what
//! only the new task uses: its head, copies and new units; from it into older units there are weights of 0, where the authors copy the weights too, so that both
//! count. After the split only what no earlier task uses is trained. New units start without outgoing weights. All units above the threshold are
//! split, as in the paper: the authors' code sorts drifts upwards and takes the first k, which are the *least* drifted, and only where the
//! network was expanded. The two proximal steps are scaled by the learning rate, theirs are not. The default of `pull` is theirs.

mod changes;
mod passes;
mod shrinking;
mod splitting;
mod subnetwork;

use crate::mechanism::{Batch, Context, Lens, Mechanism, Needs, Pass, Sight, Then, Update, Views, Work};
use dentate_core::{
    Expr, Graph, LayerId, LearnError, Link, MAX_WIDTH, Normalisation, Parameter, Penalty, Role, Route,
    Scenario, Slot, SlotKind, StreamFacts, TaskId, UnitId, Unsuited, config, state,
};
use dentate_growth::Change;
use ndarray::Array2;
use passes::Passes;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use subnetwork::Used;

/// W': the parameters when the experience began.
const BEFORE: &str = "before";
/// 1 where W' is one of an earlier task, to which it is pulled.
const KNOWN: &str = "known";
/// 1 where updates change an entry.
const TRAINED: &str = "trained";

const NAME: &str = "dynamically-expandable-network";

config! {
    /// Configuration; see [the module](self) for the method and units.
    pub struct DynamicallyExpandableNetwork {
        /// Updates of an experience that train the head alone; of a shorter one all do.
        pub select_after: u64 = 100,
        /// Strength of the L1 penalty on weights.
        #[schemars(range(min = 0.0))]
        pub l1: f32 = 1e-5,
        /// Strength of the pull towards the weights at the beginning of the task.
        #[schemars(range(min = 0.0))]
        pub pull: f32 = 0.5,
        /// Mean loss above which the network is expanded.
        #[schemars(range(min = 0.0))]
        pub loss_threshold: f64 = 0.01,
        /// New units in each hidden layer.
        #[schemars(range(min = 0, max = 1024))]
        pub units: usize = 10,
        /// Strength of the group lasso on what comes into a new unit.
        #[schemars(range(min = 0.0))]
        pub group: f32 = 1e-3,
        /// Change of incoming weights and bias above which a unit is split.
        #[schemars(range(min = 0.0))]
        pub drift_threshold: f64 = 0.05,
        /// Passes over the task's rows after expanding, and again after splitting.
        pub passes: u64 = 1,
        /// Rows that the loss is measured on.
        #[schemars(range(min = 1))]
        pub samples: usize = 512,
        /// Width at which a layer gets no more units.
        #[schemars(range(min = 1, max = MAX_WIDTH))]
        pub max_units: usize = 1024,
    }
}

/// The point that the current task has reached.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
enum TaskPhase {
    /// Everything is trained: the first task.
    #[default]
    Everything,
    /// The new head is trained.
    Head,
    /// The subnetwork is trained.
    Subnetwork,
    /// Units have been added, the first with this id.
    Expanded(UnitId),
    /// They are trained.
    Expanding(UnitId, Passes),
    /// It is decided which units are split.
    Drifted,
    /// Units have been split.
    Split,
    /// Training of everything that no earlier task uses.
    Settling(Passes),
    /// The task is over.
    Over,
}

state! {
    /// State of the method.
    pub struct Expandable {
        /// The last experience with each task.
        stamps: BTreeMap<TaskId, u32>,
        stage: TaskPhase,
        /// Updates of the current experience.
        updates: u64,
    }
}

/// The parameters and W'.
struct Both {
    now: BTreeMap<Parameter, Array2<f32>>,
    before: BTreeMap<Parameter, Array2<f32>>,
}

impl Both {
    fn of(cx: &mut Context<'_>) -> Result<Self, LearnError> {
        let before = cx.slot(BEFORE)?;
        let mut held = cx.network.snapshot();
        let mut take = |slot| held.slots.remove(&slot).unwrap_or_default();
        Ok(Self {
            now: take(Slot::WEIGHT),
            before: take(before),
        })
    }
}

/// The heads of the experience's tasks.
fn own_heads(cx: &Context<'_>) -> Vec<LayerId> {
    let tasks: Vec<TaskId> = cx.experience().tasks.iter().map(|task| task.id).collect();
    let heads = cx.network.graph().heads();
    heads
        .filter(|(_, head)| head.task.is_some_and(|task| tasks.contains(&task)))
        .map(|(layer, _)| layer.id)
        .collect()
}

/// Refuses a network that units cannot be hidden from, or of which they cannot be split.
fn supported(graph: &Graph) -> Result<(), Unsuited> {
    let refuse = |reason: String| Err(Unsuited::new("name", NAME, reason));
    if graph.hidden().next().is_none() {
        return refuse(
            "the network has no hidden layer to expand: add one, for example `hidden = [16]`".into(),
        );
    }
    for layer in graph.hidden() {
        if layer.normalisation != Normalisation::None {
            return refuse(format!(
                "`{}` is normalised, and units that are hidden from earlier tasks would still change what they are normalised by: set \
                 `normalisation = \"none\"`",
                layer.name
            ));
        }
        let convolves = graph.into_layer(layer.id).any(|c| c.link != Link::Dense);
        if convolves || layer.grid.positions() > 1 {
            return refuse(format!(
                "`{}` is a convolution, and it splits units of plain layers only: leave `conv` out",
                layer.name
            ));
        }
    }
    Ok(())
}

impl DynamicallyExpandableNetwork {
    /// Marks what is trained.
    fn train(&self, cx: &mut Context<'_>, used: &Used) -> Result<(), LearnError> {
        let trained = cx.slot(TRAINED)?;
        cx.network.map(trained, &Expr::constant(0.0))?;
        let mut held = cx.network.snapshot();
        for (parameter, values) in held.slots.get_mut(&trained).into_iter().flatten() {
            used.mark(cx.network.graph(), *parameter, values);
        }
        Ok(cx.network.restore(&held)?)
    }

    /// Trains the subnetwork that the head has turned out to use.
    fn select(&self, state: &mut Expandable, cx: &mut Context<'_>) -> Result<(), LearnError> {
        let weights = Both::of(cx)?.now;
        let used = Used::below(cx.network.graph(), &weights, &own_heads(cx));
        state.stage = TaskPhase::Subnetwork;
        self.train(cx, &used)
    }

    /// The penalty that pulls towards W', from the second task on.
    fn pulling(&self, cx: &Context<'_>) -> Result<Option<Penalty>, LearnError> {
        let (known, before) = (cx.slot(KNOWN)?, cx.slot(BEFORE)?);
        let pulls = self.pull > 0.0 && cx.network.has(known);
        Ok(pulls.then_some(Penalty {
            importance: Some(known),
            anchor: Some(before),
            strength: self.pull,
        }))
    }

    /// Runs one update of passes of its own, or returns false after the last.
    fn advance(&self, passes: &mut Passes, group: f32, cx: &mut Context<'_>) -> Result<bool, LearnError> {
        if passes.are_over(self.passes) {
            return Ok(false);
        }
        let (rows, mut objective) = cx.objective(&passes.next_batch())?;
        objective.keep = Some(cx.slot(TRAINED)?);
        objective.penalties.extend(self.pulling(cx)?);
        let optimizer = cx.optimizer();
        cx.network.step(&rows, &Route::default(), &objective, optimizer)?;
        self.shrink(group, cx)?;
        Ok(true)
    }

    /// The proximal steps after an update.
    fn shrink(&self, group: f32, cx: &mut Context<'_>) -> Result<(), LearnError> {
        let rate = shrinking::rate(cx.optimizer());
        let shrunk = shrinking::shrunk(cx.slot(TRAINED)?, rate * self.l1, rate * group);
        Ok(cx.network.map(Slot::WEIGHT, &shrunk)?)
    }
}

impl Mechanism for DynamicallyExpandableNetwork {
    type State = Expandable;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        if stream.scenario != Scenario::TaskIncremental {
            let reason = "it predicts with the units that existed when the given task was learned, so the stream has to provide the task: \
                          use a task-incremental stream";
            return Err(Unsuited::new("name", NAME, reason));
        }
        if stream.once() {
            let reason = "it measures the loss on rows of a task that is over and trains on them again, and this stream is single-pass: use \
                          `progressive-columns`, which goes through them once";
            return Err(Unsuited::new("name", NAME, reason));
        }
        Ok(())
    }

    fn suits_network(&self, graph: &Graph) -> Result<(), Unsuited> {
        supported(graph)
    }

    fn needs(&self) -> Needs {
        Needs {
            views: Views {
                gates: true,
                keep: true,
                ..Views::default()
            },
            changes: vec![Change::Widen, Change::Split, Change::Prune, Change::Adjust],
            // Changes that alter units of earlier tasks, or put hidden ones in front of them.
            forbids: vec![
                Change::Split,
                Change::Deepen,
                Change::Prune,
                Change::Replace,
                Change::Adjust,
            ],
            ..Needs::slots(&[
                (SlotKind::Anchor, BEFORE),
                (SlotKind::Importance, KNOWN),
                (SlotKind::Mask, TRAINED),
            ])
        }
    }

    fn begin(&self, state: &mut Expandable, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        if cx.experience().scenario != Scenario::TaskIncremental {
            let sentence = format!("`{NAME}` has to be told the task: it is for task-incremental streams");
            return Err(LearnError::Unsuited(sentence));
        }
        supported(cx.network.graph()).map_err(|error| LearnError::Unsuited(error.to_string()))?;
        let first = state.stamps.is_empty();
        let now = cx.network.clock().experience;
        let before = cx.slot(BEFORE)?;
        cx.network.map(before, &Slot::WEIGHT.into())?;
        state.updates = 0;
        if first {
            state.stage = TaskPhase::Everything;
            cx.network.map(cx.slot(TRAINED)?, &Expr::constant(1.0))?;
        } else {
            state.stage = TaskPhase::Head;
            let heads = Used::heads(cx.network.graph(), &own_heads(cx));
            self.train(cx, &heads)?;
            // The head of a task that is met for the first time has no earlier weights.
            let met = cx
                .experience()
                .tasks
                .iter()
                .any(|task| state.stamps.contains_key(&task.id));
            let known = Expr::slot(cx.slot(TRAINED)?).select(if met { 1.0 } else { 0.0 }, 1.0);
            cx.network.map(cx.slot(KNOWN)?, &known)?;
        }
        let tasks = cx.experience().tasks.iter();
        state.stamps.extend(tasks.map(|task| (task.id, now)));
        Ok(Work::Done)
    }

    fn view(&self, state: &Expandable, cx: &mut Context<'_>, sight: Sight) -> Result<Lens, LearnError> {
        let mut lens = Lens::default();
        match sight.pass {
            Pass::Train | Pass::Phase => {
                let trained = cx.slot(TRAINED)?;
                lens.keep = cx.network.has(trained).then_some(trained);
            }
            Pass::Predict => {
                if let Some(stamp) = sight.task.and_then(|task| state.stamps.get(&task)) {
                    lens.gates = gates(cx.network.graph(), *stamp);
                }
            }
            Pass::Measure => {}
        }
        Ok(lens)
    }

    fn compose(
        &self,
        _: &mut Expandable,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        if let Some(penalty) = self.pulling(cx)? {
            batch.hold(penalty);
        }
        Ok(())
    }

    fn updated(
        &self,
        state: &mut Expandable,
        cx: &mut Context<'_>,
        _: &Update<'_>,
    ) -> Result<Then, LearnError> {
        state.updates += 1;
        self.shrink(0.0, cx)?;
        if matches!(state.stage, TaskPhase::Head) && state.updates >= self.select_after {
            self.select(state, cx)?;
        }
        Ok(Then::On)
    }

    fn end(&self, state: &mut Expandable, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        match std::mem::take(&mut state.stage) {
            TaskPhase::Everything | TaskPhase::Over => return Ok(Work::Done),
            TaskPhase::Head => self.select(state, cx)?,
            TaskPhase::Subnetwork => return self.expand(state, cx),
            TaskPhase::Expanded(first) => {
                let new = |layer: &dentate_core::Layer, unit: usize| layer.units[unit].id >= first;
                let used = Used::touching(cx.network.graph(), &own_heads(cx), false, &new);
                self.train(cx, &used)?;
                state.stage = TaskPhase::Expanding(first, Passes::over(cx)?);
            }
            TaskPhase::Expanding(first, mut passes) => {
                if !self.advance(&mut passes, self.group, cx)? {
                    return self.remove(first, state, cx);
                }
                state.stage = TaskPhase::Expanding(first, passes);
            }
            TaskPhase::Drifted => return self.split(state, cx),
            TaskPhase::Split => {
                let now = cx.network.clock().experience;
                let new = |layer: &dentate_core::Layer, unit: usize| layer.units[unit].born.experience >= now;
                let used = Used::touching(cx.network.graph(), &own_heads(cx), true, &new);
                self.train(cx, &used)?;
                state.stage = TaskPhase::Settling(Passes::over(cx)?);
            }
            TaskPhase::Settling(mut passes) => {
                state.stage = if self.advance(&mut passes, 0.0, cx)? {
                    TaskPhase::Settling(passes)
                } else {
                    TaskPhase::Over
                };
            }
        }
        Ok(Work::Again)
    }
}

/// 0 for the hidden units that were born after this experience, in layers that have any.
fn gates(graph: &Graph, stamp: u32) -> BTreeMap<LayerId, Vec<f32>> {
    let hidden = graph.layers().filter(|layer| layer.role == Role::Hidden);
    let gate = |born: u32| if born > stamp { 0.0 } else { 1.0 };
    hidden
        .map(|layer| {
            (
                layer.id,
                layer
                    .units
                    .iter()
                    .map(|unit| gate(unit.born.experience))
                    .collect(),
            )
        })
        .filter(|(_, gates): &(_, Vec<f32>)| gates.contains(&0.0))
        .collect()
}

crate::register!(
    mechanism,
    DynamicallyExpandableNetwork,
    "dynamically-expandable-network",
    summary = "Retrains what a task uses, adds units if that is not enough, and duplicates units that drift from earlier tasks (DEN).",
    citation = "Yoon et al. 2018, arXiv:1708.01547",
    source = include_str!("dynamically_expandable_network.rs"),
);

#[cfg(test)]
mod tests;
