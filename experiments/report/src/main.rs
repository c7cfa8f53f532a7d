//! The `dentate-report` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    dentate_report::main()
}
