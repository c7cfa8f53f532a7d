//! Which backend a program is told to use.

use crate::{Device, Native, Unavailable};
use dentate_core::Backend;
use std::fmt;
use thiserror::Error;

/// A backend by name, and where it computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Pure Rust on the processor.
    #[default]
    Native,
    /// libtorch on a device.
    Libtorch(Device),
}

/// Why there is no such backend.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ChoiceError {
    /// Another name.
    #[error("`{0}` is no backend; there are `native` and `libtorch`")]
    Name(String),
    /// A device that the backend does not compute on.
    #[error("the native backend computes on the processor alone, and not on `{0}`; `libtorch` may")]
    Device(Device),
    /// A program without it.
    #[error(
        "this program was built without libtorch; `cargo xtask bench --backend libtorch` provides libtorch and builds \
         with it, and `cargo build --features libtorch` does so where `cargo xtask libtorch` has said where it is"
    )]
    Absent,
    /// A GPU that libtorch does not see.
    #[error("{0}")]
    Unavailable(#[from] Unavailable),
}

impl Choice {
    /// The backend of this name on a device; on the processor where none is given.
    ///
    /// # Errors
    /// [`ChoiceError`] for a name that is none, or a device that the backend has no use for.
    pub fn new(name: &str, device: Option<Device>) -> Result<Self, ChoiceError> {
        let device = device.unwrap_or_default();
        match (name, device) {
            ("native", Device::Cpu) => Ok(Self::Native),
            ("native", other) => Err(ChoiceError::Device(other)),
            ("libtorch", device) => Ok(Self::Libtorch(device)),
            _ => Err(ChoiceError::Name(name.into())),
        }
    }

    /// The backend's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Libtorch(_) => "libtorch",
        }
    }

    /// Where it computes.
    #[must_use]
    pub fn device(self) -> Device {
        match self {
            Self::Native => Device::Cpu,
            Self::Libtorch(device) => device,
        }
    }

    /// Whether there is such a backend, and if so, what makes it.
    ///
    /// # Errors
    /// [`ChoiceError`] where the program has no such backend, or the machine no such device.
    pub fn ready(self) -> Result<Ready, ChoiceError> {
        Ok(Ready(match self {
            Self::Native => Making::Native,
            #[cfg(feature = "libtorch")]
            Self::Libtorch(device) => Making::Libtorch(crate::libtorch::device(device)?),
            #[cfg(not(feature = "libtorch"))]
            Self::Libtorch(_) => return Err(ChoiceError::Absent),
        }))
    }
}

/// Makes the backend that was chosen, which is there.
#[derive(Clone, Copy, Debug)]
pub struct Ready(Making);

#[derive(Clone, Copy, Debug)]
enum Making {
    Native,
    #[cfg(feature = "libtorch")]
    Libtorch(tch::Device),
}

impl Ready {
    /// A new, empty backend.
    #[must_use]
    pub fn make(&self) -> Box<dyn Backend> {
        match self.0 {
            Making::Native => Box::new(Native::new()),
            #[cfg(feature = "libtorch")]
            Making::Libtorch(device) => Box::new(crate::LibTorch::on(device)),
        }
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Native => f.write_str("native"),
            Self::Libtorch(device) => write!(f, "libtorch on {device}"),
        }
    }
}

#[cfg(test)]
mod tests;
