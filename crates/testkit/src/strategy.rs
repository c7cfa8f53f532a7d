//! The conformance suites of growth strategies, mechanisms and learners. Each is added by one line in a test file of its crate:
//!
//! ```ignore
//! dentate::testkit::conformance!(MyStrategy::default());
//! dentate::testkit::conformance_mechanism!(MyMechanism::default());
//! dentate::testkit::conformance_learner!(MyLearner::default());
//! ```
//!
//! A part is added inside of a strategy:
//! `conformance!(Composed { trigger: Box::new(MyTrigger::default()), ..Composed::default() })`.
//!
//! Every law is a property over small streams, networks and settings, including hostile data. The subject learns on the native
//! backend, one step at a time, and is inspected between any two steps. A failure is shrunk, described in a sentence, and
//! printed as a test to paste. A law that was never put to the test fails too ([`Seen`]).

mod candidate;
mod claims;
mod course;
mod following;
mod growing;
mod hold;
mod laws;
mod part;
mod pasted;
mod preserving;
mod repeating;
mod seen;
mod stored;
mod telling;
mod watched;
mod weights;
mod working;
mod world;

pub use candidate::Candidate;
pub use claims::what_is_claimed_holds;
pub use following::state_follows_growth;
pub use growing::{
    declining_changes_nothing, frozen_parameters_keep_every_bit, old_weights_survive_growth,
    the_graph_is_always_well_formed,
};
pub use laws::again;
pub use part::Part;
pub use repeating::{
    configuration_survives_toml, hostile_data_does_no_harm, one_seed_gives_the_same_run,
    saved_anywhere_it_goes_on_to_the_bit,
};
pub use seen::Seen;
pub use telling::the_journal_tells_the_graph;
pub use working::{it_is_seen_at_work, seen};
pub use world::{Data, World};

/// The subject of a test.
#[derive(Debug)]
pub struct Subject {
    /// Configurations, each of which has to satisfy the laws.
    pub candidates: Vec<Candidate>,
    /// `file!()` of the test, beside which failed cases are stored to be tried first from then on; `None` to store none.
    pub file: Option<&'static str>,
    /// A change of every world before it is run, for behaviour that does not occur in small random worlds.
    pub provoke: Option<fn(&mut World)>,
}

impl Subject {
    /// Groups of configurations with the same name and the same parts.
    fn alike(&self) -> Vec<Vec<&Candidate>> {
        let mut groups: Vec<Vec<&Candidate>> = Vec::new();
        for candidate in &self.candidates {
            let of = |group: &&mut Vec<&Candidate>| group[0].identity() == candidate.identity();
            match groups.iter_mut().find(of) {
                Some(group) => group.push(candidate),
                None => groups.push(vec![candidate]),
            }
        }
        groups
    }
}

/// A module `conformance` of `#[test]`s, one for each law that a growth strategy keeps: `conformance!(configuration, …)`.
///
/// With `conformance!(provoke = |world| world.epochs = 30; configuration, …)` every world is changed before it is run, for a
/// strategy that does nothing within a few updates whatever its settings. Printed worlds are the changed ones.
#[macro_export]
macro_rules! conformance {
    (@provoke) => { None };
    (@provoke $provoke:expr) => { Some($provoke) };
    (@ $module:ident, $kind:ident, [$($provoke:expr)?], [$($candidate:expr),+] $($law:ident)*) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            fn subject() -> $crate::strategy::Subject {
                let candidates = vec![$($crate::strategy::Candidate::$kind(Box::new($candidate))),+];
                let provoke: Option<fn(&mut $crate::strategy::World)> = $crate::conformance!(@provoke $($provoke)?);
                $crate::strategy::Subject { candidates, file: Some(file!()), provoke }
            }
            $(
                #[test]
                fn $law() {
                    $crate::strategy::$law(&subject());
                }
            )*
        }
    };
    (@ [$($provoke:expr)?], [$($strategy:expr),+]) => {
        $crate::conformance!(@ conformance, Strategy, [$($provoke)?], [$($strategy),+]
            it_is_seen_at_work
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
    (provoke = $provoke:expr; $($strategy:expr),+ $(,)?) => {
        $crate::conformance!(@ [$provoke], [$($strategy),+]);
    };
    ($($strategy:expr),+ $(,)?) => {
        $crate::conformance!(@ [], [$($strategy),+]);
    };
}

/// The same for a mechanism, in a module `conformance_of_a_mechanism`.
#[macro_export]
macro_rules! conformance_mechanism {
    (@ [$($provoke:expr)?], [$($mechanism:expr),+]) => {
        $crate::conformance!(@ conformance_of_a_mechanism, Mechanism, [$($provoke)?], [$($mechanism),+]
            it_is_seen_at_work
            declining_changes_nothing
            frozen_parameters_keep_every_bit
            state_follows_growth
            one_seed_gives_the_same_run
            saved_anywhere_it_goes_on_to_the_bit
            hostile_data_does_no_harm
            configuration_survives_toml
        );
    };
    (provoke = $provoke:expr; $($mechanism:expr),+ $(,)?) => {
        $crate::conformance_mechanism!(@ [$provoke], [$($mechanism),+]);
    };
    ($($mechanism:expr),+ $(,)?) => {
        $crate::conformance_mechanism!(@ [], [$($mechanism),+]);
    };
}

/// The same for a learner, in a module `conformance_of_a_learner`.
#[macro_export]
macro_rules! conformance_learner {
    (@ [$($provoke:expr)?], [$($learner:expr),+]) => {
        $crate::conformance!(@ conformance_of_a_learner, Learner, [$($provoke)?], [$($learner),+]
            it_is_seen_at_work
            one_seed_gives_the_same_run
            saved_anywhere_it_goes_on_to_the_bit
            hostile_data_does_no_harm
            the_journal_tells_the_graph
            configuration_survives_toml
        );
    };
    (provoke = $provoke:expr; $($learner:expr),+ $(,)?) => {
        $crate::conformance_learner!(@ [$provoke], [$($learner),+]);
    };
    ($($learner:expr),+ $(,)?) => {
        $crate::conformance_learner!(@ [], [$($learner),+]);
    };
}
