use super::super::tests::Curious;
use crate::parts::tests::Scene;
use crate::parts::{InitializerSpec, Net2NetWider, Never, Turnover, ZeroFanOut};
use crate::registered::{AnyGrowth, GrowthRun};
use crate::strategy::{Action, Hook, StrategyError};
use crate::{Composed, Pruning};
use dentate_core::{LayerId, Measured, MeterKind, Moment, Origin, Readings};
use std::collections::BTreeMap;

/// Of four units, one is replaced at every fourth update once they are mature.
fn turnover(initializer: Box<dyn InitializerSpec>) -> Composed {
    Composed {
        every: 1,
        trigger: Box::new(Never {}),
        initializer,
        survival: Box::new(Turnover {
            replacement_rate: 1.0 / 16.0,
            maturity: 3,
            ..Turnover::default()
        }),
        ..Composed::default()
    }
}

fn readings(scene: &Scene) -> BTreeMap<LayerId, Readings> {
    let values = BTreeMap::from([
        (MeterKind::Activation, vec![0.1, 0.2, 0.3, 0.4]),
        (MeterKind::Contribution, vec![4.0, 3.0, 1.0, 2.0]),
    ]);
    let of = Readings {
        age: vec![0; 4],
        values,
    };
    scene.graph.hidden().map(|l| (l.id, of.clone())).collect()
}

/// The actions at an update as letters: read, measure (the answer is 0.5), replace. The run is saved and loaded before
/// each.
fn look(
    config: &Composed,
    run: &mut Box<dyn GrowthRun>,
    scene: &mut Scene,
    step: u64,
) -> Result<String, StrategyError> {
    let (mut told, mut measured, mut read) = (String::new(), None, None);
    loop {
        let state = run.save().unwrap();
        *run = config.start();
        run.load(&state).unwrap();
        let answer: Option<Measured> = measured.take();
        let mut view = scene.view(Hook::Update, step, Some(1.0));
        view.measured = answer.as_ref();
        view.readings = read.as_ref();
        match run.propose(&view)? {
            Action::Hold(_) => return Ok(told),
            Action::Read => {
                told.push('r');
                read = Some(readings(scene));
            }
            Action::Measure(..) => {
                told.push('m');
                let arrays = vec![ndarray::Array2::from_elem((1, 1), 0.5)];
                measured = Some(Measured { arrays });
            }
            Action::Replace(requests) => {
                told.push('x');
                for request in requests {
                    assert_eq!(request.fold_mean, [0.3]);
                    let bias = if told.contains('m') { 0.5 } else { 0.0 };
                    assert_eq!(request.bias, bias);
                    scene
                        .graph
                        .replace(&request, Moment { experience: 0, step })
                        .unwrap();
                }
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Meters are read only when whole units are due, an initializer may measure, and widths stay.
#[test]
fn units_give_way_in_place_and_meters_are_read_when_it_is_time() {
    let plain: (Box<dyn InitializerSpec>, _) = (Box::new(ZeroFanOut::default()), "rx");
    for (initializer, wanted) in [plain, (Box::new(Curious {}), "rmmx")] {
        let config = turnover(initializer);
        let (mut run, mut scene) = (config.start(), Scene::new());
        let mut told = Vec::new();
        for step in 1..=7 {
            told.push(look(&config, &mut run, &mut scene, step).unwrap());
        }
        assert_eq!(told, ["", "", "", "", "", "", wanted]);
        for layer in scene.graph.hidden() {
            let replaced = |u: &dentate_core::Unit| matches!(u.origin, Origin::Replaced(_));
            let found: Vec<bool> = layer.units.iter().map(replaced).collect();
            assert_eq!(found, [false, false, true, false]);
        }
    }
}

/// If another part has meters, they are read at every check, without changing which units are replaced.
#[test]
fn other_parts_read_their_meters_at_every_look() {
    let config = Composed {
        pruning: Some(Pruning::default()),
        ..turnover(Box::new(ZeroFanOut::default()))
    };
    let (mut run, mut scene) = (config.start(), Scene::new());
    let told: Vec<String> = (1..=7)
        .map(|step| look(&config, &mut run, &mut scene, step).unwrap())
        .collect();
    assert_eq!(told, ["r", "r", "r", "r", "r", "r", "rx"]);
}

#[test]
fn copies_have_no_place_of_others_to_take() {
    let config = turnover(Box::new(Net2NetWider::default()));
    let (mut run, mut scene) = (config.start(), Scene::new());
    let said = (1..=7).find_map(|step| look(&config, &mut run, &mut scene, step).err());
    let said = said.unwrap().to_string();
    assert!(said.contains("zero-fan-out"), "{said}");
}
