use super::*;
use dentate_core::{Activation, Graph, Init, Moment, NewLayer, PlanBuilder, Seed};

#[test]
fn only_what_is_needed_runs() {
    let mut plan = PlanBuilder::new(&Graph::empty(), "chain", Seed(0));
    let mut below = plan.layer(NewLayer::input(3));
    for name in ["a", "b", "c"] {
        let layer = plan.layer(NewLayer::hidden(name, 2, Activation::Relu));
        plan.connect(below, layer, Init::He);
        below = layer;
    }
    let (graph, _) = Graph::empty().apply(&plan.finish(), Moment::default()).unwrap();
    let network = Network::new(&graph);
    let mut courses = Schedules::default();
    let route = Route::default();
    let course = courses.find(&network, &route, &[1], &[]).unwrap();
    assert_eq!(course.order, [(0, How::Enter), (1, How::Compute)]);
    assert_eq!(course.wants, [false, true, false, false]);
    let course = courses.find(&network, &route, &[3], &[0]).unwrap();
    let order: Vec<usize> = course.order.iter().map(|o| o.0).collect();
    assert_eq!(order, [0, 1, 2, 3]);
    assert!(course.wants.iter().all(|&w| w));
    assert_eq!(courses.made.len(), 2);
    courses.find(&network, &route, &[1], &[]).unwrap();
    assert_eq!(courses.made.len(), 2);
}
