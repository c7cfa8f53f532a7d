//! Checks of a suite's tables, each of which knows the place it is about.

use super::error::{SuiteError, meant};
use super::{Evaluation, registered};
use dentate_core::registry::{self, Kind};
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Where in a suite something stands.
#[derive(Clone, Debug)]
pub(super) struct Place {
    file: PathBuf,
    place: String,
}

impl Place {
    pub(super) fn new(file: &Path, place: &str) -> Self {
        Self {
            file: file.into(),
            place: place.into(),
        }
    }

    pub(super) fn inside(&self, table: &str) -> Self {
        Self {
            place: format!("{}, {table}", self.place),
            ..self.clone()
        }
    }

    pub(super) fn range(&self, key: &str, value: &Value, range: &str) -> SuiteError {
        let (file, place, key) = (self.file.clone(), self.place.clone(), key.into());
        SuiteError::Range {
            file,
            place,
            key,
            value: value.to_string(),
            range: range.into(),
        }
    }

    pub(super) fn refused(&self, message: impl Into<String>) -> SuiteError {
        SuiteError::Refused {
            file: self.file.clone(),
            place: self.place.clone(),
            message: message.into(),
        }
    }

    pub(super) fn unknown_value<'a>(
        &self,
        key: &str,
        value: &str,
        known: impl Iterator<Item = &'a str> + Clone,
    ) -> SuiteError {
        SuiteError::Value {
            file: self.file.clone(),
            place: self.place.clone(),
            key: key.into(),
            value: value.into(),
            suggestion: meant(value, known.clone()),
            known: known.collect::<Vec<_>>().join(", "),
        }
    }

    fn missing(&self, key: &str) -> SuiteError {
        SuiteError::Missing {
            file: self.file.clone(),
            place: self.place.clone(),
            key: key.into(),
        }
    }
}

/// Refuse keys that are not known.
pub(super) fn keys<'a>(
    place: &Place,
    table: &Table,
    known: impl Iterator<Item = &'a str> + Clone,
) -> Result<(), SuiteError> {
    for key in table.keys() {
        if !known.clone().any(|k| k == key) {
            return Err(SuiteError::Key {
                file: place.file.clone(),
                place: place.place.clone(),
                key: key.clone(),
                suggestion: meant(key, known.clone()),
                known: known.collect::<Vec<_>>().join(", "),
            });
        }
    }
    Ok(())
}

/// Check a table whose type is named by its `tag`: the name against the registry, the keys against that type's schema.
/// `more` are keys that the suite itself understands there.
pub(super) fn tagged(
    place: &Place,
    table: &Table,
    tag: &str,
    kind: Kind,
    more: &[&str],
) -> Result<(), SuiteError> {
    let name = match table.get(tag) {
        None => return Err(place.missing(tag)),
        Some(Value::String(name)) => name,
        Some(other) => return Err(place.range(tag, other, "a name in quotes")),
    };
    let Some(entry) = registry::find(kind, name) else {
        return Err(place.unknown_value(tag, name, registered(kind).into_iter()));
    };
    let schema = (entry.schema)();
    let properties = schema
        .as_object()
        .and_then(|o| o.get("properties"))
        .and_then(|p| p.as_object());
    let mut known: Vec<&str> = vec![tag];
    known.extend(properties.into_iter().flat_map(|p| p.keys()).map(String::as_str));
    let mine: Table = table
        .iter()
        .filter(|(k, _)| !more.contains(&k.as_str()))
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    keys(place, &mine, known.into_iter())
}

/// Read a table into its type.
pub(super) fn read<T: DeserializeOwned>(place: &Place, table: Table) -> Result<T, SuiteError> {
    T::deserialize(Value::Table(table)).map_err(|e| {
        place.refused(
            e.message()
                .lines()
                .map(str::trim)
                .filter(|l| !l.is_empty())
                .collect::<Vec<_>>()
                .join(", "),
        )
    })
}

pub(super) fn string(place: &Place, table: &Table, key: &str) -> Result<Option<String>, SuiteError> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::String(s)) => Ok(Some(s.trim().to_string())),
        Some(other) => Err(place.range(key, other, "text in quotes")),
    }
}

pub(super) fn table<'a>(place: &Place, table: &'a Table, key: &str) -> Result<Option<&'a Table>, SuiteError> {
    match table.get(key) {
        None => Ok(None),
        Some(Value::Table(t)) => Ok(Some(t)),
        Some(other) => Err(place.range(key, other, "a table")),
    }
}

pub(super) fn tables<'a>(place: &Place, top: &'a Table, key: &str) -> Result<Vec<&'a Table>, SuiteError> {
    match top.get(key) {
        None => Err(place.missing(&format!("[[{key}]]"))),
        Some(Value::Array(all)) => all
            .iter()
            .map(|v| {
                v.as_table()
                    .ok_or_else(|| place.range(key, v, "a table, written [[…]]"))
            })
            .collect(),
        Some(other) => Err(place.range(key, other, "a list of tables, written [[…]]")),
    }
}

/// The name of a stream or method, which has to be new and fit for a file name and a column head.
pub(super) fn name<'a>(
    file: &Path,
    what: &str,
    table: &Table,
    mut taken: impl Iterator<Item = &'a str>,
) -> Result<(String, Place), SuiteError> {
    let place = Place::new(file, &format!("[[{what}]]"));
    let Some(name) = string(&place, table, "name")? else {
        return Err(place.missing("name"));
    };
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(fine) {
        let value = Value::String(name);
        return Err(place.range("name", &value, "lower-case letters, digits and dashes"));
    }
    if taken.any(|t| t == name) {
        return Err(place.refused(format!("the name `{name}` stands twice")));
    }
    let place = Place::new(file, &format!("{what} `{name}`"));
    Ok((name, place))
}

/// A list of names out of `known`.
pub(super) fn names(
    place: &Place,
    table: &Table,
    key: &str,
    known: &[&str],
) -> Result<Option<Vec<String>>, SuiteError> {
    let Some(value) = table.get(key) else {
        return Ok(None);
    };
    let Some(list) = value.as_array() else {
        return Err(place.range(key, value, "a list of names"));
    };
    let mut found = Vec::new();
    for item in list {
        match item.as_str() {
            Some(name) if known.contains(&name) => found.push(name.to_string()),
            Some(name) => return Err(place.unknown_value(key, name, known.iter().copied())),
            None => return Err(place.range(key, item, "a name in quotes")),
        }
    }
    Ok(Some(found))
}

pub(super) fn evaluation(place: &Place, value: Option<&Value>) -> Result<Evaluation, SuiteError> {
    let Some(value) = value else {
        return Ok(Evaluation::default());
    };
    let Value::Table(table) = value else {
        return Err(place.range("evaluation", value, "a table"));
    };
    keys(place, table, ["batch", "points", "sample", "on"].into_iter())?;
    let evaluation: Evaluation = read(place, table.clone())?;
    for (key, v, least) in [("batch", evaluation.batch, 1), ("sample", evaluation.sample, 1)] {
        if v < least || v > 1 << 20 {
            return Err(place.range(key, &Value::Integer(v as i64), "from 1 to 1048576"));
        }
    }
    if evaluation.points > 1000 {
        return Err(place.range(
            "points",
            &Value::Integer(evaluation.points as i64),
            "at most 1000",
        ));
    }
    Ok(evaluation)
}
