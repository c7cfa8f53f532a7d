//! The NPZ format of NumPy's archives: a zip file with a `.npy` file for each array.
//!
//! The checksum of each array is checked. Its name occurs twice, before it and in the directory at the archive's end, and
//! both have to agree. A name that occurs for two arrays is refused.

use crate::error::{StreamError, unreadable};
use crate::npy::{self, Array, NpyErrorKind};
use dentate_core::registry::nearest;
use std::io::{self, Cursor, ErrorKind, Read};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// Reads the array `name`, with `.npy`, from an archive of these bytes.
pub(crate) fn read(
    archive: &Path,
    bytes: &[u8],
    name: &str,
) -> Result<Result<Array, NpyErrorKind>, StreamError> {
    let failed = unreadable(archive);
    let mut packed = ZipArchive::new(Cursor::new(bytes)).map_err(|error| failed(error.into()))?;
    let mut known = Vec::new();
    for at in 0..packed.len() {
        let entry = packed.by_index_raw(at).map_err(|error| failed(error.into()))?;
        known.push(entry.name().to_owned());
    }
    known.sort_unstable();
    if known.windows(2).any(|pair| pair[0] == pair[1] && pair[0] == name) {
        return Err(failed(damaged(format!("`{name}` stands in it twice"))));
    }
    let array = match packed.by_name(name) {
        Ok(entry) => {
            let named = before(bytes, entry.header_start()).map_err(&failed)?;
            if named != entry.name_raw() {
                return Err(failed(damaged(format!(
                    "`{name}` of its directory is called `{}` where it stands",
                    String::from_utf8_lossy(&named).escape_default()
                ))));
            }
            npy::read(entry)
        }
        Err(ZipError::FileNotFound) => {
            let known: Vec<_> = known.iter().map(|name| without_ending(name)).collect();
            let name = without_ending(name);
            return Err(StreamError::NoArray {
                archive: archive.to_owned(),
                nearest: nearest(name, known.iter().copied()).map(str::to_owned),
                known: known.join(", "),
                name: name.to_owned(),
            });
        }
        Err(error) => return Err(failed(error.into())),
    };
    Ok(array)
}

fn damaged(reason: String) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, reason)
}

/// The name in the local header of an entry at `start`.
fn before(bytes: &[u8], start: u64) -> io::Result<Vec<u8>> {
    let mut file = Cursor::new(bytes);
    file.set_position(start);
    // The last four bytes are the lengths of the name and of the extra field.
    let mut header = [0; 30];
    file.read_exact(&mut header)?;
    let mut name = vec![0; usize::from(u16::from_le_bytes([header[26], header[27]]))];
    file.read_exact(&mut name)?;
    Ok(name)
}

/// The name of an array without `.npy`.
pub(crate) fn without_ending(name: &str) -> &str {
    name.strip_suffix(".npy").unwrap_or(name)
}
