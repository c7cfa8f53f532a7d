//! Files of a tar archive, plain or gzip.
//!
//! The archive is always read to its end: headers have to follow one another up to the two empty blocks at the end, and
//! only empty blocks may follow. So truncation is detected, and a gzip's length and checksum, which are at the end, are
//! checked. Links are followed in a second pass, if there are any.

use super::TreeErrorKind;
use super::links::{Node, Nodes};
use crate::contents::Tapped;
use crate::error::{StreamError, unreadable};
use crate::unpack;
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use tar::{Entry, EntryType};

/// The size of a block in bytes.
const BLOCK: u64 = 512;

/// Calls a function for every file that `wanted` accepts, under its own name and those of links. Returns the digest of the archive.
pub(super) fn each(
    path: &Path,
    wanted: impl Fn(&str) -> bool,
    mut show: impl FnMut(&str, Vec<u8>) -> Result<(), StreamError>,
) -> Result<String, StreamError> {
    let refused = |kind| StreamError::Tree {
        path: path.to_owned(),
        kind,
    };
    let mut nodes = Nodes::default();
    let digest = read(path, |name, node, entry| {
        let file = matches!(node, Node::File);
        nodes.insert(name, node).map_err(refused)?;
        if file && wanted(name) {
            show(name, contents(path, entry)?)?;
        }
        Ok(())
    })?;
    let linked = nodes.linked(wanted).map_err(refused)?;
    if linked.is_empty() {
        return Ok(digest);
    }
    let again = read(path, |name, node, entry| {
        let names = linked.get(name).filter(|_| matches!(node, Node::File));
        if let Some(names) = names {
            let bytes = contents(path, entry)?;
            for name in names {
                show(name, bytes.clone())?;
            }
        }
        Ok(())
    })?;
    if again != digest {
        return Err(unreadable(path)(io::Error::other("it changed while it was read")));
    }
    Ok(digest)
}

fn contents(path: &Path, entry: &mut Entry<impl Read>) -> Result<Vec<u8>, StreamError> {
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes).map_err(unreadable(path))?;
    if bytes.len() as u64 != entry.size() {
        return Err(unreadable(path)(ErrorKind::UnexpectedEof.into()));
    }
    Ok(bytes)
}

/// Reads the whole archive and visits every file, folder and link. Returns the digest of its bytes.
fn read(
    path: &Path,
    mut look: impl FnMut(&str, Node, &mut Entry<&mut dyn Read>) -> Result<(), StreamError>,
) -> Result<String, StreamError> {
    let failed = unreadable(path);
    let refused = |kind| StreamError::Tree {
        path: path.to_owned(),
        kind,
    };
    let file = Tapped::open(path).map_err(&failed)?;
    let mut input = unpack::unpacked(file.clone()).map_err(&failed)?;
    let mut archive = tar::Archive::new(&mut *input as &mut dyn Read);
    for entry in archive.entries().map_err(&failed)? {
        let mut entry = entry.map_err(&failed)?;
        let raw = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let target = || match entry.link_name_bytes() {
            Some(target) => String::from_utf8_lossy(&target).into_owned(),
            None => String::new(),
        };
        let kind = entry.header().entry_type();
        let node = match kind {
            _ if raw.ends_with('/') && kind.is_file() => Node::Folder,
            EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => Node::File,
            EntryType::Directory => Node::Folder,
            EntryType::Symlink => Node::Symbolic(target()),
            EntryType::Link => Node::Hard(target()),
            // Metadata of the archive: for all entries that follow, and its label.
            EntryType::XGlobalHeader => continue,
            kind if kind.as_byte() == b'V' => continue,
            _ => return Err(refused(TreeErrorKind::Sort { name: raw })),
        };
        let Some(name) = plain(&raw) else {
            return Err(refused(TreeErrorKind::Outside { name: raw }));
        };
        look(&name, node, &mut entry)?;
    }
    // The first empty block was read, or the input ended.
    let mut rest = 0;
    let mut buffer = [0; 1 << 13];
    loop {
        match input.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) if buffer[..n].iter().all(|byte| *byte == 0) => rest += n as u64,
            Ok(_) => return Err(refused(TreeErrorKind::Trailing)),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(failed(error)),
        }
    }
    if rest < BLOCK {
        return Err(refused(TreeErrorKind::NoEnd));
    }
    file.rest().map_err(failed)
}

/// A name without optional prefixes; `None` if it leads upwards.
fn plain(name: &str) -> Option<String> {
    let parts: Vec<_> = name
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    (!parts.contains(&"..")).then(|| parts.join("/"))
}
