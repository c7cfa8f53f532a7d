//! From records to a report: reads the results of a suite's runs, puts them into frames, measures, compares and writes them.
//!
//! ```text
//! manifest.json, runs/<id>/records.csv
//!   → suite        the suite, the outcome of each run, its record log
//!   → frames       polars frames over the records of every finished run
//!   → metrics      a few numbers for each run, each by a function from frames to a frame, or by an aggregate
//!   → comparison   means, intervals and paired tests, by stream; `effects` of the factors of a factorial design, all `pairs`
//!   → ranks        methods across streams; `claims` of the suite held against the results
//!   → questions    the report as a value: questions with sentences, tables and figures
//!   → report       HTML, Markdown, CSV files and a terminal table
//! ```
//!
//! This crate knows no strategy and trains nothing: a method is a name, a title and its records.

pub mod changes;
mod chart;
pub mod claims;
pub mod comparison;
mod csv;
mod document;
pub mod effects;
mod events;
mod export;
mod failure;
pub mod figure;
mod files;
mod findings;
mod format;
pub mod frames;
#[doc(hidden)]
pub mod fuzzing;
pub mod group;
mod growth;
mod html;
mod latex;
mod lives;
mod log;
mod look;
mod maps;
mod markdown;
pub mod metrics;
mod pages;
pub mod pairs;
pub mod prelude;
mod prose;
mod questions;
pub mod ranks;
pub mod replication;
pub mod report;
mod results;
mod sources;
mod spreadsheet;
pub mod statistics;
pub mod suite;
pub mod survival;
pub mod tables;
mod terminal;
mod traces;
pub mod trajectory;
mod values;

pub use changes::{ChangeError, Changes, changes};
pub use events::write_events;
pub use export::{Exported, export};
pub use failure::ReportError;
pub use pages::{Index, MOST_PAGES, RunPages, index};
pub use replication::{ReplicationError, replication};
pub use report::{Options, Report, report, report_with};
#[cfg(feature = "lazy")]
pub use results::lazy;
#[cfg(feature = "ipc")]
pub use results::write_ipc;
#[cfg(feature = "parquet")]
pub use results::write_parquet;
pub use results::{results, write_csv};
pub use suite::{ResultsError, Suite};

/// Items that the macros expand to; not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use dentate_core::__metric;
    pub use dentate_core::metrics::MetricInfo;
    pub use inventory;
}

/// The code listings of this chapter of the book, compiled and run as tests.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../../docs/own-metrics.md")]
    struct OwnMetrics;
}
