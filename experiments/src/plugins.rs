//! Crates that are linked into the `dentate` binary for the items they register.

use dentate as _;

// Plugins, a line each; `cargo xtask new` adds them.
use dentate_calibration_meter as _;
