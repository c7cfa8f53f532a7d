//! Texts that a spreadsheet reads as texts.

use dentate_core::record::printable;

/// A cell's text for a spreadsheet: one line, with an apostrophe before it if it would be run as a formula.
pub(crate) fn cell(text: &str) -> String {
    // A tab or line end that opens a cell starts a formula too; `printable` leaves none.
    let formula = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let text = printable(text);
    if text.trim_start().starts_with(formula) {
        format!("'{text}")
    } else {
        text
    }
}
