//! The records of a finished run, read back: what another run needs of them. Their checksum says that they are as they were written, so
//! that this reader only has to undo the writing.

use dentate_core::record::{HEADER, Record};

/// Reads a whole log; the error is one sentence.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Record>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the record log is not UTF-8 text".to_string())?;
    let mut rest = text
        .strip_prefix(HEADER)
        .and_then(|rest| rest.strip_prefix('\n'))
        .ok_or("the record log has no header")?;
    let mut records = Vec::new();
    while !rest.is_empty() {
        let (fields, after) = row(rest).ok_or("the record log is cut off")?;
        let number = records.len() + 1;
        records.push(record(fields).ok_or_else(|| format!("record {number} of the log is none"))?);
        rest = after;
    }
    Ok(records)
}

/// The fields of the next row, and what stands behind it. A quoted field may hold commas, line ends and doubled quotes.
fn row(text: &str) -> Option<(Vec<String>, &str)> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if quoted && chars.next_if(|(_, next)| *next == '"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                fields.push(field);
                return Some((fields, &text[at + 1..]));
            }
            c => field.push(c),
        }
    }
    None
}

fn record(fields: Vec<String>) -> Option<Record> {
    let [metric, experience, step, task, item, value] = <[String; 6]>::try_from(fields).ok()?;
    let task = match task.as_str() {
        "" => None,
        number => Some(number.parse().ok()?),
    };
    Some(Record {
        metric,
        experience: experience.parse().ok()?,
        step: step.parse().ok()?,
        task,
        item: Some(item).filter(|item| !item.is_empty()),
        value: value.parse().ok()?,
    })
}

#[cfg(test)]
mod tests;
