//! The backend that is always there: pure Rust, single precision, one thread.
//!
//! A step is one pass along a [`course::Course`] through the graph: [`pass`] forward, [`judge`] for the losses, [`backward`]
//! for the errors, which makes gradients tile by tile and hands each to a [`sink`]. Nothing is allocated in the steady state
//! but what a caller gets back.
//!
//! Results depend on parameters, rows and shapes, and on the processor's vector features
//! ([`fingerprint`](Backend::fingerprint)). They do not depend on spare room or on what ran before.

mod ablate;
mod activation;
mod alone;
mod backward;
mod batch;
mod batch_norm;
mod block;
mod dense;
mod growth;
mod judge;
mod kept;
mod loss;
mod map;
mod measure;
mod meters;
mod multiply;
mod norm;
mod own;
mod pass;
mod penalty;
mod pooling;
mod product;
mod rule;
mod saved;
mod settle;
mod sink;
mod span;
mod sparse;
mod spatial;
mod store;
mod through;
mod update;
mod updater;
mod vector;
mod work;

pub use alone::{MatrixProduct, Turned};

use crate::{ages, course, keep, network, readings, receipts, rows, snapshots, terms};
use ages::Age;
use backward::Scratch;
use block::Block;
use course::Courses;
use dentate_core::{
    Backend, BackendError, DataId, Dataset, Expr, Graph, LayerId, Measured, Meter, Objective, Optimizer,
    Power, Purpose, Readings, Receipt, Reduction, Request, Route, Rows, Slot, Snapshot, StepStats,
};
use judge::Judge;
use kept::Kept;
use map::Registers;
use meters::Meters;
use ndarray::Array2;
use network::Network;
use pass::Pass;
use std::collections::BTreeMap;
use store::Slots;
use updater::Updater;

/// The native backend.
///
/// ```
/// use dentate_backends::Native;
/// use dentate_core::Backend;
/// assert_eq!(Native::new().name(), "native");
/// ```
#[derive(Debug, Default)]
pub struct Native {
    network: Network,
    weights: Vec<Block>,
    slots: Slots,
    /// How far Adam is with each parameter block.
    ages: Vec<Age>,
    meters: Meters,
    updates: u64,
    stats: StepStats,
    data: BTreeMap<DataId, Dataset>,
    // Buffers from here on: what they hold never outlives a call.
    courses: Courses,
    pass: Pass,
    /// Outputs of frozen layers, and the pass that computes those that are missing.
    kept: Kept,
    side: Pass,
    judge: Judge,
    scratch: Scratch,
    updater: Updater,
    /// Blocks that a slot is written into before it takes the slot's place.
    spare: Vec<Block>,
    /// What an expression's values wait in, a chunk at a time.
    registers: Registers,
    /// Which blocks a pass, or an expression, has reached.
    done: Vec<bool>,
    needed: Vec<usize>,
    rates: Vec<f32>,
    /// The parameters under a route's mask.
    masked: Vec<Block>,
    /// Whether the pass is an update's own.
    own: bool,
}

impl Native {
    /// An empty backend: its first receipt builds a network.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Let outputs of frozen layers take so many bytes at most; without this it is 256 MiB. What they are kept for is
    /// speed: no result depends on it, down to the last bit.
    pub fn keep_frozen(&mut self, bytes: usize) {
        self.kept.limit(bytes);
    }
}

impl Backend for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn fingerprint(&self) -> String {
        fingerprint()
    }

    fn apply(&mut self, graph: &Graph, receipt: &Receipt) -> Result<(), BackendError> {
        self.follow(graph, receipt)
    }

    fn set_rates(&mut self, graph: &Graph) {
        self.courses.clear();
        self.kept.clear();
        if self.network.same(graph) {
            self.network.refresh(graph);
        }
    }

    fn load(&mut self, data: &Dataset) -> Result<(), BackendError> {
        let before = self.data.insert(data.id(), data.clone());
        if before.is_some_and(|before| !before.shares_inputs(data)) {
            self.kept.forget(data.id());
        }
        Ok(())
    }

    fn unload(&mut self, data: DataId) {
        self.data.remove(&data);
        self.kept.forget(data);
    }

    fn forward(
        &mut self,
        rows: &Rows,
        route: &Route,
        layers: &[LayerId],
    ) -> Result<Vec<Array2<f32>>, BackendError> {
        self.run_to(rows, route, layers)
    }

    fn step(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        optimizer: &Optimizer,
    ) -> Result<(), BackendError> {
        self.train(rows, route, objective, optimizer)
    }

    fn gradient(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        into: Slot,
        purpose: Purpose,
    ) -> Result<f64, BackendError> {
        self.differentiate(rows, route, objective, into, purpose)
    }

    fn accumulate(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        power: Power,
        factor: f32,
        into: Slot,
    ) -> Result<(), BackendError> {
        self.accumulate_rows(rows, route, objective, (power, factor), into)
    }

    fn map(&mut self, into: Slot, expr: &Expr) -> Result<(), BackendError> {
        self.map_into(into, expr)
    }

    fn reduce(&mut self, by: Reduction, of: &Expr) -> Result<f64, BackendError> {
        self.reduced(by, of)
    }

    fn multiply(&mut self, into: Slot, a: Slot, b: Slot, c: Slot) -> Result<(), BackendError> {
        self.multiply_into(into, [a, b, c])
    }

    fn update(&mut self, from: Slot, optimizer: &Optimizer, keep: Option<Slot>) -> Result<(), BackendError> {
        self.update_from(from, optimizer, keep)
    }

    fn outputs(&mut self, layer: LayerId) -> Result<Array2<f32>, BackendError> {
        self.own_outputs(layer)
    }

    fn reset_optimizer(&mut self) {
        for slot in [Slot::FIRST_MOMENT, Slot::SECOND_MOMENT] {
            if self.slots.get(slot).is_some() {
                let mut blocks = self.slots.take(slot, &self.network);
                blocks.iter_mut().for_each(|block| block.fill(0.0));
                self.slots.give_back(slot, blocks);
            }
        }
        self.ages.iter_mut().for_each(Age::reset);
    }

    fn measure(&mut self, request: &Request, rows: &Rows, route: &Route) -> Result<Measured, BackendError> {
        self.answer(request, rows, route)
    }

    fn watch(&mut self, meters: &[Meter]) -> Result<(), BackendError> {
        self.meters.watch(&self.network, meters, self.updates)
    }

    fn readings(&mut self, layer: LayerId) -> Result<Readings, BackendError> {
        self.network.position(layer).ok_or(BackendError::NoLayer(layer))?;
        Ok(self.meters.readings(layer, self.updates))
    }

    fn drain(&mut self) -> StepStats {
        let drained = self.stats.clone();
        self.stats.clear();
        drained
    }

    fn snapshot(&mut self) -> Snapshot {
        self.save()
    }

    fn restore(&mut self, graph: &Graph, snapshot: &Snapshot) -> Result<(), BackendError> {
        self.take_over(graph, snapshot)
    }
}

/// Vector features choose the kernels and their order of summation, and so does the size of the nearest caches.
fn fingerprint() -> String {
    let mut features = Vec::new();
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    for (name, there) in [
        ("fma", std::is_x86_feature_detected!("fma")),
        ("avx2", std::is_x86_feature_detected!("avx2")),
        ("avx512f", std::is_x86_feature_detected!("avx512f")),
    ] {
        if there {
            features.push(name);
        }
    }
    if features.is_empty() {
        features.push("no vector features");
    }
    let caches = gemm_common::cache::CACHE_INFO
        .iter()
        .map(|level| level.cache_bytes / 1024);
    let caches: Vec<String> = caches.map(|kib| kib.to_string()).collect();
    let (arch, features, caches) = (std::env::consts::ARCH, features.join("+"), caches.join("/"));
    format!("native f32, 1 thread, {arch} {features}, caches of {caches} KiB")
}

#[cfg(test)]
mod tests;
