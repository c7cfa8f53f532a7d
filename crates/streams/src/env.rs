//! The folders of data and cache.

use std::path::PathBuf;

/// The folders of data and cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataEnv {
    /// The folder with a subfolder for each public data set (`mnist/…`); without it, public data sets are refused.
    pub root: Option<PathBuf>,
    /// The folder for decoded and drawn data; without it, data is decoded or drawn in memory each time.
    pub cache: Option<PathBuf>,
    /// The expected fingerprint of the data: loaded data with another is refused. `None` accepts any.
    pub expected: Option<String>,
}
