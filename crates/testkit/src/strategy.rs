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
//! Every law is a property over small streams, networks and settings, including degenerate data. The subject learns on the native
//! backend, one step at a time, and is inspected between any two steps. A failure is shrunk, described in a sentence, and
//! printed as a test to paste. A law that was never put to the test fails too ([`Coverage`]).

mod case;
mod check_law;
mod claims;
mod coverage;
mod driver;
mod following;
mod growing;
mod journal;
mod laws;
mod part;
mod pasted;
mod preserving;
mod repeating;
mod stored;
mod subject;
mod watched;
mod weights;
mod working;

pub use case::{Case, Data};
pub use claims::claimed_laws_hold;
pub use coverage::Coverage;
pub use following::state_follows_growth;
pub use growing::{
    declining_changes_nothing, frozen_parameters_keep_every_bit, old_weights_survive_growth,
    the_graph_is_always_well_formed,
};
pub use journal::the_journal_replays_to_the_graph;
pub use laws::again;
pub use part::PartCalls;
pub use repeating::{
    configuration_survives_toml, degenerate_data_does_no_harm, one_seed_gives_the_same_run,
    resuming_anywhere_is_bit_exact,
};
pub use subject::Subject;
pub use working::{coverage, it_is_exercised, it_only_looks_on};

/// The subject of a test.
#[derive(Debug)]
pub struct Conformance {
    /// Configurations, each of which has to satisfy the laws.
    pub subjects: Vec<Subject>,
    /// `file!()` of the test, beside which failed cases are stored to be tried first from then on; `None` to store none.
    pub file: Option<&'static str>,
    /// A change of every case before it is run, for behaviour that does not occur in small random cases.
    pub provoke: Option<fn(&mut Case)>,
}

impl Conformance {
    /// Groups of configurations with the same name and the same parts.
    fn alike(&self) -> Vec<Vec<&Subject>> {
        let mut groups: Vec<Vec<&Subject>> = Vec::new();
        for subject in &self.subjects {
            let of = |group: &&mut Vec<&Subject>| group[0].identity() == subject.identity();
            match groups.iter_mut().find(of) {
                Some(group) => group.push(subject),
                None => groups.push(vec![subject]),
            }
        }
        groups
    }
}

/// A module `conformance` of `#[test]`s, one for each law that a growth strategy keeps: `conformance!(configuration, …)`.
///
/// With `conformance!(provoke = |case| case.epochs = 30; configuration, …)` every case is changed before it is run, for a
/// strategy that does nothing within a few updates whatever its settings. Printed cases are the changed ones.
#[macro_export]
macro_rules! conformance {
    (@provoke) => { None };
    (@provoke $provoke:expr) => { Some($provoke) };
    (@ $module:ident, $kind:ident, [$($provoke:expr)?], [$($subject:expr),+] $($law:ident)*) => {
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            fn conformance() -> $crate::strategy::Conformance {
                let subjects = vec![$($crate::strategy::Subject::$kind(Box::new($subject))),+];
                let provoke: Option<fn(&mut $crate::strategy::Case)> = $crate::conformance!(@provoke $($provoke)?);
                $crate::strategy::Conformance { subjects, file: Some(file!()), provoke }
            }
            $(
                #[test]
                fn $law() {
                    $crate::strategy::$law(&conformance());
                }
            )*
        }
    };
    (@ [$($provoke:expr)?], [$($strategy:expr),+]) => {
        $crate::conformance!(@ conformance, Strategy, [$($provoke)?], [$($strategy),+]
            it_is_exercised
            the_graph_is_always_well_formed
            declining_changes_nothing
            old_weights_survive_growth
            frozen_parameters_keep_every_bit
            state_follows_growth
            claimed_laws_hold
            one_seed_gives_the_same_run
            resuming_anywhere_is_bit_exact
            degenerate_data_does_no_harm
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

/// The same for a mechanism, in a module `conformance_of_a_mechanism`. With `conformance_mechanism!(observes; configuration, …)` it has to
/// change nothing instead of something: for a mechanism that only records.
#[macro_export]
macro_rules! conformance_mechanism {
    (observes; $($mechanism:expr),+ $(,)?) => {
        $crate::conformance!(@ conformance_of_a_mechanism, Mechanism, [], [$($mechanism),+]
            it_only_looks_on
            declining_changes_nothing
            frozen_parameters_keep_every_bit
            state_follows_growth
            one_seed_gives_the_same_run
            resuming_anywhere_is_bit_exact
            degenerate_data_does_no_harm
            configuration_survives_toml
        );
    };
    (@ [$($provoke:expr)?], [$($mechanism:expr),+]) => {
        $crate::conformance!(@ conformance_of_a_mechanism, Mechanism, [$($provoke)?], [$($mechanism),+]
            it_is_exercised
            declining_changes_nothing
            frozen_parameters_keep_every_bit
            state_follows_growth
            one_seed_gives_the_same_run
            resuming_anywhere_is_bit_exact
            degenerate_data_does_no_harm
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
            it_is_exercised
            one_seed_gives_the_same_run
            resuming_anywhere_is_bit_exact
            degenerate_data_does_no_harm
            the_journal_replays_to_the_graph
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
