//! The `dentate` runner.

use std::process::ExitCode;

fn main() -> ExitCode {
    dentate_experiments::main()
}
