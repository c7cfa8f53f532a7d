//! The units of a run's network: the architecture before and after, and the family tree of the units between.

use crate::format;
use crate::log::Entry;
use dentate_core::record::{UnitLife, metric};
use maud::{Markup, html};
use std::collections::{BTreeMap, BTreeSet};

mod tree;

/// The most rows of the table of births and deaths by layer and experience; of more, layers are summed up.
const MOST_ROWS: usize = 120;

/// The most layers that are drawn.
const MOST_LAYERS: usize = 24;

/// A layer's units at the beginning and at the end.
#[derive(Debug, PartialEq)]
struct Layer<'a> {
    name: &'a str,
    before: f64,
    after: f64,
}

/// The architecture alone, of a run that wrote no lives.
pub(super) fn architecture(log: &[Entry]) -> Markup {
    let layers = layers(log);
    html! {
        @if !layers.is_empty() {
            section {
                h2 { "Architecture" }
                (before_and_after(&layers, None))
            }
        }
    }
}

/// The architecture with the lives of its units.
pub(super) fn section(lives: &[UnitLife], log: &[Entry]) -> Markup {
    let layers = layers(log);
    let end = log.iter().map(|e| e.record.step).max().unwrap_or(0);
    html! {
        section {
            h2 { "Architecture and units" }
            (before_and_after(&layers, Some(lives)))
            @match tree::draw(lives, end) {
                Some(drawing) => {
                    h3 { "Family tree of the units" }
                    (drawing)
                    details { summary { "Births and deaths by layer and experience" } (by_experience(lives)) }
                },
                None => {
                    h3 { "Births and deaths" }
                    p.note { "More units were born and died than can be drawn (" (tree::MOST) ")." }
                    (by_experience(lives))
                },
            }
        }
    }
}

/// The layers in the order in which they were added. The first record of a layer is its width when it was added.
fn layers(log: &[Entry]) -> Vec<Layer<'_>> {
    let mut layers: Vec<Layer<'_>> = Vec::new();
    for entry in log.iter().filter(|e| e.record.metric == metric::UNITS) {
        let (name, value) = (
            entry.record.item.as_deref().unwrap_or_default(),
            entry.record.value,
        );
        match layers.iter_mut().find(|layer| layer.name == name) {
            Some(layer) => layer.after = value,
            None => layers.push(Layer {
                name,
                before: if entry.record.step == 0 && entry.record.experience == 0 {
                    value
                } else {
                    0.0
                },
                after: value,
            }),
        }
    }
    layers
}

/// A drawing and a table of the layers.
fn before_and_after(layers: &[Layer<'_>], lives: Option<&[UnitLife]>) -> Markup {
    let counts = |name: &str, wanted: &dyn Fn(&UnitLife) -> bool| {
        let own = lives.unwrap_or_default().iter();
        own.filter(|life| life.layer == name && wanted(life)).count()
    };
    let later = |life: &UnitLife| life.born.step > 0 || life.born.experience > 0;
    html! {
        @if layers.len() <= MOST_LAYERS && !layers.is_empty() { (drawing(layers)) }
        div.scroll tabindex="0" role="region" aria-label="Layers" { table {
            caption { "The same in numbers." }
            thead { tr {
                th scope="col" { "Layer" } th.number scope="col" { "Before" } th.number scope="col" { "After" }
                @if lives.is_some() { th.number scope="col" { "Born later" } th.number scope="col" { "Died" } }
            } }
            tbody { @for layer in layers { tr {
                th scope="row" { (layer.name) }
                td.number { (format::count(layer.before)) } td.number { (format::count(layer.after)) }
                @if lives.is_some() {
                    td.number { (counts(layer.name, &later)) } td.number { (counts(layer.name, &|life| life.died.is_some())) }
                }
            } } }
        } }
    }
}

/// A pair of bars for each layer; their heights are the roots of its units, or one wide layer would flatten the others.
fn drawing(layers: &[Layer<'_>]) -> Markup {
    const HIGH: f64 = 120.0;
    const ROOM: f64 = 86.0;
    let most = layers
        .iter()
        .map(|l| l.before.max(l.after))
        .fold(1.0, f64::max)
        .sqrt();
    let bar = |units: f64| HIGH * units.sqrt() / most;
    let per_row = 6;
    let rows = layers.len().div_ceil(per_row);
    let height = rows as f64 * (HIGH + 50.0);
    let said = layers.iter().map(|l| {
        format!(
            "{}: {} to {}",
            l.name,
            format::count(l.before),
            format::count(l.after)
        )
    });
    html! {
        figure {
            svg.chart viewBox=(format!("0 0 520 {height:.0}")) role="img" aria-labelledby="architecture-t architecture-d" {
                title id="architecture-t" { "Architecture before and after" }
                desc id="architecture-d" { (said.collect::<Vec<_>>().join("; ")) "." }
                @for (i, layer) in layers.iter().enumerate() {
                    @let x = (i % per_row) as f64 * ROOM;
                    @let base = (i / per_row) as f64 * (HIGH + 50.0) + HIGH + 16.0;
                    @for (dx, class, units) in [(8.0, "old", layer.before), (40.0, "new", layer.after)] {
                        rect class=(class) x=(format!("{:.1}", x + dx)) y=(format!("{:.1}", base - bar(units))) width="26" height=(format!("{:.1}", bar(units))) {}
                        text x=(format!("{:.1}", x + dx + 13.0)) y=(format!("{:.1}", base - bar(units) - 4.0)) text-anchor="middle" { (format::count(units)) }
                    }
                    text.label x=(format!("{:.1}", x + 37.0)) y=(format!("{:.1}", base + 16.0)) text-anchor="middle" { (crate::chart::shortened(layer.name, 13)) }
                }
            }
            figcaption { "Units of each layer: left and grey before the first update, right and coloured at the end. The height of a bar \
                is the square root of its number." }
        }
    }
}

/// Births and deaths by layer and experience, with their causes.
fn by_experience(lives: &[UnitLife]) -> Markup {
    #[derive(Default)]
    struct Row<'a> {
        born: usize,
        died: usize,
        causes: BTreeSet<&'a str>,
    }
    let mut rows: BTreeMap<(&str, Option<u32>), Row<'_>> = BTreeMap::new();
    let mut fill = |whole: bool| {
        rows.clear();
        for life in lives {
            let place = |experience| (life.layer.as_str(), (!whole).then_some(experience));
            if life.born.step > 0 || life.born.experience > 0 {
                let row = rows.entry(place(life.born.experience)).or_default();
                row.born += 1;
                row.causes.insert(&life.cause);
            }
            if let Some(died) = life.died {
                let row = rows.entry(place(died.experience)).or_default();
                row.died += 1;
                row.causes.insert(&life.end);
            }
        }
        rows.len()
    };
    if fill(false) > MOST_ROWS {
        fill(true);
    }
    html! {
        div.scroll tabindex="0" role="region" aria-label="Births and deaths" { table {
            caption { "Units born and died after the first update." }
            thead { tr { th scope="col" { "Layer" } th scope="col" { "Experience" } th.number scope="col" { "Born" }
                th.number scope="col" { "Died" } th scope="col" { "Causes" } } }
            tbody { @for ((layer, experience), row) in &rows { tr {
                th scope="row" { (layer) } td { @match experience { Some(e) => (e + 1), None => "all" } }
                td.number { (row.born) } td.number { (row.died) }
                td { (row.causes.iter().copied().collect::<Vec<_>>().join(", ")) }
            } } }
        } }
    }
}

#[cfg(test)]
mod tests;
