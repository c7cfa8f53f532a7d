//! Heat maps in the form of tables, so that they can be read, copied and read aloud. Each cell has one of eleven colours, whose ink is the
//! one of black and white that stands out.

use crate::document::{Heat, HeatCell};
use maud::{Markup, html};

/// A heat map.
pub(super) fn heat(map: &Heat) -> Markup {
    html! {
        div.scroll tabindex="0" role="group" aria-label=(map.caption) {
            table.heat {
                caption { (map.caption) }
                thead { tr {
                    th scope="col" { (map.corner) }
                    @for column in &map.columns { th scope="col" { (column) } }
                } }
                tbody {
                    @for (name, cells) in &map.rows {
                        tr {
                            th scope="row" { (name) }
                            @for cell in cells { td class=(class(cell)) { (cell.text) } }
                        }
                    }
                }
            }
        }
    }
}

fn class(cell: &HeatCell) -> String {
    let colour = match cell.share {
        None => return "absent".into(),
        Some(share) if cell.signed => match (5.0 * share).round() as i32 {
            0 => "z".to_owned(),
            n if n > 0 => format!("p{n}"),
            n => format!("n{}", -n),
        },
        Some(share) => format!("h{:.0}", 10.0 * share),
    };
    let framed = if cell.framed { " o" } else { "" };
    let ahead = if cell.ahead { " a" } else { "" };
    format!("{colour}{framed}{ahead}")
}
