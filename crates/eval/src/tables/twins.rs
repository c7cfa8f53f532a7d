//! The table of growing methods against their static twins.

use super::{ABSENT, Head, Line, Suite, Table, said};
use crate::comparison::StreamComparison;
use crate::format;
use crate::metrics::Unit;
use crate::prose::{budget, twins as of};

/// One row for each twin; `None` if there are none.
pub(crate) fn twins(suite: &Suite, c: &StreamComparison) -> Option<Table> {
    let metric = c.metric();
    let (unit, points) = match metric.unit() {
        Unit::Percent => (Unit::Points, "points"),
        unit => (unit, ""),
    };
    let mut rows = Vec::new();
    for (k, row) in c.rows.iter().enumerate() {
        for twin in of(suite, c, k) {
            let verdict = c.planned_between(k, twin);
            let cells = [
                suite.manifest.methods[row.method].title.clone(),
                suite.manifest.methods[c.rows[twin].method].title.clone(),
                budget(suite, &c.rows[twin]).replace('-', " "),
                verdict.map_or_else(|| ABSENT.into(), |v| v.paired.difference.n.to_string()),
                verdict.map_or_else(
                    || ABSENT.into(),
                    |v| format::difference(unit, &v.paired.difference),
                ),
                verdict
                    .and_then(|v| v.adjusted)
                    .map_or_else(|| ABSENT.into(), format::p_value),
                verdict
                    .map_or(ABSENT, |v| {
                        said(v.paired.difference.mean, metric, v.significant, v.paired.p.err())
                    })
                    .to_owned(),
            ];
            rows.push(Line {
                method: Some(row.method),
                ..Line::plain(cells)
            });
        }
    }
    let head = vec![
        Head::text("Method", ""),
        Head::text("Static twin", ""),
        Head::text(
            "Budget",
            "What the twin may have or spend: as much as the growing network had or spent, seed by seed.",
        ),
        Head::number("Seeds", "", "Seeds that both finished."),
        Head::number(
            "Growth brings",
            points,
            "Mean difference of the growing method from its twin, with its 95% interval, not corrected.",
        ),
        Head::number(
            "p",
            "",
            "Paired t-test, Holm-corrected for all planned comparisons of the stream: with the control and with twins.",
        ),
        Head::text("Verdict", "Better or worse where this p is below 0.05."),
    ];
    (!rows.is_empty()).then(|| Table {
        id: String::new(),
        caption: format!(
            "Growing methods against static twins of the same budget, by {}.",
            metric.title()
        ),
        head,
        rows,
    })
}
