//! The table of the survival of new units.

use super::{ABSENT, Cell, Head, StreamComparison, Suite, Table, start};
use crate::lives::Survival;
use crate::plots::Figure;
use crate::survival::SurvivalCurve;

/// One row for each method; `None` if no lifetimes were recorded.
pub(crate) fn survival(suite: &Suite, c: &StreamComparison, figures: &[Figure]) -> Option<Table> {
    if figures.iter().all(|f| f.survival.is_none()) {
        return None;
    }
    let half = figures.iter().filter_map(|f| f.survival.as_ref());
    let half = half.map(Survival::longest).fold(0.0, f64::max) / 2.0;
    let caption = "Survival of units born by growth after the window in which their activity is measured, by the half that they \
                   belong to: died of all / Kaplan-Meier survival half way along the time axis / at the end of the curve. Seeds \
                   together.";
    let mut table = start(suite, c, caption);
    let of = |row: &crate::comparison::MethodRow| {
        let place = c.rows.iter().position(|r| r.method == row.method);
        place.and_then(|place| figures.get(place)?.survival.as_ref())
    };
    let mut half_of = |title: &str, curve: fn(&Survival) -> &SurvivalCurve| {
        let head = Head::number(
            title,
            "",
            "Units above, or up to, the median activity of their run.",
        );
        table.push(head, |row| {
            of(row).map_or_else(|| ABSENT.to_owned().into(), |s| cell(curve(s), half))
        });
    };
    half_of("more active half", |s| &s.active);
    half_of("less active half", |s| &s.idle);
    let head = Head::number(
        "died in the window",
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

fn cell(curve: &SurvivalCurve, half: f64) -> Cell {
    if curve.is_empty() {
        return ABSENT.to_owned().into();
    }
    let percent = |share: f64| format!("{:.0}%", 100.0 * share);
    let (middle, end) = (curve.at(half), curve.at(curve.longest()));
    format!(
        "{} of {} / {} / {}",
        curve.died(),
        curve.len(),
        percent(middle),
        percent(end)
    )
    .into()
}
