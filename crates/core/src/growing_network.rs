//! A network that grows and learns: its architecture, its numbers in a backend, its data and its clock.
//!
//! It keeps these in step: a plan is checked by the graph, followed by the backend and written into the journal, or has no effect
//! at all; every change is dated; data is attached once; everything is saved together. It contains no learning rule, so learners
//! of any kind can be built on it.

use crate::apply::{PlanError, Replacement};
use crate::backend::{Backend, BackendError, Clock, Purpose, Snapshot, StepStats};
use crate::data::{Dataset, Rows};
use crate::expr::{Expr, Reduction};
use crate::graph::Graph;
use crate::ids::{DataId, LayerId};
use crate::journal::Architecture;
use crate::layer::Moment;
use crate::learner::{Arrays, LearnError, LearnerMemory, SavedState};
use crate::measure::{Measured, Meter, Readings, Request};
use crate::network::{Inputs, Network, NetworkError};
use crate::objective::{Objective, Optimizer, Power, Route};
use crate::plan::Plan;
use crate::receipt::Receipt;
use crate::slot::Slot;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use thiserror::Error;

mod trial;

/// A change of a network that was refused; the network is then unchanged.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum GrowError {
    /// Refused by the graph.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Refused by the backend.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl GrowError {
    /// Converts it to the error of a learner; `whose` names the strategy of the plan.
    #[must_use]
    pub fn of(self, whose: &str) -> LearnError {
        match self {
            Self::Plan(error) => LearnError::Plan {
                strategy: whose.to_string(),
                error,
            },
            Self::Backend(error) => error.into(),
        }
    }
}

/// A network that grows and learns.
pub struct GrowingNetwork {
    architecture: Architecture,
    backend: Box<dyn Backend>,
    data: BTreeMap<DataId, Dataset>,
    clock: Moment,
    version: u64,
}

/// The saved state of a network beside its arrays, which go to [`SavedState`] by name. Data is not included: it is attached again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedNetworkState {
    architecture: Architecture,
    numbers: Snapshot,
    arrays: Arrays,
    clock: Moment,
}

impl GrowingNetwork {
    /// An empty network on an empty backend.
    #[must_use]
    pub fn new(backend: Box<dyn Backend>) -> Self {
        Self {
            architecture: Architecture::empty(),
            backend,
            data: BTreeMap::new(),
            clock: Moment::default(),
            version: 0,
        }
    }

    /// A number that grows whenever something that an output may depend on is written: parameters, slots, the graph. What was computed
    /// from outputs at one version holds for as long as it is the same. It is not saved.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Its graph with the growth history.
    #[must_use]
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// Its graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        self.architecture.graph()
    }

    /// The current moment: the experience, and the updates of the whole run. Changes are dated by it.
    #[must_use]
    pub fn clock(&self) -> Moment {
        self.clock
    }

    /// Begins an experience.
    pub fn enter(&mut self, experience: usize) {
        self.clock.experience = experience as u32;
    }

    /// Counts one update. The learner decides what counts as one.
    pub fn tick(&mut self) {
        self.clock.step += 1;
    }

    /// Replaces everything by a network that was trained elsewhere. Units keep their ids and are dated now, since
    /// ages are counted on the clock of this run. Optimizers start anew.
    ///
    /// # Errors
    /// [`BackendError`]; then nothing has changed.
    pub fn start(&mut self, network: &Network) -> Result<(), BackendError> {
        self.version += 1;
        let mut graph = network.graph().clone();
        graph.bear(self.clock);
        let clocks = graph.parameters().into_iter();
        let numbers = Snapshot {
            slots: BTreeMap::from([(Slot::WEIGHT, network.parameters().clone())]),
            clocks: clocks.map(|(p, shape)| (p, Clock::new(shape))).collect(),
            ..Snapshot::default()
        };
        self.backend.restore(&graph, &numbers)?;
        self.architecture = Architecture::started(graph);
        Ok(())
    }

    /// Makes a data set's rows available. Attaching it again costs nothing.
    ///
    /// # Errors
    /// [`BackendError`].
    pub fn attach(&mut self, data: &Dataset) -> Result<(), BackendError> {
        self.backend.load(data)?;
        self.data.insert(data.id(), data.clone());
        Ok(())
    }

    /// Makes a data set's rows available for a measurement, without including them in the attached data.
    ///
    /// # Errors
    /// [`BackendError`].
    pub fn show(&mut self, data: &Dataset) -> Result<(), BackendError> {
        self.backend.load(data)
    }

    /// Detaches a data set.
    pub fn detach(&mut self, data: DataId) {
        self.backend.unload(data);
        self.data.remove(&data);
    }

    /// The attached data sets.
    #[must_use]
    pub fn data(&self) -> &BTreeMap<DataId, Dataset> {
        &self.data
    }

    /// Applies a plan.
    ///
    /// # Errors
    /// [`GrowError`].
    pub fn apply(&mut self, plan: &Plan) -> Result<Receipt, GrowError> {
        self.version += 1;
        let (graph, receipt) = self.graph().apply(plan, self.clock)?;
        self.backend.apply(&graph, &receipt)?;
        self.architecture.commit(plan, graph, &receipt);
        Ok(receipt)
    }

    /// Replaces units in place.
    ///
    /// # Errors
    /// [`GrowError`].
    pub fn replace(&mut self, request: &Replacement) -> Result<Receipt, GrowError> {
        self.version += 1;
        let receipt = self.architecture.replace(request, self.clock)?;
        self.backend.apply(self.architecture.graph(), &receipt)?;
        Ok(receipt)
    }

    /// Learns with the learning-rate scales of another graph with the same layers and connections, until [`GrowingNetwork::own_rates`].
    pub fn set_rates(&mut self, graph: &Graph) {
        self.backend.set_rates(graph);
    }

    /// Learns with the learning-rate scales of its own graph.
    pub fn own_rates(&mut self) {
        self.backend.set_rates(self.architecture.graph());
    }

    /// See [`Backend::forward`].
    ///
    /// # Errors
    /// As there.
    pub fn forward(
        &mut self,
        rows: &Rows,
        route: &Route,
        layers: &[LayerId],
    ) -> Result<Vec<Array2<f32>>, BackendError> {
        self.backend.forward(rows, route, layers)
    }

    /// See [`Backend::step`].
    ///
    /// # Errors
    /// As there.
    pub fn step(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        optimizer: &Optimizer,
    ) -> Result<(), BackendError> {
        self.version += 1;
        self.backend.step(rows, route, objective, optimizer)
    }

    /// See [`Backend::gradient`].
    ///
    /// # Errors
    /// As there.
    pub fn gradient(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        into: Slot,
        purpose: Purpose,
    ) -> Result<f64, BackendError> {
        self.version += 1;
        self.backend.gradient(rows, route, objective, into, purpose)
    }

    /// See [`Backend::update`].
    ///
    /// # Errors
    /// As there.
    pub fn update(
        &mut self,
        from: Slot,
        optimizer: &Optimizer,
        keep: Option<Slot>,
    ) -> Result<(), BackendError> {
        self.version += 1;
        self.backend.update(from, optimizer, keep)
    }

    /// See [`Backend::accumulate`].
    ///
    /// # Errors
    /// As there.
    pub fn accumulate(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        power: Power,
        factor: f32,
        into: Slot,
    ) -> Result<(), BackendError> {
        self.version += 1;
        self.backend
            .accumulate(rows, route, objective, power, factor, into)
    }

    /// See [`Backend::outputs`].
    ///
    /// # Errors
    /// As there.
    pub fn outputs(&mut self, layer: LayerId) -> Result<Array2<f32>, BackendError> {
        self.backend.outputs(layer)
    }

    /// See [`Backend::map`].
    ///
    /// # Errors
    /// As there.
    pub fn map(&mut self, into: Slot, expr: &Expr) -> Result<(), BackendError> {
        self.version += 1;
        self.backend.map(into, expr)
    }

    /// See [`Backend::map_all`].
    ///
    /// # Errors
    /// As there.
    pub fn map_all(&mut self, writes: &[(Slot, &Expr)]) -> Result<(), BackendError> {
        self.version += 1;
        self.backend.map_all(writes)
    }

    /// Returns whether a slot was ever written.
    #[must_use]
    pub fn has(&self, slot: Slot) -> bool {
        self.backend.has(slot)
    }

    /// See [`Backend::reduce`].
    ///
    /// # Errors
    /// As there.
    pub fn reduce(&mut self, by: Reduction, of: &Expr) -> Result<f64, BackendError> {
        self.backend.reduce(by, of)
    }

    /// See [`Backend::multiply`].
    ///
    /// # Errors
    /// As there.
    pub fn multiply(&mut self, into: Slot, a: Slot, b: Slot, c: Slot) -> Result<(), BackendError> {
        self.version += 1;
        self.backend.multiply(into, a, b, c)
    }

    /// See [`Backend::dot`].
    ///
    /// # Errors
    /// As there.
    pub fn dot(&mut self, a: Slot, b: Slot) -> Result<f64, BackendError> {
        self.backend.dot(a, b)
    }

    /// See [`Backend::measure`].
    ///
    /// # Errors
    /// As there.
    pub fn measure(
        &mut self,
        request: &Request,
        rows: &Rows,
        route: &Route,
    ) -> Result<Measured, BackendError> {
        self.backend.measure(request, rows, route)
    }

    /// See [`Backend::watch`].
    ///
    /// # Errors
    /// As there.
    pub fn watch(&mut self, meters: &[Meter]) -> Result<(), BackendError> {
        self.backend.watch(meters)
    }

    /// See [`Backend::readings`].
    ///
    /// # Errors
    /// As there.
    pub fn readings(&mut self, layer: LayerId) -> Result<Readings, BackendError> {
        self.backend.readings(layer)
    }

    /// See [`Backend::reset_optimizer`].
    pub fn reset_optimizer(&mut self) {
        self.backend.reset_optimizer();
    }

    /// The statistics since the last call. See [`Backend::drain`].
    pub fn drain(&mut self) -> StepStats {
        self.backend.drain()
    }

    /// See [`Backend::held`].
    #[must_use]
    pub fn held(&self) -> BTreeMap<Slot, usize> {
        self.backend.held()
    }

    /// The memory of its parameters and slots, without the gradient of an update.
    #[must_use]
    pub fn memory(&self) -> LearnerMemory {
        let held = self.held().into_iter();
        held.fold(LearnerMemory::default(), |mut memory, (slot, numbers)| {
            let bytes = LearnerMemory::of(numbers);
            match slot {
                Slot::WEIGHT => memory.parameters += bytes,
                Slot::GRADIENT => {}
                _ => memory.slots += bytes,
            }
            memory
        })
    }

    /// The complete state of its backend but the data.
    pub fn snapshot(&mut self) -> Snapshot {
        self.backend.snapshot()
    }

    /// Restores a snapshot of this network, possibly modified on the host: for rare operations that no expression over slots
    /// can express.
    ///
    /// # Errors
    /// [`BackendError::Snapshot`]; then nothing has changed.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), BackendError> {
        self.version += 1;
        self.backend.restore(self.architecture.graph(), snapshot)
    }

    /// The current network as plain data.
    ///
    /// # Errors
    /// [`NetworkError`], for instance without an input layer.
    pub fn network(&mut self) -> Result<Network, NetworkError> {
        let input = self.graph().input().ok_or(NetworkError::NoInput)?;
        let inputs = Inputs::of(input, self.data.values());
        let mut numbers = self.backend.snapshot();
        let weights = numbers.slots.remove(&Slot::WEIGHT).unwrap_or_default();
        Network::new(self.graph().clone(), weights, inputs)
    }

    /// Returns whether all its parameters are finite.
    ///
    /// # Errors
    /// [`BackendError`].
    pub fn is_finite(&mut self) -> Result<bool, BackendError> {
        let all = self.graph().parameters().into_keys().collect();
        let request = Request::Parameters(all);
        let measured = self
            .backend
            .measure(&request, &Rows::default(), &Route::default())?;
        Ok(measured.arrays.iter().flatten().all(|value| value.is_finite()))
    }

    /// Saves its state: arrays go by name into `saved`, the rest is returned.
    pub fn save(&mut self, saved: &mut SavedState) -> SavedNetworkState {
        let mut numbers = self.backend.snapshot();
        SavedNetworkState {
            architecture: self.architecture.clone(),
            arrays: saved.take(&mut numbers),
            numbers,
            clock: self.clock,
        }
    }

    /// Restores a saved state. The data that was attached has to be attached again.
    ///
    /// # Errors
    /// [`LearnError::State`] and [`LearnError::Backend`]; then nothing has changed.
    pub fn load(&mut self, saved: &SavedState, mut state: SavedNetworkState) -> Result<(), LearnError> {
        self.version += 1;
        saved.put_back(&state.arrays, &mut state.numbers)?;
        self.backend.restore(state.architecture.graph(), &state.numbers)?;
        self.architecture = state.architecture;
        self.clock = state.clock;
        Ok(())
    }
}
