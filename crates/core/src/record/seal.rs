//! Seals of results files: a checksum of their content. It detects files that were truncated, mixed or edited after they were
//! written, even if they still parse.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// A file's bytes and their SHA-256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// The number of bytes.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
}

impl Sum {
    /// The sum of bytes in memory.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let mut summing = Summing::default();
        summing.update(bytes);
        summing.sum()
    }

    /// The difference between this expected sum and `found`, in words; `None` if they are equal.
    #[must_use]
    pub fn mismatch(&self, found: &Self) -> Option<String> {
        if self.bytes != found.bytes {
            let (there, written) = (found.bytes, self.bytes);
            return Some(format!("it has {there} bytes where {written} were written"));
        }
        (self != found).then(|| "its checksum is not that of what was written".into())
    }
}

/// A sum computed incrementally.
#[derive(Clone, Debug, Default)]
pub struct Summing {
    hash: Sha256,
    bytes: u64,
}

impl Summing {
    /// Adds more bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// The sum of all bytes added.
    #[must_use]
    pub fn sum(self) -> Sum {
        Sum {
            bytes: self.bytes,
            sha256: self.hash.finalize().iter().map(|b| format!("{b:02x}")).collect(),
        }
    }
}

impl Write for Summing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Serialize)]
struct Sealed<'a, T> {
    #[serde(flatten)]
    body: &'a T,
    seal: &'a str,
}

#[derive(Deserialize)]
struct Seal {
    seal: String,
}

fn seal_of<T: Serialize>(body: &T) -> serde_json::Result<String> {
    let mut summing = Summing::default();
    serde_json::to_writer(&mut summing, body)?;
    Ok(summing.sum().sha256)
}

/// The text of a sealed file. The checksum is of the values as a reader will parse them, since text may not preserve a number's
/// last bit.
///
/// # Errors
/// If JSON cannot represent `body`.
pub fn sealed<T: Serialize + DeserializeOwned>(body: &T) -> serde_json::Result<Vec<u8>> {
    let read: T = serde_json::from_slice(&serde_json::to_vec(body)?)?;
    let seal = seal_of(&read)?;
    serde_json::to_vec_pretty(&Sealed { body, seal: &seal })
}

/// Reads a sealed file.
///
/// # Errors
/// One sentence: it cannot be parsed, or it differs from what was sealed.
pub fn unsealed<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    let said = |e: serde_json::Error| super::sentence(&e.to_string());
    let body: T = serde_json::from_slice(bytes).map_err(said)?;
    let Seal { seal } = serde_json::from_slice(bytes).map_err(said)?;
    if seal_of(&body).map_err(said)? == seal {
        Ok(body)
    } else {
        Err("it was changed after it was written (its seal is of something else)".into())
    }
}

#[cfg(test)]
mod tests;
