//! Files that may be gzip, whatever they are called.

use crate::error::StreamError;
use flate2::bufread::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// The first bytes of a gzip file.
pub(crate) const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The bytes of a plain file, or what a gzip file unpacks to.
pub(crate) fn open(path: &Path) -> io::Result<Box<dyn Read>> {
    unpacked(File::open(path)?)
}

/// The same of a file that is open.
pub(crate) fn unpacked(file: impl Read + 'static) -> io::Result<Box<dyn Read>> {
    let mut file = BufReader::with_capacity(1 << 16, file);
    if file.fill_buf()?.starts_with(&GZIP) {
        return Ok(Box::new(MultiGzDecoder::new(file)));
    }
    Ok(Box::new(file))
}

/// Say which file an error is about. What unpacks can quote what it found, so that is made one line that can be shown.
pub(crate) fn unreadable(path: &Path) -> impl Fn(io::Error) -> StreamError {
    move |source| {
        let said = source.to_string();
        let source = if said.chars().any(char::is_control) {
            io::Error::new(source.kind(), said.escape_debug().to_string())
        } else {
            source
        };
        StreamError::Unreadable {
            path: path.to_owned(),
            source,
        }
    }
}
