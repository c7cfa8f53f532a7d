//! The contract of a backend: it holds the numbers of a network, and nothing crosses the line but plain data.
//!
//! Laws that the conformance suite checks: `step` ≡ `gradient` + `update`, with all that moves along; `forward` is a function
//! of parameters and rows; a look moves nothing; nothing that is stored is subnormal; frozen parameters keep every bit; state follows [`Carry::apply`](crate::Carry::apply); a snapshot restored
//! continues bit for bit.

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

/// What a backend refuses.
#[derive(Debug, Error, Clone, PartialEq)]
pub enum BackendError {
    /// Rows of a data set that was not loaded.
    #[error("{0} was not loaded into the backend")]
    NotLoaded(DataId),
    /// A row number outside the data set.
    #[error("row {row} is outside {data}, which has {len} rows")]
    Row {
        /// The data set.
        data: DataId,
        /// The row.
        row: u32,
        /// Its length.
        len: usize,
    },
    /// A batch with no row.
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
    /// A meter without the one that it builds on.
    #[error("a meter of {of:?} at {layer} needs one of Activation with the same decay beside it")]
    Unaccompanied {
        /// The layer.
        layer: LayerId,
        /// What the meter accumulates.
        of: MeterKind,
    },
    /// No such parameter block.
    #[error("there is no parameter block {0}")]
    NoParameter(Parameter),
    /// No input layer, so that rows have nowhere to enter.
    #[error("the graph has no input layer")]
    NoInput,
    /// Widths do not match.
    #[error("{what} has {found} columns, but {layer} has {expected} units")]
    Width {
        /// What does not fit.
        what: &'static str,
        /// The layer.
        layer: LayerId,
        /// Its columns.
        found: usize,
        /// The layer's units.
        expected: usize,
    },
    /// A term's rows or given targets do not match the batch.
    #[error("a term is about rows {start}..{end} with {targets} targets, but the batch has {rows} rows")]
    TermRows {
        /// First row.
        start: usize,
        /// End of rows.
        end: usize,
        /// Targets given.
        targets: usize,
        /// Rows there are.
        rows: usize,
    },
    /// Labels were asked of data that has none, or values of data with classes.
    #[error("{data} has no {wanted}")]
    Targets {
        /// The data set.
        data: DataId,
        /// What was wanted.
        wanted: &'static str,
    },
    /// No unit of the head stands for a label.
    #[error("no active unit of {layer} stands for label {label}")]
    Label {
        /// The head.
        layer: LayerId,
        /// The label.
        label: u32,
    },
    /// Cross-entropy on a layer with an activation of its own.
    #[error("{0} has an activation; softmax losses need the identity")]
    Activation(LayerId),
    /// A slot that nothing was put into.
    #[error("nothing was ever put into the slot `{0}`")]
    EmptySlot(Slot),
    /// An expression that takes too much room.
    #[error(transparent)]
    Expression(#[from] TooLarge),
    /// Factors on an update in a slot that the update itself moves.
    #[error("an update moves the slot `{0}`: factors on what it writes need a slot of their own")]
    Keep(Slot),
    /// Outputs of a pass that is not there.
    #[error("no update's own pass was the last to run, or it left no output of {0}")]
    NoOutputs(LayerId),
    /// A route that cannot be taken.
    #[error("the route is wrong: {0}")]
    Route(&'static str),
    /// A kind of layer this backend lacks.
    #[error("the {backend} backend has no {what}")]
    Unsupported {
        /// The backend.
        backend: &'static str,
        /// What it lacks.
        what: String,
    },
    /// A snapshot of another graph.
    #[error("the snapshot does not fit the graph: {0}")]
    Snapshot(String),
}

impl From<MissingRow> for BackendError {
    fn from(missing: MissingRow) -> Self {
        let MissingRow { data, row, len } = missing;
        Self::Row { data, row, len }
    }
}

/// What a gradient is for. An update has exactly one pass that is its own: the one that a fused step makes, or a gradient for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The update's own: an update from it comes next. What moves in a step beside the parameters moves now: meters, running
    /// statistics, rows and losses that are counted.
    Update,
    /// A look: nothing moves but the slot that is written. The multiply-adds are counted as they are for any work.
    Look,
}

/// What happened since the last drain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepStats {
    /// Updates.
    pub updates: u64,
    /// Rows they saw.
    pub rows: u64,
    /// Sum over updates of the objective's value (penalties left out).
    pub loss: f64,
    /// Multiply-adds, forward and backward.
    pub multiply_adds: u64,
    /// Whether a loss was not finite.
    pub diverged: bool,
    /// Rows that updates judged by labels and how many of them rightly, as the terms say that they are counted, by the outputs
    /// that the update's own pass had: before it moved anything. An update that was not made counts nothing.
    pub hits: Tallies,
}

impl StepStats {
    /// Mean loss per update.
    #[must_use]
    pub fn mean_loss(&self) -> Option<f64> {
        (self.updates > 0).then(|| self.loss / self.updates as f64)
    }

    /// Begin anew, with the room that there is.
    pub fn clear(&mut self) {
        let mut hits = std::mem::take(&mut self.hits);
        hits.clear();
        *self = Self {
            hits,
            ..Self::default()
        };
    }

    /// Add those of further updates.
    pub fn add(&mut self, further: &Self) {
        self.updates += further.updates;
        self.rows += further.rows;
        self.loss += further.loss;
        self.multiply_adds += further.multiply_adds;
        self.diverged |= further.diverged;
        self.hits.add(&further.hits);
    }
}

/// The time of a parameter block, by which Adam's bias corrections go: it counts the updates by Adam or AdamW that reached
/// the block, and each row and column remembers when it was born. The moments of an entry have taken in
/// `updates − max(birth of its row, birth of its column)` gradients.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// Updates that reached the block.
    pub updates: u64,
    /// How many there had been when each row was born.
    pub rows: Vec<u64>,
    /// The same of its columns.
    pub columns: Vec<u64>,
}

impl Clock {
    /// The time of a block of this shape that no update has reached.
    #[must_use]
    pub fn new((rows, columns): (usize, usize)) -> Self {
        Self {
            updates: 0,
            rows: vec![0; rows],
            columns: vec![0; columns],
        }
    }

    /// How many updates an entry has seen.
    #[must_use]
    pub fn age(&self, row: usize, column: usize) -> u64 {
        let birth = |of: &[u64], i: usize| of.get(i).copied().unwrap_or(0);
        let born = birth(&self.rows, row).max(birth(&self.columns, column));
        self.updates.saturating_sub(born)
    }
}

/// Everything a backend holds, to be saved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Parameter-shaped state.
    pub slots: BTreeMap<Slot, BTreeMap<Parameter, Array2<f32>>>,
    /// How far Adam is with each parameter block.
    pub clocks: BTreeMap<Parameter, Clock>,
    /// Blocks that were not reached, for each slot that has any: an update from the slot leaves them alone.
    pub unreached: BTreeMap<Slot, BTreeSet<Parameter>>,
    /// Meters with their accumulators.
    pub meters: Vec<(Meter, Vec<f32>)>,
    /// The update at which each unit of a metered layer was born.
    pub metered: BTreeMap<UnitId, u64>,
    /// Updates so far.
    pub updates: u64,
    /// Statistics not drained yet.
    pub stats: StepStats,
}

/// A backend.
pub trait Backend: Send {
    /// Its name.
    fn name(&self) -> &'static str;
    /// What its results depend on beside the program: processor features, threads, library version.
    fn fingerprint(&self) -> String;
    /// Follow a change of the graph. A backend starts empty, so a network is built by its first receipt.
    ///
    /// # Errors
    /// [`BackendError::Unsupported`]; then nothing has changed.
    fn apply(&mut self, graph: &Graph, receipt: &Receipt) -> Result<(), BackendError>;
    /// Take over the rates of `graph`, which has the same layers and connections as before.
    fn set_rates(&mut self, graph: &Graph);
    /// Make a data set's rows available. Loading it again is free.
    ///
    /// # Errors
    /// [`BackendError`].
    fn load(&mut self, data: &Dataset) -> Result<(), BackendError>;
    /// Forget a data set.
    fn unload(&mut self, data: DataId);
    /// Outputs `[rows, units]` of layers.
    ///
    /// # Errors
    /// [`BackendError`].
    fn forward(
        &mut self,
        rows: &Rows,
        route: &Route,
        layers: &[LayerId],
    ) -> Result<Vec<Array2<f32>>, BackendError>;
    /// One update: forward, backward, meters, optimizer, fused.
    ///
    /// A block is reached by an error that comes to it along the route from a layer that is judged, whatever the error's
    /// values, or by a penalty whose importance was reached there. One that is not reached keeps every bit of its parameters
    /// and moments, decay or not, and its time ([`Clock`]) does not go on; in a block that is reached, a gradient of 0 is
    /// one like any other, and momentum and decay go on. A rate of 0 stops them everywhere.
    ///
    /// # Errors
    /// [`BackendError`], as for a route through another slot's weights; then nothing has changed.
    fn step(
        &mut self,
        rows: &Rows,
        route: &Route,
        objective: &Objective,
        optimizer: &Optimizer,
    ) -> Result<(), BackendError>;
    /// The gradient of an objective, as a step takes it, into a slot. Parameters that are frozen get 0, and so do blocks that
    /// are not reached, which the slot remembers. Returns the objective's value, penalties included.
    ///
    /// A gradient for an update and an update from it are a step, bit for bit, in all that a backend holds. Where the value is
    /// not finite there is none to be made: that is counted, nothing else moves, and nothing is reached in the slot.
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
    /// Add `factor` times a power of the gradient of each single row to a slot: squares make Fisher information's diagonal,
    /// absolute values the sensitivity of outputs. Terms must be about all rows. What any of them reached is reached in the slot.
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
    /// `into ← expr`, entry by entry, all read before anything is written. `into` may have been empty.
    ///
    /// A block is reached if every slot that its value depends on is reached there; a sum or difference, if either side is.
    /// Numbers, noise and reductions over all blocks reach everywhere, and the parameters are reached always.
    ///
    /// What is not finite is stored as it is, and what is subnormal as 0. In the parameters, entries with a learning rate of
    /// 0 keep every bit, whatever the expression says, and so do running statistics, which are not learned. In any other slot
    /// the entries of statistics are worked out like all: so a copy of the parameters has theirs.
    ///
    /// Whatever is written into the parameters but by an update leaves entries with a rate of 0 as they are to the bit, running
    /// statistics among them.
    ///
    /// # Errors
    /// [`BackendError::EmptySlot`] for a slot that was never written, [`BackendError::Expression`].
    fn map(&mut self, into: Slot, expr: &Expr) -> Result<(), BackendError>;
    /// A number made of the entries of all blocks that are learned, in double precision. See [`Over::All`](crate::Over::All).
    ///
    /// # Errors
    /// As [`map`](Self::map).
    fn reduce(&mut self, by: Reduction, of: &Expr) -> Result<f64, BackendError>;
    /// `into ← A Bᵀ C`, block by block, as matrices in the contract's orientation: of matrices of one shape the shortest product
    /// that has this shape again. `W Wᵀ W − W` is what pulls weights towards an isometry, and polynomials in `X Xᵀ` times `X`
    /// orthogonalise. A block of one row (biases, gains, statistics) is a matrix as well; to leave these out, multiply by
    /// [`Expr::weights`].
    ///
    /// All is read before anything is written. A block is reached if all three are. As with [`map`](Self::map), what does not
    /// learn keeps its bits in the parameters.
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
    /// One update from a gradient that is already there, of the blocks that are reached in it. What else moves in a step has
    /// moved with the gradient, if it was [`Purpose::Update`]'s. What it writes is scaled by `keep` as a step's is by
    /// [`Objective::keep`].
    ///
    /// # Errors
    /// [`BackendError::EmptySlot`], [`BackendError::Keep`].
    fn update(&mut self, from: Slot, optimizer: &Optimizer, keep: Option<Slot>) -> Result<(), BackendError>;
    /// What a layer put out, `[rows, units]`, in the last update's own pass: a step's, or a gradient's for an update, made or not.
    /// So the weights are those before the update, and what learns is normalised by the batch and drops.
    ///
    /// It is there until rows are run for anything else, a look or a forward pass, and until the network or its rates change; so an
    /// update from the gradient leaves it. A layer of frozen parameters alone that nothing but such layers reads has none.
    ///
    /// # Errors
    /// [`BackendError::NoLayer`], [`BackendError::NoOutputs`].
    fn outputs(&mut self, layer: LayerId) -> Result<Array2<f32>, BackendError>;
    /// Forget the optimizer's moments and step counts, as for a new task.
    fn reset_optimizer(&mut self);
    /// Read the network on a batch.
    ///
    /// # Errors
    /// [`BackendError`].
    fn measure(&mut self, request: &Request, rows: &Rows, route: &Route) -> Result<Measured, BackendError>;
    /// Declare the meters that run along; replaces earlier ones, keeping what the same meter has accumulated.
    ///
    /// # Errors
    /// [`BackendError::NoLayer`], [`BackendError::Unaccompanied`].
    fn watch(&mut self, meters: &[Meter]) -> Result<(), BackendError>;
    /// The readings of a layer's meters.
    ///
    /// # Errors
    /// [`BackendError::NoLayer`].
    fn readings(&mut self, layer: LayerId) -> Result<Readings, BackendError>;
    /// What happened since the last call.
    fn drain(&mut self) -> StepStats;
    /// Everything it holds but the data.
    fn snapshot(&mut self) -> Snapshot;
    /// Take over a snapshot of a network with this graph.
    ///
    /// # Errors
    /// [`BackendError::Snapshot`]; then nothing has changed.
    fn restore(&mut self, graph: &Graph, snapshot: &Snapshot) -> Result<(), BackendError>;
}
