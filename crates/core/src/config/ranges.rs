//! Checks a value against the schema of its type: bounds of numbers, lengths and words, in nested tables and lists too.
//!
//! The value has the type, so its form is always valid. Of several forms that a schema offers, the value is checked against the
//! one that it has.

use super::bounds::Bounds;
use super::value::Value;
use crate::config_error::ConfigError;
use serde_json::Value as Json;

/// Checks a value against the schema of its type.
pub(super) fn check(schema: &Json, value: &Value) -> Result<(), ConfigError> {
    Walk { root: schema }.value(schema, value, "")
}

struct Walk<'s> {
    root: &'s Json,
}

impl<'s> Walk<'s> {
    /// Resolves a reference into the definitions.
    fn resolve(&self, schema: &'s Json) -> &'s Json {
        let target = schema.get("$ref").and_then(Json::as_str);
        let target = target.and_then(|r| r.strip_prefix('#'));
        target.and_then(|at| self.root.pointer(at)).unwrap_or(schema)
    }

    fn value(&self, schema: &'s Json, value: &Value, at: &str) -> Result<(), ConfigError> {
        if *value == Value::Nothing {
            return Ok(());
        }
        itself(schema, value, at)?;
        let full = self.resolve(schema);
        if !std::ptr::eq(full, schema) {
            return self.value(full, value, at);
        }
        // A registered item is checked against its own schema.
        if schema.get("x-registry").is_some() {
            return Ok(());
        }
        if let Some(forms) = forms(schema) {
            let mut all = Vec::new();
            self.flat(forms, &mut all);
            return self.one_of(&all, value, at);
        }
        match value {
            Value::Table(entries) => entries.iter().try_for_each(|(key, value)| {
                let at = if at.is_empty() {
                    key.clone()
                } else {
                    format!("{at}.{key}")
                };
                match schema.get("properties").and_then(|p| p.get(key)) {
                    Some(schema) => self.value(schema, value, &at),
                    None => match schema.get("additionalProperties") {
                        Some(each @ Json::Object(_)) => self.value(each, value, &at),
                        _ => finite(value, &at),
                    },
                }
            }),
            Value::List(items) => items.iter().enumerate().try_for_each(|(i, item)| {
                let at = format!("{at}[{i}]");
                let own = schema.get("prefixItems").and_then(|all| all.get(i));
                match own.or_else(|| schema.get("items")) {
                    Some(each) => self.value(each, item, &at),
                    None => finite(item, &at),
                }
            }),
            _ => Ok(()),
        }
    }

    /// The alternatives of a choice, including those of nested choices.
    fn flat(&self, forms: &'s [Json], all: &mut Vec<&'s Json>) {
        for form in forms.iter().map(|form| self.resolve(form)) {
            match self::forms(form) {
                Some(nested) => self.flat(nested, all),
                None => all.push(form),
            }
        }
    }

    fn one_of(&self, forms: &[&'s Json], value: &Value, at: &str) -> Result<(), ConfigError> {
        match forms.iter().find(|form| has_form(form, value)) {
            Some(form) => self.value(form, value, at),
            None => {
                let words: Vec<String> = forms.iter().flat_map(|form| words(form)).collect();
                match value {
                    Value::Text(_) if !words.is_empty() => Err(one_of_words(at, value, &words)),
                    other => finite(other, at),
                }
            }
        }
    }
}

fn forms(schema: &Json) -> Option<&[Json]> {
    let found = ["oneOf", "anyOf"].iter().find_map(|word| schema.get(word));
    found.and_then(Json::as_array).map(Vec::as_slice)
}

/// Returns whether a value has this form: by type, by word, and for tables by their tag or their required keys.
fn has_form(form: &Json, value: &Value) -> bool {
    let typed = |name: &str| match form.get("type") {
        Some(Json::String(one)) => one == name,
        Some(Json::Array(several)) => several.iter().any(|t| t == name),
        _ => false,
    };
    match value {
        Value::Nothing => typed("null"),
        Value::Truth(_) => typed("boolean"),
        Value::Whole(_) => typed("integer") || typed("number"),
        Value::Single(_) | Value::Double(_) => typed("number"),
        Value::Text(text) => {
            let words = words(form);
            if words.is_empty() {
                typed("string")
            } else {
                words.contains(&format!("{text:?}"))
            }
        }
        Value::List(_) => typed("array"),
        Value::Table(_) => {
            let needed = form.get("required").and_then(Json::as_array);
            let there = |key: &Json| key.as_str().is_some_and(|key| value.get(key).is_some());
            let properties = form.get("properties").and_then(Json::as_object);
            let tagged =
                |(key, property): (&String, &Json)| match property.get("const").and_then(Json::as_str) {
                    Some(tag) => matches!(value.get(key), Some(Value::Text(text)) if text == tag),
                    None => true,
                };
            typed("object")
                && needed.into_iter().flatten().all(there)
                && properties.into_iter().flatten().all(tagged)
        }
    }
}

/// The words, or whole numbers, that a schema allows; empty if any is allowed.
fn words(schema: &Json) -> Vec<String> {
    let several = schema.get("enum").and_then(Json::as_array);
    several
        .into_iter()
        .flatten()
        .chain(schema.get("const"))
        .map(Json::to_string)
        .collect()
}

fn one_of_words(at: &str, value: &Value, words: &[String]) -> ConfigError {
    let range = match words {
        [one] => one.clone(),
        [a, b] => format!("{a} or {b}"),
        more => format!("one of {}", more.join(", ")),
    };
    ConfigError::new(at, value, range)
}

/// Checks a value against the part of the schema that concerns it alone.
fn itself(schema: &Json, value: &Value, at: &str) -> Result<(), ConfigError> {
    let bounds = Bounds::of(schema);
    let allowed = words(schema);
    let refused = match value {
        Value::Single(v) => !(v.is_finite() && bounds.contain_single(*v)),
        Value::Double(v) => !(v.is_finite() && bounds.contain(*v)),
        Value::Whole(v) => {
            if !allowed.is_empty() && !allowed.contains(&v.to_string()) {
                return Err(one_of_words(at, value, &allowed));
            }
            !bounds.contain(*v as f64)
        }
        Value::Text(text) => {
            if !allowed.is_empty() && !allowed.contains(&format!("{text:?}")) {
                return Err(one_of_words(at, value, &allowed));
            }
            return long_enough(
                schema,
                ["minLength", "maxLength"],
                "characters",
                text.chars().count(),
                value,
                at,
            );
        }
        Value::List(items) => {
            return long_enough(
                schema,
                ["minItems", "maxItems"],
                "in the list",
                items.len(),
                value,
                at,
            );
        }
        Value::Nothing | Value::Truth(_) | Value::Table(_) => false,
    };
    if refused {
        let float = !matches!(value, Value::Whole(_));
        return Err(ConfigError::new(at, value, bounds.demand(float)));
    }
    Ok(())
}

fn long_enough(
    schema: &Json,
    keys: [&str; 2],
    of: &str,
    length: usize,
    value: &Value,
    at: &str,
) -> Result<(), ConfigError> {
    let [least, most] = keys.map(|key| schema.get(key).and_then(Json::as_u64));
    let length = length as u64;
    let range = match (least, most) {
        (Some(least), _) if length < least => format!("at least {least} {of}"),
        (_, Some(most)) if length > most => format!("at most {most} {of}"),
        _ => return Ok(()),
    };
    let said = if length == 0 {
        "empty".to_string()
    } else {
        value.to_string()
    };
    Err(ConfigError::new(at, said, range))
}

/// Checks that values without a schema are finite too.
fn finite(value: &Value, at: &str) -> Result<(), ConfigError> {
    match value {
        Value::Table(entries) => entries
            .iter()
            .try_for_each(|(key, value)| finite(value, &format!("{at}.{key}"))),
        Value::List(items) => items
            .iter()
            .enumerate()
            .try_for_each(|(i, item)| finite(item, &format!("{at}[{i}]"))),
        other => itself(&Json::Null, other, at),
    }
}
