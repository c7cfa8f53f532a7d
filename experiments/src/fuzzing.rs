//! The readers of external bytes, by name, for tests and fuzzing.

use crate::checkpoint::Checkpoint;
use crate::job::Job;
use crate::suite::Suite;
use crate::{manifest, slurm, status};
use dentate_core::record::{FORMAT, Manifest, Status, sealed};
use std::path::Path;

/// A reader: its name, its function, and the maximum memory it takes for a number of input bytes.
pub type Reader = (&'static str, fn(&[u8]) -> Result<(), String>, fn(usize) -> usize);

/// Memory for small JSON and TOML files: trees of some hundred bytes per value, the schemas that check them, and messages
/// that list alternatives.
const SMALL: fn(usize) -> usize = |bytes| 400 * bytes + (1 << 20);

/// Every reader of this crate.
pub const READERS: [Reader; 6] = [
    ("checkpoint", checkpoint, |bytes| 4 * bytes + (1 << 24)),
    // Twins and scales are worked out from copies of its tables.
    ("suite", suite, |bytes| 2 * SMALL(bytes)),
    ("job", job, SMALL),
    ("status", |bytes| status::from_bytes(bytes).map(drop), SMALL),
    ("manifest", manifest, SMALL),
    ("submission", slurm::from_bytes, SMALL),
];

fn checkpoint(bytes: &[u8]) -> Result<(), String> {
    Checkpoint::decode(bytes).map(drop).map_err(|e| e.to_string())
}

fn suite(bytes: &[u8]) -> Result<(), String> {
    let suite = Suite::from_bytes(Path::new("suite.toml"), bytes);
    suite.map(drop).map_err(|e| e.to_string())
}

fn job(bytes: &[u8]) -> Result<(), String> {
    Job::from_bytes(bytes, Path::new("job.json"))
        .map(drop)
        .map_err(|e| e.to_string())
}

fn manifest(bytes: &[u8]) -> Result<(), String> {
    let manifest = manifest::from_bytes(bytes, Path::new("manifest.json"));
    manifest.map(drop).map_err(|e| e.to_string())
}

/// Valid files for each reader, made by this program: the seeds of tests and fuzzing.
#[must_use]
pub fn examples() -> Vec<(&'static str, Vec<u8>)> {
    let mut all = Vec::new();
    all.extend(crate::checkpoint::example().map(|bytes| ("checkpoint", bytes)));
    for (_, path) in crate::paths::suites() {
        let Ok(text) = std::fs::read(&path) else { continue };
        all.push(("suite", text));
        all.extend(
            Suite::read(&path)
                .ok()
                .and_then(|suite| crate::job::example(&suite))
                .map(|job| ("job", job)),
        );
    }
    let (kind, message) = ("panic".into(), "it panicked".into());
    let end = status::without_records("00", Status::Failed { kind, message });
    all.extend(sealed(&end).ok().map(|text| ("status", text)));
    let manifest: Option<Manifest> = serde_json::from_str(MANIFEST).ok();
    let text = manifest.and_then(|manifest| {
        let format = FORMAT;
        sealed(&Manifest { format, ..manifest }).ok()
    });
    all.extend(text.map(|text| ("manifest", text)));
    all.push((
        "submission",
        br#"{"job":12,"elements":2,"runs":["a","b","c"],"when":"now"}"#.to_vec(),
    ));
    all
}

const MANIFEST: &str = r#"{"format":1,"suite":"s","title":"S","description":"","control":"a","streams":[{"name":"x","title":"X",
"scenario":"single","tasks":["t"],"experiences":1,"chance":0.5}],"methods":[{"name":"a","title":"A","summary":"","citation":"","grows":true,
"configuration":"hidden = [3]"}],"runs":[{"id":"00","method":"a","stream":"x","seed":1,"status":"failed","kind":"panic",
"message":"m","seconds":null},{"id":"01","method":"a","stream":"x","seed":2,"status":"finished","seconds":1.5}],
"provenance":{"command":"c","commit":null,"version":"0","machine":"m","backend":"b","when":"w"}}"#;
