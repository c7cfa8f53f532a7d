use super::*;
use dentate_core::Moment;
use dentate_core::record::UnitOrigin;
use proptest::prelude::*;

fn life(unit: u64, layer: &str, parent: Option<u64>, born: u64, died: Option<u64>) -> UnitLife {
    let moment = |step| Moment {
        experience: (step / 100) as u32,
        step,
    };
    UnitLife {
        unit,
        layer: layer.into(),
        origin: match (parent, born) {
            (Some(_), _) => UnitOrigin::Replaced,
            (None, 0) => UnitOrigin::Initial,
            (None, _) => UnitOrigin::Grown,
        },
        parent,
        cause: "add-unit".into(),
        born: moment(born),
        died: died.map(moment),
        end: died.map(|_| "prune".into()).unwrap_or_default(),
    }
}

prop_compose! {
    fn histories()(specs in prop::collection::vec((0..3_usize, 0..9_usize, 0..300_u64, prop::option::of(1..99_u64)), 1..40)) -> Vec<UnitLife> {
        let mut all: Vec<UnitLife> = Vec::new();
        for (i, (layer, parent, born, died)) in specs.into_iter().enumerate() {
            let layer = ["h1", "h2", "h3"][layer];
            let parent = parent.checked_sub(3).and_then(|p| all.get(p)).map(|p| p.unit);
            all.push(life(i as u64, layer, parent, born, died.map(|d| born + d)));
        }
        all
    }
}

proptest! {
    /// Every unit is drawn once or counted, and stands behind the unit that it comes from.
    #[test]
    fn every_unit_has_one_place(lives in histories()) {
        let lanes = tree::lanes(&lives);
        let mut drawn: Vec<u64> = lanes.iter().flat_map(|l| &l.drawn).map(|l| l.unit).collect();
        let quiet: usize = lanes.iter().map(|l| l.quiet).sum();
        for lane in &lanes {
            for (i, unit) in lane.drawn.iter().enumerate() {
                prop_assert_eq!(unit.layer.as_str(), lane.name);
                if let Some(parent) = unit.parent.and_then(|p| lane.drawn.iter().position(|l| l.unit == p)) {
                    prop_assert!(parent < i);
                }
            }
        }
        prop_assert_eq!(drawn.len() + quiet, lives.len());
        drawn.sort_unstable();
        drawn.dedup();
        prop_assert_eq!(drawn.len() + quiet, lives.len());
    }

    /// The table sums to the births after the first update and to all deaths.
    #[test]
    fn births_and_deaths_add_up(lives in histories()) {
        let table = by_experience(&lives).into_string();
        let numbers: Vec<usize> = table.split("<td class=\"number\">").skip(1)
            .map(|t| t.split('<').next().unwrap_or_default().parse().unwrap_or(usize::MAX)).collect();
        let sum = |from: usize| numbers.iter().skip(from).step_by(2).sum::<usize>();
        prop_assert_eq!(sum(0), lives.iter().filter(|l| l.born.step > 0).count());
        prop_assert_eq!(sum(1), lives.iter().filter(|l| l.died.is_some()).count());
    }
}

#[test]
fn too_many_units_are_summed_up() {
    let lives: Vec<UnitLife> = (0..=tree::MOST as u64)
        .map(|i| life(i, "h", None, 1 + i, None))
        .collect();
    assert!(tree::draw(&lives, 1000).is_none());
    assert!(tree::draw(&lives[1..], 1000).is_some());
    let page = section(&lives, &[]).into_string();
    assert!(page.contains("More units were born and died than can be drawn (300)."));
}
