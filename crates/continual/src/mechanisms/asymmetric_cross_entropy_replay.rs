//! Experience replay with asymmetric cross-entropy (ER-ACE): rows of the stream compete only among the classes that arrive,
//! replayed rows among all classes, so that classes learned earlier are not pushed away when others arrive.
//!
//! Caccia, L. et al. (2022). New insights on reducing abrupt representation change in online continual learning. *ICLR*,
//! arXiv:2104.05025. On rows of the stream and rows drawn from a replay buffer the objective is
//!
//! ```text
//! mean over the stream's rows   −log ( exp z_y / Σ_{c ∈ C} exp z_c )
//! + mean over replayed rows     −log ( exp z_y / Σ_c exp z_c ),
//! ```
//!
//! where z are the logits, y a row's class, C the classes that arrive, and the second sum is over all classes so far. Outputs
//! outside C have no gradient from rows of the stream.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `classes` | C: those in the stream's rows of the update (`batch`), or those of the current experience (`experience`) | `batch` |
//! | `capacity` | rows kept | 1000 |
//! | `batch` | replayed rows per update, in addition to the current ones | as many as current ones |
//! | `buffer` | policy of the replay buffer | `reservoir` |
//!
//! It is for class-incremental streams: elsewhere all classes of a head arrive together, and nothing would set it apart from
//! `experience-replay`. With `classes = "batch"` an update whose rows have one class learns nothing from them; that is every
//! update where the learner's `batch` is 1.
//!
//! **Preserves** nothing exactly. Classes are meant, and not columns: C follows a head whose units move. Whether a row of
//! the stream is classified correctly is counted over all classes, as for every method.
//!
//! **Departures.** A row is offered to the buffer once, in the first pass, after the replayed rows of its update have been
//! drawn. The authors' code, whose head has all classes from the start, leaves those not seen yet in the softmax; here a head
//! has no such outputs. Other implementations begin to mask and to replay with the second task; the formulas hold from the first
//! update on, and so does this. A row joined to the stream's by another mechanism is learned over all classes.

use crate::buffer::BufferSpec;
use crate::mechanism::{Batch, Context, Holds, Mechanism, Needs};
use crate::rehearsal::Rehearsal;
use dentate_core::registry::Kind;
use dentate_core::{LearnError, Scenario, StreamFacts, TargetKind, Unsuited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The classes that rows of the stream compete among.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Arriving {
    /// Those of the stream's rows in the update.
    #[default]
    Batch,
    /// Those of the current experience.
    Experience,
}

/// Configuration; see [the module](self) for the equation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AsymmetricCrossEntropyReplay {
    /// C: the classes that rows of the stream compete among.
    pub classes: Arriving,
    /// Rows kept.
    #[schemars(range(min = 1))]
    pub capacity: usize,
    /// Replayed rows per update; as many as current ones when absent.
    #[schemars(range(min = 1))]
    pub batch: Option<usize>,
    /// Policy of the replay buffer.
    pub buffer: Box<dyn BufferSpec>,
}

impl Default for AsymmetricCrossEntropyReplay {
    fn default() -> Self {
        Self {
            classes: Arriving::Batch,
            capacity: 1000,
            batch: None,
            buffer: Box::default(),
        }
    }
}

/// The replay buffer and its random state.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Remembered {
    rehearsal: Rehearsal,
}

impl AsymmetricCrossEntropyReplay {
    /// C; empty if targets are values.
    fn arriving(&self, cx: &Context<'_>, batch: &Batch<'_>) -> BTreeSet<u32> {
        let data = cx.network.data();
        let label = |(id, _, row)| data.get(&id)?.label(row);
        let mut classes: BTreeSet<u32> = batch.rows().iter().filter_map(label).collect();
        if self.classes == Arriving::Experience {
            classes.extend(cx.experience().tasks.iter().flat_map(|task| &task.classes));
        }
        classes
    }
}

impl Mechanism for AsymmetricCrossEntropyReplay {
    type State = Remembered;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        let reason = if stream.target != TargetKind::Classes {
            "it distinguishes new classes from old ones, and this stream's targets are values: use `experience-replay`"
        } else if stream.scenario == Scenario::TaskIncremental {
            "each task of this stream has a head of its own, in which no class of another task competes, so it would be \
             `experience-replay`: use that, or a class-incremental stream"
        } else if stream.scenario == Scenario::ClassIncremental {
            return Ok(());
        } else {
            "the classes of this stream are the same in all experiences, so there are no other classes to exclude: use \
             `experience-replay`, or a class-incremental stream"
        };
        Err(Unsuited::new("name", "er-ace", reason))
    }

    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn holds(&self, state: &Remembered) -> Holds {
        state.rehearsal.holds()
    }

    fn parts(&self) -> Vec<(Kind, String)> {
        vec![(Kind::Buffer, self.buffer.typetag_name().to_string())]
    }

    fn compose(
        &self,
        state: &mut Remembered,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        let rows = batch.rows();
        batch.restrict(self.arriving(cx, batch));
        batch.learn(state.rehearsal.draw(self.batch.unwrap_or(rows.len()), cx), 1.0);
        let policy = self.buffer.as_ref();
        state.rehearsal.offer(rows, self.capacity, policy, cx);
        Ok(())
    }
}

crate::register!(
    mechanism,
    AsymmetricCrossEntropyReplay,
    "er-ace",
    summary = "Replays earlier rows, and restricts the softmax of new ones to the classes that arrive.",
    citation = "Caccia et al. 2022, arXiv:2104.05025",
    source = include_str!("asymmetric_cross_entropy_replay.rs"),
);
