//! Names beside charts, in two lines where one is too short: the ends of names often tell methods apart.

use super::{num, shortened};
use maud::{Markup, html};

/// The width of a letter, on average, in a wide font.
pub(super) const LETTER: f64 = 7.0;
/// The distance of two lines.
const LEADING: f64 = 13.0;

/// The letters that a width has room for.
pub(super) fn letters(width: f64) -> usize {
    (width / LETTER).max(2.0) as usize
}

/// A text in one line, or in two of at most so many letters.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let count = text.chars().count();
    if count <= most {
        return vec![text.to_owned()];
    }
    // The first line ends where both lines are as alike as they can be, and fits.
    let spaces = text
        .char_indices()
        .enumerate()
        .filter(|(i, (_, c))| *c == ' ' && *i <= most);
    match spaces.min_by_key(|(i, _)| i.abs_diff(count - i - 1)) {
        Some((_, (at, _))) => vec![text[..at].to_owned(), shortened(&text[at + 1..], most)],
        None => vec![shortened(text, most)],
    }
}

/// The lines around the height `y`, ending or starting at `x`.
pub(super) fn label(class: &str, x: f64, y: f64, anchor: &str, lines: &[String]) -> Markup {
    let top = y + 4.0 - LEADING / 2.0 * (lines.len().max(1) - 1) as f64;
    html! {
        text class=(class) x=(num(x)) y=(num(top)) text-anchor=(anchor) {
            @match lines {
                [first, second] => {
                    tspan { (first) " " }
                    tspan x=(num(x)) dy=(LEADING) { (second) }
                },
                lines => @for line in lines { (line) },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn names_break_at_spaces() {
        assert_eq!(wrapped("Growing neural gas", 18), ["Growing neural gas"]);
        assert_eq!(
            wrapped("Growing neural gas with utility", 20),
            ["Growing neural", "gas with utility"]
        );
        assert_eq!(
            wrapped("a name of many words that go on", 10),
            ["a name of", "many word…"]
        );
        assert_eq!(wrapped("growing-neural-gas", 8), ["growing…"]);
        assert_eq!(wrapped("größer ü", 6), ["größer", "ü"]);
    }
}
