//! Memory held for learning.

use super::{Measured, Metric};
use crate::frames::{Frames, by_run};
use dentate_core::record::metric;
use polars::prelude::PolarsResult;
use std::collections::BTreeMap;

/// Enters the bytes at the end, by part and in all, and the most at the end of an experience.
pub(super) fn measure(frames: &Frames, measured: &mut [Measured]) -> PolarsResult<()> {
    for (run, rows) in by_run(&frames.observations(metric::MEMORY)?) {
        let mut parts: BTreeMap<usize, BTreeMap<String, f64>> = BTreeMap::new();
        for o in rows {
            let part = o.item.clone().unwrap_or_default();
            parts.entry(o.experience).or_default().insert(part, o.value);
        }
        let all = |parts: &BTreeMap<String, f64>| parts.values().sum::<f64>();
        let most = parts.values().map(all).fold(0.0, f64::max);
        let Some((_, last)) = parts.pop_last() else {
            continue;
        };
        let of_run = &mut measured[run];
        of_run.values.insert(Metric::Memory, all(&last));
        of_run.values.insert(Metric::LargestMemory, most);
        of_run.memory = last;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::frames::Frames;
    use crate::metrics::{Metric, measure};
    use crate::suite::tests_support::suite_of;

    #[test]
    fn memory_is_that_of_the_last_experience_and_the_most_is_that_of_any() {
        let log = "memory-bytes,0,5,,parameters,40.0\nmemory-bytes,0,5,,rows,100.0\nmemory-bytes,1,9,,parameters,60.0\n\
                   memory-bytes,1,9,,slots,20.0\n";
        let suite = suite_of(&[log]);
        let measured = measure(&suite, &Frames::of(&suite).unwrap()).unwrap().remove(0);
        assert_eq!(measured.values[&Metric::Memory], 80.0);
        assert_eq!(measured.values[&Metric::LargestMemory], 140.0);
        assert_eq!(measured.memory.len(), 2);
        assert!(measured.others.is_empty());
    }
}
