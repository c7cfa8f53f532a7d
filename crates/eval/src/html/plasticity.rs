//! Charts of hidden units along the stream, one panel per quantity.

use super::colour::colour;
use crate::chart::{self, Curve};
use crate::findings::Findings;
use crate::metrics::{Metric, Table};
use crate::tables::capital;
use maud::{Markup, html};

/// The section of the `i`-th comparison; empty if no hidden unit was examined.
pub(super) fn plasticity(findings: &Findings<'_>, i: usize) -> Markup {
    let (c, figures) = (&findings.streams[i], &findings.figures[i]);
    let manifest = &findings.suite.manifest;
    let experiences = figures.iter().map(|f| f.experiences).max().unwrap_or(1);
    let examined = figures
        .iter()
        .any(|f| Metric::in_table(Table::Plasticity).any(|metric| f.plasticity.contains_key(&metric)));
    if !examined {
        return html! {};
    }
    let learned = [Metric::LEARNING_ACCURACY, Metric::LEARNING_ERROR];
    let units = Metric::in_table(Table::Plasticity);
    let panels: Vec<_> = learned
        .into_iter()
        .chain(units)
        .filter_map(|metric| {
            let curves: Vec<Curve<'_>> = c
                .rows
                .iter()
                .zip(figures)
                .filter_map(|(row, figure)| {
                    Some(Curve {
                        title: &manifest.methods[row.method].title,
                        class: colour(c, row),
                        points: figure.plasticity.get(&metric)?,
                        level: None,
                    })
                })
                .collect();
            (!curves.is_empty()).then_some((metric, curves))
        })
        .collect();
    html! {
        h3 { "Plasticity along the stream" }
        @for (metric, curves) in &panels {
                @let name = capital(metric.title());
                @let heading = format!("{}: {}", manifest.streams[c.stream].title, metric.title());
                figure {
                    div.scroll tabindex="0" role="region" aria-label=(name) {
                        div.wide { (chart::quantity(&format!("{}-{i}", metric.name()), &heading, metric.unit(), experiences, curves)) }
                    }
                    figcaption { b { (name) ". " } (said(*metric)) }
                }
            }
    }
}

/// The caption of a panel, whose values are for each experience by itself.
fn said(metric: Metric) -> String {
    let whole = metric
        .explanation()
        .replace(" at the end", " after each experience");
    let of_each = whole.split(": mean_i").next().unwrap_or_default();
    let of_each = of_each.replace("Mean accuracy on each", "Accuracy on each");
    format!("{}.", of_each.trim_end_matches('.'))
}
