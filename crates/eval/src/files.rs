//! Files that are written whole or not at all.

use crate::failure::ReportError;
use std::path::{Path, PathBuf};

/// Write to a temporary file and rename it, so that a reader never sees half a file.
pub(crate) fn write(folder: &Path, name: &str, contents: impl AsRef<[u8]>) -> Result<PathBuf, ReportError> {
    let path = folder.join(name);
    let beside = folder.join(format!(".{name}.new"));
    let written = std::fs::write(&beside, contents).and_then(|()| std::fs::rename(&beside, &path));
    match written {
        Ok(()) => Ok(path),
        Err(source) => Err(ReportError::Write { path, source }),
    }
}
