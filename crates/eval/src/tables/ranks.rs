//! The table of mean ranks across streams.

use super::{Head, Line, Suite, Table};
use crate::comparison::Role;
use crate::ranks::Across;

/// The methods in the order of their mean ranks; `None` without a test.
pub(crate) fn ranks(suite: &Suite, across: &Across) -> Option<Table> {
    let test = across.test.as_ref()?;
    let line = |place: usize| {
        let method = across.methods[place];
        let role = if suite.control() == Some(method) {
            Role::Control
        } else {
            Role::Contender
        };
        let cells = [
            suite.manifest.methods[method].title.clone(),
            format!("{:.2}", test.ranks[place]),
        ];
        Line {
            role,
            method: Some(method),
            ..Line::plain(cells)
        }
    };
    Some(Table {
        id: String::new(),
        caption: format!(
            "Mean ranks over {} streams by {}; the critical difference is {:.2}.",
            across.streams.len(),
            across.metric.title(),
            test.critical_difference
        ),
        head: vec![
            Head::text("Method", ""),
            Head::number(
                "Mean rank",
                "",
                "1 for a method that is best on every stream; equal means share their ranks.",
            ),
        ],
        rows: test.order().into_iter().map(line).collect(),
    })
}
