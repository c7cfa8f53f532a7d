//! The settings of a type, read off its schema.

use dentate_core::config::Bounds;
use serde_json::Value as Json;
use std::fmt::Write;

pub(super) mod forms;

/// A table of settings: name, type, default, meaning.
pub(super) fn table(schema: &Json) -> String {
    let rows = rows(schema, schema, "");
    if rows.is_empty() {
        return "It has no settings.\n\n".into();
    }
    format!("Settings: name, type, default, meaning\n\n{}\n", aligned(&rows))
}

/// Rows as aligned lines.
pub(super) fn aligned(rows: &[[String; 4]]) -> String {
    let wide = |column: usize| {
        let widths = rows.iter().map(|row| row[column].chars().count());
        widths.max().unwrap_or(0)
    };
    let (first, second, third) = (wide(0), wide(1).min(40), wide(2).min(30));
    let mut out = String::new();
    for [key, kind, default, meaning] in rows {
        let _ = writeln!(out, "  {key:first$}  {kind:second$}  {default:third$}  {meaning}");
    }
    out
}

/// The settings of a table; those of the tables in a list stand behind the list, under its name. The tag of a form is none.
pub(crate) fn rows(root: &Json, schema: &Json, within: &str) -> Vec<[String; 4]> {
    let mut rows = Vec::new();
    let properties = schema.get("properties").and_then(Json::as_object);
    for (key, property) in properties.into_iter().flatten() {
        if property.get("const").is_some() {
            continue;
        }
        rows.push(row(root, schema, key, property, within));
        if let Some(items) = property.get("items") {
            let within = format!("{within}{key}.");
            rows.extend(self::rows(root, resolve(root, items), &within));
        }
    }
    rows
}

/// One setting of a table.
pub(super) fn row(root: &Json, schema: &Json, key: &str, property: &Json, within: &str) -> [String; 4] {
    let meaning = property.get("description").and_then(Json::as_str);
    let default = match property.get("default") {
        None if needed(schema, key) => "(required)".into(),
        None | Some(Json::Null) => "(none)".into(),
        Some(value) => written(value),
    };
    [
        format!("{within}{key}"),
        ranged(root, property),
        default,
        meaning.unwrap_or_default().replace('\n', " "),
    ]
}

fn needed(schema: &Json, key: &str) -> bool {
    let required = schema.get("required").and_then(Json::as_array);
    required.is_some_and(|keys| keys.iter().any(|k| k == key))
}

/// The required settings, each with a value of a valid form.
pub(super) fn required(schema: &Json) -> Vec<(String, String)> {
    required_of(schema, schema)
}

/// The same of a table within.
fn required_of(root: &Json, schema: &Json) -> Vec<(String, String)> {
    let properties = schema.get("properties").and_then(Json::as_object);
    let keys = properties
        .into_iter()
        .flatten()
        .filter(|(key, _)| needed(schema, key));
    keys.map(|(key, property)| (key.clone(), some_value(root, property)))
        .collect()
}

pub(super) fn resolve<'s>(root: &'s Json, schema: &'s Json) -> &'s Json {
    let target = schema
        .get("$ref")
        .and_then(Json::as_str)
        .and_then(|r| r.strip_prefix('#'));
    target.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema)
}

fn some_value(root: &Json, property: &Json) -> String {
    let property = resolve(root, property);
    if property.get("x-registry").is_some() {
        let tag = property
            .pointer("/required/0")
            .and_then(Json::as_str)
            .unwrap_or("name");
        let first = ["examples", "enum"]
            .iter()
            .find_map(|among| property.pointer(&format!("/properties/{tag}/{among}/0")))
            .and_then(Json::as_str);
        return format!("{{ {tag} = \"{}\" }}", first.unwrap_or("…"));
    }
    if let Some(example) = property.pointer("/examples/0") {
        // Words, numbers and lists of them are written alike in JSON and TOML.
        return example.to_string().replace(",", ", ");
    }
    let words = words(root, property);
    match (words.first(), property.get("type").and_then(Json::as_str)) {
        (Some(word), _) => format!("\"{word}\""),
        (None, Some("integer")) => "5".into(),
        (None, Some("number")) => "1.0".into(),
        (None, Some("boolean")) => "true".into(),
        (None, Some("array")) => {
            let item = property.get("items").map(|items| some_value(root, items));
            format!("[{}]", item.unwrap_or_default())
        }
        (None, Some("object")) if property.get("properties").is_some() => {
            let needed = required_of(root, property);
            let entries = needed.iter().map(|(key, value)| format!("{key} = {value}"));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        _ => "\"…\"".into(),
    }
}

/// The words that a schema allows; none for any.
pub(super) fn words(root: &Json, schema: &Json) -> Vec<String> {
    let forms = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|key| schema.get(key).and_then(Json::as_array))
        .flatten();
    let inner = forms.flat_map(|form| words(root, resolve(root, form)));
    let several = schema.get("enum").and_then(Json::as_array).into_iter().flatten();
    let own = several
        .chain(schema.get("const"))
        .filter_map(Json::as_str)
        .map(String::from);
    own.chain(inner).collect()
}

/// A type in words, with its bounds.
pub(super) fn ranged(root: &Json, property: &Json) -> String {
    let kind = type_of(root, property);
    let whole = kind.starts_with("whole");
    match Bounds::of(resolve(root, property)).words(whole) {
        Some(range) => format!("{kind}, {range}"),
        None => kind,
    }
}

/// The forms of a value that may have one of several: words, tables of one key, tables told apart by a tag.
fn choices(root: &Json, schema: &Json) -> Vec<String> {
    let mut choices = words(root, schema);
    let all = forms::of(root, schema);
    let tables: Vec<&Json> = all
        .into_iter()
        .filter(|form| form.get("properties").is_some())
        .collect();
    if let Some((tag, words)) = forms::tag(&tables).filter(|_| tables.len() > 1) {
        choices = vec![format!("{{ {tag} = {}, … }}", words.join(" | "))];
    } else if tables.len() > 1 || !choices.is_empty() {
        let keys = tables
            .iter()
            .filter_map(|form| form.pointer("/required/0")?.as_str());
        choices.extend(keys.map(|key| format!("{{ {key} = … }}")));
    }
    choices
}

/// A type in words.
fn type_of(root: &Json, property: &Json) -> String {
    // A setting may allow fewer words than its type has.
    if let (true, Some(own)) = (property.get("$ref").is_some(), property.get("enum")) {
        let own = own.as_array().into_iter().flatten().filter_map(Json::as_str);
        return own.collect::<Vec<_>>().join(" | ");
    }
    let property = resolve(root, property);
    if let Some(kind) = property.get("x-registry").and_then(Json::as_str) {
        let kind = if kind == "data" { "data set" } else { kind };
        let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "an"
        } else {
            "a"
        };
        return format!("{article} {kind}");
    }
    let choices = choices(root, property);
    if !choices.is_empty() {
        return choices.join(" | ");
    }
    let types = match property.get("type") {
        Some(Json::String(one)) => vec![one.as_str()],
        Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
        _ => vec!["object"],
    };
    let word = |kind: &str| match kind {
        "integer" => "whole number",
        "number" => "number",
        "boolean" => "true or false",
        "string" => "text",
        "array" => "list",
        _ => "table",
    };
    let types: Vec<&str> = types.into_iter().filter(|t| *t != "null").map(word).collect();
    types.join(" or ")
}

/// A default as TOML writes it.
fn written(value: &Json) -> String {
    match value {
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| format!("{key} = {}", written(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Json::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        // Single precision, widened on its way through the schema, has digits that nobody wrote.
        Json::Number(n) if n.is_f64() => n.as_f64().map_or_else(String::new, |v| {
            let narrow = v as f32;
            if f64::from(narrow) == v {
                format!("{narrow:?}")
            } else {
                format!("{v:?}")
            }
        }),
        other => other.to_string(),
    }
}
