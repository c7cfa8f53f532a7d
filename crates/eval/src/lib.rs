//! From records to a report: reads the results of a suite's runs, puts them into frames, measures, compares and writes them.
//!
//! ```text
//! manifest.json, runs/<id>/records.csv
//!   → suite        the suite, the outcome of each run, its record log
//!   → frames       one polars frame over the records of every finished run
//!   → metrics      a few numbers for each run; `matrix` and `trajectory` are the two shapes they are read from
//!   → comparison   means, intervals and paired tests, by stream; `effects` of the factors of a factorial design
//!   → report       HTML, Markdown, CSV files and a terminal table
//! ```
//!
//! This crate knows no strategy and trains nothing: a method is a name, a title and its records.

mod chart;
pub mod comparison;
mod csv;
pub mod effects;
mod findings;
mod format;
pub mod frames;
#[doc(hidden)]
pub mod fuzzing;
mod html;
mod lives;
mod log;
mod maps;
mod markdown;
pub mod metrics;
mod plots;
mod prose;
pub mod report;
pub mod statistics;
pub mod suite;
pub mod survival;
mod tables;
mod terminal;
pub mod trajectory;

pub use report::{Report, ReportError, report};
pub use suite::{ResultsError, Suite};
