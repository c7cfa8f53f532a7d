//! The record log of one run, read back: strict, because half a number still looks like a number.

use dentate_core::record::{HEADER, Record, metric};
use thiserror::Error;

/// A record and where it stood.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// The line it began on, from 1.
    pub(crate) line: u32,
    pub(crate) record: Record,
}

/// A record log that cannot be trusted. Lines count from 1.
#[derive(Clone, Debug, Error, PartialEq)]
pub(crate) enum LogError {
    /// It has no line at all.
    #[error("the record log is empty")]
    Empty,
    /// The first line is another one.
    #[error("line 1 is {found:?} where the header `{HEADER}` belongs")]
    Header {
        /// What stood there.
        found: String,
    },
    /// The last line has no end.
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
        /// There are.
        found: usize,
    },
    /// A field is not the number it should be.
    #[error("line {line}: {field} {found:?} is not a number of its kind")]
    Number {
        /// The line.
        line: u32,
        /// The field.
        field: &'static str,
        /// What stood there.
        found: String,
    },
    /// A value that its metric cannot take.
    #[error("line {line}: {metric} {value} is not {range}")]
    Range {
        /// The line.
        line: u32,
        /// The metric.
        metric: String,
        /// The value.
        value: f64,
        /// What it should be.
        range: &'static str,
    },
    /// It is not UTF-8.
    #[error("it is not UTF-8 text")]
    NotText,
    /// It has more bytes than are read.
    #[error("it has {bytes} bytes, and at most {LONGEST} are read")]
    TooLong {
        /// There are.
        bytes: u64,
    },
    /// It has a header and nothing else.
    #[error("the record log has no record")]
    NoRecord,
}

/// The most bytes of a log: a run at default detail writes some hundred thousand.
pub(crate) const LONGEST: u64 = 1 << 30;

/// Read the bytes of a whole log.
///
/// # Errors
/// [`LogError`], naming the first line that is wrong.
pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Vec<Entry>, LogError> {
    parse(std::str::from_utf8(bytes).map_err(|_| LogError::NotText)?)
}

/// Read a whole log.
///
/// # Errors
/// [`LogError`], naming the first line that is wrong.
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
    reader.row()?;
    let mut entries = Vec::new();
    while !reader.rest.is_empty() {
        let line = reader.line;
        let fields = reader.row()?;
        entries.push(Entry {
            line,
            record: record(line, fields)?,
        });
    }
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

impl Reader<'_> {
    /// The fields of the next row; a quoted field may hold commas, quotes (doubled) and line ends.
    fn row(&mut self) -> Result<Vec<String>, LogError> {
        let start = self.line;
        let (mut fields, mut field, mut quoted) = (Vec::with_capacity(6), String::new(), false);
        let mut chars = self.rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' if quoted && chars.peek().is_some_and(|(_, next)| *next == '"') => {
                    chars.next();
                    field.push('"');
                }
                '"' => quoted = !quoted,
                ',' if !quoted => fields.push(std::mem::take(&mut field)),
                '\n' if !quoted => {
                    fields.push(field);
                    self.rest = &self.rest[at + 1..];
                    self.line += 1;
                    return Ok(fields);
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

fn record(line: u32, fields: Vec<String>) -> Result<Record, LogError> {
    let found = fields.len();
    let Ok([metric, experience, step, task, item, value]) = <[String; 6]>::try_from(fields) else {
        return Err(LogError::Fields { line, found });
    };
    let task = if task.is_empty() {
        None
    } else {
        Some(number(line, "task", &task)?)
    };
    let record = Record {
        experience: number(line, "experience", &experience)?,
        step: number(line, "step", &step)?,
        task,
        item: (!item.is_empty()).then_some(item),
        value: number(line, "value", &value)?,
        metric,
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

/// A loss may diverge, and a plugin's metric is its own business; what the report computes with has to be sound.
fn in_range(line: u32, record: &Record) -> Result<(), LogError> {
    let value = record.value;
    let range = match record.metric.as_str() {
        metric::ACCURACY | metric::UNTRAINED | metric::STREAM_ACCURACY if !(0.0..=1.0).contains(&value) => {
            "between 0 and 1"
        }
        metric::TEST_ROWS
        | metric::PARAMETERS
        | metric::MULTIPLY_ADDS
        | metric::UNITS
        | metric::GROWTH
        | metric::UPDATES
        | metric::COMPUTE
        | metric::SOLVED
        | metric::HIDDEN_UNITS
        | metric::KNOWN_MINIMUM
        | metric::SQUARED_ERROR
            if !(value.is_finite() && value >= 0.0) =>
        {
            "finite and at least 0"
        }
        _ => return Ok(()),
    };
    Err(LogError::Range {
        line,
        metric: record.metric.clone(),
        value,
        range,
    })
}

#[cfg(test)]
mod tests;
