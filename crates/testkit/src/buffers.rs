//! The conformance suite of buffers: policies that choose which rows of a stream are kept. A buffer adds it by one line in a
//! test file of its crate:
//!
//! ```ignore
//! dentate::testkit::conformance_buffer!(MyBuffer::default());
//! ```

use dentate_continual::{BufferSpec, BufferView, Memory, StoredRow};
use dentate_core::{DataId, Seed, TaskId};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// Number of streams per configuration.
const CASES: u32 = 64;

/// A module `conformance_of_a_buffer` of `#[test]`s, one for each law that a buffer keeps: `conformance_buffer!(configuration, …)`.
#[macro_export]
macro_rules! conformance_buffer {
    (@ [$($one:expr),+] $($law:ident)*) => {
        mod conformance_of_a_buffer {
            #[allow(unused_imports)]
            use super::*;

            fn all() -> Vec<Box<dyn $crate::BufferSpec>> {
                vec![$(Box::new($one)),+]
            }
            $(
                #[test]
                fn $law() {
                    $crate::buffers::$law(&all());
                }
            )*
        }
    };
    ($($buffer:expr),+ $(,)?) => {
        $crate::conformance_buffer!(@ [$($buffer),+]
            a_place_is_free_or_taken
            rows_are_kept_as_they_went_by
            one_seed_keeps_the_same_rows
            buffers_survive_toml
        );
    };
}

/// Try a law on streams of classes, some rows of which have no class, with a capacity of so many rows.
fn hold(law: impl Fn(&[Option<u32>], usize, u64) -> Result<(), TestCaseError>) {
    let classes = prop::collection::vec(prop::option::weighted(0.9, 0u32..5), 0..80);
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let run = TestRunner::new(config).run(
        &(classes, 1usize..20, any::<u64>()),
        |(classes, capacity, seed)| law(&classes, capacity, seed),
    );
    if let Err(broken) = run {
        panic!("{broken}");
    }
}

fn filled(policy: &dyn BufferSpec, classes: &[Option<u32>], capacity: usize, seed: u64) -> Memory<u32> {
    let (mut memory, mut random) = (Memory::default(), Seed(seed).random());
    for (row, class) in (0..).zip(classes) {
        let kept = StoredRow {
            data: DataId(0),
            task: TaskId(0),
            row,
            class: *class,
            payload: row + 7,
        };
        memory.offer(kept, capacity, policy, &mut random);
    }
    memory
}

/// A row's place is that of a kept row, or the first free one while there is capacity; any other answer would be lost silently.
/// The first row of a stream is kept.
///
/// # Panics
/// If the law does not hold.
pub fn a_place_is_free_or_taken(buffers: &[Box<dyn BufferSpec>]) {
    for policy in buffers {
        hold(|classes, capacity, seed| {
            let mut random = Seed(seed).random();
            let mut kept: Vec<Option<u32>> = Vec::new();
            for (seen, class) in (1..).zip(classes) {
                let past = &classes[..seen as usize];
                let known: std::collections::BTreeSet<_> = past.iter().collect();
                let shelf = BufferView {
                    capacity,
                    classes: &kept,
                    seen,
                    seen_of_class: past.iter().filter(|other| *other == class).count() as u64,
                    known: known.len(),
                    class: *class,
                };
                let place = policy.place_for(&shelf, &mut random);
                prop_assert!(
                    seen > 1 || place == Some(0),
                    "the first row's place is {place:?} in {policy:?}"
                );
                match place {
                    None => {}
                    Some(place) if place < kept.len() => kept[place] = *class,
                    Some(place) if place == kept.len() && place < capacity => kept.push(*class),
                    Some(place) => {
                        let (n, row) = (kept.len(), seen - 1);
                        prop_assert!(
                            false,
                            "{policy:?} puts row {row} at place {place} of {n} that are taken, with room for {capacity}"
                        );
                    }
                }
            }
            Ok(())
        });
    }
}

/// There are never more rows than the capacity, and no row twice; each has its own class and its stored values.
///
/// # Panics
/// If the law does not hold.
pub fn rows_are_kept_as_they_went_by(buffers: &[Box<dyn BufferSpec>]) {
    for policy in buffers {
        hold(|classes, capacity, seed| {
            let memory = filled(policy.as_ref(), classes, capacity, seed);
            prop_assert!(memory.stored().len() <= capacity, "{memory:?}");
            prop_assert_eq!(memory.stored().is_empty(), classes.is_empty());
            let rows: std::collections::BTreeSet<u32> = memory.stored().iter().map(|kept| kept.row).collect();
            prop_assert_eq!(rows.len(), memory.stored().len());
            for kept in memory.stored() {
                prop_assert_eq!(kept.class, classes[kept.row as usize]);
                prop_assert_eq!(kept.payload, kept.row + 7);
            }
            Ok(())
        });
    }
}

/// One seed keeps the same rows, also if the memory was saved and loaded in between: a policy has no state of its own.
///
/// # Panics
/// If the law does not hold.
pub fn one_seed_keeps_the_same_rows(buffers: &[Box<dyn BufferSpec>]) {
    for policy in buffers {
        hold(|classes, capacity, seed| {
            let once = filled(policy.as_ref(), classes, capacity, seed);
            let again = filled(policy.boxed().as_ref(), classes, capacity, seed);
            prop_assert_eq!(once, again);
            Ok(())
        });
    }
}

/// A configuration is written as TOML and read back as it was.
///
/// # Panics
/// If the law does not hold.
pub fn buffers_survive_toml(buffers: &[Box<dyn BufferSpec>]) {
    for policy in buffers {
        let text = toml::to_string(policy).unwrap_or_else(|e| panic!("{policy:?} cannot be written: {e}"));
        let back: Box<dyn BufferSpec> =
            toml::from_str(&text).unwrap_or_else(|e| panic!("{text:?} cannot be read: {e}"));
        assert_eq!(format!("{policy:?}"), format!("{back:?}"), "{text}");
    }
}

#[cfg(test)]
mod tests;
