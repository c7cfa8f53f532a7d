//! The folders of data and cache.

use std::ffi::OsString;
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

impl DataEnv {
    /// The folder that a variable of the environment names. One that is set to nothing names none.
    #[must_use]
    pub fn named(variable: Option<OsString>) -> Option<PathBuf> {
        variable.filter(|value| !value.is_empty()).map(PathBuf::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_names_no_folder() {
        assert_eq!(DataEnv::named(None), None);
        assert_eq!(DataEnv::named(Some("".into())), None);
        assert_eq!(DataEnv::named(Some("data".into())), Some("data".into()));
    }
}
