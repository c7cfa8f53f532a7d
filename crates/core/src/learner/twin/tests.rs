use super::*;
use proptest::prelude::*;

fn record(metric: &str, experience: u32, step: u64, item: Option<&str>, value: f64) -> Record {
    Record {
        metric: metric.to_owned(),
        experience,
        step,
        task: None,
        item: item.map(Into::into),
        value,
    }
}

/// A run of 100 updates in two experiences: 10 parameters for 20 updates, 40 for 80, and 50 since the last.
fn run() -> Vec<Record> {
    let size = |step, experience, parameters: f64, units: &[f64]| {
        let mut all = vec![
            record(metric::PARAMETERS, experience, step, None, parameters),
            record(metric::MULTIPLY_ADDS, experience, step, None, 7.0),
        ];
        let names = ["hidden-1", "hidden-2", "hidden-3"];
        let each = units.iter().zip(names);
        all.extend(each.map(|(units, name)| record(metric::UNITS, experience, step, Some(name), *units)));
        all
    };
    [
        size(0, 0, 10.0, &[1.0]),
        size(20, 0, 40.0, &[4.0, 2.0]),
        vec![
            record(metric::UPDATES, 0, 60, None, 60.0),
            record(metric::COMPUTE, 0, 60, None, 900.0),
            record(metric::MEMORY, 0, 60, Some("slots"), 1.0),
        ],
        size(100, 1, 50.0, &[5.0, 2.0, 2.0]),
        vec![
            record(metric::ACCURACY, 1, 100, None, 0.5),
            record(metric::UPDATES, 1, 100, None, 100.0),
            record(metric::COMPUTE, 1, 100, None, 900.0),
            record(metric::MEMORY, 1, 100, Some("parameters"), 200.0),
            record(metric::MEMORY, 1, 100, Some("slots"), 400.0),
            record(metric::MEMORY, 1, 100, Some("rows"), 90.0),
            record(metric::MEMORY, 1, 100, Some("statistics"), 10.0),
        ],
    ]
    .concat()
}

#[test]
fn costs_are_those_of_the_records() {
    let costs = RunCosts::of(&run()).unwrap();
    assert_eq!(
        costs,
        RunCosts {
            parameters: 50,
            mean_parameters: (20 * 10 + 80 * 40) / 100,
            memory: LearnerMemory {
                parameters: 200,
                slots: 400,
                rows: 90,
                payload: 0,
                statistics: 10,
            },
            updates: vec![60, 40],
            // Nothing was spent in the second experience.
            multiply_adds: vec![900, 1],
            units: vec![5, 2, 2],
        }
    );
    for missing in [metric::PARAMETERS, metric::UPDATES, metric::COMPUTE] {
        let without: Vec<Record> = run().into_iter().filter(|r| r.metric != missing).collect();
        assert!(
            RunCosts::of(&without)
                .unwrap_err()
                .to_string()
                .starts_with("its records do not say how many")
        );
    }
    // What a run was evaluated on tells nothing.
    let mut blind = run();
    blind.retain(|r| r.metric != metric::ACCURACY);
    assert_eq!(RunCosts::of(&blind), Ok(costs));
}

#[test]
fn a_budget_is_kept_to_the_last_parameter() {
    let costs = RunCosts::of(&run()).unwrap();
    let most = |budget| (0..200).rfind(|n| costs.allows(budget, *n, 10)).unwrap();
    assert_eq!(TwinBudget::ALL.map(most), [50, 34, 50, 50, 50]);
    // Twenty bytes more of statistics are room for fewer parameters, which have two slots each.
    assert!(costs.allows(TwinBudget::Memory, 48, 30) && !costs.allows(TwinBudget::Memory, 49, 30));
}

#[test]
fn names_are_those_of_toml() {
    for budget in TwinBudget::ALL {
        assert_eq!(serde_json::to_value(budget).unwrap(), budget.name());
    }
}

proptest! {
    /// Against trying all factors that change a width.
    #[test]
    fn the_factor_is_the_largest_that_fits(
        widths in prop::collection::vec(1_usize..12, 1..4), inputs in 1_usize..6, most in 1_usize..3000,
    ) {
        let count = |widths: &[usize]| {
            let below = std::iter::once(inputs).chain(widths.iter().copied());
            widths.iter().zip(below).map(|(width, below)| width * (below + 1)).sum::<usize>()
        };
        let found = scaled_widths(&widths, |widths| count(widths) <= most);
        let of = |factor: f64| -> Vec<usize> {
            widths.iter().map(|w| ((*w as f64 * factor + 1e-9) as usize).max(1)).collect()
        };
        let steps = widths.iter().flat_map(|w| (0..4000).map(move |k| f64::from(k) / *w as f64));
        let fitting = steps.filter(|factor| count(&of(*factor)) <= most);
        let best = fitting.max_by(f64::total_cmp).map(of);
        prop_assert_eq!(found, best);
    }
}
