//! The records of the framework, each declared once: its name, the range of its values, and whether it is measured once. The format is
//! open: a plugin may write others.

use super::range::Range;

/// A record of the framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its name.
    pub name: &'static str,
    /// The range of its values, where it has one: a loss may diverge.
    pub range: Option<Range>,
    /// True if it has one value for each experience, task and item.
    pub once: bool,
}

/// Declares records: a constant with the name of each, and the table of all.
macro_rules! records {
    ($($(#[$doc:meta])* $key:ident = $name:literal, $range:expr, $count:ident;)*) => {
        /// Names of records that the report uses.
        pub mod metric {
            $($(#[$doc])* pub const $key: &str = $name;)*
        }

        const KNOWN: &[Known] = &[$(Known { name: $name, range: $range, once: records!(@$count) }),*];

        /// The record of the framework with this name.
        #[must_use]
        pub fn known(name: &str) -> Option<&'static Known> {
            // A match is faster than a search, and this is asked for each line of a log.
            match name {
                $($name => Some(&Known { name: $name, range: $range, once: records!(@$count) }),)*
                _ => None,
            }
        }
    };
    (@once) => { true };
    (@often) => { false };
}

const ANY: Option<Range> = None;
const SHARE: Option<Range> = Some(Range::Share);
const AMOUNT: Option<Range> = Some(Range::Amount);

records! {
    /// Accuracy on `task` after learning `experience`, in `[0, 1]`.
    ACCURACY = "accuracy", SHARE, once;
    /// Accuracy on `task` before the first update, where the network can predict it then.
    UNTRAINED = "accuracy.untrained", SHARE, once;
    /// Number of rows that `task` is evaluated on: its accuracy is a multiple of the inverse.
    TEST_ROWS = "test-rows", AMOUNT, once;
    /// Number of rows that `task` is evaluated on within experiences, where it is: the first `sample` ones.
    ROWS_WITHIN = "test-rows.within", AMOUNT, once;
    /// Mean accuracy over the tasks seen so far, measured at points along the stream.
    STREAM_ACCURACY = "accuracy.stream", SHARE, often;
    /// Accuracy on `task` after `step` updates, within `experience`, for every task learned so far and the current one.
    CONTINUAL_ACCURACY = "accuracy.continual", SHARE, often;
    /// Accuracy on the rows of the class that `item` names, over all tasks that are evaluated at the end, after the last experience.
    CLASS_ACCURACY = "accuracy.class", SHARE, once;
    /// Number of these rows of one class that were taken for another or for itself: `item` is the true class and the predicted one, as
    /// [`Confusion::item`](crate::metrics::Confusion::item) writes them. Pairs without rows have no record.
    CONFUSION = "confusion", AMOUNT, once;
    /// Prequential (online) accuracy on `task` within `experience`, in `[0, 1]`: the share of the stream's rows that the network
    /// classified correctly in the update that then learned from them.
    PREQUENTIAL = "accuracy.prequential", SHARE, once;
    /// The same for replayed rows of `task`, which are trained on together with the experience's own.
    REPLAYED_ACCURACY = "accuracy.replayed", SHARE, once;
    /// Mean training loss since the last record.
    LOSS = "loss", ANY, often;
    /// Trainable and frozen parameters, at the start and after every change.
    PARAMETERS = "parameters", AMOUNT, often;
    /// Multiply-adds of one sample's forward pass, at the start and after every change.
    MULTIPLY_ADDS = "multiply-adds", AMOUNT, often;
    /// Units of the layer named by `item`, at the start and after every change.
    UNITS = "units", AMOUNT, often;
    /// A growth edit: `item` is its name, `value` the number of units added.
    GROWTH = "growth", AMOUNT, often;
    /// The value of the quantity that a growth strategy looked at when it decided on the change at this step: `item` is the quantity.
    TRIGGER = "growth.trigger", ANY, often;
    /// Units that a strategy added to the layer named by `item` at this step.
    UNITS_BORN = "units.born", AMOUNT, often;
    /// Units that a strategy removed from the layer named by `item` at this step.
    UNITS_REMOVED = "units.removed", AMOUNT, often;
    /// Number of units replaced since the last such record.
    REPLACED = "replaced", AMOUNT, often;
    /// Units of the layer named by `item` that were replaced since the last such record.
    UNITS_REPLACED = "units.replaced", AMOUNT, often;
    /// Updates made so far, at the end of `experience`.
    UPDATES = "updates", AMOUNT, once;
    /// Multiply-adds spent so far (forward and backward), at the end of `experience`.
    COMPUTE = "compute", AMOUNT, once;
    /// Bytes that the learner holds for learning at the end of `experience`: `item` is the part, as
    /// [`LearnerMemory::parts`](crate::LearnerMemory::parts) names it. Parts without any have no record.
    MEMORY = "memory-bytes", AMOUNT, once;
    /// 1 when the problem was solved, else 0.
    SOLVED = "solved", AMOUNT, once;
    /// Hidden units at the end.
    HIDDEN_UNITS = "hidden-units", AMOUNT, once;
    /// The smallest known number of hidden units that solves the problem.
    KNOWN_MINIMUM = "known-minimum", AMOUNT, once;
    /// Number of hidden units of the customary network in the literature.
    CUSTOMARY = "customary-units", AMOUNT, once;
    /// Mean squared error per output on `task`, at the end of `experience`.
    SQUARED_ERROR = "squared-error", AMOUNT, once;
    /// Mean squared error per feature of a learner's reconstructions of `task`'s rows of the class that `item` names, after
    /// learning `experience`.
    RECONSTRUCTION_ERROR = "reconstruction-error", ANY, once;
    /// Mean reconstruction error of the arriving rows through the first levels of a stack, up to the one that `item` names, at
    /// each measurement.
    LEVEL_ERROR = "reconstruction-error.level", ANY, often;
    /// Share of the units of the layer that `item` names whose output is the same on all evaluated rows, after `experience`.
    DEAD_UNITS = "plasticity.dead-units", ANY, once;
    /// Share of the layer's units whose mean |output| is at most 0.025 of the layer's.
    DORMANT_UNITS = "plasticity.dormant-units", ANY, once;
    /// Effective rank of the layer's outputs, as a share of its units.
    EFFECTIVE_RANK = "plasticity.effective-rank", ANY, once;
    /// Mean |w| over the layer's incoming weights.
    WEIGHT_MAGNITUDE = "plasticity.weight-magnitude", ANY, once;
    /// Deviation of the weights into the layer from isometry, mean over blocks.
    ISOMETRY = "plasticity.isometry", ANY, once;
    /// Mean squared distance of `task`'s points to the nearest prototype, after `experience`.
    QUANTIZATION_ERROR = "quantization-error", ANY, once;
    /// The same for signals since the last record, each before it was learned from.
    SIGNAL_ERROR = "quantization-error.signals", ANY, often;
    /// Share of signals since the last record whose two nearest units were not neighbours.
    TOPOGRAPHIC_ERROR = "topographic-error", ANY, often;
    /// Current number of edges of a map.
    EDGES = "edges", AMOUNT, often;
    /// Units of a map removed since the last record; `item` is the reason.
    DEATHS = "deaths", AMOUNT, often;
    /// A map of up to three dimensions: `item` has the units' positions, their edges and some signals, `value` the number of
    /// units.
    DRAWING = "drawing", ANY, often;
    /// A prototype of a map over images: `item` has its shape and grey values, `value` the number of its wins.
    PROTOTYPE = "prototype", ANY, often;
    /// Running mean of |output| of the new unit that `item` names, at the end of its window.
    UNIT_ACTIVITY = "unit.activity", ANY, often;
    /// The removal of a grown unit that `item` names: its age in updates.
    UNIT_DEATH = "unit.death", AMOUNT, often;
    /// Root mean square of the gradients of the weights into units of the age that `item` names, in updates, over that of the units which
    /// were there before: the mean over the updates of `experience` and the layers.
    NEWBORN_GRADIENT = "unit.gradient-share", AMOUNT, once;
    /// ‖θ' − θ‖ / ‖θ‖ where units were replaced or weights set anew by the strategy or mechanism that `item` names: the mean over its
    /// resets in `experience`.
    RESET_WEIGHT_CHANGE = "reset-weight-change", AMOUNT, once;
    /// Mean absolute change of the heads' outputs on the rows of the last update, at the same resets.
    RESET_FUNCTION_CHANGE = "reset-function-change", AMOUNT, once;
    /// Number of times that a growing strategy declined to grow in `experience`: `item` is the reason.
    HELD = "held", AMOUNT, often;
    /// The end of a strategy's growth: `item` is the reason.
    STOP = "stop", ANY, often;
}

/// The names of all records of the framework.
pub fn names() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|known| known.name)
}

#[cfg(test)]
mod tests;
