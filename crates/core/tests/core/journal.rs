//! Replaying the journal.

use super::{moment, stories, tell};
use dentate_core::{Architecture, Graph, Init, Journal, Moment, Replacement, Seed, lineage};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Replace the first unit of the first hidden layer, written down in compact form.
fn replace_one(architecture: &mut Architecture, when: Moment) {
    let graph = architecture.graph();
    let Some(layer) = graph.hidden().find(|l| graph.replaceable(l.id)) else {
        return;
    };
    let request = Replacement {
        layer: layer.id,
        units: vec![layer.units[0].id],
        incoming: Init::He.into(),
        outgoing: Init::Zero.into(),
        bias: 0.0,
        fold_mean: Vec::new(),
        seed: Seed(5),
    };
    architecture.replace(&request, when).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn replaying_gives_the_graph_at_every_point(story in stories()) {
        let mut graphs = Vec::new();
        let mut architecture = tell(&story, |graph, _, _| graphs.push(graph.clone()));
        graphs.push(architecture.graph().clone());
        for k in 0..2 {
            replace_one(&mut architecture, moment(20 + k));
            if architecture.journal().events.len() == graphs.len() {
                graphs.push(architecture.graph().clone());
            }
        }
        let packed = dentate_core::state::to_bytes(&architecture).unwrap();
        let saved: Architecture = dentate_core::state::from_bytes(&packed).unwrap();
        prop_assert_eq!(&saved, &architecture);
        let text = serde_json::to_string(architecture.journal()).unwrap();
        let journal: Journal = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&journal, architecture.journal());
        for (count, graph) in graphs.iter().enumerate() {
            prop_assert_eq!(&journal.replay(count).unwrap(), graph, "after {} events", count);
        }
    }

    #[test]
    fn a_plan_without_its_values_builds_the_same_graph(story in stories()) {
        let mut replayed = Graph::empty();
        let architecture = tell(&story, |_, plan, moment| {
            replayed = replayed.apply(&plan.structure(), moment).unwrap().0;
        });
        prop_assert_eq!(&replayed, architecture.graph());
    }

    /// The living of a lineage are in the graph, with the same birth; the others are among the dead.
    #[test]
    fn the_lineage_is_that_of_the_graph(story in stories()) {
        let mut architecture = tell(&story, |_, _, _| ());
        for k in 0..2 {
            replace_one(&mut architecture, moment(20 + k));
        }
        let lives = lineage(&architecture).unwrap();
        let living: BTreeMap<u64, (String, Moment)> = lives.iter().filter(|l| l.died.is_none())
            .map(|l| (l.unit, (l.layer.clone(), l.born))).collect();
        let hidden = architecture.graph().hidden();
        let there: BTreeMap<u64, (String, Moment)> = hidden
            .flat_map(|layer| layer.units.iter().map(|u| (u.id.0, (layer.name.clone(), u.born)))).collect();
        prop_assert_eq!(living, there);
        for life in lives.iter().filter(|l| l.died.is_some()) {
            let dead = architecture.dead().iter().find(|d| d.unit.0 == life.unit);
            prop_assert_eq!(dead.map(|d| (d.born, Some(d.died))), Some((life.born, life.died)));
        }
        let parents_first = lives.iter().enumerate().all(|(i, l)| l.parent.is_none_or(|p| lives[..i].iter().any(|e| e.unit == p)));
        prop_assert!(parents_first);
    }

    #[test]
    fn the_dead_are_those_who_are_gone(story in stories()) {
        let mut architecture = tell(&story, |_, _, _| {});
        replace_one(&mut architecture, moment(20));
        let living = architecture.graph().layers().map(|l| l.width()).sum::<usize>();
        let ever = architecture.graph().next_unit().0 as usize;
        prop_assert_eq!(living + architecture.dead().len(), ever);
        for death in architecture.dead() {
            prop_assert!(death.born <= death.died);
            prop_assert!(architecture.graph().layers().all(|l| l.position(death.unit).is_none()));
        }
    }
}
