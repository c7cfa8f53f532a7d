//! GDumb: the network learns from a balanced memory alone, from scratch at the end of every experience. A control for methods
//! that learn from the stream.
//!
//! Prabhu, A., Torr, P. H. S., Dokania, P. K. (2020). GDumb: a simple approach that questions our progress in continual
//! learning. *ECCV*. The stream's rows are offered to the memory and move no weight. When an experience is over,
//!
//! ```text
//! θ ← fresh,    then `epochs` passes over the memory on  mean L(x, y)  in batches of `batch`.
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `capacity` | rows kept | 1000 |
//! | `epochs` | passes over the memory after each experience | 30 |
//! | `batch` | rows of an update in these | 16 |
//! | `buffer` | policy of the memory | `greedy-balanced`, the paper's |
//!
//! **Costs** `epochs` passes over the memory for each experience. Updates on the stream are composed and computed, and what
//! they would write is multiplied by 0: a run's multiply-adds include them, and `budget = { epochs = 1 }` is enough.
//!
//! **Preserves** nothing, on purpose. The network is what a strategy has made of it by the end of an experience: growth stays,
//! what was learned does not. Fresh are weights, drawn by the learner's `init`, biases 0, whatever `bias_init` says, and
//! gains, scales and shifts their first values; the optimizer starts anew. Frozen parameters keep every bit, so with a strategy that freezes only
//! the rest starts from scratch. A strategy's own phases train as they do without a mechanism, and their weights go with the others.
//!
//! **Departures.** The paper trains with SGD, cosine cycles of the learning rate (0.05 to 0.0005), early stopping and, but for
//! MNIST, CutMix; here it is the learner's optimizer at its learning rate, for a fixed number of passes. Running statistics of
//! batch norm go on from where they were. At prediction the paper masks classes that cannot be meant; here a task's head does, where there is one.

use super::fresh;
use crate::alone;
use crate::buffer::{BufferSpec, GreedyBalanced};
use crate::mechanism::{Batch, Context, Holds, Lens, Mechanism, Needs, Pass, Sight, Views, Work};
use crate::rehearsal::Rehearsal;
use dentate_core::registry::Kind;
use dentate_core::{
    Expr, Graph, Init, LearnError, Parameter, Route, Scenario, Seed, Slot, SlotKind, StreamFacts, TargetKind,
    Unsuited,
};
use ndarray::Array2;
use rand::seq::SliceRandom;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 0 for every entry: nothing that an update on the stream writes is kept.
const NOTHING: &str = "nothing";
/// The weights to begin with.
const FRESH: &str = "fresh";

/// Configuration; see [the module](self).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct GDumb {
    /// Rows kept.
    #[schemars(range(min = 1))]
    pub capacity: usize,
    /// Passes over the memory after each experience.
    #[schemars(range(min = 1))]
    pub epochs: u64,
    /// Rows of an update in these passes.
    #[schemars(range(min = 1))]
    pub batch: usize,
    /// Policy of the memory.
    pub buffer: Box<dyn BufferSpec>,
}

impl Default for GDumb {
    fn default() -> Self {
        Self {
            capacity: 1000,
            epochs: 30,
            batch: 16,
            buffer: Box::new(GreedyBalanced {}),
        }
    }
}

/// The memory, and training from it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Collected {
    rehearsal: Rehearsal,
    training: Option<Training>,
}

/// Passes over the memory, in progress.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Training {
    /// Positions in the memory, in the order of this pass.
    order: Vec<usize>,
    next: usize,
    pass: u64,
}

impl Collected {
    /// Indices of the rows in the memory.
    pub fn collected(&self) -> impl Iterator<Item = u32> {
        self.rehearsal.memory().stored().iter().map(|kept| kept.row)
    }
}

/// The values that a block of parameters begins with; `None` for running statistics.
fn beginning(
    graph: &Graph,
    parameter: Parameter,
    shape: (usize, usize),
    init: Init,
    seed: Seed,
) -> Option<Array2<f32>> {
    match parameter {
        Parameter::Weight(id) => {
            fresh::weights(graph, graph.connection(id)?, init, seed).map(|(_, fresh)| fresh)
        }
        Parameter::Gain(id) => Some(Array2::from_elem(shape, graph.connection(id)?.gain_start)),
        Parameter::Bias(_) | Parameter::Shift(_) => Some(Array2::zeros(shape)),
        Parameter::Scale(_) => Some(Array2::ones(shape)),
        Parameter::Mean(_) | Parameter::Variance(_) => None,
    }
}

impl GDumb {
    /// Forgets everything that was learned.
    fn start_afresh(&self, cx: &mut Context<'_>) -> Result<(), LearnError> {
        let (into, init) = (cx.slot(FRESH)?, cx.init());
        let seed = cx.seed(&format!("fresh/{}", cx.network.clock().step));
        cx.network.map(into, &Slot::WEIGHT.into())?;
        let mut held = cx.network.snapshot();
        for (&parameter, values) in held.slots.get_mut(&into).into_iter().flatten() {
            let graph = cx.network.graph();
            if let Some(fresh) = beginning(graph, parameter, values.dim(), init, seed) {
                *values = fresh;
            }
        }
        cx.network.restore(&held)?;
        cx.network.map(Slot::WEIGHT, &into.into())?;
        cx.network.reset_optimizer();
        Ok(())
    }

    /// Runs one update on the next rows of the memory.
    fn learn(
        &self,
        state: &Collected,
        training: &mut Training,
        cx: &mut Context<'_>,
    ) -> Result<(), LearnError> {
        if training.next == 0 {
            let seed = cx.seed(&format!("order/{}", cx.network.clock().step));
            training.order = (0..state.rehearsal.memory().stored().len()).collect();
            training.order.shuffle(&mut seed.random());
        }
        // A single row that would be left over joins, where batch norm could not take it alone.
        let left = training.order.len() - training.next.min(training.order.len());
        let batch = alone::batch(cx.network.graph(), self.batch, Some(left));
        let places: Vec<usize> = training
            .order
            .iter()
            .skip(training.next)
            .take(batch)
            .copied()
            .collect();
        training.next += places.len();
        if training.next >= training.order.len() {
            (training.next, training.pass) = (0, training.pass + 1);
        }
        let (rows, objective) = cx.objective(&state.rehearsal.memory().rows(&places))?;
        alone::refuse(cx.network.graph(), rows.len(), &objective)?;
        let optimizer = cx.optimizer();
        Ok(cx.network.step(&rows, &Route::default(), &objective, optimizer)?)
    }
}

impl Mechanism for GDumb {
    type State = Collected;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        if self.buffer.typetag_name() != "greedy-balanced" {
            return Ok(());
        }
        let reason = if stream.target != TargetKind::Classes {
            "it balances classes, and this stream's targets are values, so that the first rows would stay forever: set \
             `buffer = { name = \"reservoir\" }`"
        } else if stream.scenario == Scenario::DomainIncremental && stream.experiences.len() > 1 {
            "once each class has its share it takes no more rows, and all experiences of this stream have the same classes, so that \
             rows of the first would stay forever: set `buffer = { name = \"class-balanced\" }`"
        } else {
            return Ok(());
        };
        Err(Unsuited::new("buffer.name", "greedy-balanced", reason))
    }

    fn needs(&self) -> Needs {
        Needs {
            views: Views {
                keep: true,
                ..Views::default()
            },
            ..Needs::slots(&[(SlotKind::Statistic, NOTHING), (SlotKind::Anchor, FRESH)])
        }
    }

    fn holds(&self, state: &Collected) -> Holds {
        state.rehearsal.holds()
    }

    fn parts(&self) -> Vec<(Kind, String)> {
        vec![(Kind::Buffer, self.buffer.typetag_name().to_string())]
    }

    fn begin(&self, _: &mut Collected, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        // A statistic of what is born is 0.
        cx.network.map(cx.slot(NOTHING)?, &Expr::constant(0.0))?;
        Ok(Work::Done)
    }

    fn view(&self, _: &Collected, cx: &mut Context<'_>, sight: Sight) -> Result<Lens, LearnError> {
        let mut lens = Lens::default();
        if sight.pass == Pass::Train {
            lens.keep = Some(cx.slot(NOTHING)?);
        }
        Ok(lens)
    }

    fn compose(
        &self,
        state: &mut Collected,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        let policy = self.buffer.as_ref();
        state.rehearsal.offer(batch.rows(), self.capacity, policy, cx);
        Ok(())
    }

    fn end(&self, state: &mut Collected, cx: &mut Context<'_>) -> Result<Work, LearnError> {
        if state.rehearsal.memory().stored().is_empty() {
            return Ok(Work::Done);
        }
        let mut training = match state.training.take() {
            Some(training) => training,
            None => {
                self.start_afresh(cx)?;
                Training::default()
            }
        };
        if training.pass >= self.epochs {
            return Ok(Work::Done);
        }
        self.learn(state, &mut training, cx)?;
        state.training = Some(training);
        Ok(Work::Again)
    }
}

crate::register!(
    mechanism,
    GDumb,
    "gdumb",
    summary = "Trains from scratch on a balanced memory alone after every experience.",
    citation = "Prabhu, Torr & Dokania 2020, ECCV",
    source = include_str!("gdumb.rs"),
);

#[cfg(test)]
mod tests;
