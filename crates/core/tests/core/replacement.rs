//! Replacement in place does what one `Edit::Replace` does.

use super::stories;
use dentate_core::{Architecture, Edit, Init, Moment, Plan, Replacement, Seed, SlotKind};
use dentate_testkit::following::{difference, follow, random};
use dentate_testkit::naive::Network;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn replacing_is_applying_one_replace(
        story in stories(),
        which in any::<u16>(),
        units in prop::collection::vec(any::<u16>(), 1..4),
        fold_mean in any::<bool>(),
        given in any::<bool>(),
    ) {
        let architecture = super::tell(&story, |_, _, _| {});
        let graph = architecture.graph();
        let layers = graph.layers().filter(|l| l.role != dentate_core::Role::Input);
        let layers: Vec<_> = layers.filter(|l| graph.replaceable(l.id)).collect();
        let layer = layers[which as usize % layers.len()];
        let mut chosen = Vec::new();
        for u in units {
            let unit = layer.units[u as usize % layer.width()].id;
            if !chosen.contains(&unit) {
                chosen.push(unit);
            }
        }
        let moment = Moment { experience: 9, step: 99 };
        let mut request = Replacement {
            layer: layer.id,
            fold_mean: if fold_mean { chosen.iter().map(|u| 0.25 + u.0 as f32).collect() } else { Vec::new() },
            units: chosen,
            incoming: Init::He.into(),
            outgoing: Init::Normal(0.3).into(),
            bias: 0.5,
            seed: Seed(7),
        };
        if given {
            for c in graph.into_layer(layer.id) {
                let Some((_, columns)) = graph.weights_of(c) else { continue };
                let shape = (request.units.len(), columns);
                request.incoming.given.insert(c.id, dentate_testkit::generators::block(shape, Seed(1)));
            }
        }
        let mut plan = Plan::new("replace", request.seed);
        plan.edits.push(Edit::Replace {
            layer: request.layer,
            units: request.units.clone(),
            incoming: request.incoming.clone(),
            outgoing: request.outgoing.clone(),
            bias: request.bias,
            fold_mean: request.fold_mean.clone(),
        });
        let (applied, expected) = graph.apply(&plan, moment).unwrap();
        let mut replaced = graph.clone();
        let receipt = replaced.replace(&request, moment).unwrap();
        prop_assert_eq!(&replaced, &applied);
        prop_assert_eq!(&receipt.born, &expected.born);
        prop_assert_eq!(&receipt.died, &expected.died);
        prop_assert_eq!(&receipt.folded_means, &expected.folded_means);
        prop_assert_eq!(&receipt.units, &expected.units);
        prop_assert_eq!(receipt.parameter_count, expected.parameter_count);
        let old = random(graph, Seed(3));
        for kind in SlotKind::ALL {
            let (a, b) = (follow(&receipt, kind, graph, &old), follow(&expected, kind, graph, &old));
            prop_assert_eq!(difference(&a, &b), None);
        }
        let mut naive = Network::of(graph);
        naive.apply(&plan, moment);
        prop_assert!(naive.same_structure(&replaced));
    }

    #[test]
    fn a_faulty_replacement_changes_nothing(story in stories(), fault in 0u8..7) {
        let mut architecture: Architecture = super::tell(&story, |_, _, _| {});
        let layer = architecture.graph().heads().next().unwrap().0;
        let mut request = Replacement {
            layer: layer.id,
            units: vec![layer.units[0].id],
            incoming: Init::He.into(),
            outgoing: Init::Zero.into(),
            bias: 0.0,
            fold_mean: Vec::new(),
            seed: Seed(7),
        };
        let weighted = |c: &&dentate_core::Connection| c.link != dentate_core::Link::Direct;
        let into = architecture.graph().into_layer(layer.id).find(weighted).map(|c| c.id);
        match fault {
            0 => request.layer = dentate_core::LayerId(999),
            1 => request.units.push(request.units[0]),
            2 => request.units.clear(),
            3 => request.fold_mean = vec![0.0, 0.0],
            4 => request.bias = f32::NAN,
            5 => request.layer = architecture.graph().input().unwrap().id,
            _ => {
                let Some(into) = into else { return Ok(()) };
                request.incoming.given.insert(into, ndarray::Array2::zeros((50, 50)));
            }
        }
        let there = architecture.clone();
        let error = architecture.replace(&request, Moment::default()).unwrap_err();
        prop_assert_eq!((error.index, error.edit), (0, "replace"));
        prop_assert_eq!(architecture, there);
    }
}
