//! The native backend, which is always available: pure Rust, single precision, one thread.
//!
//! A step is one pass along a [`schedule::Schedule`] through the graph: [`forward`], [`criterion`] (losses) and [`backward`]
//! (errors), which computes gradients tile by tile and hands each to a [`sink`]. In the steady state nothing is allocated
//! except for what is returned to the caller.
//!
//! Results depend on parameters, rows and shapes, and on the processor's vector features
//! ([`fingerprint`](Backend::fingerprint)). They do not depend on spare capacity or on earlier calls.

mod ablate;
mod activation;
mod activation_cache;
mod backward;
mod batch;
mod batch_norm;
mod block;
mod criterion;
mod dense;
mod forward;
mod gemm_bench;
mod growth;
mod loss;
mod map;
mod measure;
mod meters;
mod multiply;
mod norm;
mod optimizer;
mod own;
mod penalty;
mod pooling;
mod product;
mod saved;
mod settle;
mod sink;
mod slots;
mod span;
mod sparse;
mod spatial;
mod through;
mod train_step;
mod update;
mod updater;
mod vector;

pub use gemm_bench::{MatrixProduct, Transposed};

use crate::{ages, keep, network, readings, receipts, rows, schedule, snapshots, terms};
use activation_cache::ActivationCache;
use ages::Age;
use backward::Scratch;
use block::Block;
use criterion::Criterion;
use dentate_core::{
    Backend, BackendError, DataId, Dataset, Expr, Graph, LayerId, Measured, Meter, Objective, Optimizer,
    Power, Purpose, Readings, Receipt, Reduction, Request, Route, Rows, Slot, Snapshot, StepStats,
};
use forward::Pass;
use map::Workspace;
use meters::Meters;
use ndarray::Array2;
use network::Network;
use schedule::Schedules;
use slots::Slots;
use std::collections::BTreeMap;
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
    /// The age of each parameter block, for Adam.
    ages: Vec<Age>,
    meters: Meters,
    updates: u64,
    stats: StepStats,
    data: BTreeMap<DataId, Dataset>,
    // Buffers from here on: their contents never outlive a call.
    schedules: Schedules,
    pass: Pass,
    /// The cached outputs of frozen layers, and the pass that computes those that are missing.
    kept: ActivationCache,
    side: Pass,
    criterion: Criterion,
    scratch: Scratch,
    updater: Updater,
    /// Blocks that a slot is written into before they replace it.
    spare: Vec<Block>,
    /// Buffers for expressions.
    workspace: Workspace,
    /// Marks of the blocks that were reached by a pass or an expression.
    done: Vec<bool>,
    needed: Vec<usize>,
    rates: Vec<f32>,
    /// The parameters multiplied by a route's mask.
    masked: Vec<Block>,
    /// True if the pass belongs to an update.
    own: bool,
}

impl Native {
    /// Creates an empty backend; its first receipt builds a network.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Limit the cache of frozen layers' outputs to so many bytes (256 MiB by default). The cache only saves time: results are
    /// the same down to the last bit.
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
        self.schedules.clear();
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

    fn map_all(&mut self, writes: &[(Slot, &Expr)]) -> Result<(), BackendError> {
        self.write_all(writes)
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

    fn held(&self) -> BTreeMap<Slot, usize> {
        let numbers =
            |blocks: &[Block]| -> usize { blocks.iter().map(|block| block.rows() * block.cols()).sum() };
        let slots = self.slots.iter().map(|(slot, blocks)| (slot, numbers(blocks)));
        slots.chain([(Slot::WEIGHT, numbers(&self.weights))]).collect()
    }

    fn has(&self, slot: Slot) -> bool {
        slots::read(&self.weights, &self.slots, slot).is_ok()
    }

    fn snapshot(&mut self) -> Snapshot {
        self.save()
    }

    fn restore(&mut self, graph: &Graph, snapshot: &Snapshot) -> Result<(), BackendError> {
        self.take_over(graph, snapshot)
    }
}

/// Vector features and the size of the nearest caches choose the kernels and their order of summation.
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
