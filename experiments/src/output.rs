//! Output of the runner. A lost terminal, a closed pipe or a full disk costs the output and never the work: nothing here
//! fails. Nothing else in this crate prints.

use dentate_core::record::printable_lines;
use std::fmt::Display;
use std::io::Write;

/// Print a line on standard error, without control characters.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{}", printable_lines(&line.to_string()));
}

/// Print the requested output on standard output, likewise.
pub(crate) fn print(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{}", printable_lines(&text.to_string())).and_then(|()| out.flush());
}
