//! Sanitising of external text for display.

/// Returns whether a character can be shown as it is: not a control character, a line end, or a character that changes the
/// direction of the text after it.
#[must_use]
pub fn is_printable(c: char) -> bool {
    let turns =
        matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let ends = matches!(c, '\u{2028}' | '\u{2029}');
    !(c.is_control() || turns || ends)
}

/// Converts text to one line of printable characters: white space becomes a space, any other character that is not printable
/// becomes `�`. Names, titles and messages are converted before they are written to a terminal.
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

/// The same for text of several lines, whose line breaks are kept.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
