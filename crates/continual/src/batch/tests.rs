use super::*;
use dentate_core::{Activation, Head, Init, Moment, NewLayer, PlanBuilder, Samples, Seed, Targets};

/// One input that feeds two heads: classes 0 and 1 of task 0, class 2 of task 1.
fn two_heads() -> (Graph, Vec<LayerId>) {
    let mut plan = PlanBuilder::new(&Graph::empty(), "initial", Seed(1));
    let input = plan.layer(NewLayer::input(1));
    let heads = [(0, vec![0, 1]), (1, vec![2])].map(|(task, classes)| {
        let units = classes.len();
        let of = Head {
            task: Some(TaskId(task)),
            classes,
        };
        let head = plan.layer(NewLayer::head(
            ["a", "b"][task as usize],
            units,
            Activation::Identity,
            of,
        ));
        plan.connect(input, head, Init::He);
        head
    });
    let (graph, _) = Graph::empty().apply(&plan.finish(), Moment::default()).unwrap();
    (graph, heads.to_vec())
}

/// Rows are grouped by head; within each head those of the stream come first and are counted as such, whatever comes
/// between.
#[test]
fn rows_of_the_stream_are_counted_apart_from_replayed_ones() {
    let (graph, heads) = two_heads();
    let labels = vec![0, 1, 0, 2, 2, 1];
    let set = Dataset::new(
        DataId(0),
        Samples::Floats(vec![0.0; labels.len()]),
        vec![1],
        Targets::Classes { labels, classes: 3 },
    )
    .unwrap();
    let data = BTreeMap::from([(DataId(0), set)]);
    let order = [(0, 0), (1, 3), (0, 1), (0, 2), (1, 4), (0, 5)];
    let mut rows = Rows::default();
    for (task, row) in order {
        rows.push(DataId(0), TaskId(task), row);
    }
    // Of the first `stream` rows, these are of task 0 and of task 1.
    for (stream, own) in [
        (0, [0, 0]),
        (1, [1, 0]),
        (2, [1, 1]),
        (3, [2, 1]),
        (5, [3, 2]),
        (6, [4, 2]),
    ] {
        let (ordered, objective) = counted(&graph, &data, &rows, stream).unwrap();
        let found: Vec<_> = objective
            .terms
            .iter()
            .map(|t| (t.layer, t.rows.clone(), t.tally))
            .collect();
        let wanted = vec![
            (heads[0], Some(0..4), Tally::Stream(own[0])),
            (heads[1], Some(4..6), Tally::Stream(own[1])),
        ];
        assert_eq!(found, wanted, "{stream} of the stream");
        let places: Vec<u32> = ordered.iter().map(|(_, _, row)| row).collect();
        assert_eq!(places, [0, 1, 2, 5, 3, 4]);
    }
    let (_, objective) = assemble(&graph, &data, &rows).unwrap();
    assert!(objective.terms.iter().all(|t| t.tally == Tally::None));
}
