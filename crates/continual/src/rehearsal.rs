//! A memory of rows that are seen again: the buffer, the random state that it is drawn from, and when a row is offered.

use crate::buffer::{BufferSpec, Memory};
use crate::mechanism::{Context, Holds};
use dentate_core::{Random, Rows};
use serde::{Deserialize, Serialize};

/// A memory of rows of the stream with its random state, from the seed `rows` of its mechanism.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Rehearsal {
    memory: Memory<()>,
    random: Option<Random>,
}

impl Rehearsal {
    /// The buffer.
    pub(crate) fn memory(&self) -> &Memory<()> {
        &self.memory
    }

    /// So many rows, drawn with replacement; none if nothing is kept.
    pub(crate) fn draw(&mut self, n: usize, cx: &Context<'_>) -> Rows {
        let random = self.random.get_or_insert_with(|| cx.seed("rows").random());
        let places = self.memory.draw(n, random);
        self.memory.rows(&places)
    }

    /// Offers rows of the stream, each once: in the first pass over its experience. Returns whether it is that pass.
    pub(crate) fn offer(
        &mut self,
        rows: &Rows,
        capacity: usize,
        policy: &dyn BufferSpec,
        cx: &Context<'_>,
    ) -> bool {
        let first = cx.pass() == 0;
        if first {
            let random = self.random.get_or_insert_with(|| cx.seed("rows").random());
            let data = cx.network.data();
            self.memory.offer_rows(rows, data, capacity, policy, random);
        }
        first
    }

    /// The memory that it takes.
    pub(crate) fn holds(&self) -> Holds {
        Holds::of(&self.memory, |()| 0)
    }
}
