//! Scrubbed Rust, split into words and signs.

/// A name, a keyword, `::`, or a single sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) text: &'a str,
    /// From 1.
    pub(super) line: usize,
}

impl Token<'_> {
    pub(super) fn is_name(&self) -> bool {
        self.text.starts_with(is_inner)
    }
}

fn is_inner(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The tokens of `code` that are part of a program: items marked with `#[cfg(test)]` are left out.
pub(super) fn tokens(code: &str) -> Vec<Token<'_>> {
    without_tests(&cut(code))
}

fn cut(code: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (text, line) in code.lines().zip(1..) {
        let mut left = text.trim_start();
        while let Some(first) = left.chars().next() {
            let length = if left.starts_with("::") {
                2
            } else if is_inner(first) {
                left.find(|c| !is_inner(c)).unwrap_or(left.len())
            } else {
                first.len_utf8()
            };
            let (text, rest) = left.split_at(length);
            tokens.push(Token { text, line });
            left = rest.trim_start();
        }
    }
    tokens
}

fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut left = tokens;
    while let Some(token) = left.first() {
        let length = attribute(left).filter(|length| is_for_tests(&left[..*length]));
        match length {
            Some(length) => left = &left[length + item(&left[length..])..],
            None => {
                kept.push(*token);
                left = &left[1..];
            }
        }
    }
    kept
}

/// The length of the attribute at the start of `tokens`.
fn attribute(tokens: &[Token<'_>]) -> Option<usize> {
    let opens = tokens.first()?.text == "#" && tokens.get(1)?.text == "[";
    opens
        .then(|| tokens.iter().position(|token| token.text == "]"))?
        .map(|at| at + 1)
}

/// `#[cfg(test)]` or `#[cfg(all(test, …))]`.
fn is_for_tests(attribute: &[Token<'_>]) -> bool {
    let text: String = attribute.iter().map(|token| token.text).collect();
    text == "#[cfg(test)]" || text.starts_with("#[cfg(all(test,")
}

/// The length of the item at the start of `tokens`: up to its `;` or its closing brace.
fn item(tokens: &[Token<'_>]) -> usize {
    let mut depth = 0_usize;
    let mut ends = ["}", ";"].as_slice();
    for (token, at) in tokens.iter().zip(1..) {
        match token.text {
            "use" if depth == 0 => ends = &[";"],
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 && ends.contains(&token.text) {
            return at;
        }
    }
    tokens.len()
}

#[cfg(test)]
mod tests;
