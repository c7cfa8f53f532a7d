//! Dark experience replay (DER, DER++): outputs on replayed rows are pulled towards those at the time they were stored.
//!
//! Buzzega, P. et al. (2020). Dark experience for general continual learning: a strong, simple baseline. *NeurIPS*,
//! arXiv:2004.07211. On rows x of the stream, with rows x' and x'' drawn from the buffer independently of each other, the
//! objective is
//!
//! ```text
//! L(x, y) + α · mean (z − h(x'))² + β · L(x'', y''),
//! ```
//!
//! where z are the logits of a row in the update it arrived with, h the current logits, L the cross-entropy. β = 0 is DER,
//! β > 0 DER++.
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `alpha` | α: weight of the stored logits | 0.3 |
//! | `beta` | β: weight of the stored labels | 0.5 |
//! | `capacity` | rows kept | 1000 |
//! | `batch` | rows of each draw | as many as current ones |
//! | `buffer` | policy of the replay buffer | `reservoir` |
//!
//! **Preserves** nothing exactly. Logits are stored by unit: outputs of classes added later are not constrained on earlier
//! rows, and those of removed units are dropped.
//!
//! **Departures.** The mean is over the logits that a row was stored with, as in the authors' code. Rows enter in the first
//! pass over an experience; in the authors' code they enter in every one. Rows are drawn with replacement; in the authors' code
//! without, so that a draw has no row twice. Heads over real values are treated likewise.

use crate::buffer::{BufferSpec, Memory, StoredRow};
use crate::mechanism::{Batch, Context, Holds, Mechanism, Needs, Outputs, Then, Update};
use dentate_core::registry::Kind;
use dentate_core::{LayerId, LearnError, Loss, Random, Rows, UnitId};
use ndarray::Array2;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Configuration; see [the module](self) for the equation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DarkExperienceReplay {
    /// α: weight of the stored logits.
    #[schemars(range(min = 0.0))]
    pub alpha: f32,
    /// β: weight of the stored labels.
    #[schemars(range(min = 0.0))]
    pub beta: f32,
    /// Rows kept.
    #[schemars(range(min = 1))]
    pub capacity: usize,
    /// Rows of each draw; as many as current ones when absent.
    #[schemars(range(min = 1))]
    pub batch: Option<usize>,
    /// Policy of the replay buffer.
    pub buffer: Box<dyn BufferSpec>,
}

impl Default for DarkExperienceReplay {
    fn default() -> Self {
        Self {
            alpha: 0.3,
            beta: 0.5,
            capacity: 1000,
            batch: None,
            buffer: Box::default(),
        }
    }
}

/// Logits that a row was stored with, and the index of the list of units they belong to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct StoredOutputs {
    layout: usize,
    logits: Vec<f32>,
}

/// The replay buffer, with the stored logits.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Dark {
    memory: Memory<StoredOutputs>,
    /// Heads with the units they had when a row was stored.
    layouts: Vec<(LayerId, Vec<UnitId>)>,
    random: Option<Random>,
}

impl Dark {
    /// Indices of the stored rows, each with its target logits.
    pub fn remembered(&self) -> impl Iterator<Item = (u32, &[f32])> {
        let kept = self.memory.stored().iter();
        kept.map(|kept| (kept.row, &kept.payload.logits[..]))
    }

    /// Rows of a draw, grouped by the units of their logits.
    fn said(&self, places: &[usize]) -> Vec<(Rows, Outputs)> {
        let mut by_layout: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &place in places {
            by_layout
                .entry(self.memory.stored()[place].payload.layout)
                .or_default()
                .push(place);
        }
        let outputs = |(layout, places): (usize, Vec<usize>)| {
            let (layer, units) = &self.layouts[layout];
            let logits = places
                .iter()
                .map(|&place| &self.memory.stored()[place].payload.logits);
            let logits: Vec<f32> = logits.flatten().copied().collect();
            let values = Array2::from_shape_vec((places.len(), units.len()), logits).ok()?;
            let outputs = Outputs {
                layer: *layer,
                units: units.clone(),
                values,
            };
            Some((self.memory.rows(&places), outputs))
        };
        by_layout.into_iter().filter_map(outputs).collect()
    }

    /// The index of a list of units.
    fn layout(&mut self, layer: LayerId, units: Vec<UnitId>) -> usize {
        let wanted = (layer, units);
        match self.layouts.iter().position(|known| *known == wanted) {
            Some(place) => place,
            None => {
                self.layouts.push(wanted);
                self.layouts.len() - 1
            }
        }
    }
}

impl Mechanism for DarkExperienceReplay {
    type State = Dark;

    fn needs(&self) -> Needs {
        Needs {
            outputs: true,
            ..Needs::default()
        }
    }

    fn holds(&self, state: &Dark) -> Holds {
        Holds::of(&state.memory, |said| said.logits.len())
    }

    fn parts(&self) -> Vec<(Kind, String)> {
        vec![(Kind::Buffer, self.buffer.typetag_name().to_string())]
    }

    fn compose(
        &self,
        state: &mut Dark,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        let n = self.batch.unwrap_or(batch.rows().len());
        let random = state.random.get_or_insert_with(|| cx.seed("rows").random());
        let [dark, plain] = [(); 2].map(|()| state.memory.draw(n, random));
        if self.alpha > 0.0 {
            for (rows, outputs) in state.said(&dark) {
                let share = rows.len() as f32 / dark.len() as f32;
                batch.imitate(rows, outputs, Loss::MeanSquared, self.alpha * share);
            }
        }
        if self.beta > 0.0 {
            batch.learn(state.memory.rows(&plain), self.beta);
        }
        Ok(())
    }

    fn updated(
        &self,
        state: &mut Dark,
        cx: &mut Context<'_>,
        update: &Update<'_>,
    ) -> Result<Then, LearnError> {
        if cx.pass() > 0 {
            return Ok(Then::On);
        }
        let rows: Vec<_> = update.rows.iter().collect();
        for term in &update.objective.terms {
            let stream = term.stream_rows(rows.len());
            let Some(head) = cx.network.graph().layer(term.layer) else {
                continue;
            };
            let units: Vec<UnitId> = head.units.iter().map(|unit| unit.id).collect();
            if stream.is_empty() {
                continue;
            }
            let Some(outputs) = update.outputs.get(&term.layer) else {
                continue;
            };
            let layout = state.layout(term.layer, units);
            let random = state.random.get_or_insert_with(|| cx.seed("rows").random());
            for place in stream {
                let (data, task, row) = rows[place];
                let class = cx.network.data().get(&data).and_then(|of| of.label(row));
                let payload = StoredOutputs {
                    layout,
                    logits: outputs.row(place).to_vec(),
                };
                let kept = StoredRow {
                    data,
                    task,
                    row,
                    class,
                    payload,
                };
                state
                    .memory
                    .offer(kept, self.capacity, self.buffer.as_ref(), random);
            }
        }
        Ok(Then::On)
    }
}

crate::register!(
    mechanism,
    DarkExperienceReplay,
    "dark-experience-replay",
    summary = "Pulls the logits of stored rows towards those at the time of storing (DER), and trains on their labels too (DER++).",
    citation = "Buzzega et al. 2020, arXiv:2004.07211",
    source = include_str!("dark_experience_replay.rs"),
);
