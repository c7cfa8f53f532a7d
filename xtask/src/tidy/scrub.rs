//! Rust without its comments and literals, so that mentioning a construct in them breaks no rule about code.

/// `source` with every comment, string and character literal replaced by spaces. Line breaks are kept.
pub(super) fn scrub(source: &str) -> String {
    let mut left = source;
    let mut code = String::with_capacity(source.len());
    let mut previous = ' ';
    while let Some(c) = left.chars().next() {
        let blank = comment(left).or_else(|| literal(left, previous)).unwrap_or(0);
        let (taken, rest) = left.split_at(if blank == 0 { c.len_utf8() } else { blank });
        if blank == 0 {
            code.push(c);
        } else {
            code.extend(taken.chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
        }
        previous = taken.chars().next_back().unwrap_or(' ');
        left = rest;
    }
    code
}

/// The length of the comment at the start of `text`.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    Some(text.len())
}

/// The length of the string or character literal at the start of `text`. `previous` distinguishes a prefix from the end of a
/// name.
fn literal(text: &str, previous: char) -> Option<usize> {
    if previous.is_alphanumeric() || previous == '_' {
        return None;
    }
    let prefix = ["br", "cr", "b", "c", "r"].into_iter().find(|prefix| {
        text.strip_prefix(prefix)
            .is_some_and(|rest| rest.starts_with(['"', '#', '\'']))
    });
    let prefix = prefix.unwrap_or("");
    let body = &text[prefix.len()..];
    let inner = if prefix.ends_with('r') {
        raw(body)
    } else if body.starts_with('"') {
        escaped(body, '"')
    } else if body.starts_with('\'') {
        character(body)
    } else {
        None
    };
    inner.map(|length| prefix.len() + length)
}

/// The length of `#"…"#`. Not of `#name`, a raw identifier.
fn raw(text: &str) -> Option<usize> {
    let hashes = text.len() - text.trim_start_matches('#').len();
    let inner = text[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(
        inner
            .find(&end)
            .map_or(text.len(), |at| hashes + 1 + at + end.len()),
    )
}

fn escaped(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, c)) = characters.next() {
        if c == '\\' {
            characters.next();
        } else if c == quote {
            return Some(at + 1);
        }
    }
    Some(text.len())
}

/// The length of `'a'` or `'\n'`. Not of `'a`, a lifetime.
fn character(text: &str) -> Option<usize> {
    let mut characters = text.chars().skip(1);
    match characters.next()? {
        '\\' => escaped(text, '\''),
        c if characters.next() == Some('\'') => Some(2 + c.len_utf8()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
