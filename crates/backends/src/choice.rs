//! The choice of a backend by name and device.

use crate::{Device, Native, Unavailable};
use dentate_core::Backend;
use std::fmt;
use thiserror::Error;

/// A backend by name, with the device it computes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// The backend in pure Rust, on the processor.
    #[default]
    Native,
    /// libtorch on a device.
    Libtorch(Device),
}

/// The reason why a choice has no backend.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum ChoiceError {
    /// An unknown name.
    #[error("`{0}` is no backend; there are `native` and `libtorch`")]
    Name(String),
    /// A device that the backend does not support.
    #[error("the native backend computes on the processor alone, and not on `{0}`; `libtorch` may")]
    Device(Device),
    /// A program built without libtorch.
    #[error(
        "this program was built without libtorch; `cargo xtask bench --backend libtorch` provides libtorch and builds \
         with it, and `cargo build --features libtorch` does so where `cargo xtask libtorch` has said where it is"
    )]
    Absent,
    /// A GPU that libtorch does not find.
    #[error("{0}")]
    Unavailable(#[from] Unavailable),
}

impl Choice {
    /// Returns the backend of this name on a device; on the processor if none is given.
    ///
    /// # Errors
    /// [`ChoiceError`] for an unknown name, or a device that the backend does not support.
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

    /// The device it computes on.
    #[must_use]
    pub fn device(self) -> Device {
        match self {
            Self::Native => Device::Cpu,
            Self::Libtorch(device) => device,
        }
    }

    /// Checks that the backend is available, and returns a constructor of it.
    ///
    /// # Errors
    /// [`ChoiceError`] if the program has no such backend, or the machine no such device.
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

/// A constructor of the chosen backend, which is available.
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
