//! The contract of a backend, which holds the numbers of a network; only plain data is exchanged with it.
//!
//! The conformance suite checks these laws: `step` ≡ `gradient` + `update`, including everything that changes with them;
//! `forward` is a function of parameters and rows; a [`Purpose::ReadOnly`] changes nothing; no stored number is subnormal; frozen
//! parameters keep every bit; state follows [`Carry::apply`](crate::Carry::apply); a restored snapshot continues bit for bit.

use crate::data::{Dataset, MissingRow, Rows};
use crate::expr::{Expr, Reduction, TooLarge};
use crate::graph::{Graph, Parameter};
use crate::ids::{DataId, LayerId, UnitId};
use crate::measure::{Measured, Meter, MeterKind, Readings, Request};
use crate::objective::{Objective, Optimizer, Power, Route};
use crate::receipt::Receipt;
use crate::slot::Slot;
use crate::tally::Tallies;
use ndarray::Array2;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// The errors of a backend.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum BackendError {
    /// The batch has rows of a data set that was not loaded.
    #[error("{0} was not loaded into the backend")]
    NotLoaded(DataId),
    /// A row number outside the data set.
    #[error("row {row} is outside {data}, which has {len} rows")]
    Row {
        /// The data set.
        data: DataId,
        /// The row.
        row: u32,
        /// The length of the data set.
        len: usize,
    },
    /// The batch has no row.
    #[error("the batch has no row")]
    EmptyBatch,
    /// No such layer.
    #[error("there is no {0}")]
    NoLayer(LayerId),
    /// No such unit in a layer.
    #[error("there is no {unit} in {layer}")]
    NoUnit {
        /// The layer.
        layer: LayerId,
        /// The unit.
        unit: UnitId,
    },
    /// A meter was declared without the meter that it depends on.
    #[error("a meter of {of:?} at {layer} needs one of Activation with the same decay beside it")]
    Unaccompanied {
        /// The layer.
        layer: LayerId,
        /// The kind of the required meter.
        of: MeterKind,
    },
    /// No such parameter block.
    #[error("there is no parameter block {0}")]
    NoParameter(Parameter),
    /// There is no input layer, so no rows can be fed in.
    #[error("the graph has no input layer")]
    NoInput,
    /// Widths do not match.
    #[error("{what} has {found} columns, but {layer} has {expected} units")]
    Width {
        /// The mismatched input.
        what: &'static str,
        /// The layer.
        layer: LayerId,
        /// Its number of columns.
        found: usize,
        /// The number of the layer's units.
        expected: usize,
    },
    /// A term's rows or given targets do not match the batch.
    #[error("a term is about rows {start}..{end} with {targets} targets, but the batch has {rows} rows")]
    TermRows {
        /// The first row.
        start: usize,
        /// The end of the rows.
        end: usize,
        /// The number of given targets.
        targets: usize,
        /// The number of rows in the batch.
        rows: usize,
    },
    /// Labels were requested of data that has none, or values of data with classes.
    #[error("{data} has no {wanted}")]
    Targets {
        /// The data set.
        data: DataId,
        /// The requested kind of target.
        wanted: &'static str,
    },
    /// The head has no unit for a label.
    #[error("no active unit of {layer} stands for label {label}")]
    Label {
        /// The head.
        layer: LayerId,
        /// The label.
        label: u32,
    },
    /// Cross-entropy is used on a layer whose activation is not the identity.
    #[error("{0} has an activation; softmax losses need the identity")]
    Activation(LayerId),
    /// The slot was never written.
    #[error("nothing was ever put into the slot `{0}`")]
    EmptySlot(Slot),
    /// One call writes a slot twice.
    #[error("the slot `{0}` is written twice at once: what it would hold is not said")]
    WrittenTwice(Slot),
    /// The expression is too large.
    #[error(transparent)]
    Expression(#[from] TooLarge),
    /// The factors on an update are in a slot that the update itself changes.
    #[error("an update moves the slot `{0}`: factors on what it writes need a slot of their own")]
    Keep(Slot),
    /// There is no such pass, so there are no outputs.
    #[error("no update's own pass was the last to run, or it left no output of {0}")]
    NoOutputs(LayerId),
    /// The route is not possible.
    #[error("the route is wrong: {0}")]
    Route(&'static str),
    /// The backend does not support a kind of layer.
    #[error("the {backend} backend has no {what}")]
    Unsupported {
        /// The backend.
        backend: &'static str,
        /// The unsupported feature.
        what: String,
    },
    /// The snapshot belongs to another graph.
    #[error("the snapshot does not fit the graph: {0}")]
    Snapshot(String),
}

impl From<MissingRow> for BackendError {
    fn from(missing: MissingRow) -> Self {
        let MissingRow { data, row, len } = missing;
        Self::Row { data, row, len }
    }
}

/// The purpose of a gradient. Each update has exactly one pass of its own: that of a fused step, or that of a gradient for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The gradient of an update, which comes next. Everything that a step changes beside the parameters changes now: meters,
    /// running statistics, counts of rows and losses.
    Update,
    /// Read-only: nothing changes but the slot that is written to. Multiply-adds are counted as for any other work.
    ReadOnly,
}

/// Statistics since the last call of [`Backend::drain`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepStats {
    /// Number of updates.
    pub updates: u64,
    /// Number of rows in these updates.
    pub rows: u64,
    /// Sum over updates of the objective's value (penalties left out).
    pub loss: f64,
    /// Multiply-adds, forward and backward.
    pub multiply_adds: u64,
    /// True if a loss was not finite.
    pub diverged: bool,
    /// Rows that updates classified, and the number classified correctly, counted as the terms say, from the outputs
    /// of the update's own pass: before it changed anything. An update that was not made counts nothing.
    pub hits: Tallies,
}

impl StepStats {
    /// Mean loss per update.
    #[must_use]
    pub fn mean_loss(&self) -> Option<f64> {
        (self.updates > 0).then(|| self.loss / self.updates as f64)
    }

    /// Resets the counts and keeps the allocated memory.
    pub fn clear(&mut self) {
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        *self = Self {
            hits,
            ..Self::default()
        };
    }

    /// Adds the statistics of further updates.
    pub fn add(&mut self, further: &Self) {
        self.updates += further.updates;
        self.rows += further.rows;
        self.loss += further.loss;
        self.multiply_adds += further.multiply_adds;
        self.diverged |= further.diverged;
        self.hits.add(&further.hits);
    }
}

/// The time of a parameter block, used for Adam's bias corrections: the number of updates by Adam or AdamW that reached
/// the block, and that number at the birth of each row and column. The moments of an entry have accumulated
/// `updates − max(birth of its row, birth of its column)` gradients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Updates that reached the block.
    pub updates: u64,
    /// The number of updates at the birth of each row.
    pub rows: Vec<u64>,
    /// The same for its columns.
    pub columns: Vec<u64>,
}

impl Clock {
    /// The clock of a block of this shape that no update has reached.
    #[must_use]
    pub fn new((rows, columns): (usize, usize)) -> Self {
        Self {
            updates: 0,
            rows: vec![0; rows],
            columns: vec![0; columns],
        }
    }

    /// The number of updates of an entry.
    #[must_use]
    pub fn age(&self, row: usize, column: usize) -> u64 {
        let birth = |of: &[u64], i: usize| of.get(i).copied().unwrap_or(0);
        let born = birth(&self.rows, row).max(birth(&self.columns, column));
        self.updates.saturating_sub(born)
    }
}

/// The complete state of a backend, for saving.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Parameter-shaped state.
    pub slots: BTreeMap<Slot, BTreeMap<Parameter, Array2<f32>>>,
    /// Adam's time of each parameter block.
    pub clocks: BTreeMap<Parameter, Clock>,
    /// Blocks that were not reached, for each slot that has any: an update from the slot leaves them unchanged.
    pub unreached: BTreeMap<Slot, BTreeSet<Parameter>>,
    /// Meters with their accumulators.
    pub meters: Vec<(Meter, Vec<f32>)>,
    /// The update at which each unit of a metered layer was created.
    pub metered: BTreeMap<UnitId, u64>,
    /// Number of updates so far.
    pub updates: u64,
    /// Statistics not drained yet.
    pub stats: StepStats,
}

/// A backend.
///
/// It starts empty and follows receipts, from the first layer on:
///
/// ```
/// use dentate_core::{Backend, Graph, Moment, Plan};
///
/// fn build(backend: &mut dyn Backend, plan: &Plan) -> Result<Graph, Box<dyn std::error::Error>> {
///     let (graph, receipt) = Graph::empty().apply(plan, Moment::default())?;
///     backend.apply(&graph, &receipt)?;
///     Ok(graph)
/// }
/// ```
pub trait Backend: Send {
    /// Its name.
    fn name(&self) -> &'static str;
    /// Everything that its results depend on beside the program: processor features, threads, library version.
    fn fingerprint(&self) -> String;
    /// Applies a change of the graph. A backend starts empty, so a network is built by its first receipt.
    ///
    /// # Errors
    /// [`BackendError::Unsupported`]; then nothing has changed.
    fn apply(&mut self, graph: &Graph, receipt: &Receipt) -> Result<(), BackendError>;
    /// Takes over the learning-rate scales of `graph`, which has the same layers and connections as before.
    fn set_rates(&mut self, graph: &Graph);
    /// Makes a data set's rows available. Loading it again costs nothing.
    ///
    /// # Errors
    /// [`BackendError`].
    fn load(&mut self, data: &Dataset) -> Result<(), BackendError>;
    /// Unloads a data set.
    fn unload(&mut self, data: DataId);
    /// The outputs `[rows, units]` of layers.
    ///
    /// # Errors
    /// [`BackendError`].
    fn forward(
        &mut self,
        rows: &Rows,
        route: &Route,
        layers: &[LayerId],
    ) -> Result<Vec<Array2<f32>>, BackendError>;
    /// Makes one update: forward, backward, meters and optimizer, fused.
    ///
    /// A block is reached by an error that is propagated to it along the route from a layer with a loss, whatever the error's
    /// values, or by a penalty whose importance was reached there. A block that is not reached keeps every bit of its parameters
    /// and moments, with or without decay, and its time ([`Clock`]) does not advance. In a block that is reached, a gradient of 0 is
    /// treated like any other, and momentum and decay continue. A learning rate of 0 stops them everywhere.
    ///
    /// # Errors
    /// [`BackendError`], for instance for a route through another slot's weights; then nothing has changed.
    fn step(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        optimizer: &Optimizer,
    ) -> Result<(), BackendError>;
    /// Writes the gradient of an objective, as a step uses it, into a slot. Frozen parameters get 0, and so do blocks that
    /// are not reached, which the slot records. Returns the objective's value, penalties included.
    ///
    /// A gradient for an update followed by an update from it equals a step, bit for bit, in the whole state of a backend. Where the
    /// value is not finite there is no update to make: this is counted, nothing else changes, and nothing is reached in the slot.
    ///
    /// # Errors
    /// [`BackendError`].
    fn gradient(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        into: Slot,
        purpose: Purpose,
    ) -> Result<f64, BackendError>;
    /// Adds `factor` times a power of the gradient of each single row to a slot: squares give the diagonal of the Fisher
    /// information, absolute values the sensitivity of outputs. Terms must cover all rows. A block reached by any row is reached in
    /// the slot.
    ///
    /// # Errors
    /// [`BackendError`].
    fn accumulate(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        power: Power,
        factor: f32,
        into: Slot,
    ) -> Result<(), BackendError>;
    /// `into ← expr`, entry by entry: [`map_all`](Self::map_all) of one slot.
    ///
    /// # Errors
    /// As there.
    fn map(&mut self, into: Slot, expr: &Expr) -> Result<(), BackendError> {
        self.map_all(&[(into, expr)])
    }
    /// `into ← expr` for several slots at once, entry by entry; everything is read before anything is written. Slots may have been
    /// empty. What several expressions have in common is computed once, and slots that several read are read once.
    ///
    /// A block is reached if every slot that its value depends on is reached there; a sum or difference, if either side is.
    /// Numbers, noise and reductions over all blocks count as reached everywhere, and so do the parameters.
    ///
    /// Values that are not finite are stored as they are, subnormal ones as 0. In the parameters, entries with a learning rate of
    /// 0 keep every bit, whatever the expression gives, and so do running statistics, which are not learned. In any other slot
    /// the entries of statistics are computed like all others, so a copy of the parameters includes them.
    ///
    /// Anything but an update that writes into the parameters keeps every bit of entries with a learning rate of 0, including
    /// running statistics.
    ///
    /// # Errors
    /// [`BackendError::EmptySlot`] for a slot that was never written, [`BackendError::Expression`], and [`BackendError::WrittenTwice`];
    /// then nothing has changed.
    fn map_all(&mut self, writes: &[(Slot, &Expr)]) -> Result<(), BackendError>;
    /// Reduces the entries of all learned blocks to a number, in double precision. See [`Over::All`](crate::Over::All).
    ///
    /// # Errors
    /// As [`map`](Self::map).
    fn reduce(&mut self, by: Reduction, of: &Expr) -> Result<f64, BackendError>;
    /// `into ← A Bᵀ C`, block by block, as matrices in the contract's orientation: for matrices of one shape the shortest product
    /// of that same shape. `W Wᵀ W − W` pulls weights towards an isometry, and polynomials in `X Xᵀ` times `X`
    /// orthogonalise. A block of one row (biases, gains, statistics) is a matrix as well; to exclude these, multiply by
    /// [`Expr::weights`].
    ///
    /// Everything is read before anything is written. A block is reached if all three are. As with [`map`](Self::map), entries of
    /// the parameters that are not learned keep their bits.
    ///
    /// # Errors
    /// [`BackendError::EmptySlot`].
    fn multiply(&mut self, into: Slot, a: Slot, b: Slot, c: Slot) -> Result<(), BackendError>;
    /// The inner product of two slots: the sum of their product.
    ///
    /// # Errors
    /// [`BackendError::EmptySlot`].
    fn dot(&mut self, a: Slot, b: Slot) -> Result<f64, BackendError> {
        self.reduce(Reduction::Sum, &(Expr::slot(a) * Expr::slot(b)))
    }
    /// Makes one update from an existing gradient, of the blocks that are reached in it. Everything else that a step changes has
    /// changed with the gradient, if its purpose was [`Purpose::Update`]. The change is scaled by `keep` as a step's is by
    /// [`Objective::keep`].
    ///
    /// # Errors
    /// [`BackendError::EmptySlot`], [`BackendError::Keep`].
    fn update(&mut self, from: Slot, optimizer: &Optimizer, keep: Option<Slot>) -> Result<(), BackendError>;
    /// The outputs `[rows, units]` of a layer in the last update's own pass: a step's, or a gradient's for an update, made or not.
    /// They belong to the weights before the update; layers that learn use batch statistics and dropout.
    ///
    /// They are available until rows are run for anything else, a check or a forward pass, and until the network or its learning-rate
    /// scales change; an update from the gradient keeps them. A layer has none if its parameters are all frozen and only such layers
    /// read it.
    ///
    /// # Errors
    /// [`BackendError::NoLayer`], [`BackendError::NoOutputs`].
    fn outputs(&mut self, layer: LayerId) -> Result<Array2<f32>, BackendError>;
    /// Resets the optimizer's moments and step counts, as for a new task.
    fn reset_optimizer(&mut self);
    /// Measures the network on a batch.
    ///
    /// # Errors
    /// [`BackendError`].
    fn measure(&mut self, request: &Request, rows: &Rows, route: &Route) -> Result<Measured, BackendError>;
    /// Declares the meters that run along with training; replaces earlier ones and keeps what the same meter has accumulated.
    ///
    /// # Errors
    /// [`BackendError::NoLayer`], [`BackendError::Unaccompanied`].
    fn watch(&mut self, meters: &[Meter]) -> Result<(), BackendError>;
    /// The readings of a layer's meters.
    ///
    /// # Errors
    /// [`BackendError::NoLayer`].
    fn readings(&mut self, layer: LayerId) -> Result<Readings, BackendError>;
    /// The statistics since the last call.
    fn drain(&mut self) -> StepStats;
    /// The number of numbers in the parameters ([`Slot::WEIGHT`]) and in every other slot that was written.
    fn held(&self) -> BTreeMap<Slot, usize>;
    /// Returns whether a slot was ever written. The parameters always were.
    fn has(&self, slot: Slot) -> bool;
    /// The complete state but the data.
    fn snapshot(&mut self) -> Snapshot;
    /// Restores a snapshot of a network with this graph.
    ///
    /// # Errors
    /// [`BackendError::Snapshot`]; then nothing has changed.
    fn restore(&mut self, graph: &Graph, snapshot: &Snapshot) -> Result<(), BackendError>;
}
