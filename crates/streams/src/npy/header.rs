//! The header of an NPY file: a Python dictionary with three keys.

use super::NpyErrorKind;
use std::io::Read;

const MAGIC: [u8; 6] = *b"\x93NUMPY";
/// The maximum length of a header. NumPy's own have about a hundred bytes.
const LONGEST: u64 = 1 << 16;

/// The content of a header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) descr: String,
    pub(super) fortran: bool,
    pub(super) shape: Vec<usize>,
}

impl Header {
    pub(super) fn read(input: &mut impl Read) -> Result<Self, NpyErrorKind> {
        let mut begin = [0; 8];
        input.read_exact(&mut begin)?;
        if begin[..6] != MAGIC {
            return Err(NpyErrorKind::Magic);
        }
        if begin[7] != 0 {
            return Err(refused(format!(
                "it has version {}.{} of the format",
                begin[6], begin[7]
            )));
        }
        let mut length = [0; 4];
        let width = match begin[6] {
            1 => 2,
            2 | 3 => 4,
            found => return Err(NpyErrorKind::Version { found }),
        };
        input.read_exact(&mut length[..width])?;
        let length = u64::from(u32::from_le_bytes(length));
        if length > LONGEST {
            return Err(refused(format!("it claims {length} bytes")));
        }
        let mut text = Vec::new();
        input.take(length).read_to_end(&mut text)?;
        if (text.len() as u64) < length {
            return Err(refused(format!(
                "it ends after {} of its {length} bytes",
                text.len()
            )));
        }
        let text = String::from_utf8(text).map_err(|_| refused("it is not text".into()))?;
        parse(&text).map_err(refused)
    }
}

fn refused(reason: String) -> NpyErrorKind {
    NpyErrorKind::Header { reason }
}

/// Parses `{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }`, keys in any order.
fn parse(text: &str) -> Result<Header, String> {
    let mut rest = Rest(text);
    let (mut descr, mut fortran, mut shape) = (None, None, None);
    rest.expect('{')?;
    while !rest.take('}') {
        let key = rest.quoted()?;
        rest.expect(':')?;
        let given = match key {
            "descr" => descr.is_some(),
            "fortran_order" => fortran.is_some(),
            _ => key == "shape" && shape.is_some(),
        };
        if given {
            return Err(format!("it has `{key}` twice"));
        }
        match key {
            "descr" => descr = Some(rest.quoted().map_err(|_| "`descr` is not one type of entry")?),
            "fortran_order" => fortran = Some(rest.truth()?),
            "shape" => shape = Some(rest.lengths()?),
            _ => return Err("it has a key that is not `descr`, `fortran_order` or `shape`".into()),
        }
        if !rest.take(',') {
            rest.expect('}')?;
            break;
        }
    }
    if !rest.0.trim_matches([' ', '\n']).is_empty() {
        return Err("something follows its dictionary".into());
    }
    let lacks = |key| format!("it lacks `{key}`");
    Ok(Header {
        descr: descr.ok_or_else(|| lacks("descr"))?.to_owned(),
        fortran: fortran.ok_or_else(|| lacks("fortran_order"))?,
        shape: shape.ok_or_else(|| lacks("shape"))?,
    })
}

/// The remaining text.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// Returns whether the next character is `next`, and skips it if so.
    fn take(&mut self, next: char) -> bool {
        self.0 = self.0.trim_start();
        match self.0.strip_prefix(next) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, next: char) -> Result<(), String> {
        if self.take(next) {
            return Ok(());
        }
        Err(format!(
            "a `{next}` is missing {} bytes before its end",
            self.0.len()
        ))
    }

    fn quoted(&mut self) -> Result<&'a str, String> {
        self.0 = self.0.trim_start();
        let quote = self.0.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let quote = quote.ok_or("a quoted word is missing")?;
        let (word, rest) = self.0[1..]
            .split_once(quote)
            .ok_or("a quoted word does not end")?;
        self.0 = rest;
        Ok(word)
    }

    fn truth(&mut self) -> Result<bool, String> {
        self.0 = self.0.trim_start();
        for (word, value) in [("True", true), ("False", false)] {
            if let Some(rest) = self.0.strip_prefix(word) {
                self.0 = rest;
                return Ok(value);
            }
        }
        Err("`fortran_order` is neither True nor False".into())
    }

    /// Parses `(3, 4)`, `(3,)` or `()`.
    fn lengths(&mut self) -> Result<Vec<usize>, String> {
        self.expect('(')?;
        let mut lengths = Vec::new();
        while !self.take(')') {
            self.0 = self.0.trim_start();
            let digits = self.0.len() - self.0.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, rest) = self.0.split_at(digits);
            lengths.push(
                number
                    .parse()
                    .map_err(|_| "`shape` has an entry that is no length")?,
            );
            self.0 = rest;
            if lengths.len() > 32 {
                return Err("`shape` has more than 32 axes".into());
            }
            if !self.take(',') {
                self.expect(')')?;
                break;
            }
        }
        Ok(lengths)
    }
}

/// Encodes a file of version 1, with NumPy's padding.
pub(super) fn write(descr: &str, fortran: bool, shape: &[usize], raw: &[u8]) -> Vec<u8> {
    let (order, comma) = (
        if fortran { "True" } else { "False" },
        if shape.len() == 1 { "," } else { "" },
    );
    let lengths: Vec<_> = shape.iter().map(usize::to_string).collect();
    let mut text = format!(
        "{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({}{comma}), }}",
        lengths.join(", ")
    );
    while (10 + text.len() + 1) % 64 != 0 {
        text.push(' ');
    }
    text.push('\n');
    let length = (text.len() as u16).to_le_bytes();
    [&MAGIC[..], &[1, 0], &length, text.as_bytes(), raw].concat()
}
