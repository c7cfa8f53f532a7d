//! Nearest mean of exemplars: rows are classified by the nearest class mean of kept rows, in the space of the features below the heads
//! (the classifier of iCaRL).
//!
//! Rebuffi, S.-A. et al. (2017). iCaRL: incremental classifier and representation learning. *CVPR*, arXiv:1611.07725. With φ(x) the
//! outputs of the layers that the heads read, scaled to length 1, and P_c the kept rows of class c,
//!
//! ```text
//! μ_c = mean over P_c of φ(x), scaled to length 1
//! score of c for x = −‖φ(x) − μ_c‖
//! ```
//!
//! | parameter | meaning | default |
//! | --- | --- | --- |
//! | `capacity` | rows kept | 1000 |
//! | `replay` | whether drawn rows of the memory are added to every batch, as many as current ones | true |
//! | `buffer` | which rows are kept | `class-balanced` |
//!
//! With `learning-without-forgetting` in the same list, which distils, this is iCaRL but for the departures below.
//!
//! **Preserves** training: without `replay` every weight is what it is without the mechanism. The means follow the features, so an
//! answer is always that of the present network; units that are born or die take part or not. A class without a kept row is no answer.
//!
//! **Departures.** Rows are kept at random and not by herding, so that a row of any age can be kept in a single pass. The loss is the
//! learner's softmax cross-entropy, not one sigmoid a class.

use crate::buffer::{BufferSpec, ClassBalanced, Memory};
use crate::mechanism::{Batch, Context, Holds, Mechanism, Needs, Query};
use crate::rehearsal::Rehearsal;
use dentate_core::registry::Kind;
use dentate_core::{LayerId, LearnError, Rows, StreamFacts, TargetKind, TaskId, Unsuited};
use ndarray::{Array1, Array2, ArrayView1, Axis, concatenate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Rows of the memory in one pass through the network.
const CHUNK: usize = 256;

/// Configuration; see [the module](self) for the equation.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NearestMeanOfExemplars {
    /// Rows kept.
    #[schemars(range(min = 1))]
    pub capacity: usize,
    /// Adds as many rows of the memory to a batch as it has.
    pub replay: bool,
    /// Policy of the memory.
    pub buffer: Box<dyn BufferSpec>,
}

impl Default for NearestMeanOfExemplars {
    fn default() -> Self {
        Self {
            capacity: 1000,
            replay: true,
            buffer: Box::new(ClassBalanced {}),
        }
    }
}

/// The memory, its random state, and the means for as long as the network is the same.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Exemplars {
    rehearsal: Rehearsal,
    #[serde(skip)]
    means: Option<Means>,
}

/// The mean of each class, and what it was computed with.
#[derive(Clone, Debug)]
struct Means {
    version: u64,
    task: Option<TaskId>,
    layers: Vec<LayerId>,
    of: BTreeMap<u32, Array1<f32>>,
}

impl Mechanism for NearestMeanOfExemplars {
    type State = Exemplars;

    fn suits(&self, stream: &StreamFacts) -> Result<(), Unsuited> {
        if stream.target == TargetKind::Classes {
            return Ok(());
        }
        let sentence = "targets are values, and only classes have means; leave the mechanism out";
        Err(Unsuited::new("buffer", self.buffer.typetag_name(), sentence))
    }

    fn needs(&self) -> Needs {
        Needs {
            answers: true,
            ..Needs::default()
        }
    }

    fn holds(&self, state: &Exemplars) -> Holds {
        state.rehearsal.holds()
    }

    fn parts(&self) -> Vec<(Kind, String)> {
        vec![(Kind::Buffer, self.buffer.typetag_name().to_string())]
    }

    fn compose(
        &self,
        state: &mut Exemplars,
        cx: &mut Context<'_>,
        batch: &mut Batch<'_>,
    ) -> Result<(), LearnError> {
        let rows = batch.rows();
        if self.replay {
            batch.join(state.rehearsal.draw(rows.len(), cx));
        }
        let policy = self.buffer.as_ref();
        if state.rehearsal.offer(rows, self.capacity, policy, cx) {
            state.means = None;
        }
        Ok(())
    }

    fn scores(
        &self,
        state: &mut Exemplars,
        cx: &mut Context<'_>,
        query: &Query<'_>,
        scores: &mut Array2<f32>,
    ) -> Result<(), LearnError> {
        let graph = cx.network.graph();
        let read = query.heads.iter().flat_map(|(head, _)| graph.into_layer(*head));
        let layers: BTreeSet<LayerId> = read.map(|connection| connection.from).collect();
        let layers: Vec<LayerId> = layers.into_iter().collect();
        let version = cx.network.version();
        let holds =
            |means: &Means| (means.version, means.task, &means.layers) == (version, query.task, &layers);
        if !state.means.as_ref().is_some_and(holds) {
            let of = class_means(state.rehearsal.memory(), cx, query, &layers)?;
            let task = query.task;
            state.means = Some(Means {
                version,
                task,
                layers: layers.clone(),
                of,
            });
        }
        let Some(means) = state.means.as_ref().filter(|means| !means.of.is_empty()) else {
            return Ok(()); // nothing is kept yet, and the heads answer
        };
        let features = features(cx, query.rows, query, &layers)?;
        scores.fill(f32::NEG_INFINITY);
        for &class in query.heads.iter().flat_map(|(_, classes)| classes) {
            let Some(mean) = means.of.get(&class) else {
                continue;
            };
            for (row, score) in features.outer_iter().zip(scores.column_mut(class as usize)) {
                *score = -distance(row, mean.view());
            }
        }
        Ok(())
    }
}

/// The mean of each class of the memory.
fn class_means(
    memory: &Memory<()>,
    cx: &mut Context<'_>,
    query: &Query<'_>,
    layers: &[LayerId],
) -> Result<BTreeMap<u32, Array1<f32>>, LearnError> {
    let known: BTreeSet<u32> = query
        .heads
        .iter()
        .flat_map(|(_, classes)| classes)
        .copied()
        .collect();
    let asked = |class: &Option<u32>| class.filter(|class| known.contains(class));
    let kept: Vec<(usize, u32)> = memory
        .stored()
        .iter()
        .enumerate()
        .filter_map(|(place, kept)| Some((place, asked(&kept.class)?)))
        .collect();
    let mut sums: BTreeMap<u32, Array1<f32>> = BTreeMap::new();
    for chunk in kept.chunks(CHUNK) {
        let places: Vec<usize> = chunk.iter().map(|(place, _)| *place).collect();
        let features = features(cx, &memory.rows(&places), query, layers)?;
        for (row, (_, class)) in features.outer_iter().zip(chunk) {
            let sum = sums.entry(*class).or_insert_with(|| Array1::zeros(row.len()));
            *sum += &row;
        }
    }
    sums.values_mut().for_each(scale);
    Ok(sums)
}

/// The features of rows `[rows, features]`, each row scaled to length 1.
fn features(
    cx: &mut Context<'_>,
    rows: &Rows,
    query: &Query<'_>,
    layers: &[LayerId],
) -> Result<Array2<f32>, LearnError> {
    let outputs = cx.network.forward(rows, query.route, layers)?;
    let views: Vec<_> = outputs.iter().map(|output| output.view()).collect();
    let mut all = concatenate(Axis(1), &views).map_err(|error| cx.failed(error.to_string()))?;
    for row in all.outer_iter_mut() {
        let mut own = row.to_owned();
        scale(&mut own);
        let mut row = row;
        row.assign(&own);
    }
    Ok(all)
}

/// Scales a vector to length 1; zeros stay.
fn scale(vector: &mut Array1<f32>) {
    let length = vector
        .iter()
        .map(|x| f64::from(*x) * f64::from(*x))
        .sum::<f64>()
        .sqrt();
    if length > 0.0 {
        vector.mapv_inplace(|x| (f64::from(x) / length) as f32);
    }
}

fn distance(a: ArrayView1<'_, f32>, b: ArrayView1<'_, f32>) -> f32 {
    let squares = a.iter().zip(b).map(|(a, b)| f64::from(a - b) * f64::from(a - b));
    squares.sum::<f64>().sqrt() as f32
}

crate::register!(
    mechanism,
    NearestMeanOfExemplars,
    "nearest-mean-of-exemplars",
    summary = "Classifies by the nearest class mean of stored rows' features.",
    citation = "Rebuffi et al. 2017 (iCaRL), arXiv:1611.07725",
    source = include_str!("nearest_mean_of_exemplars.rs"),
);
