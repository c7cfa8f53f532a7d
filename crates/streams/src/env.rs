//! The folders that data is read from and kept in.

use std::path::PathBuf;

/// The folders that data is read from and kept in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataEnv {
    /// The folder with a folder for each public data set (`mnist/…`); none: public data sets are refused.
    pub root: Option<PathBuf>,
    /// The folder for decoded and drawn data; none: it is decoded or drawn in memory each time.
    pub cache: Option<PathBuf>,
    /// What the fingerprint of the data has to be: data that was loaded and has another is refused. None: any will do.
    pub expected: Option<String>,
}
