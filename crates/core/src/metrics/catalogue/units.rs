//! Metrics of hidden units after each experience.

use super::{Aggregate, Direction, Metric, MetricInfo, Table, Unit, declare};
use crate::record::metric;

declare! {
    UNITS:

    /// Dead units.
    DEAD_UNITS {
        name: "dead-units",
        title: "dead units",
        unit: Unit::Percent,
        better: Some(Direction::Lower),
        formula: "Share of hidden units whose output is the same on all examined rows, mean over layers at the end.",
        source: "after Dohare et al. 2024",
        records: &[metric::DEAD_UNITS],
        aggregate: Some(Aggregate::Last),
        table: Table::Plasticity,
    }

    /// Dormant units.
    DORMANT_UNITS {
        name: "dormant-units",
        title: "dormant units",
        unit: Unit::Percent,
        better: Some(Direction::Lower),
        formula: "Share of hidden units whose mean magnitude is at most 0.025 of their layer's, mean over layers at the \
                end.",
        source: "Sokar et al. 2023",
        records: &[metric::DORMANT_UNITS],
        aggregate: Some(Aggregate::Last),
        table: Table::Plasticity,
    }

    /// Effective rank.
    EFFECTIVE_RANK {
        name: "effective-rank",
        title: "effective rank",
        unit: Unit::Percent,
        better: Some(Direction::Higher),
        formula: "exp(−Σ p ln p) with p the singular values of a layer's outputs over their sum, as a share of its \
                units, mean over layers at the end.",
        source: "Roy & Vetterli 2007",
        records: &[metric::EFFECTIVE_RANK],
        aggregate: Some(Aggregate::Last),
        table: Table::Plasticity,
    }

    /// Weight magnitude.
    WEIGHT_MAGNITUDE {
        name: "weight-magnitude",
        title: "weight magnitude",
        unit: Unit::Number,
        better: None,
        formula: "Mean |w| over the weights into a hidden layer, mean over layers at the end.",
        source: "",
        records: &[metric::WEIGHT_MAGNITUDE],
        aggregate: Some(Aggregate::Last),
        table: Table::Plasticity,
    }

    /// Deviation from isometry.
    ISOMETRY {
        name: "isometry-deviation",
        title: "deviation from isometry",
        unit: Unit::Number,
        better: None,
        formula: "‖G − I‖²_F / n of a block of weights W, G the smaller of WᵀW and WWᵀ and n its side, mean over the \
                blocks into a hidden layer and over layers at the end.",
        source: "after the penalty of AdamO, Rosseau et al. 2026",
        records: &[metric::ISOMETRY],
        aggregate: Some(Aggregate::Last),
        table: Table::Plasticity,
    }

    /// Change of the weights at a reset.
    RESET_WEIGHT_CHANGE {
        name: "reset-weight-change",
        title: "weight change at resets",
        unit: Unit::Percent,
        better: None,
        formula: "‖θ′ − θ‖ / ‖θ‖ over the parameters, mean over the replacements of units and resets of weights of an \
                experience, and over experiences.",
        source: "",
        records: &[metric::RESET_WEIGHT_CHANGE],
        aggregate: Some(Aggregate::Mean),
        table: Table::Plasticity,
    }

    /// Change of the function at a reset.
    RESET_FUNCTION_CHANGE {
        name: "reset-function-change",
        title: "output change at resets",
        unit: Unit::Number,
        better: None,
        formula: "Mean absolute change of the heads' outputs on the rows of the last update, mean over the same resets.",
        source: "",
        records: &[metric::RESET_FUNCTION_CHANGE],
        aggregate: Some(Aggregate::Mean),
        table: Table::Plasticity,
    }
}
