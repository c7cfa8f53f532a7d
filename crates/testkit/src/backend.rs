//! The conformance suite of backends. A backend adds it by one line in a test file:
//!
//! ```ignore
//! dentate_testkit::conformance_backend!(native, || Native::new());
//! ```
//!
//! Every law is a property over random networks that have already grown, checked against the [`naive`](crate::naive) model.
//! Comparisons with the naive model compare single precision with double, and their tolerance is not a guess: the model carries
//! a bound on rounding ([`Rounded`](crate::naive::Rounded)). Comparisons with another run of the same backend require equality
//! in every bit.

mod ablating;
mod averaging;
mod compare;
mod convnet;
mod differentiating;
mod fixture;
mod freezing;
mod growing;
mod hitting;
mod keeping;
mod law;
mod mapping;
mod metering;
mod optimizing;
mod passing;
mod penalising;
mod reaching;
mod reading;
mod refusing;
mod restoring;
mod settling;
mod silence;
mod veiling;

pub use ablating::meters_of_gradients_are_slopes_of_ablations;
pub use averaging::running_statistics_follow_the_batch;
pub use convnet::{Convnet, KEPT, a_convnet_keeps_its_function_as_it_grows, alike};
pub use differentiating::{a_read_only_gradient_changes_nothing, a_step_is_a_gradient_and_an_update};
pub use freezing::{
    frozen_parameters_keep_every_bit, rates_can_be_set_without_a_plan, what_is_frozen_costs_nothing,
};
pub use growing::{
    growth_carries_every_slot_as_the_naive_model_does, replacing_in_place_is_applying_one_replace,
};
pub use hitting::{hits_are_counted_where_the_loss_is_computed, outputs_are_those_of_the_updates_own_pass};
pub use keeping::{
    statistics_follow_by_their_factors, what_is_held_keeps_every_bit, writes_leave_what_is_frozen,
};
pub use law::{Make, check_law};
pub use mapping::{
    expressions_leave_what_is_frozen, expressions_match_loops, expressions_reach_what_their_slots_do,
    products_match_loops, slots_written_at_once_read_what_was_there, what_is_not_finite_is_stored_as_it_is,
};
pub use metering::meters_match_a_loop;
pub use optimizing::{
    a_diverged_step_leaves_the_parameters, resetting_forgets_moments_and_ages,
    statistics_count_what_happened, updates_follow_their_formula,
};
pub use passing::{
    corruption_zeroes_features_and_nothing_else, forward_matches_a_loop, gradients_match_derivatives,
    powers_of_gradients_add_up_row_by_row, reading_changes_nothing,
};
pub use penalising::{
    a_penalty_without_importance_reaches_all, a_penalty_without_slots_is_one_of_ones_and_zeros,
};
pub use reaching::{optimizer_state_begins_where_an_update_comes, what_is_not_reached_keeps_every_bit};
pub use reading::{ablations_match_loops, measurements_match_loops};
pub use refusing::{refusals_are_the_documented_ones, unloaded_data_is_refused};
pub use restoring::{
    one_seed_gives_the_same_bits, slots_are_as_large_as_in_a_snapshot, snapshots_continue_bit_for_bit,
};
pub use settling::nothing_stored_is_subnormal;
pub use silence::silence_is_counted_by_rows;
pub use veiling::{other_weights_stand_in_for_the_parameters, routes_that_fit_nothing_are_refused};

/// A module of `#[test]`s, one for each law: `conformance_backend!(name, || constructor)`.
#[macro_export]
macro_rules! conformance_backend {
    ($name:ident, $make:expr) => {
        $crate::conformance_backend!(@ $name, $make,
            forward_matches_a_loop
            gradients_match_derivatives
            powers_of_gradients_add_up_row_by_row
            corruption_zeroes_features_and_nothing_else
            reading_changes_nothing
            a_step_is_a_gradient_and_an_update
            a_read_only_gradient_changes_nothing
            updates_follow_their_formula
            what_is_not_reached_keeps_every_bit
            a_penalty_without_slots_is_one_of_ones_and_zeros
            a_penalty_without_importance_reaches_all
            what_is_held_keeps_every_bit
            statistics_follow_by_their_factors
            writes_leave_what_is_frozen
            hits_are_counted_where_the_loss_is_computed
            outputs_are_those_of_the_updates_own_pass
            optimizer_state_begins_where_an_update_comes
            frozen_parameters_keep_every_bit
            what_is_frozen_costs_nothing
            rates_can_be_set_without_a_plan
            a_diverged_step_leaves_the_parameters
            nothing_stored_is_subnormal
            resetting_forgets_moments_and_ages
            statistics_count_what_happened
            growth_carries_every_slot_as_the_naive_model_does
            replacing_in_place_is_applying_one_replace
            running_statistics_follow_the_batch
            a_convnet_keeps_its_function_as_it_grows
            snapshots_continue_bit_for_bit
            one_seed_gives_the_same_bits
            slots_are_as_large_as_in_a_snapshot
            meters_match_a_loop
            meters_of_gradients_are_slopes_of_ablations
            silence_is_counted_by_rows
            measurements_match_loops
            ablations_match_loops
            expressions_match_loops
            slots_written_at_once_read_what_was_there
            expressions_leave_what_is_frozen
            expressions_reach_what_their_slots_do
            products_match_loops
            what_is_not_finite_is_stored_as_it_is
            refusals_are_the_documented_ones
            unloaded_data_is_refused
            other_weights_stand_in_for_the_parameters
            routes_that_fit_nothing_are_refused
        );
    };
    (@ $name:ident, $make:expr, $($law:ident)*) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn make() -> Box<dyn $crate::dentate_core::Backend> {
                Box::new(($make)())
            }
            $(
                #[test]
                fn $law() {
                    $crate::backend::$law($crate::backend::Make { make, file: file!() });
                }
            )*
        }
    };
}

#[cfg(test)]
mod tests;
