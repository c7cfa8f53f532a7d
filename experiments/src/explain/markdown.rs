//! Markdown of module documentation, rendered for a terminal: no fences or emphasis, code indented.

/// The title of the settings table, which is left out since the settings follow the text with their types.
const PARAMETERS: &str = "| parameter |";

/// Render Markdown, without the settings table.
pub(super) fn rendered(markdown: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let (mut fenced, mut parameters) = (false, false);
    for line in markdown.trim().lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        parameters = !fenced && (line.starts_with(PARAMETERS) || parameters && line.starts_with('|'));
        if parameters {
            continue;
        }
        let line = if fenced {
            format!("    {line}").trim_end().to_owned()
        } else {
            plain(line)
        };
        // What was left out leaves no gap.
        if !(line.is_empty() && out.last().is_some_and(String::is_empty)) {
            out.push(line);
        }
    }
    out.join("\n").trim_end().to_owned()
}

/// A line of prose without the marks of emphasis, headings and links.
fn plain(line: &str) -> String {
    let line = line.trim_start_matches('#').replace("**", "").replace("\\|", "|");
    let mut out = String::new();
    let mut rest = line.as_str();
    // [words](place) and [`Name`] are their words.
    while let Some((before, after)) = rest.split_once('[') {
        let Some((words, behind)) = after.split_once(']') else {
            break;
        };
        out.push_str(before);
        let link = behind.starts_with('(').then(|| behind.find(')')).flatten();
        match (link, words.starts_with('`')) {
            (Some(end), _) => {
                out.push_str(words);
                rest = &behind[end + 1..];
            }
            (None, true) => {
                out.push_str(words);
                rest = behind;
            }
            (None, false) => {
                out.push_str(&format!("[{words}]"));
                rest = behind;
            }
        }
    }
    (out + rest).trim_end().to_owned()
}

#[cfg(test)]
mod tests;
