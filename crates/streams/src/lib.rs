//! Data sets, generators and the streams cut from them.
//!
//! A suite names a stream ([`StreamSpec`]) and the data set it is cut from ([`DataSpec`]); a plugin crate adds its own by
//! implementing [`StreamRecipe`] or [`DataRecipe`] and one line of [`register!`]. A learner accesses a [`Stream`] only
//! through a [`PartSource`].

mod bit_flip;
mod building;
mod bursts;
mod cache;
pub mod catalogue;
mod coloured;
mod contents;
pub mod data;
mod digits;
mod env;
mod error;
mod experiences;
mod facts;
#[doc(hidden)]
pub mod fuzzing;
pub mod idx;
mod inputs;
mod layout;
mod moving;
mod npy;
mod npz;
mod permuted;
mod permuted_labels;
mod permuting;
mod pictures;
mod problem;
mod random_labels;
mod register;
mod rotated;
mod shape;
mod source;
mod spec;
mod split;
mod stream;
mod tree;
mod unlearnable;
mod unpack;

pub use bit_flip::{BitFlip, Thresholds};
pub use bursts::Bursts;
pub use data::{AnyData, DataEnv, DataFacts, DataRecipe, DataSpec, LabelledData};
pub use error::StreamError;
pub use experiences::{Experiences, NamedExperience};
pub use layout::LayoutErrorKind;
pub use moving::{Motion, Moving};
pub use npy::NpyErrorKind;
pub use permuted::Permuted;
pub use permuted_labels::PermutedLabels;
pub use pictures::{Orientation, PictureErrorKind};
pub use problem::{Problem, ProblemName};
pub use random_labels::RandomLabels;
pub use rotated::Rotated;
pub use shape::{Shape, ShapeName};
pub use source::{PartSource, SourcePosition};
pub use spec::{AnyStream, StreamRecipe, StreamSpec};
pub use split::Split;
pub use stream::{EvaluatedRows, Experience, Part, ProblemInfo, RowSet, Stream, StreamInfo};
pub use tree::TreeErrorKind;
pub use unlearnable::Unlearnable;

/// Items that the registration macro expands to; not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use dentate_core::__entry;
}
