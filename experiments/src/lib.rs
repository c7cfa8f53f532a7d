//! The runner: reads suites, cuts them into runs, gives each run a process of its own and gathers what they leave.
//!
//! A plugin crate outside this workspace links itself in and calls [`main`] from a binary of its own.

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
mod run;
mod slurm;
mod start;
mod status;
mod stop;
mod suite;
mod wanted;

pub use cli::main;
