//! From records to a report: what the runs of a suite left behind is read, put into frames, measured, compared and
//! written down.
//!
//! ```text
//! manifest.json, runs/<id>/records.csv
//!   → suite        what was asked, how each run ended, its record log
//!   → frames       one polars frame over the records of every finished run
//!   → metrics      a few numbers for each run; `matrix` and `trajectory` are the two shapes they are read from
//!   → comparison   means, intervals and paired tests, by stream; `effects` of the factors of a factorial design
//!   → report       HTML, Markdown, CSV files and a terminal table
//! ```
//!
//! It knows no strategy and trains nothing: a method is a name, a title and what it recorded.

mod chart;
pub mod comparison;
mod csv;
pub mod effects;
mod figures;
mod findings;
pub mod frames;
mod html;
mod lives;
mod log;
mod maps;
mod markdown;
pub mod metrics;
mod notation;
#[doc(hidden)]
pub mod outside;
pub mod report;
mod sentences;
pub mod statistics;
pub mod suite;
pub mod survival;
mod tables;
mod terminal;
pub mod trajectory;

pub use report::{Report, ReportError, report};
pub use suite::{Suite, SuiteError};
