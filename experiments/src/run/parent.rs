//! A run ends when the one who started it does, however that ended: the parent holds the other end of the run's standard
//! input and never writes to it, so its end is the parent's end.

use super::CHILD;
use crate::stop;
use std::io::{Read, Write};

pub(super) fn end_with_parent() {
    if std::env::var_os(CHILD).is_none() {
        return; // no parent that watches over it
    }
    std::thread::spawn(|| {
        let mut byte = [0];
        while matches!(std::io::stdin().read(&mut byte), Ok(1..)) {}
        stop::request();
    });
}

/// Tell the parent how far the run is. A parent that does not listen any more is gone.
pub(super) fn tell(fraction: f64) {
    let mut out = std::io::stdout().lock();
    if writeln!(out, "{fraction:.4}").and_then(|()| out.flush()).is_err() {
        stop::request();
    }
}
