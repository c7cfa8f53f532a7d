//! Growth that is meant to preserve the function does so.

use dentate_core::{
    Activation, Edit, Graph, LayerId, Moment, Normalisation, Plan, Receipt, Route, Seed, Slot, SlotKind,
};
use dentate_testkit::following::{follow, random};
use dentate_testkit::generators::{Shape, block, shapes};
use dentate_testkit::naive::{Arrays, Network, Rounded, run, values};
use proptest::prelude::*;

/// Outputs of the heads on a few random rows.
fn outputs(graph: &Graph, weights: &Arrays, features: usize) -> Vec<Vec<Rounded>> {
    let network = Network::of(graph);
    let values = values(weights);
    let heads: Vec<LayerId> = graph.heads().map(|(l, _)| l.id).collect();
    let rows = block((3, features), Seed(9));
    let one = |row: Vec<f32>| {
        let out = run::<Rounded>(&network, &values, &row, &Route::default());
        heads.iter().flat_map(|h| out.after[h].clone()).collect()
    };
    rows.rows().into_iter().map(|r| one(r.to_vec())).collect()
}

fn same(a: &[Vec<Rounded>], b: &[Vec<Rounded>]) -> Result<(), TestCaseError> {
    for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
        let tolerance = 8.0 * (a.error + b.error) + 1e-6 * a.value.abs();
        // Layer norms over nearly equal values, one after another, promise nothing.
        if !tolerance.is_finite() {
            continue;
        }
        prop_assert!((a.value - b.value).abs() <= tolerance, "{:?} against {:?}", a, b);
    }
    Ok(())
}

/// A network, its weights, and what a one-edit plan makes of them.
fn grown(shape: &Shape, edit: impl Fn(&Graph) -> Option<Edit>) -> Option<(Graph, Arrays, Graph, Receipt)> {
    let (graph, _) = Graph::empty().apply(&shape.plan(), Moment::default()).unwrap();
    let weights = random(&graph, Seed(4));
    let mut plan = Plan::new("preserve", Seed(5));
    plan.edits.push(edit(&graph)?);
    let (after, receipt) = graph.apply(&plan, Moment::default()).ok()?;
    Some((graph, weights, after, receipt))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_split_keeps_the_function(
        mut shape in shapes(), layer in any::<u16>(), unit in any::<u16>(), share in 0f32..=1.0,
    ) {
        shape.columns.iter_mut().for_each(|c| {
            // A normalised layer takes its mean over one unit more; tied layers are split together.
            c.norm = false;
            c.tied = false;
        });
        // So does a group of a group norm; running statistics are copied.
        shape.space.iter_mut().flat_map(|s| &mut s.maps).for_each(|map| {
            if map.normalisation != Normalisation::BatchNorm {
                map.normalisation = Normalisation::None;
            }
        });
        let edit = |graph: &Graph| {
            let hidden: Vec<_> = graph.hidden().collect();
            let layer = hidden.get(layer as usize % hidden.len().max(1))?;
            let unit = layer.units[unit as usize % layer.width()].id;
            Some(Edit::Split { layer: layer.id, unit, share, noise: 0.0 })
        };
        let Some((graph, weights, after, receipt)) = grown(&shape, edit) else { return Ok(()) };
        let new = follow(&receipt, SlotKind::Weight, &graph, &weights);
        same(&outputs(&graph, &weights, shape.features), &outputs(&after, &new, shape.features))?;
    }

    #[test]
    fn an_identity_layer_keeps_the_function(shape in shapes(), which in any::<u16>(), skip in any::<bool>()) {
        let edit = |graph: &Graph| {
            let all: Vec<_> = graph.connections().collect();
            let c = all.get(which as usize % all.len().max(1))?;
            let from = graph.layer(c.from)?.activation;
            Some(Edit::InsertIdentity {
                connection: c.id,
                id: graph.next_layer(),
                inner: graph.next_connection(),
                name: "inserted".into(),
                activation: if from.idempotent() { from } else { Activation::Identity },
                skip,
            })
        };
        let Some((graph, weights, after, receipt)) = grown(&shape, edit) else { return Ok(()) };
        let new = follow(&receipt, SlotKind::Weight, &graph, &weights);
        let (a, b) = (outputs(&graph, &weights, shape.features), outputs(&after, &new, shape.features));
        same(&a, &b)?;
    }

    #[test]
    fn pruning_what_absorbs_its_constant_output_keeps_the_function(mut shape in shapes(), which in any::<u16>()) {
        shape.columns.iter_mut().for_each(|c| {
            c.norm = false;
            c.tied = false;
            c.activation = Activation::Identity;
        });
        // At the edge of a grid, a kernel does not see all that its sum stands for.
        shape.space = None;
        shape.features = shape.features.min(4);
        // A unit whose incoming weights are zero puts out its bias.
        let (graph, _) = Graph::empty().apply(&shape.plan(), Moment::default()).unwrap();
        let hidden: Vec<_> = graph.hidden().filter(|l| l.width() > 1).collect();
        let Some(layer) = hidden.get(which as usize % hidden.len().max(1)) else { return Ok(()) };
        let mut weights = random(&graph, Seed(4));
        for c in graph.into_layer(layer.id) {
            weights.get_mut(&dentate_core::Parameter::Weight(c.id)).unwrap().row_mut(0).fill(0.0);
        }
        let mean = weights[&dentate_core::Parameter::Bias(layer.id)][(0, 0)];
        let mut plan = Plan::new("prune", Seed(5));
        plan.edits.push(Edit::Prune { layer: layer.id, units: vec![layer.units[0].id], fold_mean: vec![mean] });
        let (after, receipt) = graph.apply(&plan, Moment::default()).unwrap();
        let new = follow(&receipt, SlotKind::Weight, &graph, &weights);
        // Biases were rounded when they took the mean up.
        let (a, b) = (outputs(&graph, &weights, shape.features), outputs(&after, &new, shape.features));
        for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
            prop_assert!((a.value - b.value).abs() <= 1e-5 * (1.0 + a.value.abs()), "{:?} {:?}", a, b);
        }
        let mut naive = Network::of(&graph);
        naive.set(Slot::WEIGHT, &weights);
        naive.apply(&plan, Moment::default());
        prop_assert!(naive.same_structure(&after));
    }
}
