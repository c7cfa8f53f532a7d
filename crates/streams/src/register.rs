//! Registration of streams and data sets.

/// Registers a stream ([`StreamRecipe`](crate::StreamRecipe)) or a data set ([`DataRecipe`](crate::DataRecipe)): its TOML name and
/// its entry in the registry. The first word is its kind: `stream` or `data`. With `source = include_str!("this_file.rs")`
/// `dentate explain` shows the leading `//!` lines of the file.
///
/// ```ignore
/// register!(data, Corners, "corners", summary = "The corners of a square.", citation = "this page");
/// ```
#[macro_export]
macro_rules! register {
    (stream, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::StreamSpec] Stream, $($rest)*);
    };
    (data, $($rest:tt)*) => {
        $crate::__private::__entry!([$crate::DataSpec] Data, $($rest)*);
    };
}
