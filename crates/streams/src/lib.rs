//! Data sets, generators and the streams cut from them.

mod cache;
pub mod catalogue;
pub mod data;
mod digits;
mod error;
pub mod idx;
#[doc(hidden)]
pub mod register;

pub use data::{DataEnv, DataFacts, DataRecipe, DataSpec, LabelledData};
pub use error::StreamError;
