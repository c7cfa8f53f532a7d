//! What is linked into the `dentate` binary for what it registers.

use dentate as _;

// Plugins, a line each; `cargo xtask new` adds them.
