//! Whole files: read up to a limit, and written under temporary names first.

use super::error::NetworkFileError;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

fn io(doing: &'static str, file: &Path) -> impl FnOnce(io::Error) -> NetworkFileError {
    move |source| NetworkFileError::Io {
        doing,
        file: file.into(),
        source,
    }
}

/// Reads a file of at most this many bytes.
pub(super) fn read(path: &Path, most: u64) -> Result<Vec<u8>, NetworkFileError> {
    let file = File::open(path).map_err(io("open", path))?;
    let bytes = file.metadata().map_err(io("read", path))?.len();
    let long = |bytes| NetworkFileError::Long {
        file: path.into(),
        bytes,
        most,
    };
    if bytes > most {
        return Err(long(bytes));
    }
    let mut text = Vec::with_capacity(usize::try_from(bytes).unwrap_or(0));
    let read = file.take(most.saturating_add(1)).read_to_end(&mut text);
    match read.map_err(io("read", path))? as u64 {
        read if read > most => Err(long(read)),
        _ => Ok(text),
    }
}

/// Writes files into a folder.
pub(super) fn write(folder: &Path, files: [(&str, &Vec<u8>); 2]) -> Result<(), NetworkFileError> {
    std::fs::create_dir_all(folder).map_err(io("create", folder))?;
    let beside = |name: &str| folder.join(format!("{name}.part"));
    for (name, bytes) in files {
        let part = beside(name);
        std::fs::write(&part, bytes).map_err(io("write", &part))?;
    }
    for (name, _) in files {
        let path = folder.join(name);
        std::fs::rename(beside(name), &path).map_err(io("rename to", &path))?;
    }
    Ok(())
}
