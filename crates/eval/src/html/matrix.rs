//! Accuracy matrices as heat maps in the form of tables, so that they can be read, copied and read aloud.

use crate::comparison::StreamComparison;
use crate::findings::Findings;
use crate::format::{self, ABSENT};
use dentate_core::metrics::AccuracyMatrix;
use maud::{Markup, html};

/// One heat map for each method that has accuracies.
pub(super) fn matrices(findings: &Findings<'_>, c: &StreamComparison) -> Markup {
    let manifest = &findings.suite.manifest;
    let entry = &manifest.streams[c.stream];
    let floor = entry.chance.unwrap_or(0.0);
    let rows: Vec<_> = c.rows.iter().filter(|r| r.matrix.looks_back()).collect();
    html! {
        @if !rows.is_empty() {
            h3 { "Accuracy on each task after each task" }
            div.cards {
                @for row in rows {
                    (map(&manifest.methods[row.method].title, row.finished, &row.matrix, &entry.tasks, floor))
                }
            }
            p.note.key { "Percent, mean over seeds. Colour runs from " (if floor > 0.0 { "chance level" } else { "0" })
                span.ramp aria-hidden="true" { @for step in 0..=10 { span style=(format!("--v:{}%", step * 10)) {} } }
                "to 100. Framed: right after the task was learned; above the frame's diagonal, tasks not yet learned." }
        }
    }
}

fn map(title: &str, seeds: usize, matrix: &AccuracyMatrix, tasks: &[String], floor: f64) -> Markup {
    let name = |j: usize| {
        tasks
            .get(j)
            .map_or_else(|| format!("task {}", j + 1), Clone::clone)
    };
    let joint = matrix.is_joint();
    let caption = format!("{title}, {}", format::plural(seeds, "seed"));
    html! {
        div.scroll tabindex="0" role="region" aria-label=(format!("Accuracy matrix of {title}")) {
            table.heat {
                caption { (caption) }
                thead { tr {
                    th scope="col" { "after" }
                    @for j in 0..matrix.tasks() { th scope="col" { (name(j)) } }
                } }
                tbody {
                    @for (i, row) in matrix.rows().iter().enumerate() {
                        tr {
                            th scope="row" { @if joint { "all" } @else { (name(i)) } }
                            @for (j, entry) in row.iter().enumerate() { (cell(*entry, i, j, joint, floor)) }
                        }
                    }
                }
            }
        }
    }
}

fn cell(entry: Option<f64>, i: usize, j: usize, joint: bool, floor: f64) -> Markup {
    let Some(value) = entry else {
        return html! { td.absent { (ABSENT) } };
    };
    let share = ((value - floor) / (1.0 - floor).max(1e-9)).clamp(0.0, 1.0);
    let place = match (joint, i.cmp(&j)) {
        (false, std::cmp::Ordering::Equal) => " own",
        (false, std::cmp::Ordering::Less) => " ahead",
        _ => "",
    };
    let text = if value >= 0.9995 {
        "100".into()
    } else {
        format!("{:.1}", value * 100.0)
    };
    let ink = if share >= 0.65 { "high" } else { "low" };
    html! { td class=(format!("{ink}{place}")) style=(format!("--v:{:.1}%", share * 100.0)) { (text) } }
}
