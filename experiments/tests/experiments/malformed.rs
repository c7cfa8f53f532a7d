//! Damaged and malformed files: no panic, no more memory than stated, one sentence.

use dentate_core::Seed;
use dentate_experiments::fuzzing::{READERS, examples};
use dentate_testkit::malformed::{Reader, attack};

/// Number of mutants per reader; checkpoints get more, since they come from other machines.
fn mutants(name: &str) -> u64 {
    if name == "checkpoint" { 5000 } else { 1000 }
}

#[test]
fn damaged_files_are_refused_in_one_sentence() {
    let examples = examples();
    for (name, read, most) in READERS {
        let valid: Vec<Vec<u8>> = examples
            .iter()
            .filter(|e| e.0 == name)
            .map(|e| e.1.clone())
            .collect();
        assert!(!valid.is_empty(), "{name} has no example");
        attack(&Reader { name, read, most }, &valid, mutants(name), Seed(1));
    }
}
