//! stub
use serde::{Deserialize, Serialize};
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub(crate) struct Limits {
    pub(crate) time: Option<f64>,
    pub(crate) parameters: Option<u64>,
    pub(crate) multiply_adds: Option<u64>,
    pub(crate) memory: Option<u64>,
}
