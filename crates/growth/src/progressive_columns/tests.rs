use super::*;
use dentate_core::{Access, ExperienceInfo, Graph, Moment, Seed, TaskId, TaskInfo, mlp};

fn experience(index: usize, scenario: Scenario) -> ExperienceInfo {
    let classes = vec![2 * index as u32, 2 * index as u32 + 1];
    ExperienceInfo {
        index,
        scenario,
        tasks: vec![TaskInfo {
            id: TaskId(index as u32),
            classes,
        }],
        target: TargetKind::Classes,
        features: 7,
        access: Access::Revisitable,
    }
}

fn start(widths: &[usize]) -> Graph {
    let plan = mlp(7, widths, Activation::Relu, Init::He, Seed(1));
    let (graph, _) = Graph::empty().apply(&plan, Moment::default()).unwrap();
    let mut plan = PlanBuilder::new(&graph, "head", Seed(2));
    let head = Head {
        task: Some(TaskId(0)),
        classes: vec![0, 1],
    };
    let id = plan.layer(NewLayer::head("head", 2, Activation::Identity, head));
    plan.connect(graph.hidden().next_back().unwrap().id, id, Init::He);
    graph.apply(&plan.finish(), Moment::default()).unwrap().0
}

fn grow(strategy: &ProgressiveColumns, widths: &[usize], columns: usize) -> Vec<Graph> {
    let mut graphs = vec![start(widths)];
    let mut state = Columns::default();
    for index in 0..columns {
        let experience = experience(index, Scenario::TaskIncremental);
        loop {
            let graph = graphs.last().unwrap();
            let view = View {
                hook: Hook::Begin,
                graph,
                experience: &experience,
                moment: Moment::default(),
                loss: None,
                measured: None,
                readings: None,
                init: Init::He,
                seed: Seed(index as u64),
                notes: None,
            };
            match strategy.propose(&mut state, &view).unwrap() {
                Action::Grow(plan) => {
                    let next = graph.apply(&plan, Moment::default()).unwrap().0;
                    graphs.push(next);
                }
                _ => break,
            }
        }
    }
    graphs
}

/// The closed form in the module's documentation.
fn parameters_of_column(
    input: usize,
    widths: &[usize],
    head: usize,
    k: usize,
    adapter: Option<usize>,
) -> usize {
    let mut total = input * widths[0] + widths[0];
    let levels: Vec<usize> = widths.iter().copied().chain([head]).collect();
    for i in 1..levels.len() {
        let (below, width) = (levels[i - 1], levels[i]);
        let a = adapter.unwrap_or(width);
        total += below * width + width + k * below * a + k + a + a * width;
    }
    total
}

#[test]
fn the_parameter_count_has_its_closed_form() {
    for adapter_width in [None, Some(3)] {
        let strategy = ProgressiveColumns {
            adapter_width,
            ..ProgressiveColumns::default()
        };
        let graphs = grow(&strategy, &[5, 4], 4);
        assert_eq!(graphs.len(), 4);
        for k in 1..4 {
            let grown = graphs[k].parameter_count() - graphs[k - 1].parameter_count();
            assert_eq!(
                grown,
                parameters_of_column(7, &[5, 4], 2, k, adapter_width),
                "column {k}"
            );
        }
    }
}

#[test]
fn earlier_columns_are_frozen_and_fed_by_nothing_new() {
    for adapters in [true, false] {
        let graphs = grow(
            &ProgressiveColumns {
                adapters,
                ..ProgressiveColumns::default()
            },
            &[5, 4],
            3,
        );
        for pair in graphs.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            for c in before.connections() {
                assert_eq!(after.connection(c.id).unwrap().lr_scale, 0.0);
            }
            for l in before.layers() {
                assert_eq!(after.layer(l.id).unwrap().lr_scale, 0.0);
                assert_eq!(after.into_layer(l.id).count(), before.into_layer(l.id).count());
            }
        }
    }
}

/// The first layer of a column receives the input alone (a known pitfall of implementations).
#[test]
fn the_first_layer_gets_no_lateral_input() {
    let graphs = grow(&ProgressiveColumns::default(), &[5, 4], 3);
    let last = graphs.last().unwrap();
    let input = last.input().unwrap().id;
    let first = last.named("hidden-1 of column 3").unwrap().id;
    let sources: Vec<_> = last.into_layer(first).map(|c| c.from).collect();
    assert_eq!(sources, [input]);
}

#[test]
fn a_domain_incremental_stream_is_refused() {
    let (graph, experience) = (start(&[5]), experience(1, Scenario::DomainIncremental));
    let view = View {
        hook: Hook::Begin,
        graph: &graph,
        experience: &experience,
        moment: Moment::default(),
        loss: None,
        measured: None,
        readings: None,
        init: Init::He,
        seed: Seed(0),
        notes: None,
    };
    let error = ProgressiveColumns::default()
        .propose(&mut Columns::default(), &view)
        .unwrap_err();
    assert!(error.to_string().contains("domain-incremental"), "{error}");
}

/// A task that recurs, or that the initial network has a head for, gets no column.
#[test]
fn what_has_a_head_already_gets_no_column() {
    for scenario in [Scenario::TaskIncremental, Scenario::ClassIncremental] {
        let mut graph = start(&[4]);
        let (strategy, mut state) = (ProgressiveColumns::default(), Columns::default());
        // Each experience with its task; a head of task 0 and of classes 0 and 1 is there from the start.
        for (index, task, grows) in [(0, 0, false), (1, 0, false), (2, 1, true), (3, 1, false)] {
            let experience = ExperienceInfo {
                index,
                ..experience(task, scenario)
            };
            let view = View {
                hook: Hook::Begin,
                graph: &graph,
                experience: &experience,
                moment: Moment::default(),
                loss: None,
                measured: None,
                readings: None,
                init: Init::He,
                seed: Seed(index as u64),
                notes: None,
            };
            let plan = match strategy.propose(&mut state, &view).unwrap() {
                Action::Grow(plan) => Some(plan),
                _ => None,
            };
            assert_eq!(plan.is_some(), grows, "{scenario:?}, experience {index}");
            if let Some(plan) = plan {
                graph = graph.apply(&plan, Moment::default()).unwrap().0;
            }
        }
    }
}
