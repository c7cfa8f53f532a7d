//! The table of the survival of new units.

use super::{ABSENT, Head, StreamComparison, Suite, Table, start};
use crate::lives::Survival;
use crate::survival::SurvivalCurve;
use crate::traces::Traced;

/// One row for each method; `None` if no lifetimes were recorded.
pub(crate) fn survival(suite: &Suite, c: &StreamComparison, traced: &[Traced]) -> Option<Table> {
    if traced.iter().all(|f| f.survival.is_none()) {
        return None;
    }
    let half = traced.iter().filter_map(|f| f.survival.as_ref());
    let half = half.map(Survival::longest).fold(0.0, f64::max) / 2.0;
    let caption = "Survival of units born by growth after the window in which their activity is measured, by the half that they belong to. \
                   Kaplan-Meier survival half way along the time axis and at the end of the curve; seeds together.";
    let mut table = start(suite, c, caption);
    let of = |row: &crate::comparison::MethodRow| {
        let place = c.rows.iter().position(|r| r.method == row.method);
        place.and_then(|place| traced.get(place)?.survival.as_ref())
    };
    let percent = |share: f64| format!("{:.0}", 100.0 * share);
    for (title, curve) in [
        (
            "More active",
            (|s: &Survival| &s.active) as fn(&Survival) -> &SurvivalCurve,
        ),
        ("Less active", |s| &s.idle),
    ] {
        let explanation = "Units above, or up to, the median activity of their run.";
        let mut column = |what: &str, unit: &'static str, write: &dyn Fn(&SurvivalCurve) -> String| {
            let head = Head::number(&format!("{title}{what}"), unit, explanation);
            table.push(head, |row| {
                let curve = of(row).map(curve).filter(|curve| !curve.is_empty());
                curve.map_or_else(|| ABSENT.to_owned(), write).into()
            });
        };
        column(": units", "", &|curve| curve.len().to_string());
        column(": died", "", &|curve| curve.died().to_string());
        column(": half way", "%", &|curve| percent(curve.at(half)));
        column(": at the end", "%", &|curve| percent(curve.at(curve.longest())));
    }
    let head = Head::number(
        "Died in the window",
        "units",
        "Units without a measured activity.",
    );
    table.push(head, |row| {
        of(row)
            .map_or_else(|| ABSENT.to_owned(), |s| s.early.to_string())
            .into()
    });
    Some(table.finish())
}
