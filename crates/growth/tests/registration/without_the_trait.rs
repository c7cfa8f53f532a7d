//! Registered, but never made a strategy.

use dentate_growth::register;

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Idle {}

register!(strategy, Idle, "idle", summary = "Never grows.", citation = "this page");

fn main() {}
