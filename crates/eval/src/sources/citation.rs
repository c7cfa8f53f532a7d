//! Sources out of a citation's text.

/// A published work, as far as a citation tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    /// Surnames, with initials where they are given.
    pub(super) authors: Vec<String>,
    /// True if there are more.
    pub(super) others: bool,
    pub(super) year: String,
    pub(super) arxiv: Option<String>,
    pub(super) doi: Option<String>,
    /// Its title, or where it appeared, as the citation says it.
    pub(super) place: String,
}

impl Source {
    /// Returns whether both are one work: one author and year, and nothing that tells them apart.
    pub(super) fn same(&self, other: &Self) -> bool {
        let clash = |a: &Option<String>, b: &Option<String>| matches!((a, b), (Some(a), Some(b)) if a != b);
        self.key() == other.key() && !clash(&self.arxiv, &other.arxiv) && !clash(&self.doi, &other.doi)
    }

    /// Takes over what the other citation of the same work says more.
    pub(super) fn complete(&mut self, other: Self) {
        if other.authors.len() > self.authors.len() {
            (self.authors, self.others) = (other.authors, other.others);
        }
        self.arxiv = self.arxiv.take().or(other.arxiv);
        self.doi = self.doi.take().or(other.doi);
        if self.place.is_empty() {
            self.place = other.place;
        }
    }

    /// The first author and the year.
    pub(super) fn key(&self) -> String {
        let first = self.authors.first().map_or("", String::as_str);
        let surname = first.split(", ").next().unwrap_or_default();
        format!("{}{}", plain(surname), self.year)
    }

    /// The same with what tells it from others of that author and year.
    pub(super) fn long_key(&self) -> String {
        let apart = self
            .arxiv
            .as_deref()
            .or(self.doi.as_deref())
            .unwrap_or(&self.place);
        let apart: String = apart
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '.' {
                    c
                } else {
                    '-'
                }
            })
            .take(24)
            .collect();
        format!("{}-{}", self.key(), apart.trim_matches('-'))
    }
}

/// A name in the letters of a key.
fn plain(name: &str) -> String {
    let letter = |c: char| -> String {
        match c.to_lowercase().next().unwrap_or(c) {
            'ä' | 'á' | 'à' | 'â' | 'ã' | 'å' => "a".into(),
            'é' | 'è' | 'ê' | 'ë' => "e".into(),
            'í' | 'ì' | 'î' | 'ï' => "i".into(),
            'ö' | 'ó' | 'ò' | 'ô' | 'õ' | 'ø' => "o".into(),
            'ü' | 'ú' | 'ù' | 'û' => "u".into(),
            'ñ' => "n".into(),
            'ç' | 'č' | 'ć' => "c".into(),
            'š' | 'ś' => "s".into(),
            'ž' | 'ź' => "z".into(),
            'ß' => "ss".into(),
            c if c.is_ascii_alphanumeric() => c.into(),
            _ => String::new(),
        }
    };
    name.chars().map(letter).collect()
}

/// The sources that a citation names, in its order.
pub(super) fn sources(citation: &str) -> Vec<Source> {
    citation.split(';').flat_map(of_part).collect()
}

/// Those of a part without a semicolon: a year ends the authors of each, and the authors of the next end what belongs to it.
fn of_part(part: &str) -> Vec<Source> {
    let years: Vec<(usize, usize)> = years(part);
    let mut found: Vec<Source> = Vec::new();
    let mut from = 0;
    for (start, end) in years {
        let before = &part[from..start];
        let (rest, authors) = split_authors(before);
        if authors.is_empty() {
            continue;
        }
        if let Some(last) = found.last_mut() {
            place(last, rest);
        }
        let (authors, others) = names(authors);
        found.push(Source {
            authors,
            others,
            year: part[start..end].to_owned(),
            ..Source::default()
        });
        from = end;
    }
    if let Some(last) = found.last_mut() {
        place(last, &part[from..]);
    }
    found
}

/// The places of years: four digits that stand alone after a space, of a time in which there were papers.
fn years(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let digits = |at: usize| bytes[at..at + 4].iter().all(u8::is_ascii_digit);
    let all = (1..bytes.len().saturating_sub(3)).filter(|&at| {
        bytes[at - 1] == b' '
            && digits(at)
            && matches!(&bytes[at..at + 2], b"17" | b"18" | b"19" | b"20")
            && bytes
                .get(at + 4)
                .is_none_or(|b| matches!(b, b',' | b'.' | b' ' | b')'))
    });
    all.map(|at| (at, at + 4)).collect()
}

/// The text before the authors at its end, and these.
fn split_authors(text: &str) -> (&str, &str) {
    let mut begin = text.len();
    // From the end, as long as what stands between two commas is a name.
    for (at, piece) in pieces(text).into_iter().rev() {
        let trimmed = piece.trim_start();
        let lead = piece.len() - trimmed.len();
        let name = ["and ", "after ", "in ", "see "]
            .into_iter()
            .find_map(|word| Some(trimmed.len() - trimmed.strip_prefix(word)?.len()));
        let skipped = name.unwrap_or(0);
        if !is_names(trimmed[skipped..].trim()) {
            break;
        }
        begin = at + lead + skipped;
        if skipped > 0 {
            break;
        }
    }
    text.split_at(begin)
}

/// The pieces between commas, with their places.
fn pieces(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let place = |piece| {
        let here = at;
        at += str::len(piece) + 1;
        (here, piece)
    };
    text.split(',').map(place).collect()
}

/// Returns whether a text is a name, or names joined by `&`: words with capitals, particles, initials.
fn is_names(text: &str) -> bool {
    const SMALL: [&str; 9] = ["van", "von", "de", "der", "den", "di", "et", "al.", "&"];
    let mut any = false;
    let fine = text.split_whitespace().all(|word| {
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let letters = word
            .chars()
            .all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'));
        any |= capital;
        capital && letters || SMALL.contains(&word)
    });
    any && fine
}

/// The names of authors, and whether there are others.
fn names(text: &str) -> (Vec<String>, bool) {
    let text = text.trim().trim_end_matches(',');
    let (text, others) = match text.strip_suffix("et al.") {
        Some(first) => (first.trim().trim_end_matches(','), true),
        None => (text, false),
    };
    let mut names: Vec<String> = Vec::new();
    for name in text
        .split([',', '&'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let initials = name.split_whitespace().all(|word| word.ends_with('.'));
        match names.last_mut() {
            Some(last) if initials => *last = format!("{last}, {name}"),
            _ => names.push(name.to_owned()),
        }
    }
    (names, others)
}

/// Enters what follows the year.
fn place(source: &mut Source, text: &str) {
    let mut rest: Vec<&str> = Vec::new();
    for piece in text.split(", ") {
        let piece = piece.trim().trim_start_matches([',', '.', ')']);
        let piece = piece.trim_end_matches([',', '.']).trim();
        // A bracket that was opened earlier, and not that of a journal's number.
        let piece = match piece.strip_suffix(')') {
            Some(bare) if !bare.contains('(') => bare.trim_end(),
            _ => piece,
        };
        let number = |prefix: &str| {
            let start = piece.to_ascii_lowercase().find(prefix)? + prefix.len();
            let number = piece.get(start..)?.split_whitespace().next()?;
            (!number.is_empty()).then(|| number.trim_end_matches(['.', ')']).to_owned())
        };
        if let Some(id) = number("arxiv:") {
            source.arxiv = Some(id);
        } else if let Some(id) = number("doi:").or_else(|| number("doi.org/")) {
            source.doi = Some(id);
        } else if !matches!(piece, "" | "and" | "after") && !(piece.starts_with('(') && rest.is_empty()) {
            rest.push(piece);
        }
    }
    source.place = rest.join(", ");
}
