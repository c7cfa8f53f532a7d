//! Sentences as HTML: emphasis, and numbers that do not break across lines.

use crate::format::unbroken;
use crate::prose::{self, Kind};
use maud::{Markup, html};

/// A sentence, with the text between `**` emphasised and that between backticks as code.
pub(super) fn sentence(sentence: &str) -> Markup {
    html! {
        @for (kind, part) in prose::spans(&unbroken(sentence)) {
            @match kind {
                Kind::Strong => strong { (part) },
                Kind::Code => code { (part) },
                Kind::Plain => (part),
            }
        }
    }
}

/// A text without emphasis.
pub(super) fn plain(text: &str) -> Markup {
    html! { (unbroken(text)) }
}
