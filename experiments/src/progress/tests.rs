use super::{Bars, Display, duration};
use dentate_core::record::Status;
use indicatif::{MultiProgress, ProgressDrawTarget, TermLike};
use std::collections::BTreeMap;
use std::io::{Error, Result};

/// A terminal that was closed.
#[derive(Debug)]
struct Lost;

fn lost() -> Result<()> {
    Err(Error::other("input/output error"))
}

impl TermLike for Lost {
    fn width(&self) -> u16 {
        80
    }
    fn move_cursor_up(&self, _: usize) -> Result<()> {
        lost()
    }
    fn move_cursor_down(&self, _: usize) -> Result<()> {
        lost()
    }
    fn move_cursor_right(&self, _: usize) -> Result<()> {
        lost()
    }
    fn move_cursor_left(&self, _: usize) -> Result<()> {
        lost()
    }
    fn write_line(&self, _: &str) -> Result<()> {
        lost()
    }
    fn write_str(&self, _: &str) -> Result<()> {
        lost()
    }
    fn clear_line(&self) -> Result<()> {
        lost()
    }
    fn flush(&self) -> Result<()> {
        lost()
    }
}

#[test]
fn a_lost_terminal_is_no_reason_to_end() {
    let group = MultiProgress::with_draw_target(ProgressDrawTarget::term_like(Box::new(Lost)));
    let display = Display::with(
        Some(Bars::new(group, 2, 1)),
        &["kind".into(), "kind".into()],
        1,
        BTreeMap::new(),
    );
    let failed = Status::Failed {
        kind: "panic".into(),
        message: "it panicked".into(),
    };
    display.begin(0, "a run", "kind");
    display.at(0, 0.5, "loss 0.5");
    display.end(0, "a run", &failed);
    display.elsewhere(0, "another", None);
    display.stopped(0, "a third");
    if let Some(bars) = &display.bars {
        bars.all.tick();
    }
    display.close();
}

#[test]
fn durations_read_like_speech() {
    let cases = [
        (0.2, "0 s"),
        (59.4, "59 s"),
        (61.0, "1 min 1 s"),
        (7500.0, "2 h 5 min"),
        (-3.0, "0 s"),
    ];
    for (seconds, words) in cases {
        assert_eq!(duration(seconds), words);
    }
}
