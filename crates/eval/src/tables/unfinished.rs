//! The table of runs without a result.

use super::{ABSENT, Head, Line, Table};
use crate::suite::{Outcome, Suite};

/// The runs without a result, with the reason; `None` if all have one.
pub(crate) fn unfinished(suite: &Suite) -> Option<Table> {
    let rows: Vec<Line> = suite
        .runs
        .iter()
        .filter(|r| r.outcome != Outcome::Finished)
        .map(|r| {
            let method = suite.manifest.methods[r.method].title.clone();
            let stream = suite.manifest.streams[r.stream].title.clone();
            Line::plain([
                method,
                stream,
                r.entry.seed.to_string(),
                r.outcome.word().into(),
                r.outcome.detail(),
                suite.page_of(r).unwrap_or_else(|| ABSENT.into()),
            ])
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    let head = ["Method", "Stream", "Seed", "State", "What is known", "Page"].map(|t| Head::text(t, ""));
    let mut table = Table {
        id: String::new(),
        caption: "Requested runs that are not part of the comparison.".into(),
        head: head.into(),
        rows,
    };
    // Pages stand beside the report, and may not have been asked for.
    if table
        .rows
        .iter()
        .all(|line| line.cells.last().is_none_or(|cell| cell.text == ABSENT))
    {
        table.head.pop();
        table.rows.iter_mut().for_each(|line| drop(line.cells.pop()));
    }
    Some(table)
}
