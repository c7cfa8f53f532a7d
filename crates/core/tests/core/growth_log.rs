//! Records of growth add up: what a layer had, and gained and lost by its name, is what it has.

use super::{moment, stories, tell};
use dentate_core::record::{Record, metric};
use dentate_core::{Graph, GrowthLog, MetricLog, Observation};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The number of units by the name of their layer.
fn widths(graph: &Graph) -> BTreeMap<String, f64> {
    let mut widths = BTreeMap::new();
    for layer in graph.layers() {
        *widths.entry(layer.name.clone()).or_default() += layer.width() as f64;
    }
    widths
}

fn named<'a>(records: &'a [Record], metric: &'a str) -> impl Iterator<Item = (&'a str, f64)> {
    let of = records.iter().filter(move |r| r.metric == metric);
    of.map(|r| (r.item.as_deref().unwrap_or_default(), r.value))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn records_by_layer_add_up_to_the_widths(story in stories(), value in any::<f64>()) {
        let (mut log, mut current, mut plans) = (MetricLog::default(), Graph::empty(), 0_usize);
        tell(&story, |before, plan, _| {
            let (after, receipt) = before.apply(plan, moment(plans)).unwrap();
            let mut plan = plan.clone();
            plan.observed = Observation::new("share of outliers", value);
            GrowthLog::before(before).record(&plan, &receipt, &after, &mut log);
            (current, plans) = (after, plans + 1);
        });
        let mut counted: BTreeMap<String, f64> = BTreeMap::new();
        for (metric, sign) in [(metric::UNITS_BORN, 1.0), (metric::UNITS_REMOVED, -1.0)] {
            for (layer, units) in named(&log.records, metric) {
                *counted.entry(layer.into()).or_default() += sign * units;
            }
        }
        counted.retain(|_, units| *units != 0.0);
        prop_assert_eq!(counted, widths(&current));
        let triggers: Vec<_> = named(&log.records, metric::TRIGGER).collect();
        let expected = if value.is_finite() { plans } else { 0 };
        prop_assert_eq!(triggers, vec![("share of outliers", value); expected]);
        prop_assert_eq!(named(&log.records, metric::GROWTH).count(), plans);
    }
}
