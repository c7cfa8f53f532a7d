//! Text from outside within Markdown, escaped so that it is never markup.

use crate::prose;
use dentate_core::record::{printable, printable_lines};
use maud::html;

/// Text within a line, a heading or a cell, with everything escaped that would start markup or end the cell.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in printable(text).chars() {
        if matches!(
            c,
            '\\' | '|' | '*' | '_' | '`' | '<' | '[' | '#' | '~' | '&' | '$'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// Text that begins a line: its first letters start no list, quotation, rule or code block.
pub(crate) fn block(text: &str) -> String {
    begun(escape(text).trim())
}

/// A sentence of the findings that begins a line.
pub(crate) fn paragraph(text: &str) -> String {
    begun(sentence(text).trim())
}

/// Escaped text whose first letters would start something.
fn begun(text: &str) -> String {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let (number, rest) = text.split_at(digits);
    if !number.is_empty() && rest.starts_with(['.', ')']) {
        return format!("{number}\\{rest}");
    }
    if text.starts_with(['+', '-', '=', '>']) {
        return format!("\\{text}");
    }
    text.to_owned()
}

/// A sentence of the findings, with names emphasised.
pub(crate) fn sentence(text: &str) -> String {
    let part = |(strong, part): (bool, String)| match escape(&part) {
        part if strong && !part.trim().is_empty() => format!("**{}**", part.trim()),
        part => part,
    };
    prose::parts(text).map(part).collect()
}

/// Text within an HTML tag of the page.
pub(super) fn tag(text: &str) -> String {
    html! { (printable(text)) }.into_string()
}

/// Text as it is, in a fence that nothing in it closes.
pub(super) fn fenced(language: &str, text: &str) -> String {
    let text = printable_lines(text.trim_end());
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(3.max(longest + 1));
    format!("{fence}{language}\n{text}\n{fence}")
}

#[cfg(test)]
mod tests;
