//! The critical-difference diagram (Demšar 2006): methods on an axis of mean ranks, the best on the left, with bars below it that
//! join those that cannot be told apart.

use super::{num, svg};
use crate::statistics::Friedman;
use maud::{Markup, html};

/// A method on the diagram.
pub(crate) struct Ranked<'a> {
    pub(crate) title: &'a str,
    /// The CSS class of its colour.
    pub(crate) class: String,
}

const WIDTH: f64 = 720.0;
/// Room for names at both sides.
const MARGIN: f64 = 190.0;
/// The height of a line of text.
const LINE: f64 = 18.0;
/// The axis.
const AXIS: f64 = 46.0;

/// The diagram of `test`, whose methods are given in its order.
pub(crate) fn ranks(id: &str, test: &Friedman, methods: &[Ranked<'_>]) -> Markup {
    let k = methods.len();
    let order = test.order();
    let last = (k as f64).max(2.0);
    let x = |rank: f64| MARGIN + (rank - 1.0) / (last - 1.0) * (WIDTH - 2.0 * MARGIN);
    let groups = test.groups();
    let below = AXIS + 12.0 + 7.0 * groups.len() as f64;
    // The better half is named on the left, the other on the right, from the outside in.
    let left = k.div_ceil(2);
    let height = below + LINE * left as f64 + 10.0;
    let body = html! {
        line.axis x1=(num(x(1.0))) x2=(num(x(last))) y1=(num(AXIS)) y2=(num(AXIS)) {}
        @for rank in 1..=k {
            line.axis x1=(num(x(rank as f64))) x2=(num(x(rank as f64))) y1=(num(AXIS - 4.0)) y2=(num(AXIS)) {}
            text.tick x=(num(x(rank as f64))) y=(num(AXIS - 8.0)) text-anchor="middle" { (rank) }
        }
        (distance(test, x(1.0), x(1.0 + test.critical_difference).min(WIDTH - 4.0)))
        @for (i, (first, last)) in groups.iter().enumerate() {
            @let y = AXIS + 9.0 + 7.0 * i as f64;
            line.apart x1=(num(x(test.ranks[order[*first]]) - 3.0)) x2=(num(x(test.ranks[order[*last]]) + 3.0)) y1=(num(y)) y2=(num(y)) {}
        }
        @for (place, method) in order.iter().enumerate() {
            @let rank = test.ranks[*method];
            @let shown = &methods[*method];
            @let on_left = place < left;
            @let y = below + LINE * if on_left { place + 1 } else { k - place } as f64 - 4.0;
            @let (end, anchor) = if on_left { (MARGIN - 14.0, "end") } else { (WIDTH - MARGIN + 14.0, "start") };
            g class=(shown.class) {
                path.leader d=(format!("M{:.1} {AXIS:.1}V{y:.1}H{end:.1}", x(rank))) {}
                circle.dot cx=(num(x(rank))) cy=(num(AXIS)) r="3" {}
                text.end x=(num(if on_left { end - 5.0 } else { end + 5.0 })) y=(num(y + 3.5)) text-anchor=(anchor) {
                    (format!("{} {rank:.2}", shortened(shown.title)))
                }
            }
        }
    };
    let said: Vec<String> = order
        .iter()
        .map(|i| format!("{} {:.2}", methods[*i].title, test.ranks[*i]))
        .collect();
    let description = format!(
        "Mean ranks over {} streams, best first: {}. The critical difference is {:.2}.",
        test.streams,
        said.join(", "),
        test.critical_difference
    );
    svg(
        id,
        (WIDTH, height),
        "Mean ranks with the critical difference",
        &description,
        &body,
    )
}

/// The length of the critical difference, above the axis.
fn distance(test: &Friedman, from: f64, to: f64) -> Markup {
    let y = 14.0;
    html! {
        line.axis x1=(num(from)) x2=(num(to)) y1=(num(y)) y2=(num(y)) {}
        @for end in [from, to] { line.axis x1=(num(end)) x2=(num(end)) y1=(num(y - 4.0)) y2=(num(y + 4.0)) {} }
        text.tick x=(num(to + 6.0)) y=(num(y + 3.5)) text-anchor="start" {
            (format!("critical difference {:.2}", test.critical_difference))
        }
    }
}

/// A title that fits its margin.
fn shortened(title: &str) -> String {
    const MOST: usize = 26;
    match title.chars().count() {
        0..=MOST => title.into(),
        _ => title.chars().take(MOST - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests;
