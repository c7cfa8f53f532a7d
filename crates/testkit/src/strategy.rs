//! The conformance suites of growth strategies, regularisers and learners. One joins by a line in a test file of its crate:
//!
//! ```ignore
//! dentate_testkit::conformance!(MyStrategy::default());
//! dentate_testkit::conformance_regulariser!(MyRegulariser::default());
//! dentate_testkit::conformance_learner!(MyLearner::default());
//! ```
//!
//! A part joins inside of a strategy: `conformance!(Composed { trigger: Box::new(MyTrigger::default()), ..Composed::default() })`.
//!
//! Every law is a property over small streams, networks and settings, hostile data among them. Who is held to it learns on the
//! native backend, one step at a time, and is looked at between any two. What does not hold is shrunk, told in a sentence, and
//! printed as a test to paste.

mod candidate;
mod claims;
mod course;
mod following;
mod growing;
mod hold;
mod repeating;
mod telling;
mod weights;
mod world;

pub use candidate::Candidate;
pub use claims::what_is_claimed_holds;
pub use following::state_follows_growth;
pub use growing::{
    declining_changes_nothing, frozen_parameters_keep_every_bit, old_weights_survive_growth,
    the_graph_is_always_well_formed,
};
pub use hold::again;
pub use repeating::{
    configuration_survives_toml, hostile_data_does_no_harm, one_seed_gives_the_same_run,
    saved_anywhere_it_goes_on_to_the_bit,
};
pub use telling::the_journal_tells_the_graph;
pub use world::{Data, World};

/// What a test asks about.
#[derive(Debug)]
pub struct Subject {
    /// Configurations, each of which has to keep the laws.
    pub candidates: Vec<Candidate>,
    /// `file!()` of the test, to write down beside it what failed and try that first from then on; `None` not to.
    pub file: Option<&'static str>,
}

/// A module `conformance` of `#[test]`s, one for each law that a growth strategy keeps: `conformance!(configuration, …)`.
#[macro_export]
macro_rules! conformance {
    ($($strategy:expr),+ $(,)?) => {
        $crate::conformance!(@ conformance, Strategy, [$($strategy),+]
            the_graph_is_always_well_formed
            declining_changes_nothing
            old_weights_survive_growth
            frozen_parameters_keep_every_bit
            state_follows_growth
            what_is_claimed_holds
            one_seed_gives_the_same_run
            saved_anywhere_it_goes_on_to_the_bit
            hostile_data_does_no_harm
            configuration_survives_toml
        );
    };
    (@ $module:ident, $kind:ident, [$($candidate:expr),+] $($law:ident)*) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            fn subject() -> $crate::strategy::Subject {
                let candidates = vec![$($crate::strategy::Candidate::$kind(Box::new($candidate))),+];
                $crate::strategy::Subject { candidates, file: Some(file!()) }
            }
            $(
                #[test]
                fn $law() {
                    $crate::strategy::$law(&subject());
                }
            )*
        }
    };
}

/// The same for a regulariser, in a module `conformance_of_a_regulariser`.
#[macro_export]
macro_rules! conformance_regulariser {
    ($($regulariser:expr),+ $(,)?) => {
        $crate::conformance!(@ conformance_of_a_regulariser, Regulariser, [$($regulariser),+]
            declining_changes_nothing
            frozen_parameters_keep_every_bit
            state_follows_growth
            one_seed_gives_the_same_run
            saved_anywhere_it_goes_on_to_the_bit
            hostile_data_does_no_harm
            configuration_survives_toml
        );
    };
}

/// The same for a learner, in a module `conformance_of_a_learner`.
#[macro_export]
macro_rules! conformance_learner {
    ($($learner:expr),+ $(,)?) => {
        $crate::conformance!(@ conformance_of_a_learner, Learner, [$($learner),+]
            one_seed_gives_the_same_run
            saved_anywhere_it_goes_on_to_the_bit
            hostile_data_does_no_harm
            the_journal_tells_the_graph
            configuration_survives_toml
        );
    };
}
