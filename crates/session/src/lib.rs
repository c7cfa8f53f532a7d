//! An experiment as a loop that a program can drive.
//!
//! An [`Experiment`] describes a run: a stream, a learner, a [`Protocol`], an [`Evaluation`], a seed. A [`Session`] runs
//! it, one [`Step`] at a time, so that between any two steps a program may inspect, record, save or stop. An [`Outcome`] is the
//! result at the end. The runner of suites uses the same session: a program's records are those of a suite with the same
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
//! One batch of an evaluation is one step, so no step is long. [`Session::save`] drops an incomplete evaluation, which the
//! session that continues repeats.

mod by_class;
pub mod container;
mod error;
mod evaluation;
mod experiment;
pub mod fuzzing;
mod identity;
mod measurement;
pub mod network;
mod outcome;
mod position;
mod saved;
mod scores;
mod session;
mod setup;
mod step;

pub use dentate_core::Protocol;
pub use error::SessionError;
pub use evaluation::{EvaluateOn, EvaluateTasks, Evaluation};
pub use experiment::{Experiment, maker};
pub use network::{NetworkFileError, NetworkFiles};
pub use outcome::{GrowthSummary, Outcome};
pub use saved::{SavedSession, SessionState};
pub use session::{MakeLearner, Session};
pub use setup::Setup;
pub use step::Step;
