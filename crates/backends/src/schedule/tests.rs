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
    let mut schedules = Schedules::default();
    let route = Route::default();
    let schedule = schedules.find(&network, &route, &[1], &[]).unwrap();
    assert_eq!(schedule.order, [(0, How::Enter), (1, How::Compute)]);
    assert_eq!(schedule.wants, [false, true, false, false]);
    let schedule = schedules.find(&network, &route, &[3], &[0]).unwrap();
    let order: Vec<usize> = schedule.order.iter().map(|o| o.0).collect();
    assert_eq!(order, [0, 1, 2, 3]);
    assert!(schedule.wants.iter().all(|&w| w));
    assert_eq!(schedules.made.len(), 2);
    schedules.find(&network, &route, &[1], &[]).unwrap();
    assert_eq!(schedules.made.len(), 2);
}
