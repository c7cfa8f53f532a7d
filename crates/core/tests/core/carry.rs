//! The table of [`slot`](dentate_core::slot), row by row, against the naive model.

use super::{stories, tell};
use dentate_core::{
    Activation, Edit, Graph, Init, Moment, Parameter, PlanBuilder, Seed, Slot, SlotKind, mlp,
};
use dentate_testkit::following::{difference, follow, random};
use dentate_testkit::generators::{Intent, Shape};
use dentate_testkit::naive::Network;
use proptest::prelude::*;

/// Carry a slot of `kind` through a story by its receipts and by the naive model. The first difference, if any.
fn carried(kind: SlotKind, story: &(Shape, Vec<Vec<Intent>>)) -> Option<String> {
    let slot = Slot::new(kind, 0);
    let mut found = None;
    tell(story, |graph, plan, moment| {
        let before = random(graph, Seed(moment.step));
        let mut naive = Network::of(graph);
        naive.set(slot, &before);
        naive.apply(plan, moment);
        let (_, receipt) = graph.apply(plan, moment).unwrap();
        let after = follow(&receipt, kind, graph, &before);
        found = found.take().or_else(|| difference(&after, &naive.arrays(slot)));
    });
    found
}

macro_rules! rows {
    ($($name:ident: $kind:ident,)*) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(64))]
            $(
                #[test]
                fn $name(story in stories()) {
                    prop_assert_eq!(carried(SlotKind::$kind, &story), None);
                }
            )*
        }
    };
}

rows! {
    weights_follow_coefficients_and_start_as_planned: Weight,
    anchors_follow_coefficients_and_start_as_planned: Anchor,
    first_moments_are_kept_and_start_at_zero: FirstMoment,
    second_moments_are_kept_and_start_at_zero: SecondMoment,
    importances_are_kept_and_start_at_zero: Importance,
    masks_are_kept_and_start_open: Mask,
    statistics_are_kept_and_start_at_zero: Statistic,
}

/// Split, widen, prune and an identity in one plan, by hand: the example that the table's text has in mind.
#[test]
fn split_widen_prune_and_insert_in_one_plan() {
    let (graph, _) = Graph::empty()
        .apply(
            &mlp(2, &[3, 2], Activation::Relu, Init::He, Seed(1)),
            Moment::default(),
        )
        .unwrap();
    let hidden: Vec<_> = graph.hidden().cloned().collect();
    let into: Vec<_> = graph.connections().cloned().collect();
    let mut plan = PlanBuilder::new(&graph, "all", Seed(2));
    plan.edit(Edit::Split {
        layer: hidden[0].id,
        unit: hidden[0].units[0].id,
        share: 0.25,
        noise: 0.0,
    });
    plan.widen(hidden[0].id, 1, Init::Constant(7.0), Init::Constant(8.0));
    plan.edit(Edit::Prune {
        layer: hidden[0].id,
        units: vec![hidden[0].units[1].id],
        fold_mean: Vec::new(),
    });
    let (_, inner) = plan.insert_identity(into[0].id, "inserted", Activation::Relu);
    let (after, receipt) = graph.apply(&plan.finish(), Moment::default()).unwrap();

    let old = random(&graph, Seed(3));
    let weights = follow(&receipt, SlotKind::Weight, &graph, &old);
    let moments = follow(&receipt, SlotKind::FirstMoment, &graph, &old);
    let (first, second) = (Parameter::Weight(into[0].id), Parameter::Weight(into[1].id));
    // Units now: 0, 2, the copy of 0, a new one.
    let (o, w, m) = (&old[&first], &weights[&first], &moments[&first]);
    for j in 0..2 {
        assert_eq!(w.column(j).to_vec(), [o[(0, j)], o[(2, j)], o[(0, j)], 7.0]);
        assert_eq!(m.column(j).to_vec(), [o[(0, j)], o[(2, j)], o[(0, j)], 0.0]);
    }
    let (o, w, m) = (&old[&second], &weights[&second], &moments[&second]);
    for i in 0..2 {
        assert_eq!(
            w.row(i).to_vec(),
            [o[(i, 0)] * 0.75, o[(i, 2)], o[(i, 0)] * 0.25, 8.0]
        );
        assert_eq!(m.row(i).to_vec(), [o[(i, 0)], o[(i, 2)], o[(i, 0)], 0.0]);
    }
    assert_eq!(
        weights[&Parameter::Weight(inner)],
        ndarray::array![[1.0, 0.0], [0.0, 1.0]]
    );
    assert_eq!(
        after.connection(into[0].id).unwrap().from,
        after.named("inserted").unwrap().id
    );
}
