//! The critical-difference diagram (Demšar 2006): methods on an axis of mean ranks, the best on the left, with bars below it that
//! join those that cannot be told apart.

use super::label::{label, letters, wrapped};
use super::legend::mark;
use super::{Sheet, WIDTH, num};
use crate::figure::{Data, Figure};
use crate::look::Look;
use crate::statistics::Friedman;
use maud::{Markup, html};

/// A method on the diagram.
pub(crate) struct Ranked<'a> {
    pub(crate) title: &'a str,
    pub(crate) look: Look,
}

/// Room for names at both sides.
const MARGIN: f64 = 188.0;
/// The heights of names of one line, and of two.
const LINE: [f64; 2] = [19.0, 31.0];
/// The letters of a rank with its space.
const RANK: usize = 5;
/// The axis.
const AXIS: f64 = 64.0;

/// The diagram of `test`, whose methods are given in its order.
pub(crate) fn ranks(sheet: Sheet<'_>, test: &Friedman, methods: &[Ranked<'_>]) -> Figure {
    let k = methods.len();
    let order = test.order();
    let last = (k as f64).max(2.0);
    let x = |rank: f64| MARGIN + (rank - 1.0) / (last - 1.0) * (WIDTH - 2.0 * MARGIN);
    let groups = test.groups();
    let below = AXIS + 12.0 + 7.0 * groups.len() as f64;
    // The better half is named on the left, the other on the right, from the outside in.
    let left = k.div_ceil(2);
    let names: Vec<Vec<String>> = (0..k)
        .map(|i| {
            let mut lines = wrapped(methods[i].title, letters(MARGIN - 18.0) - RANK);
            if let Some(last) = lines.last_mut() {
                last.push_str(&format!(" {:.2}", test.ranks[i]));
            }
            lines
        })
        .collect();
    let line = LINE[usize::from(names.iter().any(|lines| lines.len() > 1))];
    let height = below + line * left as f64 + 10.0;
    let every = k.div_ceil(10);
    let body = html! {
        text.axis-title x=(num(WIDTH / 2.0)) y=(num(AXIS - 24.0)) text-anchor="middle" { (sheet.x.label()) }
        path.axis d=(format!("M{:.1} {AXIS}H{:.1}", x(1.0), x(last))) {}
        @for rank in (1..=k).step_by(every) {
            path.axis d=(format!("M{:.1} {}V{AXIS}", x(rank as f64), AXIS - 4.0)) {}
            text.tick x=(num(x(rank as f64))) y=(num(AXIS - 8.0)) text-anchor="middle" { (rank) }
        }
        (distance(test, x(1.0), x(1.0 + test.critical_difference).min(WIDTH - 150.0)))
        @for (i, (first, last)) in groups.iter().enumerate() {
            @let y = AXIS + 9.0 + 7.0 * i as f64;
            path.apart d=(format!("M{:.1} {y:.1}H{:.1}", x(test.ranks[order[*first]]) - 3.0, x(test.ranks[order[*last]]) + 3.0)) {}
        }
        @for (place, method) in order.iter().enumerate() {
            @let rank = test.ranks[*method];
            @let shown = &methods[*method];
            @let on_left = place < left;
            @let y = below + line * if on_left { place + 1 } else { k - place } as f64 - 4.0;
            @let (end, anchor) = if on_left { (MARGIN - 10.0, "end") } else { (WIDTH - MARGIN + 10.0, "start") };
            g class=(shown.look.class) {
                path.leader d=(format!("M{:.1} {AXIS}V{y:.1}H{end:.1}", x(rank))) {}
                (mark(&shown.look, x(rank), AXIS, 3.4))
                (label("name", if on_left { end - 4.0 } else { end + 4.0 }, y, anchor, &names[*method]))
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
    let data = Data {
        columns: vec!["method", "mean_rank", "critical_difference"],
        rows: order
            .iter()
            .map(|i| {
                vec![
                    methods[*i].title.into(),
                    test.ranks[*i].into(),
                    test.critical_difference.into(),
                ]
            })
            .collect(),
    };
    Sheet { description, ..sheet }.figure(height, None, &body, data)
}

/// The length of the critical difference, above the axis.
fn distance(test: &Friedman, from: f64, to: f64) -> Markup {
    let y = 14.0;
    html! {
        path.axis d=(format!("M{from:.1} {y}H{to:.1}M{from:.1} {}v8M{to:.1} {}v8", y - 4.0, y - 4.0)) {}
        text.tick x=(num(to + 6.0)) y=(num(y + 4.0)) { (format!("critical difference {:.2}", test.critical_difference)) }
    }
}

#[cfg(test)]
mod tests;
