//! Averaged gradient episodic memory (A-GEM): an update may not raise the loss on replayed rows.
//!
//! Chaudhry, A. et al. (2019). Efficient lifelong learning with A-GEM. *ICLR*, arXiv:1812.00420. With g the update's
//! gradient and r that of the mean loss on rows drawn from a replay buffer of earlier experiences,
//!
//! ```text
//! g ← g − (gᵀr / rᵀr) r    where gᵀr < 0.
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `capacity` | rows kept | 1000 |
//! | `batch` | replayed rows per update | as many as current ones |
//! | `buffer` | policy of the replay buffer | `reservoir` |
//!
//! **Costs** a gradient on the replayed rows for each update, which a run's multiply-adds include.
//!
//! **Preserves** `gᵀr ≥ 0` to rounding. With plain gradient descent that is the first-order change of the loss on those
//! rows; other optimizers take a step in another direction than g.
//!
//! **Departures.** Rows enter the buffer during training, and are drawn from the second experience on; the paper fills its
//! buffer at the end of an experience. With penalties, g is the gradient of the whole objective.

use crate::buffer::BufferSpec;
use crate::mechanism::{Batch, Context, Holds, Mechanism, Needs};
use crate::rehearsal::Rehearsal;
use dentate_core::registry::Kind;
use dentate_core::{Expr, LearnError, Purpose, Route, Rows, Slot, SlotKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// r.
const REFERENCE: &str = "reference";

/// Configuration; see [the module](self) for the equation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AveragedGradientEpisodicMemory {
    /// Rows kept.
    #[schemars(range(min = 1))]
    pub capacity: usize,
    /// Replayed rows per update; as many as current ones when absent.
    #[schemars(range(min = 1))]
    pub batch: Option<usize>,
    /// Policy of the replay buffer.
    pub buffer: Box<dyn BufferSpec>,
}

impl Default for AveragedGradientEpisodicMemory {
    fn default() -> Self {
        Self {
            capacity: 1000,
            batch: None,
            buffer: Box::default(),
        }
    }
}

/// The replay buffer, and the rows that constrain the current update.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Episodes {
    rehearsal: Rehearsal,
    held: Rows,
}

impl Episodes {
    /// The rows that constrain the current update; none while nothing is remembered of an earlier experience.
    pub fn held(&self) -> &Rows {
        &self.held
    }
}

impl Mechanism for AveragedGradientEpisodicMemory {
    type State = Episodes;

    fn needs(&self) -> Needs {
        Needs {
            gradient: true,
            ..Needs::slots(&[(SlotKind::Statistic, REFERENCE)])
        }
    }

    fn holds(&self, state: &Episodes) -> Holds {
        state.rehearsal.holds()
    }

    fn parts(&self) -> Vec<(Kind, String)> {
        vec![(Kind::Buffer, self.buffer.typetag_name().to_string())]
    }

    fn compose(
        &self,
        state: &mut Episodes,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        let rows = batch.rows();
        state.held = Rows::default();
        if cx.experience().index > 0 {
            state.held = state.rehearsal.draw(self.batch.unwrap_or(rows.len()), cx);
        }
        let policy = self.buffer.as_ref();
        state.rehearsal.offer(rows, self.capacity, policy, cx);
        Ok(())
    }

    fn gradient(&self, state: &mut Episodes, cx: &mut Context<'_>, gradient: Slot) -> Result<(), LearnError> {
        if state.held.is_empty() {
            return Ok(());
        }
        let reference = cx.slot(REFERENCE)?;
        let (rows, objective) = cx.objective(&state.held)?;
        let purpose = Purpose::ReadOnly;
        cx.network
            .gradient(&rows, &Route::default(), &objective, reference, purpose)?;
        let along = cx.network.dot(gradient, reference)?;
        let square = cx.network.dot(reference, reference)?;
        if along < 0.0 && square > 0.0 {
            let projected = Expr::slot(gradient) - (along / square) as f32 * Expr::slot(reference);
            cx.network.map(gradient, &projected)?;
        }
        Ok(())
    }
}

crate::register!(
    mechanism,
    AveragedGradientEpisodicMemory,
    "a-gem",
    summary = "Projects the gradient so that, to first order, it does not raise the loss on stored rows.",
    citation = "Chaudhry et al. 2019, arXiv:1812.00420",
    source = include_str!("averaged_gradient_episodic_memory.rs"),
);
