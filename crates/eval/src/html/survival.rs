//! Survival curves of new units, one card per method.

use super::colour::colour;
use crate::chart;
use crate::findings::Findings;
use maud::{Markup, html};

/// The section of the `i`-th comparison; empty if no lifetimes were recorded.
pub(super) fn survival(findings: &Findings<'_>, i: usize) -> Markup {
    let (c, figures) = (&findings.streams[i], &findings.figures[i]);
    let manifest = &findings.suite.manifest;
    let drawn: Vec<_> = c
        .rows
        .iter()
        .zip(figures)
        .filter_map(|(row, figure)| Some((row, figure.survival.as_ref()?)))
        .collect();
    let longest = drawn.iter().map(|(_, s)| s.longest()).fold(0.0, f64::max);
    html! {
        @if !drawn.is_empty() {
            h3 { "Survival of newborn units" }
            div.cards {
                @for (n, (row, survival)) in drawn.iter().enumerate() {
                    @let title = manifest.methods[row.method].title.as_str();
                    @let class = colour(c, row);
                    article.card {
                        h4 class=(class) { span.swatch aria-hidden="true" {} (title) }
                        h5 { "Survival, %, over updates since the window ended" }
                        div class=(class) {
                            (chart::survival(&format!("v{i}-{n}"), &format!("{title}: survival of newborn units"), longest, survival))
                        }
                        @if survival.early > 0 { p.note { (survival.early) " died within their window." } }
                    }
                }
            }
            p.note { "Kaplan–Meier curves of units born by growth, seeds together: the half of a run's units that was more active in the \
                window after birth (drawn through) and the half that was less active (dashed). Units alive at the end are censored there. \
                Units of one network are not independent, so no interval is drawn." }
        }
    }
}
