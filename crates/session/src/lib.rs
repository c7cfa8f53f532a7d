//! An experiment as a loop that anyone can drive.
//!
//! An [`Experiment`] says what is to be run: a stream, a learner, a [`Protocol`], an [`Evaluation`], a seed. A [`Session`] runs
//! it, one [`Step`] at a time, so that between any two steps a program may look, record, save or stop. An [`Outcome`] is what
//! is there at the end. The runner of suites drives the same session: a program's records are those of a suite with the same
//! recipe and seed, byte for byte.
//!
//! ```
//! use dentate_continual::Gradient;
//! use dentate_session::{Experiment, Protocol};
//! use dentate_streams::StreamSpec;
//!
//! let stream = r#"{ "kind": "split", "scenario": "task-incremental", "data": { "kind": "digits", "train": 500, "test": 200 } }"#;
//! let stream: Box<dyn StreamSpec> = serde_json::from_str(stream).unwrap();
//! let learner = Gradient { hidden: vec![32], ..Gradient::default() };
//! let outcome = Experiment::from_recipes(stream, Box::new(learner)).seed(1).protocol(Protocol::Cumulative).run()?;
//! println!("{:?}\n{}", outcome.accuracy().average_accuracy(), outcome.growth());
//! # assert!(outcome.accuracy().average_accuracy().unwrap() > 0.8);
//! # Ok::<(), dentate_session::SessionError>(())
//! ```
//!
//! One batch of an evaluation is one step, so no step is long. [`Session::save`] drops an evaluation that is half made; it is
//! made again by the session that goes on.

pub mod container;
mod error;
mod evaluation;
mod experiment;
mod measurement;
pub mod network;
mod outcome;
pub mod outside;
mod position;
mod protocol;
mod saved;
mod scores;
mod session;
mod step;

pub use error::SessionError;
pub use evaluation::{Evaluation, Extent, Judge};
pub use experiment::Experiment;
pub use network::{NetworkFileError, NetworkFiles};
pub use outcome::{GrowthSummary, Outcome};
pub use protocol::Protocol;
pub use saved::{SavedSession, Standing};
pub use session::{MakeLearner, Session, Setup};
pub use step::Step;
