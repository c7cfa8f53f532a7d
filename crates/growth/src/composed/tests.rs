use super::*;
use crate::parts::tests::Scene;
use crate::parts::{
    Answer, Answered, Decision, Factors, GrowthEvent, Modulation, Part, Place, Placement, Question, Start,
    Trigger,
};
use crate::strategy::{Action, Hook, Reason, StrategyError, View};
use dentate_core::{Edit, LayerId, Measured, Moment, Request};

/// A trigger that always fires, with this demand.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Always {
    demand: f64,
}

impl Part for Always {
    type State = ();
}

impl Trigger for Always {
    fn fires(&self, _: &mut (), _: &View<'_>) -> Answered<Decision> {
        Ok(Answer::Is(Decision::grow(self.demand)))
    }
}

crate::register!(
    trigger,
    Always,
    "test-always",
    summary = "A test.",
    citation = "this test"
);

/// A modulation with these factors.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Scales {
    by: f64,
}

impl Part for Scales {
    type State = ();
}

impl Modulation for Scales {
    fn factors(&self, _: &mut (), _: &View<'_>, _: &[GrowthEvent]) -> Result<Factors, StrategyError> {
        Ok(Factors {
            growth: self.by,
            survival: 1.0,
        })
    }
}

crate::register!(
    modulation,
    Scales,
    "test-scales",
    summary = "A test.",
    citation = "this test"
);

/// An initializer that measures first, and starts units with the measured value as their bias.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct Curious {}

impl Part for Curious {
    type State = u32;
}

impl crate::parts::Initializer for Curious {
    fn initialize(&self, asked: &mut u32, view: &View<'_>, layer: LayerId, _: usize) -> Answered<Start> {
        let Some(measured) = view.measured else {
            *asked += 1;
            let request = Request::Activations(vec![layer]);
            return Ok(Answer::Ask(Question::new(request, 10)));
        };
        Ok(Answer::Is(Start::Fresh {
            incoming: view.init.into(),
            outgoing: view.init.into(),
            bias: measured.arrays[0][(0, 0)],
        }))
    }
}

crate::register!(
    initializer,
    Curious,
    "test-curious",
    summary = "A test.",
    citation = "this test"
);

/// A placement that inserts a layer into the newest connection.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Deepens {}

impl Part for Deepens {
    type State = ();
}

impl Placement for Deepens {
    fn place(&self, _: &mut (), view: &View<'_>, _: usize) -> Answered<Vec<Place>> {
        let newest = view.graph.connections().next_back();
        Ok(Answer::Is(
            newest
                .map(|c| Place::Deeper { connection: c.id })
                .into_iter()
                .collect(),
        ))
    }
}

crate::register!(
    placement,
    Deepens,
    "test-deepens",
    summary = "A test.",
    citation = "this test"
);

/// All actions of a running strategy at one check, measurements being answered with 0.5.
fn look(run: &mut dyn GrowthRun, scene: &mut Scene, step: u64) -> (Vec<Edit>, usize, Reason) {
    let (mut edits, mut asked, mut measured) = (Vec::new(), 0, None);
    loop {
        let mut view = scene.view(Hook::Update, step, Some(1.0));
        let answer: Option<Measured> = measured.take();
        view.measured = answer.as_ref();
        match run.propose(&view).unwrap() {
            Action::Hold(reason) => return (edits, asked, reason),
            Action::Grow(plan) => {
                scene.graph = scene
                    .graph
                    .apply(&plan, Moment { experience: 0, step })
                    .unwrap()
                    .0;
                edits.extend(plan.edits);
            }
            Action::Measure(..) => {
                asked += 1;
                let arrays = vec![ndarray::Array2::from_elem((1, 1), 0.5)];
                measured = Some(Measured { arrays });
            }
            other => panic!("{other:?}"),
        }
    }
}

fn width(scene: &Scene) -> usize {
    scene.graph.named("hidden-2").unwrap().width()
}

/// Fractions of units are not lost (these are exact in binary): after any number of checks, the units grown equal the sum
/// of the demands.
#[test]
fn demands_and_factors_add_up() {
    for (units, demand, by) in [(1, 0.375, 1.0), (3, 1.0, 0.25), (2, 0.75, 1.75), (1, 1.0, 0.0)] {
        let config = Composed {
            units,
            trigger: Box::new(Always { demand }),
            modulation: Box::new(Scales { by }),
            ..Composed::default()
        };
        let (mut run, mut scene) = (config.start(), Scene::new());
        let before = width(&scene);
        for t in 1..=20u64 {
            look(run.as_mut(), &mut scene, t);
            let wanted = (units as f64 * demand * by * t as f64).floor() as usize;
            assert_eq!(
                width(&scene) - before,
                wanted,
                "{units} × {demand} × {by} after {t} looks"
            );
        }
    }
}

#[test]
fn a_layer_grows_up_to_its_cap_and_no_further() {
    let config = Composed {
        units: 3,
        max_units: 9,
        trigger: Box::new(Always { demand: 1.0 }),
        ..Composed::default()
    };
    let (mut run, mut scene) = (config.start(), Scene::new());
    let widths: Vec<usize> = (1..5)
        .map(|t| {
            look(run.as_mut(), &mut scene, t);
            width(&scene)
        })
        .collect();
    assert_eq!(widths, [7, 9, 9, 9]);
    assert_eq!(look(run.as_mut(), &mut scene, 9).2, Reason::Cap);
}

/// If there is nothing to grow, the reason is not a cap.
#[test]
fn without_a_layer_to_grow_it_says_so() {
    let config = Composed {
        trigger: Box::new(Always { demand: 1.0 }),
        placement: Box::new(crate::parts::Everywhere {}),
        ..Composed::default()
    };
    let (mut run, mut scene) = (config.start(), Scene::new());
    scene.graph = dentate_core::Graph::default();
    assert_eq!(look(run.as_mut(), &mut scene, 1).2, Reason::NoLayer);
}

/// New units get their learning-rate scales at the check of their birth, and nothing else happens in it: growth is as
/// without plasticity.
#[test]
fn rates_do_not_make_it_grow_a_second_time() {
    let config = Composed {
        trigger: Box::new(Always { demand: 1.0 }),
        plasticity: Some(Plasticity::default()),
        ..Composed::default()
    };
    let (mut run, mut scene) = (config.start(), Scene::new());
    for t in 1..=4 {
        look(run.as_mut(), &mut scene, t);
        let units = &scene.graph.named("hidden-2").unwrap().units;
        assert_eq!(units.len(), 4 + t as usize);
        assert_eq!(units.last().unwrap().incoming_lr_scale, 4.0);
    }
}

/// A part that measures is called again with the result, also if the run was saved and loaded in between.
#[test]
fn a_part_may_read_the_network_and_the_run_may_stop_there() {
    let config = Composed {
        trigger: Box::new(Always { demand: 1.0 }),
        initializer: Box::new(Curious {}),
        ..Composed::default()
    };
    let (mut run, mut scene) = (config.start(), Scene::new());
    let (edits, asked, _) = look(run.as_mut(), &mut scene, 1);
    assert_eq!(asked, 1);
    assert!(matches!(edits[..], [Edit::Widen { bias: 0.5, .. }]), "{edits:?}");

    let view = scene.view(Hook::Update, 2, Some(1.0));
    assert!(matches!(run.propose(&view).unwrap(), Action::Measure(..)));
    let mut other = config.start();
    other.load(&run.save().unwrap()).unwrap();
    let arrays = vec![ndarray::Array2::from_elem((1, 1), 0.25)];
    let measured = Measured { arrays };
    let mut view = scene.view(Hook::Update, 2, None);
    view.measured = Some(&measured);
    let Action::Grow(plan) = other.propose(&view).unwrap() else {
        panic!("it had its answer");
    };
    assert!(matches!(plan.edits[..], [Edit::Widen { bias: 0.25, .. }]));
}

/// An initializer that copies a unit without declaring it.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
struct Secretive {}

impl Part for Secretive {
    type State = ();
}

impl crate::parts::Initializer for Secretive {
    fn initialize(&self, _: &mut (), view: &View<'_>, layer: LayerId, units: usize) -> Answered<Start> {
        let of = vec![view.graph.layer(layer).unwrap().units[0].id; units];
        let (share, noise) = (0.5, 0.0);
        Ok(Answer::Is(Start::Copies { of, share, noise }))
    }
}

crate::register!(
    initializer,
    Secretive,
    "test-secretive",
    summary = "A test.",
    citation = "this test"
);

/// The declared changes of a composition rely on those its initializer declares.
#[test]
fn copies_that_an_initializer_does_not_declare_are_refused() {
    let config = Composed {
        trigger: Box::new(Always { demand: 1.0 }),
        initializer: Box::new(Secretive {}),
        ..Composed::default()
    };
    let (mut run, scene) = (config.start(), Scene::new());
    let view = scene.view(Hook::Update, 1, Some(1.0));
    let said = run.propose(&view).unwrap_err().to_string();
    assert!(said.contains("which its `copies` does not say"), "{said}");
}

#[test]
fn factors_that_are_no_numbers_are_refused() {
    let config = Composed {
        modulation: Box::new(Scales { by: f64::NAN }),
        ..Composed::default()
    };
    let (mut run, scene) = (config.start(), Scene::new());
    let view = scene.view(Hook::Update, 1, Some(1.0));
    let said = run.propose(&view).unwrap_err().to_string();
    assert!(said.contains("finite and not negative"), "{said}");
}

/// Inserting a layer is growth at a place like any other.
#[test]
fn a_network_gets_deeper_where_a_placement_says() {
    let config = Composed {
        trigger: Box::new(Always { demand: 1.0 }),
        placement: Box::new(Deepens {}),
        ..Composed::default()
    };
    let (mut run, mut scene) = (config.start(), Scene::new());
    for t in 1..4 {
        let (edits, ..) = look(run.as_mut(), &mut scene, t);
        assert!(matches!(edits[..], [Edit::InsertIdentity { .. }]), "{edits:?}");
    }
    let widths: Vec<usize> = scene.graph.hidden().map(|l| l.width()).collect();
    assert_eq!(widths, [4; 5]);
}

#[test]
fn a_composition_is_written_in_toml_and_checked() {
    let text =
        "name = \"composed\"\nunits = 2\nsurvival = { name = \"below-mature-fraction\", probation = 7 }\n";
    let read: Box<dyn Growth> = toml::from_str(text).unwrap();
    let names: Vec<String> = read.parts().into_iter().map(|(_, name)| name).collect();
    assert_eq!(
        names,
        [
            "loss-plateau",
            "given",
            "zero-fan-out",
            "below-mature-fraction",
            "none"
        ]
    );
    assert!(read.validate().is_ok());
    let bad: Box<dyn Growth> = toml::from_str(&text.replace("= 7", "= 0")).unwrap();
    assert_eq!(
        bad.validate().unwrap_err().to_string(),
        "`survival.probation` is 0, but has to be at least 1"
    );
}
