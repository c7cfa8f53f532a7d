use super::*;
use crate::suite::tests_support::{compared, suite_of_values};

fn table_of(methods: usize, seeds: usize) -> Option<Table> {
    let value = |m: usize, s: usize| 0.6 + 0.01 * m as f64 + 0.003 * ((m * 7 + s * 5) % 11) as f64;
    let methods = (0..methods)
        .map(|m| (0..seeds).map(|s| value(m, s)).collect())
        .collect();
    let suite = suite_of_values(&[methods], 1000);
    let c = &compared(&suite)[0];
    pairs_table(&suite, c, &crate::pairs::pairs(c))
}

#[test]
fn columns_without_an_entry_are_left_out() {
    let heads = |table: &Table| {
        table
            .head
            .iter()
            .map(|h| h.title.clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let whole = table_of(3, 6).unwrap();
    assert_eq!(
        heads(&whole),
        "Method, Against, Seeds, Difference, Bootstrap, Effect, Superior, p by signs, p, Verdict"
    );
    let few = table_of(3, 3).unwrap();
    assert_eq!(
        heads(&few),
        "Method, Against, Seeds, Difference, Effect, Superior, p by signs"
    );
    assert!(few.rows.iter().all(|line| line.cells.len() == few.head.len()));
}

#[test]
fn two_methods_need_no_table_and_too_many_have_none() {
    assert!(table_of(2, 5).is_none());
    assert_eq!(table_of(16, 2).unwrap().rows.len(), 120);
    assert!(table_of(17, 2).is_none());
}
