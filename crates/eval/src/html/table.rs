//! Tables that scroll inside their own frame.

use crate::comparison::Role;
use crate::csv::role;
use crate::metrics::Metric;
use crate::tables::{Head, Line, Table};
use maud::{Markup, html};

/// A drawing in its own column, after the given column.
pub(super) struct Drawn {
    pub(super) behind: usize,
    pub(super) title: &'static str,
    pub(super) cells: Vec<Markup>,
}

/// A table with its caption.
pub(super) fn table(table: &Table, drawn: Option<&Drawn>) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label=(table.caption) {
            table {
                caption { (table.caption) }
                thead { tr {
                    @for (i, head) in table.head.iter().enumerate() {
                        (heading(head))
                        @if let Some(d) = drawn.filter(|d| d.behind == i) { th.drawn scope="col" { (d.title) } }
                    }
                } }
                tbody { @for (n, line) in table.rows.iter().enumerate() { (row(table, n, line, drawn)) } }
            }
        }
    }
}

fn heading(head: &Head) -> Markup {
    let explanation = head
        .metric
        .map_or_else(|| head.explanation.to_owned(), Metric::explanation);
    html! {
        th scope="col" class=(if head.text { "text" } else { "number" })
            title=[(!explanation.is_empty()).then_some(explanation)] {
            @if let Some(metric) = head.metric {
                a href=(format!("#measure-{}", metric.name())) { (head.title) }
            } @else { (head.title) }
            @if !head.unit.is_empty() { span.unit { (head.unit) } }
        }
    }
}

fn row(table: &Table, n: usize, line: &Line, drawn: Option<&Drawn>) -> Markup {
    html! {
        tr class=(role(line.role)) {
            @for (i, (head, cell)) in table.head.iter().zip(&line.cells).enumerate() {
                @if i == 0 {
                    th scope="row" {
                        (cell.text)
                        @if line.role != Role::Contender { " " span.tag { (role(line.role)) } }
                    }
                } @else {
                    td class=(class(head, &cell.text)) {
                        @if cell.best { strong.best title="best of the competing methods" { (cell.text) } }
                        @else { (cell.text) }
                    }
                }
                @if let Some(d) = drawn.filter(|d| d.behind == i) {
                    td.drawn { @if let Some(cell) = d.cells.get(n) { (cell) } }
                }
            }
        }
    }
}

fn class(head: &Head, text: &str) -> &'static str {
    match (head.text, text) {
        (_, "significant" | "held") => "verdict significant",
        (
            _,
            "not significant"
            | "too few seeds to tell"
            | "no spread to tell by"
            | "not testable"
            | "control"
            | "reference",
        ) if head.text => "verdict",
        (_, "failed" | "damaged" | "not held") if head.text => "verdict warn",
        (true, _) => "text",
        (false, _) => "number",
    }
}
