//! Life histories of units added by growth, for survival curves: their activity while young, and the time of their removal.
//!
//! With a window of w updates, the running mean of a new unit's |h| (decay 1 − 1/w, or that of the strategy's own meter) is
//! logged when the unit is w updates old, before any survival rule evaluates it at that age; its removal is logged with its
//! age, whenever it happens.

use dentate_core::record::metric;
use dentate_core::{
    Graph, GrowingNetwork, LayerId, LearnError, Meter, MeterKind, MetricLog, Receipt, UnitId,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};

/// The units being tracked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct SurvivalTracker {
    /// The window in updates; `None` for no tracking.
    window: Option<u64>,
    /// Existing units added by growth, with their layers.
    living: BTreeMap<UnitId, LayerId>,
    /// The end of each unit's window, in order of time.
    waiting: VecDeque<(u64, UnitId)>,
}

impl SurvivalTracker {
    /// A tracker with this window in updates.
    pub(crate) fn new(window: Option<u64>) -> Self {
        Self {
            window,
            ..Self::default()
        }
    }

    /// The meters needed for tracking, in addition to `meters`.
    pub(crate) fn meters(&self, graph: &Graph, mut meters: Vec<Meter>) -> Vec<Meter> {
        let Some(window) = self.window else {
            return meters;
        };
        for layer in graph.hidden().map(|layer| layer.id) {
            let of = MeterKind::Magnitude;
            if !meters.iter().any(|m| m.layer == layer && m.of == of) {
                let decay = 1.0 - 1.0 / window as f32;
                meters.push(Meter { layer, of, decay });
            }
        }
        meters
    }

    /// Logs births and removals of a change.
    pub(crate) fn follow(&mut self, graph: &Graph, receipt: &Receipt, log: &mut MetricLog) {
        let Some(window) = self.window else {
            return;
        };
        for birth in &receipt.born {
            if graph.hidden().any(|layer| layer.id == birth.layer) {
                let over = receipt.moment.step.saturating_add(window);
                self.living.insert(birth.unit, birth.layer);
                self.waiting.push_back((over, birth.unit));
            }
        }
        for death in &receipt.died {
            if self.living.remove(&death.unit).is_some() {
                let age = death.died.step.saturating_sub(death.born.step);
                log.record(metric::UNIT_DEATH, Some(&death.unit.0.to_string()), age as f64);
            }
        }
    }

    /// The existing units whose window is over now, by layer.
    fn due(&mut self, now: u64) -> BTreeMap<LayerId, Vec<UnitId>> {
        let mut due: BTreeMap<LayerId, Vec<UnitId>> = BTreeMap::new();
        while let Some((_, unit)) = self.waiting.pop_front_if(|(over, _)| *over <= now) {
            if let Some(layer) = self.living.get(&unit) {
                due.entry(*layer).or_default().push(unit);
            }
        }
        due
    }

    /// Logs the activity of units whose window is over with this update.
    pub(crate) fn look(
        &mut self,
        network: &mut GrowingNetwork,
        log: &mut MetricLog,
    ) -> Result<(), LearnError> {
        for (layer, units) in self.due(network.clock().step) {
            let readings = network.readings(layer)?;
            let activities = readings.values.get(&MeterKind::Magnitude);
            let places = network.graph().layer(layer).map(|l| &l.units);
            let (Some(activities), Some(places)) = (activities, places) else {
                continue;
            };
            for unit in units {
                let place = places.iter().position(|u| u.id == unit);
                if let Some(activity) = place.and_then(|place| activities.get(place)) {
                    let item = unit.0.to_string();
                    log.record(metric::UNIT_ACTIVITY, Some(&item), f64::from(*activity));
                }
            }
        }
        Ok(())
    }
}
