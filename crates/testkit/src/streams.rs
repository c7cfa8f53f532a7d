//! The conformance suites of streams and data sets. Each is added by one line in a test file of its crate:
//!
//! ```ignore
//! dentate::testkit::conformance_stream!(MyStream::default());
//! dentate::testkit::conformance_data!(MyData::default());
//! ```
//!
//! Data sets that are read from files find them in the folder `DENTATE_DATA`.

mod data;
mod stream;

pub use data::{
    a_cache_changes_no_byte, a_fingerprint_is_of_the_bytes_that_are_read, data_is_the_same_each_time,
    data_survives_toml, facts_of_data_are_true,
};
pub use stream::{
    access_is_kept, facts_of_a_stream_are_true, one_seed_gives_the_same_stream,
    rows_are_where_they_should_be, streams_survive_toml,
};

use dentate_streams::DataEnv;

/// The folder of the data, without a cache.
fn environment() -> DataEnv {
    DataEnv {
        root: DataEnv::named(std::env::var_os("DENTATE_DATA")),
        ..DataEnv::default()
    }
}

/// A module `conformance_of_a_stream` of `#[test]`s, one for each law that a stream keeps: `conformance_stream!(configuration, …)`.
#[macro_export]
macro_rules! conformance_stream {
    ($($stream:expr),+ $(,)?) => {
        $crate::conformance_stream!(@ conformance_of_a_stream, StreamSpec, [$($stream),+]
            streams_survive_toml
            one_seed_gives_the_same_stream
            facts_of_a_stream_are_true
            rows_are_where_they_should_be
            access_is_kept
        );
    };
    (@ $module:ident, $spec:ident, [$($one:expr),+] $($law:ident)*) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            fn all() -> Vec<Box<dyn $crate::$spec>> {
                vec![$(Box::new($one)),+]
            }
            $(
                #[test]
                fn $law() {
                    $crate::streams::$law(&all());
                }
            )*
        }
    };
}

/// The same for a data set, in a module `conformance_of_data`.
#[macro_export]
macro_rules! conformance_data {
    ($($data:expr),+ $(,)?) => {
        $crate::conformance_stream!(@ conformance_of_data, DataSpec, [$($data),+]
            data_survives_toml
            data_is_the_same_each_time
            facts_of_data_are_true
            a_fingerprint_is_of_the_bytes_that_are_read
            a_cache_changes_no_byte
        );
    };
}

#[cfg(test)]
mod tests;
