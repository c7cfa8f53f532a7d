//! Errors of a folder or an archive as a whole.

use thiserror::Error;

/// Why a folder or an archive was refused as a whole.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum TreeErrorKind {
    /// A name is there more than once.
    #[error("`{name}` stands in it twice")]
    Twice {
        /// The name.
        name: String,
    },
    /// An archive lacks its end.
    #[error("it ends without the two empty blocks that a tar archive ends with, so files may be missing")]
    NoEnd,
    /// Something follows the end of an archive.
    #[error("something follows the empty block that ends a tar archive, so files may be hidden behind it")]
    Trailing,
    /// A link leads to nothing.
    #[error("the link `{name}` leads to `{target}`, where there is nothing that can be read")]
    Nowhere {
        /// The link.
        name: String,
        /// Where it leads.
        target: String,
    },
    /// Following a link never ends.
    #[error("the link `{name}` leads back to a folder that it lies in")]
    Circle {
        /// The link.
        name: String,
    },
    /// There is more to be seen through links than is followed.
    #[error("its links show more than {most} files")]
    Links {
        /// Files followed.
        most: usize,
    },
    /// A file would lie elsewhere.
    #[error("`{name}` would lie outside of it")]
    Outside {
        /// The name.
        name: String,
    },
    /// It is something else than a file, a folder or a link.
    #[error("`{name}` is neither a file nor a folder nor a link")]
    Sort {
        /// The name.
        name: String,
    },
}
