//! The line with the progress of a build: rewritten in place on a terminal, repeated at intervals elsewhere.

use std::io::Write;
use std::time::Duration;

/// The interval between lines where lines stay, as in a log.
const PLAIN_EVERY: Duration = Duration::from_secs(30);

pub(super) struct Line<W> {
    out: W,
    terminal: bool,
    shown: String,
    /// The time at which the next plain line is due.
    due: Duration,
}

impl<W: Write> Line<W> {
    pub(super) fn new(out: W, terminal: bool) -> Self {
        Self {
            out,
            terminal,
            shown: String::new(),
            due: Duration::ZERO,
        }
    }

    /// Show `words`, the state after `elapsed`.
    pub(super) fn update(&mut self, words: &str, elapsed: Duration) {
        if self.terminal {
            if self.shown != words {
                // Wrapping is off while the line is drawn: a wrapped line could not be rewritten.
                self.write(&format!("\r\x1b[?7l{words}\x1b[K\x1b[?7h"));
                self.shown = words.to_owned();
            }
        } else if elapsed >= self.due {
            self.write(&format!("{words}\n"));
            self.due = elapsed + PLAIN_EVERY;
        }
    }

    /// Print text that stays, above the line.
    pub(super) fn say(&mut self, text: &str) {
        self.clear();
        self.write(&format!("{}\n", text.trim_end_matches('\n')));
    }

    /// Remove the line.
    pub(super) fn clear(&mut self) {
        if self.terminal && !self.shown.is_empty() {
            self.write("\r\x1b[K");
            self.shown.clear();
        }
    }

    fn write(&mut self, text: &str) {
        // A failure of standard error cannot be reported.
        let _ = self.out.write_all(text.as_bytes());
    }
}

#[cfg(test)]
mod tests;
