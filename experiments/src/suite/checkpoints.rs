//! stub
use serde::{Deserialize, Serialize};
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Checkpoints {
    pub(crate) updates: u64,
    pub(crate) share: f64,
}
impl Default for Checkpoints {
    fn default() -> Self {
        Self {
            updates: 1000,
            share: 0.05,
        }
    }
}
