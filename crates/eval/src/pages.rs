//! Pages beside the report: one over all suites, and one for each run. Each is one file without a script.

use dentate_core::record::printable_lines;
use maud::{DOCTYPE, Markup, PreEscaped, html};

mod family;
mod index;
mod last;
mod runs;
pub use index::{Index, index};
pub(crate) use last::remember;
pub(crate) use runs::write_all as write_runs;
pub use runs::{MOST_PAGES, RunPages};

const STYLE: &str = include_str!("pages/pages.css");

/// A whole page; `extra` is added to the style sheet.
fn page(title: &str, extra: &str, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(extra)) }
            }
            body { (body) }
        }
    };
    printable_lines(&page.into_string())
}
