//! Reconstruction errors along the stream, one card per method: of each class, and of the input at each level of a stack.

use super::colour::colour;
use crate::chart::{self, Curve};
use crate::findings::Findings;
use crate::plots::Named;
use maud::{Markup, html};

/// The section of the `i`-th comparison; empty if no method reconstructs.
pub(super) fn reconstruction(findings: &Findings<'_>, i: usize) -> Markup {
    let (c, figures) = (&findings.streams[i], &findings.figures[i]);
    let manifest = &findings.suite.manifest;
    let own = manifest.streams[c.stream].tasks_by_seed;
    let part = if own { "task" } else { "class" };
    let experiences = figures.iter().map(|f| f.experiences).max().unwrap_or(1);
    let by_class = most(figures.iter().flat_map(|f| &f.classes));
    let by_level = most(figures.iter().flat_map(|f| &f.levels));
    html! {
        @if by_class > 0.0 || by_level > 0.0 {
            h3 { "Reconstruction along the stream" }
            div.cards {
                @for (n, (row, figure)) in c.rows.iter().zip(figures).enumerate().filter(|(_, (_, f))| !f.classes.is_empty() || !f.levels.is_empty()) {
                    @let title = manifest.methods[row.method].title.as_str();
                    article.card {
                        h4 class=(colour(c, row)) { span.swatch aria-hidden="true" {} (title) }
                        @for (kind, all, most) in [(part, &figure.classes, by_class), ("level", &figure.levels, by_level)] {
                            @if !all.is_empty() {
                                h5 { "Error by " (kind) ", thousandths" }
                                (chart::named(&format!("r{i}-{n}-{kind}"), &format!("{title}: reconstruction error by {kind}"), experiences, most, &curves(all)))
                            }
                        }
                    }
                }
            }
            p.note { "Mean over seeds of the squared error per input feature. By " (part) ": test rows of each " (part) ", learned or not, \
                after each experience. By level: training rows of what arrives, through the first levels of the stack, before it grows and after each \
                round." }
        }
    }
}

/// The largest mean of all methods.
fn most<'a>(all: impl Iterator<Item = &'a Named>) -> f64 {
    all.flat_map(|(_, points)| points.iter().map(|p| p.mean))
        .fold(0.0, f64::max)
}

/// Lines in order; those beyond the number of colours are dashed.
fn curves(all: &[Named]) -> Vec<Curve<'_>> {
    all.iter()
        .enumerate()
        .map(|(k, (title, points))| Curve {
            title,
            class: format!("s{}{}", k % 8, if k < 8 { "" } else { " dashed" }),
            points,
            level: None,
        })
        .collect()
}
