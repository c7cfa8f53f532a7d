//! The libtorch backend, on a processor or a GPU, in single precision.
//!
//! Gradients are computed by the formulas of [`Native`](crate::Native) and not by autograd: a graph of layers needs a dozen of
//! them, and nothing has to be recorded in the forward pass. Only a [`convolution`] is recorded, to reach libtorch's kernels.
//! Updates are implemented on tensors here as well, with moments that follow growth by the receipt.
//!
//! A step consists of [`forward`], [`criterion`] (losses), [`backward`] (gradients, block by block) and [`update`]. On a GPU
//! none of them waits for the device: the loss is summed there, and the device decides from whether it is finite whether an
//! update takes place ([`async_steps`]). Inputs of a step from the host, row numbers and dropout masks ([`pooling`]), are sent
//! asynchronously.
//!
//! Results depend on parameters, rows and shapes, on libtorch's version and on the processor; on a GPU they are reproducible
//! only to a tolerance.

mod ablate;
mod activation;
mod async_steps;
mod backward;
mod convolution;
mod criterion;
mod follow;
mod forward;
mod hits;
mod loss;
mod map;
mod measure;
mod meters;
mod multiply;
mod norm;
mod optimizer;
mod own;
mod pooling;
mod powers;
mod saved;
mod slots;
mod still;
mod stored;
mod tensors;
mod through;
mod train_step;
mod update;

use crate::ages::{Age, Corrections};
use crate::network::Network;
use crate::schedule::Schedules;
use crate::{Device, Unavailable};
use async_steps::AsyncSteps;
use dentate_core::{
    Backend, BackendError, DataId, Dataset, Expr, Graph, LayerId, Measured, Meter, Objective, Optimizer,
    Power, Purpose, Readings, Receipt, Reduction, Request, Route, Rows, Slot, Snapshot, StepStats,
};
use meters::Meters;
use ndarray::Array2;
use slots::Slots;
use std::collections::BTreeMap;
use stored::Stored;
use tch::Tensor;
use update::Rates;

/// The libtorch backend.
#[derive(Debug)]
pub struct LibTorch {
    device: tch::Device,
    network: Network,
    /// Weights `[target units, values of the source that one of them reads]`; all other blocks `[1, n]`.
    weights: Vec<Tensor>,
    slots: Slots,
    /// The age of each parameter block, for Adam.
    ages: Vec<Age>,
    meters: Meters,
    updates: u64,
    stats: StepStats,
    data: Stored,
    /// Updates made on the device whose outcome the host does not know yet; only where it does not wait for them.
    pending: Option<AsyncSteps>,
    // Caches that are valid until the network changes.
    schedules: Schedules,
    rates: Rates,
    corrections: Corrections,
    /// Outputs of layers in the last update's own forward pass, as long as nothing has changed since.
    own: Vec<Option<Tensor>>,
}

impl LibTorch {
    /// Creates an empty backend on a device; its first receipt builds a network.
    ///
    /// From now on libtorch computes on one processor thread in the whole program, since a suite runs one run per core.
    ///
    /// # Errors
    /// [`Unavailable`] for a GPU that libtorch does not find.
    pub fn new(device: Device) -> Result<Self, Unavailable> {
        Ok(Self::on(self::device(device)?))
    }

    /// Creates it on a device that is available.
    pub(crate) fn on(device: tch::Device) -> Self {
        tch::set_num_threads(1);
        let backend = Self {
            device,
            network: Network::default(),
            weights: Vec::new(),
            slots: Slots::default(),
            ages: Vec::new(),
            meters: Meters::default(),
            updates: 0,
            stats: StepStats::default(),
            data: Stored::new(device),
            pending: None,
            schedules: Schedules::default(),
            rates: Rates::default(),
            corrections: Corrections::default(),
            own: Vec::new(),
        };
        match device {
            tch::Device::Cpu => backend,
            _ => backend.running_ahead(),
        }
    }

    /// Let updates run ahead of the host's knowledge of them, as on a GPU, which is not waited for in each step. After a loss
    /// that is not finite no update takes place until the outcome is read.
    #[must_use]
    pub fn running_ahead(mut self) -> Self {
        self.pending = Some(AsyncSteps::new(self.device));
        self
    }
}

/// libtorch's device, if it is available.
pub(crate) fn device(device: Device) -> Result<tch::Device, Unavailable> {
    let Device::Cuda(n) = device else {
        return Ok(tch::Device::Cpu);
    };
    let why = match tch::Cuda::device_count() {
        _ if !tch::Cuda::is_available() => "libtorch sees no GPU here, or was built without CUDA".into(),
        count if (n as i64) < count => return Ok(tch::Device::Cuda(n)),
        1 => "libtorch sees one GPU, `cuda:0`".into(),
        count => format!("libtorch sees `cuda:0` to `cuda:{}`", count - 1),
    };
    Err(Unavailable { device, why })
}

impl Backend for LibTorch {
    fn name(&self) -> &'static str {
        "libtorch"
    }

    fn fingerprint(&self) -> String {
        let device = match self.device {
            tch::Device::Cuda(n) => format!("cuda:{n}"),
            _ => format!("{} thread, {}", tch::get_num_threads(), std::env::consts::ARCH),
        };
        format!("libtorch {} f32, {device}", env!("DENTATE_LIBTORCH_VERSION"))
    }

    fn apply(&mut self, graph: &Graph, receipt: &Receipt) -> Result<(), BackendError> {
        self.follow(graph, receipt)
    }

    fn set_rates(&mut self, graph: &Graph) {
        self.schedules.clear();
        self.own.clear();
        self.rates.clear();
        if self.network.same(graph) {
            self.network.refresh(graph);
        }
    }

    fn load(&mut self, data: &Dataset) -> Result<(), BackendError> {
        self.data.load(data);
        Ok(())
    }

    fn unload(&mut self, data: DataId) {
        self.data.unload(data);
    }

    fn forward(
        &mut self,
        rows: &Rows,
        route: &Route,
        layers: &[LayerId],
    ) -> Result<Vec<Array2<f32>>, BackendError> {
        let (_, outputs) = self.run_to(rows, route, layers)?;
        Ok(outputs.iter().map(tensors::read).collect())
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
        self.look();
        for slot in [Slot::FIRST_MOMENT, Slot::SECOND_MOMENT] {
            self.slots.clear(slot);
        }
        self.ages.iter_mut().for_each(Age::reset);
    }

    fn measure(&mut self, request: &Request, rows: &Rows, route: &Route) -> Result<Measured, BackendError> {
        self.answer(request, rows, route)
    }

    fn watch(&mut self, meters: &[Meter]) -> Result<(), BackendError> {
        self.look();
        self.meters
            .watch(&self.network, meters, self.updates, self.device)
    }

    fn readings(&mut self, layer: LayerId) -> Result<Readings, BackendError> {
        self.look();
        self.network.position(layer).ok_or(BackendError::NoLayer(layer))?;
        Ok(self.meters.readings(layer, self.updates))
    }

    fn drain(&mut self) -> StepStats {
        self.look();
        std::mem::take(&mut self.stats)
    }

    fn held(&self) -> BTreeMap<Slot, usize> {
        let numbers = |blocks: &[Tensor]| -> usize { blocks.iter().map(Tensor::numel).sum() };
        let slots = self.slots.iter().map(|(slot, blocks)| (slot, numbers(blocks)));
        slots.chain([(Slot::WEIGHT, numbers(&self.weights))]).collect()
    }

    fn has(&self, slot: Slot) -> bool {
        slots::read(&self.weights, &self.slots, slot).is_ok()
    }

    fn snapshot(&mut self) -> Snapshot {
        self.look();
        self.save()
    }

    fn restore(&mut self, graph: &Graph, snapshot: &Snapshot) -> Result<(), BackendError> {
        self.take_over(graph, snapshot)
    }
}
