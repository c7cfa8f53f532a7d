//! Records of predictions by class, at the end of a run.

use dentate_core::MetricLog;
use dentate_core::metrics::Confusion;
use dentate_core::record::{Record, metric};

/// The maximum number of true classes of which pairs are recorded: of more there would be tens of thousands.
const MOST: usize = 100;

/// The accuracy on each class, and the number of rows of each pair of true and predicted class if there are at most 100 classes.
pub(crate) fn records(confusion: &Confusion, log: &MetricLog) -> Vec<Record> {
    let classes = confusion.by_class();
    let few = classes.len() <= MOST;
    let of_class = |(class, share): (u32, f64)| record(metric::CLASS_ACCURACY, class.to_string(), share, log);
    let mut records: Vec<Record> = classes.into_iter().map(of_class).collect();
    if few {
        records.extend(pairs(confusion, log));
    }
    records
}

/// The number of rows of each pair of true and predicted class.
pub(crate) fn pairs(confusion: &Confusion, log: &MetricLog) -> impl Iterator<Item = Record> {
    confusion
        .counts()
        .map(|(pair, rows)| record(metric::CONFUSION, Confusion::item(pair), rows as f64, log))
}

fn record(metric: &str, item: String, value: f64, log: &MetricLog) -> Record {
    Record {
        metric: metric.into(),
        experience: log.experience,
        step: log.updates,
        task: None,
        item: Some(item),
        value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_of_many_classes_are_not_recorded_and_the_accuracy_on_each_is() {
        let all = |classes: u32| {
            let mut confusion = Confusion::default();
            (0..classes).for_each(|class| confusion.add(class, Some(0), 2));
            records(&confusion, &MetricLog::default())
        };
        let count = |records: &[Record], of: &str| records.iter().filter(|r| r.metric == of).count();
        let (few, many) = (all(100), all(101));
        assert_eq!(count(&few, metric::CLASS_ACCURACY), 100);
        assert_eq!(count(&few, metric::CONFUSION), 100);
        assert_eq!(count(&many, metric::CLASS_ACCURACY), 101);
        assert_eq!(count(&many, metric::CONFUSION), 0);
        assert_eq!(few[0].value, 1.0);
        assert_eq!((few[101].item.as_deref(), few[101].value), (Some("1->0"), 2.0));
    }
}
