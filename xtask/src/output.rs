//! Output of xtask. A lost terminal, a closed pipe or a full disk loses the output and never the work: nothing here fails. No
//! other code prints.

use std::fmt::Arguments;
use std::io::Write;

/// Prints a line of progress to standard error.
macro_rules! say {
    ($($words:tt)*) => {
        $crate::output::to_watcher(format_args!($($words)*))
    };
}

/// Prints a requested line to standard output.
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
