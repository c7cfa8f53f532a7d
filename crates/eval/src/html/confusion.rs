//! Confusion matrices at the end as heat maps in the form of tables.

use crate::comparison::{MethodRow, StreamComparison};
use crate::findings::Findings;
use crate::format;
use crate::tables::MOST_CLASSES;
use dentate_core::metrics::Confusion;
use maud::{Markup, html};
use std::collections::BTreeSet;

/// One heat map for each method that has predictions by class; empty for more than 20 classes.
pub(super) fn matrices(findings: &Findings<'_>, c: &StreamComparison) -> Markup {
    let manifest = &findings.suite.manifest;
    let summed = |row: &MethodRow| {
        let mut sum = Confusion::default();
        for &run in &row.runs {
            sum.extend(&findings.measured[run].confusion);
        }
        sum
    };
    let rows: Vec<(&MethodRow, Confusion)> = c.rows.iter().map(|row| (row, summed(row))).collect();
    let counts = rows.iter().flat_map(|(_, confusion)| confusion.counts());
    let classes: BTreeSet<u32> = counts
        .flat_map(|((own, predicted), _)| [Some(own), predicted])
        .flatten()
        .collect();
    if classes.is_empty() || classes.len() > MOST_CLASSES {
        return html! {};
    }
    html! {
        h3 { "Confusion at the end of the stream" }
        div.cards {
            @for (row, confusion) in rows.iter().filter(|(_, confusion)| !confusion.is_empty()) {
                (map(&manifest.methods[row.method].title, row.finished, confusion, &classes))
            }
        }
        p.note.key { "Rows: the true class; columns: the class it was taken for. Percent of the rows of the true class, all seeds together. "
            "Framed: right." }
    }
}

fn map(title: &str, seeds: usize, confusion: &Confusion, classes: &BTreeSet<u32>) -> Markup {
    let none = confusion.counts().any(|((_, predicted), _)| predicted.is_none());
    let columns: Vec<Option<u32>> = classes
        .iter()
        .copied()
        .map(Some)
        .chain(none.then_some(None))
        .collect();
    html! {
        div.scroll tabindex="0" role="region" aria-label=(format!("Confusion matrix of {title}")) {
            table.heat {
                caption { (title) ", " (format::plural(seeds, "seed")) }
                thead { tr {
                    th scope="col" { "class" }
                    @for column in &columns {
                        th scope="col" { @match column { Some(class) => { (class) }, None => { "none" } } }
                    }
                } }
                tbody {
                    @for (own, rows) in confusion.rows() {
                        tr {
                            th scope="row" { (own) }
                            @for column in &columns { (cell(confusion.count(own, *column) as f64 / rows as f64, *column == Some(own))) }
                        }
                    }
                }
            }
        }
    }
}

fn cell(share: f64, right: bool) -> Markup {
    let ink = if share >= 0.65 { "high" } else { "low" };
    let place = if right { " own" } else { "" };
    let text = if share == 0.0 {
        String::new()
    } else if share >= 0.9995 {
        "100".into()
    } else {
        format!("{:.1}", share * 100.0)
    };
    html! { td class=(format!("{ink}{place}")) style=(format!("--v:{:.1}%", share * 100.0)) { (text) } }
}
