//! The common part of data sets that are read from a user's own files.

use crate::data::DataEnv;
use crate::error::StreamError;
use dentate_core::ConfigError;
use dentate_core::registry;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// The path of such a data set, and the number of rows kept.
pub(crate) struct Own<'a> {
    /// Relative to the data folder, or absolute.
    pub(crate) path: &'a str,
    pub(crate) title: Option<&'a str>,
    /// Training and test rows to keep; all by default.
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

    /// The path of its file or folder, which exists.
    pub(crate) fn place(&self, env: &DataEnv) -> Result<PathBuf, StreamError> {
        let path = Path::new(self.path);
        let place = match &env.root {
            Some(root) => root.join(path),
            None if path.is_absolute() => path.to_owned(),
            None => {
                return Err(StreamError::NoDataFolder {
                    path: path.to_owned(),
                });
            }
        };
        match place.symlink_metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(StreamError::Absent {
                nearest: nearest(&place),
                path: place,
                relative: path.is_relative(),
            }),
            _ => Ok(place),
        }
    }

    /// Its name: from the suite, or the name of its file without extensions.
    pub(crate) fn title(&self) -> String {
        let name = Path::new(self.path).file_name();
        let name = name.map_or(self.path.into(), |name| name.to_string_lossy());
        let stem = name.split_once('.').map_or(&*name, |(stem, _)| stem);
        self.title
            .unwrap_or(if stem.is_empty() { &name } else { stem })
            .to_owned()
    }

    /// The number of rows kept out of `rows` training (0) or test (1) rows.
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

    /// Its identity in a run's id, from `identity` and its settings.
    pub(crate) fn fingerprint(&self, identity: &str) -> String {
        let keep = self.keep.map(|n| n.map_or("all".into(), |n| n.to_string()));
        format!("train={} test={} {identity}", keep[0], keep[1])
    }
}

/// The most similar name in the same folder.
fn nearest(place: &Path) -> Option<String> {
    let given = place.file_name()?.to_string_lossy().into_owned();
    let folder = place.parent()?.read_dir().ok()?;
    let names: Vec<String> = folder
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    registry::nearest(&given, names.iter().map(String::as_str)).map(str::to_owned)
}
