//! Text that came from outside, made fit to be looked at.

/// Whether a character is shown where it stands: no control character, none that ends a line, none that turns the direction of
/// what follows.
#[must_use]
pub fn is_printable(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let ends = matches!(c, '\u{2028}' | '\u{2029}');
    !(c.is_control() || turns || ends)
}

/// One line of printable characters: white space becomes a space, anything else that is not shown becomes `�`. Names, titles and
/// messages go through here before they reach a terminal.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
            c if is_printable(c) => c,
            _ => '\u{fffd}',
        })
        .collect()
}

/// The same for text of several lines, which stay.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
