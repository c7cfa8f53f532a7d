//! Crates that are linked into the `dentate-report` binary for the metrics that it registers.

// Metrics, a line each; `cargo xtask new metric NAME` adds them.
use dentate_accuracy_area as _;
