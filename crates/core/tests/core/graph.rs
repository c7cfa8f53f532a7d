//! Invariants of the graph over sequences of plans.

use super::{stories, tell};
use dentate_core::{Birth, Death, UnitId};
use dentate_testkit::naive::{Cell, Network};
use proptest::prelude::*;
use std::collections::BTreeSet;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn plans_do_to_a_graph_what_they_do_to_the_naive_model(story in stories()) {
        let mut naive = Network::default();
        let mut failure = None;
        let architecture = tell(&story, |graph, plan, moment| {
            if !naive.same_structure(graph) {
                failure = Some(format!("{naive:?}\nagainst {graph:?}"));
            }
            naive.apply(plan, moment);
        });
        prop_assert_eq!(failure, None);
        prop_assert!(naive.same_structure(architecture.graph()));
        prop_assert_eq!(architecture.graph().check(), Ok(()));
        let statistic = |c: &Cell| matches!(c, Cell::Mean(_) | Cell::Variance(_));
        let learned = naive.cells().iter().filter(|c| !statistic(c)).count();
        prop_assert_eq!(learned, architecture.graph().parameter_count());
    }

    #[test]
    fn a_receipt_describes_the_graph_after_it(story in stories()) {
        let mut outcome = Ok(());
        tell(&story, |graph, plan, moment| {
            let (after, receipt) = graph.apply(plan, moment).unwrap();
            let check = || -> Result<(), TestCaseError> {
                prop_assert_eq!(receipt.parameter_count, after.parameter_count());
                prop_assert_eq!(receipt.moment, moment);
                for (parameter, carry) in &receipt.parameters {
                    prop_assert_eq!(carry.shape(), after.parameters()[parameter]);
                }
                for (parameter, shape) in graph.parameters() {
                    if !receipt.parameters.contains_key(&parameter) {
                        let now = after.parameters();
                        prop_assert_eq!(now.get(&parameter), Some(&shape), "{:?}", parameter);
                    }
                }
                let living = |g: &dentate_core::Graph| -> BTreeSet<UnitId> {
                    g.layers().flat_map(|l| l.units.iter().map(|u| u.id)).collect()
                };
                let (before, after) = (living(graph), living(&after));
                let born: BTreeSet<UnitId> = receipt.born.iter().map(|b: &Birth| b.unit).collect();
                let died: BTreeSet<UnitId> = receipt.died.iter().map(|d: &Death| d.unit).collect();
                prop_assert_eq!(&born, &after.difference(&before).copied().collect());
                prop_assert_eq!(&died, &before.difference(&after).copied().collect());
                Ok(())
            };
            if outcome.is_ok() {
                outcome = check();
            }
        });
        outcome?;
    }

    #[test]
    fn ids_never_return(story in stories()) {
        let (mut units, mut layers, mut connections) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        let mut again = None;
        tell(&story, |graph, plan, moment| {
            let (after, receipt) = graph.apply(plan, moment).unwrap();
            for birth in &receipt.born {
                if !units.insert(birth.unit) {
                    again = Some(format!("{} was born twice", birth.unit));
                }
            }
            for layer in after.layers().filter(|l| graph.layer(l.id).is_none()) {
                if !layers.insert(layer.id) {
                    again = Some(format!("{} was added twice", layer.id));
                }
            }
            for c in after.connections().filter(|c| graph.connection(c.id).is_none()) {
                if !connections.insert(c.id) {
                    again = Some(format!("{} was added twice", c.id));
                }
            }
        });
        prop_assert_eq!(again, None);
    }

    #[test]
    fn one_plan_and_seed_give_the_same_bits(story in stories()) {
        let mut same = true;
        tell(&story, |graph, plan, moment| {
            let (a, b) = (graph.apply(plan, moment).unwrap(), graph.apply(plan, moment).unwrap());
            // Debug text and not equality: a NaN would differ from itself, and −0 equal 0.
            same &= format!("{a:?}") == format!("{b:?}");
            let bytes = dentate_core::state::to_bytes(plan).unwrap();
            let again: dentate_core::Plan = dentate_core::state::from_bytes(&bytes).unwrap();
            same &= format!("{:?}", graph.apply(&again, moment).unwrap()) == format!("{a:?}");
        });
        prop_assert!(same);
    }
}
