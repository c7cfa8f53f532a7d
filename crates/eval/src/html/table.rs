//! Tables that scroll inside their own frame.

use super::words;
use crate::comparison::Role;
use crate::csv::role;
use crate::document::References;
use crate::metrics::Metric;
use crate::tables::{Head, Line, Table};
use maud::{Markup, PreEscaped, html};

/// A table with its caption; with references, another one than the control can be chosen.
pub(super) fn table(table: &Table, references: Option<&References>) -> Markup {
    html! {
        div.table id=(format!("table-{}", table.id)) {
            div.scroll tabindex="0" role="group" aria-label=(format!("Table: {}", table.id.replace('-', " "))) {
                table.data {
                    caption { (words::plain(&table.caption)) }
                    thead { tr { @for head in &table.head { (heading(head)) } } }
                    tbody { @for line in &table.rows { (row(table, line)) } }
                }
            }
            @if let Some(pairs) = references.filter(|r| r.pairs.len() > 1) {
                script.references type="application/json" { (PreEscaped(json(pairs))) }
            }
        }
    }
}

/// The differences for the script: `{"c": control, "w": verdicts, "p": [[one, other, difference, turned, p, verdict, turned], …]}`.
fn json(references: &References) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut place = |word| {
        words.iter().position(|w| *w == word).unwrap_or_else(|| {
            words.push(word);
            words.len() - 1
        })
    };
    let pairs: Vec<serde_json::Value> = references
        .pairs
        .iter()
        .map(|r| {
            let [difference, turned] = &r.difference;
            let verdicts = r.verdict.map(&mut place);
            serde_json::json!([r.one, r.other, difference, turned, r.p, verdicts[0], verdicts[1]])
        })
        .collect();
    let json = serde_json::json!({ "c": references.control, "w": words, "p": pairs });
    // Nothing in it may end the element.
    json.to_string().replace('<', "\\u003c")
}

fn heading(head: &Head) -> Markup {
    let explanation = head
        .metric
        .map_or_else(|| head.explanation.to_owned(), Metric::explanation);
    html! {
        th scope="col" class=(if head.text { "text" } else { "number" })
            title=[(!explanation.is_empty()).then_some(explanation)] {
            (head.title)
            @if !head.unit.is_empty() { " " span.unit { (head.unit) } }
        }
    }
}

fn row(table: &Table, line: &Line) -> Markup {
    let own = line.method.map_or_else(String::new, |m| format!(" m m{m}"));
    let role_of = if line.role == Role::Contender {
        ""
    } else {
        role(line.role)
    };
    let class = format!("{role_of}{own}");
    html! {
        tr class=[(!class.is_empty()).then_some(class.trim())] data-m=[line.method] {
            @for (i, (head, cell)) in table.head.iter().zip(&line.cells).enumerate() {
                @if i == 0 {
                    th scope="row" {
                        (cell.text)
                        @if line.role != Role::Contender { " " span.tag { (role(line.role)) } }
                    }
                } @else {
                    td class=[class_of(head, &cell.text)] {
                        @if cell.best { b { (kept(&cell.text)) } }
                        @else if let Some(file) = cell.text.strip_prefix("runs/").filter(|_| head.text) { a href=(cell.text) { (shortened(file)) } }
                        @else { (kept(&cell.text)) }
                    }
                }
            }
        }
    }
}

/// A cell's text, in which a number is not parted from the prefix of its unit. On paper an interval may go below its mean.
fn kept(text: &str) -> String {
    let mut kept = text.to_owned();
    for prefix in ['k', 'M', 'G', 'T', 'P'] {
        kept = kept.replace(&format!(" {prefix}"), &format!("\u{a0}{prefix}"));
    }
    kept
}

/// The name of a run's folder, of which a few digits tell it from others.
fn shortened(file: &str) -> String {
    file.chars().take(12).chain(['…']).collect()
}

/// Numbers, of which there are most, have none.
fn class_of(head: &Head, text: &str) -> Option<&'static str> {
    if !head.text {
        return None;
    }
    Some(match text {
        "▲ better" | "held" => "verdict good",
        "▼ worse" | "failed" | "damaged" | "not held" => "verdict warn",
        "no difference found"
        | "too few seeds to tell"
        | "no spread to tell by"
        | "not testable"
        | "control"
        | "reference" => "verdict",
        _ => "text",
    })
}
