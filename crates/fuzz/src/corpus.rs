//! Writes the seeds: files that the readers accept, and the beginnings of such.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let mut all = dentate_experiments::fuzzing::examples();
    for (name, ..) in dentate_streams::fuzzing::READERS {
        all.extend(dentate_streams::fuzzing::examples(name).into_iter().map(|bytes| (name, bytes)));
    }
    for (name, ..) in dentate_session::fuzzing::READERS {
        all.extend(dentate_session::fuzzing::examples(name).into_iter().map(|bytes| (name, bytes)));
    }
    #[cfg(feature = "report")]
    all.extend(dentate_eval::fuzzing::examples("records").into_iter().map(|bytes| ("records", bytes)));
    for (n, (name, bytes)) in all.iter().enumerate() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name);
        fs::create_dir_all(&folder)?;
        // Large seeds slow every step down, and teach nothing more.
        if bytes.len() < 1 << 14 {
            fs::write(folder.join(format!("seed-{n}")), bytes)?;
        }
        fs::write(folder.join(format!("half-{n}")), &bytes[..bytes.len().min(4096) / 2])?;
    }
    Ok(())
}
