//! The readers of bytes from outside this program, by name, for tests and fuzzing.

use crate::{log, suite};
use dentate_core::record::{FORMAT, Manifest, Reach, sealed};

/// A reader: the name of its format, the function, and the most memory it takes for so many bytes.
pub type Reader = (&'static str, fn(&[u8]) -> Result<(), String>, fn(usize) -> usize);

/// Every reader of this crate.
pub const READERS: [Reader; 2] = [
    // A line has at least ten bytes, and becomes a record of some hundred, in a list that doubles.
    ("records", records, |bytes| 48 * bytes + (1 << 16)),
    ("manifest", manifest, |bytes| 48 * bytes + (1 << 16)),
];

fn records(bytes: &[u8]) -> Result<(), String> {
    let reach = Reach {
        experiences: 5,
        tasks: 5,
    };
    log::from_bytes(bytes, reach).map(drop).map_err(|e| e.to_string())
}

fn manifest(bytes: &[u8]) -> Result<(), String> {
    suite::manifest_from(bytes, "manifest.json".as_ref())
        .map(drop)
        .map_err(|e| e.to_string())
}

/// Files that the reader accepts, as starting points of tests and fuzzing.
#[must_use]
pub fn examples(name: &str) -> Vec<Vec<u8>> {
    let example: &str = match name {
        "records" => {
            "metric,experience,step,task,item,value\naccuracy,0,12,1,,0.5\n\"a \"\"b\"\", c\",1,13,,\"layer\n1\",NaN\n\
             loss,4,18446744073709551615,,,-1e-308\n"
        }
        _ => {
            "{\"format\":1,\"suite\":\"s\",\"title\":\"S\",\"description\":\"\",\"control\":\"a\",\"streams\":[{\"name\":\"x\",\
             \"title\":\"X\",\"scenario\":\"single\",\"tasks\":[\"t\"],\"experiences\":1,\"chance\":0.5}],\"methods\":[{\"name\":\"a\",\"title\":\"A\",\
             \"summary\":\"\",\"citation\":\"\",\"grows\":true,\"configuration\":\"hidden = [3]\"}],\"runs\":[{\"id\":\"00\",\
             \"method\":\"a\",\"stream\":\"x\",\"seed\":1,\"status\":\"failed\",\"kind\":\"panic\",\"message\":\"m\",\"seconds\":null},\
             {\"id\":\"01\",\"method\":\"a\",\"stream\":\"x\",\"seed\":2,\"status\":\"stale\",\"seconds\":1.5}],\"provenance\":\
             {\"command\":\"c\",\"commit\":null,\"version\":\"0\",\"machine\":\"m\",\"backend\":\"b\",\"when\":\"w\"}}"
        }
    };
    let manifest: Option<Manifest> = serde_json::from_str(example).ok();
    let sealed = manifest.and_then(|manifest| {
        let format = FORMAT;
        sealed(&Manifest { format, ..manifest }).ok()
    });
    vec![sealed.unwrap_or_else(|| example.as_bytes().to_vec())]
}
