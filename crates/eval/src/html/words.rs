//! Sentences as HTML: emphasis, and numbers that do not break across lines.

use crate::format::unbroken;
use crate::prose;
use maud::{Markup, html};

/// A sentence, with the text between `**` emphasised.
pub(super) fn sentence(sentence: &str) -> Markup {
    html! {
        @for (strong, part) in prose::parts(&unbroken(sentence)) {
            @if strong { strong { (part) } } @else { (part) }
        }
    }
}

/// A text without emphasis.
pub(super) fn plain(text: &str) -> Markup {
    html! { (unbroken(text)) }
}
