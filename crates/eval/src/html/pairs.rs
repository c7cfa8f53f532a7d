//! Any method against any other, folded away: most readers want the comparison with the control.

use super::table::table;
use crate::comparison::StreamComparison;
use crate::pairs::Pair;
use crate::suite::Suite;
use crate::tables;
use maud::{Markup, html};

/// The table of all pairs; empty if there are fewer than two.
pub(super) fn pairs(suite: &Suite, c: &StreamComparison, pairs: &[Pair]) -> Markup {
    html! {
        @if let Some(pairs) = tables::pairs_table(suite, c, pairs) {
            details.pairs {
                summary { "Any method against any other" }
                (table(&pairs, None))
            }
        }
    }
}
