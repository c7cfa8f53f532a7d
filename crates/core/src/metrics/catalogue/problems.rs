//! Metrics of problems with a known answer, and of errors.

use super::{Aggregate, Direction, Metric, MetricInfo, Ranked, Table, Unit, declare};
use crate::record::metric;

declare! {
    PROBLEMS:

    /// Solved.
    SOLVED {
        name: "solved",
        title: "solved",
        unit: Unit::Ratio,
        better: Some(Direction::Higher),
        formula: "Whether the problem was solved within its budget.",
        source: "",
        records: &[metric::SOLVED],
        aggregate: Some(Aggregate::Last),
        ranked: Ranked::AllTasks,
        table: Table::Nowhere,
    }

    /// Hidden units.
    HIDDEN_UNITS {
        name: "hidden-units",
        title: "hidden units",
        unit: Unit::Count,
        better: Some(Direction::Lower),
        formula: "Hidden units at the end.",
        source: "",
        records: &[metric::HIDDEN_UNITS],
        aggregate: Some(Aggregate::Last),
        table: Table::Nowhere,
    }

    /// Known minimum.
    KNOWN_MINIMUM {
        name: "known-minimum",
        title: "known minimum",
        unit: Unit::Count,
        better: None,
        formula: "The smallest number of hidden units known to solve the problem.",
        source: "",
        records: &[metric::KNOWN_MINIMUM],
        aggregate: Some(Aggregate::Last),
        table: Table::Nowhere,
    }

    /// Squared error.
    SQUARED_ERROR {
        name: "squared-error",
        title: "squared error",
        unit: Unit::Error,
        better: Some(Direction::Lower),
        formula: "Mean squared error per output at the end, over all tasks.",
        source: "",
        records: &[metric::SQUARED_ERROR],
        aggregate: Some(Aggregate::Last),
        ranked: Ranked::AllTasks,
        table: Table::Nowhere,
    }

    /// Learning error.
    LEARNING_ERROR {
        name: "learning-error",
        title: "learning error",
        unit: Unit::Error,
        better: Some(Direction::Lower),
        formula: "Mean squared error per output on each task right after learning it: mean_i E[i][i].",
        source: "",
        records: &[metric::SQUARED_ERROR],
        ranked: Ranked::Always,
        table: Table::Nowhere,
    }

    /// Reconstruction error.
    RECONSTRUCTION_ERROR {
        name: "reconstruction-error",
        title: "reconstruction error",
        unit: Unit::Error,
        better: Some(Direction::Lower),
        formula: "Mean squared error per feature of the reconstructions at the end, over all classes.",
        source: "after Draelos et al. 2016, arXiv:1612.03770",
        records: &[metric::RECONSTRUCTION_ERROR],
        aggregate: Some(Aggregate::Last),
        table: Table::Nowhere,
    }
}
