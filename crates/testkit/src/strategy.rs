//! The conformance suite of growth strategies. A strategy joins by one line in a test file of its crate:
//!
//! ```ignore
//! dentate_testkit::conformance!(MyStrategy::default());
//! ```
//!
//! Every law is a property over small streams, networks and settings, hostile data among them. The strategy is driven by the
//! gradient learner on the native backend, one step at a time, and held to the law between any two. What does not hold is
//! shrunk, told in a sentence, and printed as a test to paste.

mod claims;
mod course;
mod growing;
mod hold;
mod repeating;
mod weights;
mod world;

pub use claims::what_is_claimed_holds;
pub use growing::{
    declining_changes_nothing, frozen_parameters_keep_every_bit, old_weights_survive_growth,
    the_graph_is_always_well_formed,
};
pub use hold::again;
pub use repeating::{
    configuration_survives_toml, hostile_data_does_no_harm, one_seed_gives_the_same_run,
    saved_anywhere_it_goes_on_to_the_bit,
};
pub use world::{Data, World};

use dentate_growth::Growth;

/// What a test asks about.
#[derive(Clone, Debug)]
pub struct Subject {
    /// Configurations, each of which has to keep the laws.
    pub strategies: Vec<Box<dyn Growth>>,
    /// `file!()` of the test, to write down beside it what failed and try that first from then on; `None` not to.
    pub file: Option<&'static str>,
}

/// A module `conformance` of `#[test]`s, one for each law: `conformance!(configuration, …)`.
#[macro_export]
macro_rules! conformance {
    ($($strategy:expr),+ $(,)?) => {
        $crate::conformance!(@ [$($strategy),+]
            the_graph_is_always_well_formed
            declining_changes_nothing
            old_weights_survive_growth
            frozen_parameters_keep_every_bit
            what_is_claimed_holds
            one_seed_gives_the_same_run
            saved_anywhere_it_goes_on_to_the_bit
            hostile_data_does_no_harm
            configuration_survives_toml
        );
    };
    (@ [$($strategy:expr),+] $($law:ident)*) => {
        mod conformance {
            #[allow(unused_imports)]
            use super::*;

            fn subject() -> $crate::strategy::Subject {
                let strategies: Vec<Box<dyn $crate::dentate_growth::Growth>> = vec![$(Box::new($strategy)),+];
                $crate::strategy::Subject { strategies, file: Some(file!()) }
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
