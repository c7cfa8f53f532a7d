//! Metrics of size, growth and effort.

use super::{Aggregate, Direction, Metric, MetricInfo, Ranked, Table, Unit, declare};
use crate::record::metric;

declare! {
    COSTS:

    /// Parameters.
    PARAMETERS {
        name: "final-parameters",
        title: "parameters",
        unit: Unit::Count,
        better: Some(Direction::Lower),
        formula: "Weights and biases at the end, trainable and frozen.",
        source: "",
        records: &[metric::PARAMETERS],
        aggregate: Some(Aggregate::Last),
        table: Table::Size,
    }

    /// Model-size efficiency.
    SIZE_EFFICIENCY {
        name: "model-size-efficiency",
        title: "model-size efficiency",
        unit: Unit::Ratio,
        better: Some(Direction::Higher),
        formula: "Ratio of the parameters after the first task to later ones, 1 without growth: min(1, mean_i θ_1/θ_i) with θ_i \
                the parameters after task i.",
        source: "Díaz-Rodríguez et al. 2018",
        records: &[metric::PARAMETERS],
        ranked: Ranked::AllTasks,
        table: Table::Size,
    }

    /// Units born.
    UNITS_BORN {
        name: "units-born",
        title: "units born",
        unit: Unit::Count,
        better: None,
        formula: "Units added after the start.",
        source: "",
        records: &[metric::GROWTH],
        table: Table::Size,
    }

    /// Units replaced.
    UNITS_REPLACED {
        name: "units-replaced",
        title: "units replaced",
        unit: Unit::Count,
        better: None,
        formula: "Units that were replaced in place by newborn ones.",
        source: "",
        records: &[metric::REPLACED],
        aggregate: Some(Aggregate::Sum),
        table: Table::Size,
    }

    /// Memory in bytes.
    MEMORY {
        name: "memory",
        title: "memory in bytes",
        unit: Unit::Bytes,
        better: Some(Direction::Lower),
        formula: "Bytes that a method holds for learning at the end: parameters, what is shaped like them, rows kept for \
                later and numbers beside them, statistics of data.",
        source: "",
        records: &[metric::MEMORY],
        table: Table::Cost,
    }

    /// Updates.
    UPDATES {
        name: "updates",
        title: "updates",
        unit: Unit::Count,
        better: Some(Direction::Lower),
        formula: "Weight updates made in all.",
        source: "",
        records: &[metric::UPDATES],
        aggregate: Some(Aggregate::Last),
        table: Table::Cost,
    }

    /// Multiply-adds spent.
    COMPUTE {
        name: "multiply-adds-spent",
        title: "multiply-adds spent",
        unit: Unit::Operations,
        better: Some(Direction::Lower),
        formula: "Multiply-adds of all training, forward and backward.",
        source: "",
        records: &[metric::COMPUTE],
        aggregate: Some(Aggregate::Last),
        table: Table::Cost,
    }

    /// Largest memory in bytes.
    LARGEST_MEMORY {
        name: "largest-memory",
        title: "largest memory in bytes",
        unit: Unit::Bytes,
        better: Some(Direction::Lower),
        formula: "The most bytes that a method held for learning at the end of an experience.",
        source: "",
        records: &[metric::MEMORY],
        table: Table::Cost,
    }

    /// Multiply-adds per sample.
    MULTIPLY_ADDS {
        name: "final-multiply-adds",
        title: "multiply-adds per sample",
        unit: Unit::Operations,
        better: Some(Direction::Lower),
        formula: "Multiply-adds of one sample's forward pass at the end.",
        source: "",
        records: &[metric::MULTIPLY_ADDS],
        aggregate: Some(Aggregate::Last),
        table: Table::Cost,
    }

    /// Growth edits.
    GROWTH_EDITS {
        name: "growth-edits",
        title: "growth edits",
        unit: Unit::Count,
        better: None,
        formula: "Growth edits applied along the stream.",
        source: "",
        records: &[metric::GROWTH],
        table: Table::Nowhere,
    }
}
