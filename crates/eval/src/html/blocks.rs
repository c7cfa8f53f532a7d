//! Blocks of the document as HTML.

use super::{heat, table, words};
use crate::document::{Block, Part};
use crate::figure::Figure;
use maud::{Markup, PreEscaped, html};

/// Blocks one after another, below the title of a part.
pub(super) fn all(blocks: &[Block], below: &str) -> Markup {
    html! { @for block in blocks { (self::block(block, below)) } }
}

/// One block.
pub(super) fn block(block: &Block, below: &str) -> Markup {
    match block {
        Block::Head(title) => html! { h3 { (title) } },
        Block::Say(sentences) => html! { p.said { @for s in sentences { (words::sentence(s)) " " } } },
        Block::Note(text) => html! { p.note { (words::sentence(text)) } },
        Block::List(entries) => html! {
            dl.list { @for (name, text) in entries { div { dt { (words::plain(name)) } dd { (words::sentence(text)) } } } }
        },
        Block::Facts(facts) => html! {
            dl.facts { @for (name, value) in facts { div { dt { (name) } dd { (value) } } } }
        },
        Block::Table(table) => table::table(table, None),
        Block::Outcome(table, references) => table::table(table, Some(references)),
        Block::Figure(figure) => drawn(figure, below),
        Block::Heat(map) => heat::heat(map),
        Block::Beside(blocks) => html! { div.beside { (all(blocks, below)) } },
        Block::Folded(title, blocks) => html! {
            details { summary { (title) } (all(blocks, below)) }
        },
        Block::Part(part) => self::part(part),
        Block::Code(_, text) => html! { pre tabindex="0" { code { (text) } } },
        Block::Files(files) => html! {
            ul.files { @for (name, what) in files { li { a href=(name) { (name) } ": " (what) } } }
        },
    }
}

fn part(part: &Part) -> Markup {
    html! {
        section.part id=(part.id) {
            h3 { (part.title) }
            (all(&part.blocks, &part.title))
        }
    }
}

/// A figure, whose title does not repeat the one of its part.
fn drawn(figure: &Figure, below: &str) -> Markup {
    let own = figure
        .title
        .strip_prefix(below)
        .and_then(|rest| rest.strip_prefix(": "));
    let title = own.map_or_else(|| figure.title.clone(), crate::tables::capital);
    html! {
        figure id=(format!("figure-{}", figure.id)) {
            (PreEscaped(&figure.svg))
            figcaption { b { (words::plain(&title)) "." } " " (words::plain(&figure.caption)) }
        }
    }
}
