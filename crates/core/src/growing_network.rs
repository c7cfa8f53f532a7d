//! A network that grows and learns: its architecture, the numbers behind it, the data that both speak of, and its clock.
//!
//! It keeps four things in step that a learner would otherwise have to: a plan is checked by the graph, followed by the backend and
//! written into the journal, or nothing of it happens; every change is dated; data is attached once; everything is saved together.
//! It knows no rule of learning, so learners of any kind stand on it.

use crate::apply::{PlanError, Replacement};
use crate::backend::{Backend, BackendError, Clock, Purpose, Snapshot, StepStats};
use crate::data::{Dataset, Rows};
use crate::expr::{Expr, Reduction};
use crate::graph::Graph;
use crate::ids::{DataId, LayerId};
use crate::journal::Architecture;
use crate::layer::Moment;
use crate::learner::{Arrays, LearnError, Saved};
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

/// A change of a network that was refused. Nothing has happened then.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum GrowError {
    /// By the graph.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// By the backend.
    #[error(transparent)]
    Backend(#[from] BackendError),
}

impl GrowError {
    /// As the end of a learner; `whose` plan it was.
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
}

/// What is saved of a network beside its arrays, which go to [`Saved`] by name. Data is not: it is attached again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SavedNetwork {
    architecture: Architecture,
    numbers: Snapshot,
    arrays: Arrays,
    clock: Moment,
}

impl GrowingNetwork {
    /// A network without a layer, on a backend without a number.
    #[must_use]
    pub fn new(backend: Box<dyn Backend>) -> Self {
        Self {
            architecture: Architecture::empty(),
            backend,
            data: BTreeMap::new(),
            clock: Moment::default(),
        }
    }

    /// Its graph with the history of it.
    #[must_use]
    pub fn architecture(&self) -> &Architecture {
        &self.architecture
    }

    /// Its graph.
    #[must_use]
    pub fn graph(&self) -> &Graph {
        self.architecture.graph()
    }

    /// Now: the experience, and the updates of the whole run. Changes are dated by it.
    #[must_use]
    pub fn clock(&self) -> Moment {
        self.clock
    }

    /// An experience begins.
    pub fn enter(&mut self, experience: usize) {
        self.clock.experience = experience as u32;
    }

    /// An update has been made. The count is the learner's, which says what it takes for one.
    pub fn tick(&mut self) {
        self.clock.step += 1;
    }

    /// Start from a network that was trained elsewhere, in the place of all that is here. Units keep their ids, and are born now:
    /// ages are counted on the clock of this run. Optimizers begin anew.
    ///
    /// # Errors
    /// [`BackendError`]; then nothing has changed.
    pub fn start(&mut self, network: &Network) -> Result<(), BackendError> {
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

    /// Make a data set's rows available. Attaching it again is free.
    ///
    /// # Errors
    /// [`BackendError`].
    pub fn attach(&mut self, data: &Dataset) -> Result<(), BackendError> {
        self.backend.load(data)?;
        self.data.insert(data.id(), data.clone());
        Ok(())
    }

    /// Make a data set's rows available for a look, without a part in what is learned.
    ///
    /// # Errors
    /// [`BackendError`].
    pub fn show(&mut self, data: &Dataset) -> Result<(), BackendError> {
        self.backend.load(data)
    }

    /// Let go of a data set.
    pub fn detach(&mut self, data: DataId) {
        self.backend.unload(data);
        self.data.remove(&data);
    }

    /// The data sets that are attached.
    #[must_use]
    pub fn data(&self) -> &BTreeMap<DataId, Dataset> {
        &self.data
    }

    /// Carry out a plan.
    ///
    /// # Errors
    /// [`GrowError`].
    pub fn apply(&mut self, plan: &Plan) -> Result<Receipt, GrowError> {
        let (graph, receipt) = self.graph().apply(plan, self.clock)?;
        self.backend.apply(&graph, &receipt)?;
        self.architecture.commit(plan, graph, &receipt);
        Ok(receipt)
    }

    /// Replace units in place.
    ///
    /// # Errors
    /// [`GrowError`].
    pub fn replace(&mut self, request: &Replacement) -> Result<Receipt, GrowError> {
        let receipt = self.architecture.replace(request, self.clock)?;
        self.backend.apply(self.architecture.graph(), &receipt)?;
        Ok(receipt)
    }

    /// Learn at the rates of another graph with the same layers and connections, until [`GrowingNetwork::own_rates`].
    pub fn set_rates(&mut self, graph: &Graph) {
        self.backend.set_rates(graph);
    }

    /// Learn at the rates of its own graph.
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
        self.backend.map(into, expr)
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

    /// The work since the last call. See [`Backend::drain`].
    pub fn drain(&mut self) -> StepStats {
        self.backend.drain()
    }

    /// Everything that its backend holds but the data.
    pub fn snapshot(&mut self) -> Snapshot {
        self.backend.snapshot()
    }

    /// Put back a snapshot of this network, with what a host function made of it: for rare events that no expression over slots
    /// can say.
    ///
    /// # Errors
    /// [`BackendError::Snapshot`]; then nothing has changed.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), BackendError> {
        self.backend.restore(self.architecture.graph(), snapshot)
    }

    /// The network as it is, as plain data.
    ///
    /// # Errors
    /// [`NetworkError`]: without an input layer there is none.
    pub fn network(&mut self) -> Result<Network, NetworkError> {
        let input = self.graph().input().ok_or(NetworkError::NoInput)?;
        let inputs = Inputs::of(input, self.data.values());
        let mut numbers = self.backend.snapshot();
        let weights = numbers.slots.remove(&Slot::WEIGHT).unwrap_or_default();
        Network::new(self.graph().clone(), weights, inputs)
    }

    /// Whether all its parameters are finite.
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

    /// Its state: arrays by name into `saved`, the rest to be kept beside them.
    pub fn save(&mut self, saved: &mut Saved) -> SavedNetwork {
        let mut numbers = self.backend.snapshot();
        SavedNetwork {
            architecture: self.architecture.clone(),
            arrays: saved.take(&mut numbers),
            numbers,
            clock: self.clock,
        }
    }

    /// Take over a saved state. The data that was attached has to be attached again.
    ///
    /// # Errors
    /// [`LearnError::State`] and [`LearnError::Backend`]; then nothing has changed.
    pub fn load(&mut self, saved: &Saved, mut state: SavedNetwork) -> Result<(), LearnError> {
        saved.put_back(&state.arrays, &mut state.numbers)?;
        self.backend.restore(state.architecture.graph(), &state.numbers)?;
        self.architecture = state.architecture;
        self.clock = state.clock;
        Ok(())
    }
}
