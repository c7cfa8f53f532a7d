//! What xtask says. A terminal that is lost, a pipe that is closed or a disk that is full costs the words and never the work:
//! nothing here fails. Nothing else prints.

use std::fmt::Arguments;
use std::io::Write;

/// Say a line to whoever watches.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::output::to_watcher(format_args!($($words)*))
    };
}

/// Give out a line that was asked for.
macro_rules! give {
    ($($words:tt)*) => {
        $crate::output::to_asker(format_args!($($words)*))
    };
}

pub(crate) use {give, say};

pub(crate) fn to_watcher(line: Arguments<'_>) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

pub(crate) fn to_asker(line: Arguments<'_>) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
