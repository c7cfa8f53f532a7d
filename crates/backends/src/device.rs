//! The device a backend computes on.

use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// The device of a libtorch backend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// The processor.
    #[default]
    Cpu,
    /// A GPU, by its number.
    Cuda(usize),
}

/// The error for a word that names no device.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("`{0}` is no device; there are `cpu`, `cuda` and `cuda:N` (the N-th GPU, from 0)")]
pub struct NoDevice(String);

/// The error for a GPU that libtorch does not find.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[error("there is no device `{device}`: {why}; `--device cpu` is always there")]
pub struct Unavailable {
    /// The device that is unavailable.
    pub device: Device,
    /// The reason: the devices that libtorch finds.
    pub why: String,
}

impl FromStr for Device {
    type Err = NoDevice;

    fn from_str(word: &str) -> Result<Self, NoDevice> {
        let wrong = || NoDevice(word.into());
        match word.split_once(':') {
            None if word == "cpu" => Ok(Self::Cpu),
            None if word == "cuda" => Ok(Self::Cuda(0)),
            // A sign or a leading zero would give the same device a second name.
            Some(("cuda", n))
                if n.bytes().all(|b| b.is_ascii_digit()) && (n == "0" || !n.starts_with('0')) =>
            {
                n.parse().map(Self::Cuda).map_err(|_| wrong())
            }
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cpu => f.write_str("cpu"),
            Self::Cuda(n) => write!(f, "cuda:{n}"),
        }
    }
}

#[cfg(test)]
mod tests;
