//! What the runner says. A terminal that is lost, a pipe that is closed or a disk that is full costs the words and never the
//! work: nothing here fails. Nothing else in this crate prints.

use dentate_core::record::printable_lines;
use std::fmt::Display;
use std::io::Write;

/// Say a line to whoever watches, without what would steer a terminal.
pub(crate) fn say(line: impl Display) {
    let _ = writeln!(std::io::stderr(), "{}", printable_lines(&line.to_string()));
}

/// Give out what was asked for, likewise.
pub(crate) fn give(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{}", printable_lines(&text.to_string())).and_then(|()| out.flush());
}
