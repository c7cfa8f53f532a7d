use super::*;
use crate::statistics::Paired;
use std::collections::BTreeMap;

fn effect(factors: &[&str], seeds: &[f64]) -> Effect {
    let of = |values: &mut dyn Iterator<Item = f64>| -> BTreeMap<u64, f64> { (0..).zip(values).collect() };
    let zero = of(&mut seeds.iter().map(|_| 0.0));
    let levels = (factors.len() == 1).then(|| ("on".to_string(), "off".to_string()));
    Effect {
        factors: factors.iter().map(|f| (*f).to_string()).collect(),
        levels,
        paired: Paired::of(&of(&mut seeds.iter().copied()), &zero, 0.0).unwrap(),
        adjusted: Some(0.2),
    }
}

#[test]
fn it_says_which_factors_matter_and_which_interactions() {
    let clear = [0.02, 0.021, 0.019, 0.022, 0.018];
    let open = [0.02, -0.021, 0.001, 0.01, -0.01];
    let effects = [
        effect(&["pace"], &clear),
        effect(&["cap"], &open),
        effect(&["pace", "cap"], &open),
        effect(&["pace", "age"], &open),
    ];
    assert_eq!(
        sentence(Metric::AVERAGE_ACCURACY, &effects).unwrap(),
        "On average accuracy, one factor's interval leaves out 0: **pace** (on against off) by +2.0 ± 0.2 points; no two-way \
         interaction's interval does (corrected for 4 effects, none is significant)."
    );
    let mut effects = [effect(&["cap"], &open), effect(&["pace", "cap"], &clear)];
    effects[1].adjusted = Some(0.01);
    assert_eq!(
        sentence(Metric::AVERAGE_ACCURACY, &effects).unwrap(),
        "No factor's interval on average accuracy leaves out 0; of interactions, pace × cap (+2.0 ± 0.2 points) do \
         (corrected for 2 effects, significant: pace × cap)."
    );
    let same = [effect(&["cap"], &[-400.0; 6])];
    assert_eq!(
        sentence(Metric::PARAMETERS, &same).unwrap(),
        "No factor's interval on parameters leaves out 0; the same on every seed: cap (−400) (corrected for 1 effect, none is \
         significant)."
    );
    assert!(sentence(Metric::AVERAGE_ACCURACY, &[effect(&["pace"], &[0.1])]).is_none());
    assert_eq!(
        sentence(Metric::AVERAGE_ACCURACY, &[effect(&["pace"], &clear[..3])]).unwrap(),
        "What the factors do to average accuracy is not told: 3 seeds are too few."
    );
}
