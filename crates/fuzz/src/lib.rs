//! The body of every target: read, and check that a refusal is one sentence. libFuzzer detects panics and excessive memory.

/// A reader of outside bytes, as the crates list them.
pub type Reader = (&'static str, fn(&[u8]) -> Result<(), String>, fn(usize) -> usize);

/// Feed bytes to the reader called `name`.
pub fn withstand(readers: &[Reader], name: &str, bytes: &[u8]) {
    let (_, read, _) = readers.iter().find(|reader| reader.0 == name).expect("a reader of this name");
    if let Err(said) = read(bytes) {
        assert!(!said.is_empty() && !said.contains('\n') && said.chars().count() < 1000, "{said:?}");
    }
}
