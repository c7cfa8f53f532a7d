use super::*;
use dentate_core::{
    Activation, Cause, Head, Init, Moment, NewLayer, PlanBuilder, Samples, Seed, Targets, TaskId, mlp,
};

/// Two heads of two classes each, over one hidden layer; eight rows, alternating classes.
fn scene() -> (Graph, BTreeMap<DataId, Dataset>, [LayerId; 2]) {
    let plan = mlp(3, &[4], Activation::Relu, Init::He, Seed(1));
    let (graph, _) = Graph::empty().apply(&plan, Moment::default()).unwrap();
    let below = graph.hidden().next().unwrap().id;
    let mut plan = PlanBuilder::new(&graph, Cause::Head, Seed(2));
    let heads = [0u32, 1].map(|task| {
        let head = Head {
            task: Some(TaskId(task)),
            classes: vec![2 * task, 2 * task + 1],
        };
        let id = plan.layer(NewLayer::head(
            format!("head {task}"),
            2,
            Activation::Identity,
            head,
        ));
        plan.connect(below, id, Init::He);
        id
    });
    let (graph, _) = graph.apply(&plan.finish(), Moment::default()).unwrap();
    let labels: Vec<u32> = (0..8).map(|row| row % 4).collect();
    let targets = Targets::Classes { labels, classes: 4 };
    let data = Dataset::new(DataId(0), Samples::Floats(vec![0.0; 24]), vec![3], targets).unwrap();
    (graph, BTreeMap::from([(DataId(0), data)]), heads)
}

fn row(row: u32) -> (DataId, TaskId, u32) {
    (DataId(0), TaskId((row % 4) / 2), row)
}

fn rows(of: &[u32]) -> Rows {
    let mut rows = Rows::default();
    for (data, task, index) in of.iter().map(|r| row(*r)) {
        rows.push(data, task, index);
    }
    rows
}

/// Distilled outputs are matched to their rows, wherever the order of heads has put them, and to their units, whatever
/// their order.
#[test]
fn outputs_of_the_streams_rows_are_imitated_where_they_lie() {
    let (graph, data, [first, _]) = scene();
    let stream = rows(&[2, 0, 3, 1]);
    let mut batch = Batch::new(&stream);
    batch.join(rows(&[4, 6]));
    let units: Vec<UnitId> = graph
        .layer(first)
        .unwrap()
        .units
        .iter()
        .rev()
        .map(|u| u.id)
        .collect();
    let values = Array2::from_shape_fn((4, 2), |(row, column)| (10 * row + column) as f32);
    let outputs = Outputs {
        layer: first,
        units,
        values,
    };
    batch.imitate_here(outputs, Loss::MeanSquared, 0.5);
    let made = batch.assembled(&graph, &data).unwrap();
    let order: Vec<u32> = made.rows.iter().map(|(_, _, row)| row).collect();
    assert_eq!(order, [0, 1, 4, 2, 3, 6]);
    // Learned: one term per head, over all rows together.
    let weights: Vec<f32> = made.objective.terms[..2].iter().map(|t| t.weight).collect();
    assert_eq!(weights, [0.5, 0.5]);
    let mut imitated = BTreeMap::new();
    let mut weight = 0.0;
    for term in &made.objective.terms[2..] {
        let Target::Given(given) = &term.target else {
            panic!("given outputs are imitated")
        };
        weight += term.weight;
        for (i, place) in term.rows.clone().unwrap().enumerate() {
            imitated.insert(order[place], given.row(i).to_vec());
        }
    }
    assert!((weight - 0.5).abs() < 1e-6);
    // Row 2 was the first of the stream, row 0 the second; columns are reversed.
    let wanted = [
        (2, [1.0, 0.0]),
        (0, [11.0, 10.0]),
        (3, [21.0, 20.0]),
        (1, [31.0, 30.0]),
    ];
    assert_eq!(
        imitated,
        wanted.map(|(row, values)| (row, values.to_vec())).into()
    );
}

/// Outputs of a removed unit are left out, and outputs of another number of rows are refused.
#[test]
fn what_is_gone_is_left_out() {
    let (graph, data, [first, _]) = scene();
    let alive = graph.layer(first).unwrap().units[1].id;
    let stream = rows(&[0]);
    let imitating = |units: Vec<UnitId>, rows: usize| {
        let mut batch = Batch::new(&stream);
        let values = Array2::ones((rows, units.len()));
        let outputs = Outputs {
            layer: first,
            units,
            values,
        };
        batch.imitate_here(outputs, Loss::MeanSquared, 1.0);
        batch.assembled(&graph, &data).map(|made| made.objective.terms)
    };
    let terms = imitating(vec![UnitId(999), alive], 1).unwrap();
    assert_eq!(terms[1].active, Active::Units(vec![1]));
    assert_eq!(imitating(vec![UnitId(999)], 1).unwrap().len(), 1);
    let error = imitating(vec![alive], 2).unwrap_err();
    assert!(error.to_string().contains("gives an array of (2, 1)"), "{error}");
}

/// A layer that never was cannot be imitated: the refusal names the heads.
#[test]
fn a_head_that_never_was_is_refused() {
    let (graph, data, [first, second]) = scene();
    let stream = rows(&[0]);
    let mut batch = Batch::new(&stream);
    batch.belongs_to("parrot");
    let outputs = Outputs {
        layer: graph.next_layer(),
        units: vec![UnitId(1)],
        values: Array2::ones((1, 1)),
    };
    batch.imitate(rows(&[1]), outputs, Loss::MeanSquared, 1.0);
    let error = batch.assembled(&graph, &data).err().unwrap().to_string();
    let wanted = format!("no layer ever was that: the heads are {first} (`head 0`), {second} (`head 1`)");
    assert!(error.contains("parrot") && error.contains(&wanted), "{error}");
}

/// Rows learned separately have a mean and a weight of their own.
#[test]
fn rows_apart_do_not_change_the_mean() {
    let (graph, data, _) = scene();
    let stream = rows(&[0, 1]);
    let mut batch = Batch::new(&stream);
    batch.learn(rows(&[2, 4, 6, 3]), 0.5);
    batch.learn(Rows::default(), 9.0);
    let made = batch.assembled(&graph, &data).unwrap();
    let terms: Vec<_> = made
        .objective
        .terms
        .iter()
        .map(|t| (t.rows.clone().unwrap(), t.weight))
        .collect();
    assert_eq!(terms, [(0..2, 1.0), (2..3, 0.125), (3..6, 0.375)]);
    assert_eq!(made.rows.len(), 6);
}

/// Rows of the stream are learned on some classes and counted on all, joined ones are learned on all; weights are those of one
/// mean over all rows.
#[test]
fn a_restriction_is_the_streams_alone() {
    let (graph, data, [first, second]) = scene();
    let (stream, joined) = (rows(&[2, 0, 3, 4]), rows(&[1, 5, 6]));
    let mut batch = Batch::new(&stream);
    batch.join(joined);
    batch.restrict(BTreeSet::from([0, 2, 3, 9]));
    let made = batch.assembled(&graph, &data).unwrap();
    let order: Vec<u32> = made.rows.iter().map(|(_, _, row)| row).collect();
    assert_eq!(order, [0, 4, 1, 5, 2, 3, 6]);
    let said = |term: &Term| {
        let units = match &term.active {
            Active::All => None,
            Active::Units(units) => Some(units.clone()),
        };
        let weight = (term.weight * 7.0).round() as u32;
        (term.layer, term.rows.clone().unwrap(), units, weight, term.tally)
    };
    let found: Vec<_> = made.objective.terms.iter().map(said).collect();
    let wanted = [
        (first, 0..2, Some(vec![0]), 2, Tally::None),
        (first, 0..2, None, 0, Tally::CURRENT),
        (first, 2..4, None, 2, Tally::REPLAYED),
        // All classes of this head are named, so nothing is restricted.
        (second, 4..7, None, 3, Tally::Stream(2)),
    ];
    assert_eq!(found, wanted);
}

/// Two restrictions leave the classes that both name; a row of another is refused in the name of the last.
#[test]
fn a_row_outside_a_restriction_is_refused() {
    let (graph, data, _) = scene();
    let stream = rows(&[0, 1]);
    let made = |restrictions: &[&[u32]]| {
        let mut batch = Batch::new(&stream);
        for classes in restrictions {
            batch.belongs_to("narrow");
            batch.restrict(classes.iter().copied().collect());
        }
        batch.assembled(&graph, &data)
    };
    assert!(made(&[&[0, 1], &[0, 1, 2]]).is_ok());
    let error = made(&[&[0, 1], &[0, 2]]).err().unwrap().to_string();
    assert!(error.contains("narrow") && error.contains("class 1"), "{error}");
}
