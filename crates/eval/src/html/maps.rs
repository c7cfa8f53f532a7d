//! Charts of maps: their error along the stream, the maps at several moments, their prototypes, added and removed units.

use super::colour::colour;
use crate::chart::{self, Curve};
use crate::comparison::{MethodRow, Scoring};
use crate::findings::Findings;
use crate::plots::Figure;
use maud::{Markup, html};

/// The section of the `i`-th comparison; empty if no method is a map.
pub(super) fn maps(findings: &Findings<'_>, i: usize) -> Markup {
    let (c, figures) = (&findings.streams[i], &findings.figures[i]);
    let manifest = &findings.suite.manifest;
    let title = |row: &MethodRow| manifest.methods[row.method].title.as_str();
    let of_maps = || {
        c.rows
            .iter()
            .zip(figures)
            .filter(|(_, f)| !f.map.errors.is_empty())
    };
    let curves: Vec<Curve<'_>> = of_maps()
        .map(|(r, f)| Curve {
            title: title(r),
            class: colour(c, r),
            points: &f.map.errors,
            level: None,
        })
        .collect();
    if curves.is_empty() {
        return html! {};
    }
    let experiences = figures.iter().map(|f| f.experiences).max().unwrap_or(1);
    let heading = format!(
        "{}: quantization error along the stream",
        manifest.streams[c.stream].title
    );
    html! {
        h3 { "Maps" }
        @if c.scoring == Scoring::Quantization {
            figure {
                div.scroll tabindex="0" role="region" aria-label="Quantization error along the stream" {
                    div.wide { (chart::errors(&format!("errors-{i}"), &heading, experiences, &curves)) }
                }
                figcaption { "Mean squared distance of signals to the nearest prototype, each before it was learned from, on a \
                    logarithmic scale." }
            }
        }
        div.cards {
            @for (n, (row, figure)) in of_maps().enumerate() {
                (card(&format!("m{i}-{n}"), title(row), &colour(c, row), figure, experiences))
            }
        }
        p.note { "Drawings and prototypes are of the first seed. Dots in grey: the last signals before that moment. Position counts \
            experiences from 0: 1.5 is halfway through the second." }
    }
}

fn card(id: &str, title: &str, class: &str, figure: &Figure, experiences: usize) -> Markup {
    let map = &figure.map;
    let extent = chart::extent(map.drawings.iter().map(|(_, d)| d));
    let lived = map.born.iter().chain(&map.died).any(|p| p.mean > 0.0);
    let drawn = !map.drawings.is_empty() || !map.prototypes.is_empty();
    html! {
        @if lived || drawn {
            article.card {
                h4 class=(class) { span.swatch aria-hidden="true" {} (title) }
                @if !map.drawings.is_empty() {
                    div.moments { @for (k, (x, drawing)) in map.drawings.iter().enumerate() {
                        @let named = format!("{title} at {x:.2} of the stream");
                        figure {
                            (chart::map(&format!("{id}-{k}"), &named, class, drawing, extent))
                            figcaption { "at " (format!("{x:.2}")) ": " (drawing.places.len()) " units" }
                        }
                    } }
                }
                @if !map.prototypes.is_empty() {
                    h5 { "Prototypes that won most" }
                    div.prototypes role="img" aria-label=(format!("{} prototypes as images", map.prototypes.len())) {
                        @for image in &map.prototypes { (chart::prototype(image)) }
                    }
                }
                @if lived {
                    h5 { "Units born and died" }
                    div class=(class) {
                        (chart::lives(&format!("{id}-l"), &format!("{title}: units born and died"), experiences, &map.born, &map.died))
                    }
                }
            }
        }
    }
}
