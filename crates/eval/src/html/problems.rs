//! The section of the function-learning problems.

use super::table::table;
use crate::chart;
use crate::comparison::StreamComparison;
use crate::findings::Findings;
use crate::prose::{self, Solving};
use crate::tables;
use maud::{Markup, html};

/// One table, and a strip of dots for each problem.
pub(super) fn section(findings: &Findings<'_>, problems: &[usize]) -> Markup {
    let (suite, manifest) = (findings.suite, &findings.suite.manifest);
    let of: Vec<&StreamComparison> = problems.iter().map(|i| &findings.streams[*i]).collect();
    html! {
        section #problems {
            h2 { "Function-learning problems" }
            ul.findings { @for c in &of {
                li { (manifest.streams[c.stream].title) ": "
                    @for sentence in prose::findings(suite, c) { (super::strong(&sentence)) " " } }
            } }
            (table(&tables::solving(suite, &of), None))
            div.cards { @for c in &of { (problem(findings, c)) } }
            p.note { "One dot a run, at its hidden units: filled, solved; hollow, not solved. The dashed line is the smallest number \
                of hidden units known to solve the problem." }
        }
    }
}

fn problem(findings: &Findings<'_>, c: &StreamComparison) -> Markup {
    let manifest = &findings.suite.manifest;
    let title = &manifest.streams[c.stream].title;
    let with_units = c
        .rows
        .iter()
        .map(|r| (manifest.methods[r.method].title.as_str(), Solving::of(r)));
    let rows: Vec<_> = with_units
        .filter(|(_, s)| !s.units.is_empty() || !s.unsolved_units.is_empty())
        .collect();
    html! {
        @if !rows.is_empty() {
            article.card {
                h4 { (title) }
                h5 { "Hidden units at the end" }
                (chart::strip(&format!("strip-{}", c.stream), title, &rows))
            }
        }
    }
}
