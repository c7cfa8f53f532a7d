//! The reader of a run's record log: strict, because half a number still looks like a number.

use dentate_core::record::{HEADER, Law, Reach, Record, known};
use std::borrow::Cow;
use thiserror::Error;

/// A record and its position.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The line it began on, from 1.
    pub(crate) line: u32,
    pub(crate) record: Record,
}

/// A record log that is invalid. Lines count from 1.
#[derive(Clone, Debug, Error, PartialEq)]
pub(crate) enum LogError {
    /// It has no line.
    #[error("the record log is empty")]
    Empty,
    /// The first line is not the header.
    #[error("line 1 is {found:?} where the header `{HEADER}` belongs")]
    Header {
        /// The text found instead.
        found: String,
    },
    /// The last line is not terminated.
    #[error("line {line} is cut off")]
    Cut {
        /// The line.
        line: u32,
    },
    /// Too few or too many fields.
    #[error("line {line} has {found} fields where 6 belong")]
    Fields {
        /// The line.
        line: u32,
        /// The number found.
        found: usize,
    },
    /// A field is not a number of the required kind.
    #[error("line {line}: {field} {found:?} is not a number of its kind")]
    Number {
        /// The line.
        line: u32,
        /// The field.
        field: &'static str,
        /// The text found instead.
        found: String,
    },
    /// A value that its metric cannot have.
    #[error("line {line}: {metric} {value} is not {range}")]
    Range {
        /// The line.
        line: u32,
        /// The metric.
        metric: String,
        /// The value.
        value: f64,
        /// The range of its values.
        range: &'static str,
    },
    /// A record that no run on its stream can have written there.
    #[error("line {line}: {what}")]
    Unlawful {
        /// The line.
        line: u32,
        /// One sentence.
        what: String,
    },
    /// Two values of a quantity that is measured once.
    #[error(
        "line {line} contradicts line {first}: {metric} was measured once there, and is {value} and {second}"
    )]
    Contradiction {
        /// The second line.
        line: u32,
        /// The first.
        first: u32,
        /// The metric.
        metric: String,
        /// The first value.
        value: f64,
        /// The second.
        second: f64,
    },
    /// It is not UTF-8.
    #[error("it is not UTF-8 text")]
    NotText,
    /// It has more bytes than the limit.
    #[error("it has {bytes} bytes, and at most {LONGEST} are read")]
    TooLong {
        /// The number of bytes.
        bytes: u64,
    },
    /// It has a header and no record.
    #[error("the record log has no record")]
    NoRecord,
}

/// The largest size of a log in bytes: a run at default detail writes some hundred thousand.
pub(crate) const LONGEST: u64 = 1 << 30;

/// Read the bytes of the whole log of a run on a stream of this reach. The records can be used in computations: no experience,
/// task or step is beyond the stream.
///
/// # Errors
/// [`LogError`] for the first invalid line.
pub(crate) fn from_bytes(bytes: &[u8], reach: Reach) -> Result<Vec<Entry>, LogError> {
    let entries = parse(std::str::from_utf8(bytes).map_err(|_| LogError::NotText)?)?;
    let mut law = Law::of(reach);
    for Entry { line, record } in &entries {
        let line = *line;
        law.check(record)
            .map_err(|what| LogError::Unlawful { line, what })?;
    }
    contradiction(&entries).map_or(Ok(()), Err)?;
    Ok(entries)
}

/// The first line with a different value of a quantity that is measured once.
fn contradiction(entries: &[Entry]) -> Option<LogError> {
    let mut single: Vec<&Entry> = entries.iter().filter(|e| once(&e.record.metric)).collect();
    single.sort_by(|a, b| key(a).cmp(&key(b)));
    let same = |pair: &&[&Entry]| {
        let (a, b) = (pair[0], pair[1]);
        key(a) == key(b) && a.record.value.to_bits() != b.record.value.to_bits()
    };
    let pairs = single.windows(2).filter(same);
    let pair = pairs.min_by_key(|pair| pair[1].line)?;
    Some(LogError::Contradiction {
        line: pair[1].line,
        first: pair[0].line,
        metric: pair[0].record.metric.clone(),
        value: pair[0].record.value,
        second: pair[1].record.value,
    })
}

/// Numbers first, which are compared faster than names.
fn key(entry: &Entry) -> (u32, Option<u32>, &str, Option<&str>) {
    let record = &entry.record;
    let item = record.item.as_deref();
    (record.experience, record.task, &record.metric, item)
}

/// Read a whole log.
///
/// # Errors
/// [`LogError`] for the first invalid line.
pub(crate) fn parse(text: &str) -> Result<Vec<Entry>, LogError> {
    if text.is_empty() {
        return Err(LogError::Empty);
    }
    let mut reader = Reader { rest: text, line: 1 };
    let header = text.lines().next().unwrap_or_default();
    if header != HEADER {
        return Err(LogError::Header {
            found: header.chars().take(60).collect(),
        });
    }
    let mut fields = Vec::new();
    reader.row(&mut fields)?;
    // A line has some forty bytes.
    let mut entries = Vec::with_capacity(text.len() / 40);
    while !reader.rest.is_empty() {
        let line = reader.line;
        reader.row(&mut fields)?;
        entries.push(Entry {
            line,
            record: record(line, &fields)?,
        });
    }
    entries.shrink_to_fit();
    if entries.is_empty() {
        Err(LogError::NoRecord)
    } else {
        Ok(entries)
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: u32,
}

impl<'a> Reader<'a> {
    /// Reads the fields of the next row.
    fn row(&mut self, fields: &mut Vec<Cow<'a, str>>) -> Result<(), LogError> {
        fields.clear();
        match self.rest.split_once('\n') {
            // Nearly every row is one line, and its fields are as they stand there.
            Some((line, rest)) if !line.contains(['"', '\r']) => {
                fields.extend(line.split(',').map(Cow::Borrowed));
                self.rest = rest;
                self.line += 1;
                Ok(())
            }
            _ => self.quoted_row(fields),
        }
    }

    /// The same of a row in which a quoted field may contain commas, quotes (doubled) and line ends.
    fn quoted_row(&mut self, fields: &mut Vec<Cow<'a, str>>) -> Result<(), LogError> {
        let start = self.line;
        let (mut field, mut quoted) = (String::new(), false);
        let mut chars = self.rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    chars.next();
                    field.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(Cow::Owned(std::mem::take(&mut field))),
                '\n' if !quoted => {
                    fields.push(Cow::Owned(field));
                    self.rest = &self.rest[at + 1..];
                    self.line += 1;
                    return Ok(());
                }
                '\r' if !quoted => {}
                c => {
                    self.line += u32::from(c == '\n');
                    field.push(c);
                }
            }
        }
        Err(LogError::Cut { line: start })
    }
}

fn record(line: u32, fields: &[Cow<'_, str>]) -> Result<Record, LogError> {
    let found = fields.len();
    let [metric, experience, step, task, item, value] = fields else {
        return Err(LogError::Fields { line, found });
    };
    let task = if task.is_empty() {
        None
    } else {
        Some(number(line, "task", task)?)
    };
    let record = Record {
        experience: number(line, "experience", experience)?,
        step: number(line, "step", step)?,
        task,
        item: (!item.is_empty()).then(|| item.clone().into_owned()),
        value: number(line, "value", value)?,
        metric: metric.clone().into_owned(),
    };
    in_range(line, &record)?;
    Ok(record)
}

fn number<T: std::str::FromStr>(line: u32, field: &'static str, text: &str) -> Result<T, LogError> {
    text.parse().map_err(|_| LogError::Number {
        line,
        field,
        found: text.chars().take(40).collect(),
    })
}

/// Returns whether a second, different value of a record contradicts the first.
fn once(metric: &str) -> bool {
    known(metric).is_some_and(|known| known.once)
}

fn in_range(line: u32, record: &Record) -> Result<(), LogError> {
    let range = known(&record.metric).and_then(|known| known.range);
    match range.filter(|range| !range.holds(record.value)) {
        Some(range) => Err(LogError::Range {
            line,
            metric: record.metric.clone(),
            value: record.value,
            range: range.words(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
