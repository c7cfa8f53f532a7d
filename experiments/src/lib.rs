//! The runner: reads suites, splits them into runs, executes each run in a process of its own, and collects the results.
//!
//! A plugin crate outside this workspace links itself in and calls [`main`] from its own binary.

mod backend_choice;
mod bench;
mod checkpoint;
mod cli;
mod data;
mod doctor;
mod error;
mod exit_status;
mod explain;
#[doc(hidden)]
pub mod fuzzing;
mod history;
mod job;
mod kept;
mod list;
mod lock;
mod manifest;
mod outcome;
mod output;
mod owner;
#[cfg(test)]
mod packages;
mod paths;
mod plan;
mod plugins;
mod pool;
mod preflight;
mod progress;
mod provenance;
mod recipe;
mod record_log;
mod resolve;
mod run;
mod score;
mod slurm;
mod start;
mod status;
mod stop;
mod suite;
mod wanted;

pub use cli::main;
