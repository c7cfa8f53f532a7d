//! What is common to data sets that are read from somebody's own files.

use crate::data::DataEnv;
use crate::error::StreamError;
use dentate_core::ConfigError;
use std::path::{Path, PathBuf};

/// Where such a data set lies, and how much of it is kept.
pub(crate) struct Own<'a> {
    /// Within the data folder, or whole.
    pub(crate) path: &'a str,
    pub(crate) title: Option<&'a str>,
    /// Training and test rows kept; all where nothing is said.
    pub(crate) keep: [Option<u32>; 2],
}

impl Own<'_> {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        for (key, given) in [("path", Some(self.path)), ("title", self.title)] {
            if given.is_some_and(|text| text.trim().is_empty()) {
                return Err(ConfigError::new(key, "empty", "something"));
            }
        }
        Ok(())
    }

    /// Where it lies.
    pub(crate) fn place(&self, env: &DataEnv) -> Result<PathBuf, StreamError> {
        let path = Path::new(self.path);
        match &env.root {
            Some(root) => Ok(root.join(path)),
            None if path.is_absolute() => Ok(path.to_owned()),
            None => Err(StreamError::NoDataFolder {
                path: path.to_owned(),
            }),
        }
    }

    /// What it is called: as the suite says, or the name of its file without endings.
    pub(crate) fn title(&self) -> String {
        let name = Path::new(self.path).file_name();
        let name = name.map_or(self.path.into(), |name| name.to_string_lossy());
        let stem = name.split_once('.').map_or(&*name, |(stem, _)| stem);
        self.title
            .unwrap_or(if stem.is_empty() { &name } else { stem })
            .to_owned()
    }

    /// The rows kept of so many training (0) or test (1) rows.
    pub(crate) fn kept(&self, which: usize, rows: usize) -> Result<usize, StreamError> {
        match self.keep[which] {
            Some(n) if n as usize > rows => {
                let key = ["train", "test"][which];
                Err(StreamError::range(
                    key,
                    n,
                    format!("at most {rows}, as many as there are"),
                ))
            }
            kept => Ok(kept.map_or(rows, |n| n as usize)),
        }
    }

    /// What identifies it in a run's id, beside `identity`.
    pub(crate) fn fingerprint(&self, identity: &str) -> String {
        let keep = self.keep.map(|n| n.map_or("all".into(), |n| n.to_string()));
        format!("train={} test={} {identity}", keep[0], keep[1])
    }
}
