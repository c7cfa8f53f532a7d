//! The legend below a chart: each method's mark and line with its name, in as many rows as it needs.

use super::label::{LETTER, letters};
use super::{WIDTH, num, shortened};
use crate::look::Look;
use maud::{Markup, html};

/// An entry of a legend.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) title: String,
    pub(crate) look: Look,
}

/// The room for the mark.
const SAMPLE: f64 = 34.0;
/// The height of a row.
const ROW: f64 = 18.0;

/// The legend from `top` on, and its end.
pub(super) fn legend(keys: &[Key], top: f64) -> (Markup, f64) {
    let (mut x, mut y) = (14.0, top + 14.0);
    let mut places = Vec::with_capacity(keys.len());
    for key in keys {
        let title = shortened(&key.title, letters(WIDTH - SAMPLE - 14.0));
        let width = SAMPLE + LETTER * title.chars().count() as f64 + 8.0;
        if x > 14.0 && x + width > WIDTH {
            (x, y) = (14.0, y + ROW);
        }
        places.push((x, y, title, &key.look));
        x += width;
    }
    let drawn = html! {
        @for (x, y, title, look) in &places {
            g class=(format!("{} key", look.class)) {
                (sample(*x, *y - 4.0, look))
                text.name x=(num(x + SAMPLE - 4.0)) y=(num(*y)) { (title) }
            }
        }
    };
    (drawn, if keys.is_empty() { top } else { y + 10.0 })
}

/// A piece of a line with the mark on it.
fn sample(x: f64, y: f64, look: &Look) -> Markup {
    html! {
        path.line d=(format!("M{x:.0} {y:.0}h24")) {}
        (mark(look, x + 12.0, y, 3.6))
    }
}

/// A method's mark.
pub(super) fn mark(look: &Look, x: f64, y: f64, r: f64) -> Markup {
    html! { path class=(if look.mark.open { "mark open" } else { "mark" }) d=(look.mark.path(x, y, r)) {} }
}
