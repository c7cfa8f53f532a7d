use super::*;
use crate::parts::tests::Scene;
use dentate_core::{Init, Moment, NewWeights, Receipt, Seed, SlotKind};
use ndarray::{Axis, arr2};
use std::collections::BTreeMap;

/// The values of a block after a receipt, from those before.
fn after(receipt: &Receipt, parameter: Parameter, before: &Array2<f32>) -> Array2<f32> {
    let mut values = receipt.parameters[&parameter].apply(SlotKind::Weight, before.view());
    for (of, by) in &receipt.adjustments {
        if *of == parameter {
            by.apply(&mut values);
        }
    }
    values
}

/// Two splits and a new unit, in either order: each copy is beside its original, and the new unit has its own weights.
#[test]
fn splits_and_new_units_go_into_one_plan() {
    let scene = Scene::new();
    let layer = scene.graph.named("hidden-1").unwrap();
    let into = scene.graph.into_layer(layer.id).next().unwrap().id;
    let out = scene.graph.out_of(layer.id).next().unwrap().id;
    let given = |connection, values: Array2<f32>| NewWeights {
        rule: Init::Zero,
        given: BTreeMap::from([(connection, values)]),
    };
    let splits = Start::Splits {
        of: vec![layer.units[3].id, layer.units[1].id],
        by: BTreeMap::from([(into, arr2(&[[1.0, 0.0], [0.0, 2.0]]))]),
        bias: vec![0.5, 0.25],
    };
    let fresh = Start::Fresh {
        incoming: given(into, arr2(&[[7.0, 8.0]])),
        outgoing: given(out, arr2(&[[9.0]; 4])),
        bias: 0.125,
    };
    let (w_in, w_out) = (Array2::ones((4, 2)), Array2::from_elem((4, 4), 4.0));
    let bias = Array2::zeros((1, 4));
    for splits_first in [true, false] {
        let mut parts = vec![(2, splits.clone()), (1, fresh.clone())];
        if !splits_first {
            parts.reverse();
        }
        let start = Start::Several(parts);
        assert_eq!((start.count(3), start.copies(), start.moves()), (3, true, true));
        let mut plan = PlanBuilder::new(&scene.graph, "grow", Seed(1));
        assert_eq!(widen(&mut plan, &scene.graph, layer.id, 3, start), 3);
        let (_, receipt) = scene.graph.apply(&plan.finish(), Moment::default()).unwrap();
        let into = after(&receipt, Parameter::Weight(into), &w_in);
        let out = after(&receipt, Parameter::Weight(out), &w_out);
        let bias = after(&receipt, Parameter::Bias(layer.id), &bias);
        let (copies, new) = if splits_first { ([4, 5], 6) } else { ([5, 6], 4) };
        assert_eq!(into.row(3).to_vec(), [0.0, 1.0]);
        assert_eq!(into.row(copies[0]).to_vec(), [2.0, 1.0]);
        assert_eq!(into.row(1).to_vec(), [1.0, -1.0]);
        assert_eq!(into.row(copies[1]).to_vec(), [1.0, 3.0]);
        assert_eq!(into.row(new).to_vec(), [7.0, 8.0]);
        assert_eq!(
            (into.row(0).to_vec(), into.row(2).to_vec()),
            (vec![1.0, 1.0], vec![1.0, 1.0])
        );
        let column = |unit: usize| out[(2, unit)];
        assert_eq!([3, copies[0], 1, copies[1]].map(column), [2.0; 4]);
        assert_eq!((column(new), column(0)), (9.0, 4.0));
        assert_eq!(bias.len_of(Axis(1)), 7);
        assert_eq!(
            [3, copies[0], 1, copies[1], new].map(|i| bias[(0, i)]),
            [-0.5, 0.5, -0.25, 0.25, 0.125]
        );
    }
}
