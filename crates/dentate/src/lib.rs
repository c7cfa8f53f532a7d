//! Networks that grow while they learn: streams, learners, growth strategies and the loop that drives them, as one library.
//!
//! A program or a plugin depends on `dentate` and on nothing else of this project:
//!
//! ```
//! use dentate::prelude::*;
//!
//! fn main() -> dentate::Result<()> {
//!     let stream = Split::new(Digits::default()).task_incremental();
//!     let learner = Gradient::mlp([128, 128]).strategy(ProgressiveColumns::default());
//!     let mut outcome = Experiment::new(stream, learner).seed(1).run()?;
//!     println!("{}\n{}", outcome.accuracy(), outcome.growth());
//! #   std::env::set_current_dir(std::env::temp_dir()).expect("there is such a folder");
//!     outcome.network()?.save("net")?; // network.safetensors and graph.json
//!     Ok(())
//! }
//! ```
//!
//! | to | see |
//! | --- | --- |
//! | run an experiment | [`Experiment`](session::Experiment), and the settings of [`prelude`] |
//! | inspect, record, save or stop between two steps | [`Session`](session::Session), [`Step`](session::Step) |
//! | write a strategy, a mechanism, a learner, a stream or a data set | [`config!`], [`state!`], [`register!`] |
//! | train a self-organising map on an array | [`learners::maps`] |
//!
//! | feature | brings |
//! | --- | --- |
//! | `libtorch` | the backend over libtorch, which has to be installed |
//! | `report` | `report`: from the records of suites to tables and charts; builds for minutes |
//! | `testkit` | `testkit`, for tests: the laws that plugins are held to |
//!
//! All of them are off by default. This crate links everything that the project registers.

mod error;
mod macros;
pub mod prelude;

pub use error::{Error, Result};

pub use dentate_backends as backends;
pub use dentate_continual as continual;
pub use dentate_core as core;
#[cfg(feature = "report")]
pub use dentate_eval as report;
pub use dentate_growth as growth;
pub use dentate_learners as learners;
pub use dentate_session as session;
pub use dentate_streams as streams;
#[cfg(feature = "testkit")]
pub use dentate_testkit as testkit;

/// The crate of the arrays of measurements, predictions and maps.
pub use ndarray;
/// The crate for drawing random numbers from a [`Seed`](crate::core::Seed).
pub use rand;

/// Items that the macros expand to; not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use dentate_core::__private::serde;
}

/// The code listings of these chapters of the book, compiled and run as tests.
#[cfg(doctest)]
mod book {
    #[doc = include_str!("../../../README.md")]
    struct Readme;
    #[doc = include_str!("../../../docs/introduction.md")]
    struct Introduction;
    #[doc = include_str!("../../../docs/library.md")]
    struct Library;
    #[doc = include_str!("../../../docs/first-strategy.md")]
    struct FirstStrategy;
    #[doc = include_str!("../../../docs/plugins.md")]
    struct Plugins;
    #[doc = include_str!("../../../docs/mechanisms.md")]
    struct Mechanisms;
    #[doc = include_str!("../../../docs/networks.md")]
    struct Networks;
    #[doc = include_str!("../../../docs/self-organising.md")]
    struct SelfOrganising;
}
