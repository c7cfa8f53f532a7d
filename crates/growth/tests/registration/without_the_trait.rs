//! Registered, but never made a strategy.

use dentate_growth::register_growth;

#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
struct Idle {}

register_growth!(Idle, "idle", summary = "Never grows.", citation = "this page");

fn main() {}
