//! Metrics of self-organising maps.

use super::{Aggregate, Direction, Metric, MetricInfo, Ranked, Table, Unit, declare};
use crate::record::metric;

declare! {
    MAPS:

    /// Quantization error.
    QUANTIZATION_ERROR {
        name: "quantization-error",
        title: "quantization error",
        unit: Unit::Error,
        better: Some(Direction::Lower),
        formula: "Mean squared distance of test points to the nearest prototype, right after learning from their \
                distribution: mean_i Q[i][i].",
        source: "",
        records: &[metric::QUANTIZATION_ERROR],
        ranked: Ranked::AllTasks,
        table: Table::Nowhere,
    }

    /// Topographic error.
    TOPOGRAPHIC_ERROR {
        name: "topographic-error",
        title: "topographic error",
        unit: Unit::Percent,
        better: Some(Direction::Lower),
        formula: "Share of signals whose two nearest units were not neighbours just before they were learned from, over \
                the last ten windows of the stream.",
        source: "after Kiviluoto 1996",
        records: &[metric::TOPOGRAPHIC_ERROR],
        ranked: Ranked::Always,
        table: Table::Maps,
    }

    /// Units.
    MAP_UNITS {
        name: "map-units",
        title: "units",
        unit: Unit::Count,
        better: None,
        formula: "Units of a map at the end.",
        source: "",
        records: &[metric::UNITS],
        table: Table::Maps,
    }

    /// Edges.
    MAP_EDGES {
        name: "map-edges",
        title: "edges",
        unit: Unit::Count,
        better: None,
        formula: "Edges of a map at the end.",
        source: "",
        records: &[metric::EDGES],
        aggregate: Some(Aggregate::Last),
        table: Table::Maps,
    }

    /// Units died.
    UNITS_DIED {
        name: "units-died",
        title: "units died",
        unit: Unit::Count,
        better: None,
        formula: "Units removed along the stream.",
        source: "",
        records: &[metric::DEATHS],
        table: Table::Maps,
    }

    /// Recovered.
    RECOVERED {
        name: "recovered",
        title: "recovered",
        unit: Unit::Percent,
        better: Some(Direction::Higher),
        formula: "Share of boundaries after which the error of signals fell to at most 1.5 times its level in the first \
                experience: the mean over its last ten windows.",
        source: "",
        records: &[metric::SIGNAL_ERROR],
        table: Table::Maps,
    }

    /// Signals to recover.
    RECOVERY_TIME {
        name: "recovery-time",
        title: "signals to recover",
        unit: Unit::Count,
        better: Some(Direction::Lower),
        formula: "Signals from a boundary until the first window in which the error of signals is back at 1.5 times its \
                level in the first experience, over the boundaries it recovered from.",
        source: "",
        records: &[metric::SIGNAL_ERROR],
        table: Table::Maps,
    }
}
