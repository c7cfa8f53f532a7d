use super::{estimate, size};
use crate::history::Past;
use crate::run::Timing;
use std::time::SystemTime;

fn past(method: &str, seconds: f64) -> Past {
    Past {
        id: "x".into(),
        method: method.into(),
        stream: "s".into(),
        seed: 1,
        timing: Timing {
            seconds,
            parameters: 10,
            record_bytes: 100,
            checkpoint_bytes: 900,
            ..Timing::default()
        },
        ended: SystemTime::UNIX_EPOCH,
    }
}

#[test]
fn a_run_is_judged_by_its_like() {
    let all = [past("a", 1.0), past("a", 30.0), past("a", 2.0), past("b", 500.0)];
    let found = estimate(&all, "a", "s", |_| 0).unwrap_or_else(|| panic!("there are three"));
    assert_eq!(
        (found.seconds, found.parameters, found.bytes, found.from),
        (2.0, 10, 1000, 3)
    );
    let kept = estimate(&all, "a", "s", |earlier| 4 * earlier.parameters);
    assert_eq!(kept.map(|e| e.bytes), Some(1040));
    assert_eq!(estimate(&all, "c", "s", |_| 0), None);
    assert_eq!(estimate(&all, "a", "t", |_| 0), None);
}

#[test]
fn sizes_are_read_at_a_glance() {
    let said: Vec<String> = [0, 999, 1_000, 2_500_000, 7_000_000_000].map(size).into();
    assert_eq!(said, ["0 B", "999 B", "1 kB", "2.5 MB", "7.0 GB"]);
}
