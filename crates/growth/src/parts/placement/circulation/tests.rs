use super::*;
use crate::parts::tests::Scene;
use crate::strategy::Hook;
use dentate_core::{Activation, Init, Moment, NewLayer, PlanBuilder, Seed};

/// The usual network with one head.
fn headed() -> Scene {
    let mut scene = Scene::new();
    let last = scene.graph.named("hidden-2").unwrap().id;
    let mut plan = PlanBuilder::new(&scene.graph, "head", Seed(1));
    let head = dentate_core::Head {
        task: None,
        classes: vec![0, 1],
    };
    let head = plan.layer(NewLayer::head("head", 2, Activation::Identity, head));
    plan.connect(last, head, Init::He);
    scene.graph = scene.graph.apply(&plan.finish(), Moment::default()).unwrap().0;
    scene
}

/// Asks at a loss, and inserts an identity layer where it says: the index of the sub-network whose turn it was.
fn turn(scene: &mut Scene, state: &mut Circulating, placement: &Circulation, loss: f64) -> Option<usize> {
    let view = scene.view(Hook::Update, 1, Some(loss));
    let Ok(Answer::Is(places)) = placement.place(state, &view, 1) else {
        panic!("it measures nothing");
    };
    let [Place::Deeper { connection }] = places[..] else {
        assert!(places.is_empty(), "{places:?}");
        return None;
    };
    let mut plan = PlanBuilder::new(&scene.graph, "deeper", Seed(1));
    let name = format!("deeper-{}", scene.graph.next_connection().0);
    plan.insert_identity(connection, name, Activation::Relu);
    scene.graph = scene.graph.apply(&plan.finish(), Moment::default()).unwrap().0;
    state.last.map(|last| last.index)
}

/// Two sub-networks take turns; the one whose growth was not followed by a fall of the loss stops, and the other goes on alone until it
/// stops too. Layers are in the order in which they were inserted.
#[test]
fn a_sub_network_that_does_not_pay_stops() {
    let placement = Circulation {
        threshold: 0.1,
        block: Block::Plain,
        most: 20,
        ..Circulation::default()
    };
    let (mut scene, mut state) = (headed(), Circulating::default());
    // The falls after these growths: 50 %, 4 %, 48 %, 80 %, 0.
    let turns: Vec<_> = [1.0, 0.5, 0.48, 0.25, 0.05, 0.05]
        .map(|loss| turn(&mut scene, &mut state, &placement, loss))
        .into();
    assert_eq!(turns, [Some(0), Some(1), Some(0), Some(0), Some(0), None]);
    let names: Vec<&str> = scene
        .graph
        .order()
        .into_iter()
        .filter_map(|id| scene.graph.layer(id))
        .map(|l| l.name.as_str())
        .collect();
    assert_eq!(names[1], "hidden-1");
    let second = names.iter().position(|n| *n == "hidden-2").unwrap();
    assert_eq!(second, 6, "four layers were inserted behind the first: {names:?}");
    assert_eq!(names.len(), 9);
}

/// The jump of the loss at the boundary of experiences stops nothing, and there is a cap.
#[test]
fn a_new_experience_is_not_held_against_it() {
    let placement = Circulation {
        block: Block::Plain,
        most: 4,
        ..Circulation::default()
    };
    let (mut scene, mut state) = (headed(), Circulating::default());
    assert_eq!(turn(&mut scene, &mut state, &placement, 0.1), Some(0));
    state.last.as_mut().unwrap().experience = 7;
    assert_eq!(turn(&mut scene, &mut state, &placement, 2.0), Some(1));
    assert!(state.all.iter().all(|sub| !sub.stopped));
    assert_eq!(
        turn(&mut scene, &mut state, &placement, 1.0),
        None,
        "four layers are the most"
    );
}
