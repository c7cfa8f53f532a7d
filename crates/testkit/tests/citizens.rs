//! Three published methods, written by hand against the contracts, which have to be general enough for them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on may end")]

#[path = "citizens/broken.rs"]
mod broken;
#[path = "citizens/continual_backprop.rs"]
mod continual_backprop;
#[path = "citizens/growing_gas.rs"]
mod growing_gas;
#[path = "citizens/idle.rs"]
mod idle;
#[path = "citizens/neurogenesis.rs"]
mod neurogenesis;
