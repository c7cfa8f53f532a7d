//! What is linked into the `dentate` binary for what it registers.

use dentate_continual as _;
use dentate_growth as _;
use dentate_learners as _;

// Plugins, a line each; `cargo xtask new` adds them.
