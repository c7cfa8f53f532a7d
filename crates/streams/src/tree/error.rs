//! Errors of whole folders or archives.

use thiserror::Error;

/// The reasons for which a whole folder or archive is refused.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TreeErrorKind {
    /// A name occurs more than once.
    #[error("`{name}` stands in it twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// The archive is truncated.
    #[error("it ends without the two empty blocks that a tar archive ends with, so files may be missing")]
    NoEnd,
    /// There are bytes after the end of the archive.
    #[error("something follows the empty block that ends a tar archive, so files may be hidden behind it")]
    Trailing,
    /// A link has no target.
    #[error("the link `{name}` leads to `{target}`, where there is nothing that can be read")]
    Nowhere {
        /// The link.
        name: String,
        /// The missing target.
        target: String,
    },
    /// Links form a cycle.
    #[error("the link `{name}` leads back to a folder that it lies in")]
    Circle {
        /// The link.
        name: String,
    },
    /// There are more files behind links than are followed.
    #[error("its links show more than {most} files")]
    Links {
        /// The maximum number of files.
        most: usize,
    },
    /// A file would be outside the archive.
    #[error("`{name}` would lie outside of it")]
    Outside {
        /// The name.
        name: String,
    },
    /// An entry is not a file, a folder or a link.
    #[error("`{name}` is neither a file nor a folder nor a link")]
    Sort {
        /// The name.
        name: String,
    },
}
