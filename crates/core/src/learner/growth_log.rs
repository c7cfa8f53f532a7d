//! Records of a growth: its kind, the quantity that led to it, and how many units each layer gained and lost.

use super::MetricLog;
use crate::graph::Graph;
use crate::ids::LayerId;
use crate::plan::Plan;
use crate::receipt::Receipt;
use crate::record::metric;
use std::collections::BTreeMap;

/// The names of a network's layers, which the records of a growth need of those that it removes.
#[derive(Clone, Debug)]
pub struct GrowthLog {
    names: BTreeMap<LayerId, String>,
}

impl GrowthLog {
    /// Reads the names, before the growth.
    #[must_use]
    pub fn before(graph: &Graph) -> Self {
        let mut log = Self {
            names: BTreeMap::new(),
        };
        log.read(graph);
        log
    }

    fn read(&mut self, graph: &Graph) {
        let names = graph.layers().map(|layer| (layer.id, layer.name.clone()));
        self.names.extend(names);
    }

    /// Logs the growth that has led to `graph`.
    pub fn record(mut self, plan: &Plan, receipt: &Receipt, graph: &Graph, log: &mut MetricLog) {
        self.read(graph);
        log.record(metric::GROWTH, Some(plan.cause.word()), receipt.born.len() as f64);
        if let Some(observed) = &plan.observed {
            log.record(metric::TRIGGER, Some(&observed.quantity), observed.value);
        }
        self.count(
            metric::UNITS_BORN,
            receipt.born.iter().map(|birth| birth.layer),
            log,
        );
        self.count(
            metric::UNITS_REMOVED,
            receipt.died.iter().map(|death| death.layer),
            log,
        );
    }

    fn count(&self, metric: &str, layers: impl Iterator<Item = LayerId>, log: &mut MetricLog) {
        let mut counts: BTreeMap<LayerId, u64> = BTreeMap::new();
        layers.for_each(|layer| *counts.entry(layer).or_default() += 1);
        for (layer, count) in counts {
            log.record(metric, self.names.get(&layer).map(String::as_str), count as f64);
        }
    }
}
