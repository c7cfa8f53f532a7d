//! Experience replay: rows of earlier experiences are added to every batch.
//!
//! Chaudhry, A. et al. (2019). On tiny episodic memories in continual learning. arXiv:1902.10486.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `capacity` | rows kept | 1000 |
//! | `batch` | replayed rows per update, in addition to the current ones | as many as current ones |
//! | `buffer` | policy of the replay buffer | `reservoir` |
//!
//! The buffer holds row numbers, not rows. A row is offered once, in the first pass, after the replayed rows of its update
//! have been drawn. The loss is the mean over current and replayed rows together.

use crate::buffer::BufferSpec;
use crate::mechanism::{Batch, Context, Holds, Mechanism, Needs};
use crate::rehearsal::Rehearsal;
use dentate_core::LearnError;
use dentate_core::registry::Kind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Configuration; see [the module](self).
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExperienceReplay {
    /// Rows kept.
    #[schemars(range(min = 1))]
    pub capacity: usize,
    /// Replayed rows per update; as many as current ones when absent.
    #[schemars(range(min = 1))]
    pub batch: Option<usize>,
    /// Policy of the replay buffer.
    pub buffer: Box<dyn BufferSpec>,
}

impl Default for ExperienceReplay {
    fn default() -> Self {
        Self {
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

impl Mechanism for ExperienceReplay {
    type State = Remembered;

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
        batch.join(state.rehearsal.draw(self.batch.unwrap_or(rows.len()), cx));
        let policy = self.buffer.as_ref();
        state.rehearsal.offer(rows, self.capacity, policy, cx);
        Ok(())
    }
}

crate::register!(
    mechanism,
    ExperienceReplay,
    "experience-replay",
    summary = "Adds stored rows of earlier experiences to every batch.",
    citation = "Chaudhry et al. 2019, arXiv:1902.10486",
    source = include_str!("replay.rs"),
);
