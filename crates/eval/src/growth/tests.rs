use super::*;
use crate::frames::Frames;

fn history(log: &str) -> History {
    let frames = Frames::of_logs(2, &[log]).unwrap();
    let updates = frames.observations(metric::UPDATES);
    let clock = TimeAxis::of(&updates.iter().collect::<Vec<_>>());
    GrowthTraces::of(&frames).history(&[0], &BTreeMap::from([(0, clock)]))
}

fn shown(history: &History) -> Vec<String> {
    let change = |c: &Change| {
        let layer = c.layer.as_deref().unwrap_or("-");
        format!("{:.2} {layer} {} {}", c.x, c.kind.word(), c.units)
    };
    history.changes.iter().map(change).collect()
}

/// Old results have sizes and edits only: births and deaths are differences of sizes.
#[test]
fn without_counts_by_layer_sizes_tell_births_and_deaths() {
    let log = "units,0,0,,a,10.0\nunits,0,0,,b,5.0\nupdates,0,100,,,100.0\ngrowth,0,50,,widen,3.0\nunits,0,50,,a,13.0\n\
               growth,0,60,,freeze,0.0\ngrowth,0,70,,not-survived,0.0\nunits,0,70,,a,11.0\nunits,1,100,,c,4.0\n\
               replaced,0,100,,,7.0\nupdates,1,200,,,200.0\n";
    assert_eq!(
        shown(&history(log)),
        [
            "1.00 - replaced 7",
            "0.50 a born 3",
            "0.70 a removed 2",
            "1.00 c born 4",
            "0.60 - other edits 1"
        ]
    );
}

/// Counts by layer are taken as they are, and nothing is counted twice.
#[test]
fn counts_by_layer_come_first() {
    let log = "units,0,0,,a,10.0\nupdates,0,100,,,100.0\ngrowth,0,50,,turnover,3.0\nunits.born,0,50,,a,3.0\nunits.removed,0,50,,a,3.0\n\
               units,0,50,,a,10.0\ngrowth.trigger,0,50,,error,0.25\nunits.replaced,0,80,,a,2.0\nreplaced,0,100,,,2.0\n";
    let history = history(log);
    assert_eq!(
        shown(&history),
        ["0.50 a born 3", "0.50 a removed 3", "0.80 a replaced 2"]
    );
    assert_eq!(history.decisions.len(), 1);
    assert_eq!(history.decisions[0].quantity, "error");
    assert_eq!(history.layers(&["a".into()]), [Some("a".to_owned())]);
    assert_eq!(history.units(&Some("a".into()), Kind::Replaced), 2.0);
}
