//! Unpacking the needed parts of a wheel, which is a ZIP archive.

use super::error::LibtorchError;
use super::wheel::Wheel;
use crate::child::interrupted;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Component, Path, PathBuf};
use zip::ZipArchive;

/// Unpack into `folder`; `said` is called with the share that is done. Every needed file and folder has to exist.
pub(super) fn unpack(
    wheel: &Wheel,
    path: &Path,
    folder: &Path,
    mut said: impl FnMut(f64),
) -> Result<(), LibtorchError> {
    let damaged = |why: String| LibtorchError::Damaged {
        path: path.into(),
        why,
    };
    let file = File::open(path).map_err(LibtorchError::io("open", path))?;
    let mut archive = ZipArchive::new(file).map_err(|e| damaged(e.to_string()))?;
    let mut members = Vec::new();
    let mut whole = 0;
    for (from, to) in wheel.needed {
        let before = members.len();
        for index in 0..archive.len() {
            let member = archive.by_index_raw(index).map_err(|e| damaged(e.to_string()))?;
            if let Some(place) = place(member.name(), from, to) {
                whole += member.size();
                members.push((index, folder.join(place)));
            }
        }
        if members.len() == before {
            return Err(damaged(format!("it has no `{from}`")));
        }
    }
    let (mut done, mut buffer) = (0, vec![0; 1 << 20]);
    for (index, place) in members {
        let mut member = archive.by_index(index).map_err(|e| damaged(e.to_string()))?;
        if let Some(parent) = place.parent() {
            fs::create_dir_all(parent).map_err(LibtorchError::io("create", parent))?;
        }
        let mut out = File::create(&place).map_err(LibtorchError::io("create", &place))?;
        loop {
            let n = member.read(&mut buffer).map_err(|e| damaged(e.to_string()))?;
            if n == 0 {
                break;
            }
            out.write_all(&buffer[..n])
                .map_err(LibtorchError::io("write", &place))?;
            done += n as u64;
            said(done as f64 / whole.max(1) as f64);
            if interrupted() {
                return Err(LibtorchError::Interrupted);
            }
        }
        // Synced to disk before the folder gets its final name.
        out.sync_all().map_err(LibtorchError::io("write", &place))?;
    }
    Ok(())
}

/// The destination of a member, if it is the needed file or inside the needed folder.
fn place(member: &str, from: &str, to: &str) -> Option<PathBuf> {
    let inside = member.strip_prefix(from)?;
    if from.ends_with('/') == inside.is_empty() || member.ends_with('/') {
        return None;
    }
    let place = Path::new(to).join(inside);
    // Nothing may be written outside of the folder.
    let plain = place
        .components()
        .all(|part| matches!(part, Component::Normal(_)));
    plain.then(|| {
        if inside.is_empty() {
            PathBuf::from(to)
        } else {
            place
        }
    })
}
