//! Tables drawn from the schemas of what is registered.

use super::{Bounds, Json, Kind, Random, Rng, Table, Value, registry};
use rand::seq::IndexedRandom;

/// Numbers that settings are given: small, so that runs are short, and at the edges.
const WHOLE: [i64; 9] = [0, 1, 1, 2, 2, 3, 4, 6, 12];
const REAL: [f64; 9] = [0.0, 0.001, 0.01, 0.1, 0.3, 0.5, 0.9, 1.0, 2.0];
const LAYERS: [&str; 7] = [
    "hidden-1", "hidden-1", "hidden-2", "conv-1", "head", "input", "nothing",
];

pub(super) struct Draw {
    random: Random,
}

impl Draw {
    pub(super) fn new(random: Random) -> Self {
        Self { random }
    }

    fn one<'t, T>(&mut self, of: &'t [T]) -> &'t T {
        of.choose(&mut self.random).unwrap()
    }

    fn chance(&mut self, percent: u32) -> bool {
        self.random.random_ratio(percent, 100)
    }

    pub(super) fn stream(&mut self) -> Table {
        let mut table = self.registered(Kind::Stream, "kind");
        table.insert("name".into(), "s".into());
        table
    }

    pub(super) fn method(&mut self) -> Table {
        // Most of what can be set is the gradient learner's.
        let mut table = if self.chance(75) {
            self.named(Kind::Learner, "learner", "gradient")
        } else {
            self.registered(Kind::Learner, "learner")
        };
        table.insert("name".into(), "m".into());
        table
    }

    fn registered(&mut self, kind: Kind, tag: &str) -> Table {
        let names: Vec<&str> = registry::entries()
            .iter()
            .filter(|e| e.kind == kind)
            .map(|e| e.name)
            // Data that no files are needed for.
            .filter(|name| kind != Kind::Data || ["digits", "coloured-shapes"].contains(name))
            .collect();
        let name = *self.one(&names);
        self.named(kind, tag, name)
    }

    fn named(&mut self, kind: Kind, tag: &str, name: &str) -> Table {
        let schema = Json::from((registry::find(kind, name).unwrap().schema)());
        let mut table = self.object(&schema, &schema);
        table.insert(tag.into(), name.into());
        table
    }

    fn object(&mut self, root: &Json, schema: &Json) -> Table {
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Json::as_array)
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let mut table = Table::new();
        let properties = schema.get("properties").and_then(Json::as_object);
        for (key, schema) in properties.into_iter().flatten() {
            let schema = resolve(root, schema);
            if let Some(constant) = schema.get("const").and_then(Json::as_str) {
                table.insert(key.clone(), constant.into());
                continue;
            }
            // Lengths are always given: what is usual takes too long here.
            let percent = match key.as_str() {
                "classes" if types(schema).contains(&"array") => 5,
                "generator_seed" | "meter_decay" | "title" => 0,
                "strategy" => 70,
                "mechanisms" | "conv" | "protocol" | "reading" | "online" => 20,
                "pretraining" => 100,
                _ if required.contains(&key.as_str()) => 100,
                _ if types(schema).contains(&"integer") && !types(schema).contains(&"null") => 90,
                "hidden" | "budget" | "max_units" | "widths" => 80,
                _ => 30,
            };
            if self.chance(percent)
                && let Some(value) = self.value(root, key, schema)
            {
                table.insert(key.clone(), value);
            }
        }
        table
    }

    fn value(&mut self, root: &Json, key: &str, schema: &Json) -> Option<Value> {
        let schema = resolve(root, schema);
        if let Some(word) = schema.get("x-registry").and_then(Json::as_str) {
            let kind = Kind::ALL.into_iter().find(|k| k.to_string() == word)?;
            let tag = schema
                .pointer("/required/0")
                .and_then(Json::as_str)
                .unwrap_or("name");
            return Some(Value::Table(self.registered(kind, tag)));
        }
        for word in ["oneOf", "anyOf"] {
            if let Some(forms) = schema.get(word).and_then(Json::as_array) {
                let forms: Vec<&Json> = forms
                    .iter()
                    .map(|form| resolve(root, form))
                    .filter(|form| types(form) != ["null"])
                    .collect();
                let form = *self.one(&forms);
                return self.value(root, key, form);
            }
        }
        if let Some(words) = schema.get("enum").and_then(Json::as_array) {
            let words: Vec<Value> = words.iter().filter_map(|w| Value::try_from(w).ok()).collect();
            return Some(self.one(&words).clone());
        }
        if let Some(word) = schema.get("const").and_then(Json::as_str) {
            return Some(word.into());
        }
        let types = types(schema);
        let has = |word| types.contains(&word);
        let bounds = Bounds::of(schema);
        if has("integer") {
            let size = ["train", "test"].contains(&key);
            let number = if size {
                *self.one(&[10, 20, 37])
            } else {
                *self.one(&WHOLE)
            };
            // Now and then out of bounds: a check has to say so.
            let number = if self.chance(97) && !bounds.contain(number as f64) {
                bounds_least(schema, number)
            } else {
                number
            };
            return Some(Value::Integer(number));
        }
        if has("number") {
            let fine: Vec<f64> = REAL.into_iter().filter(|n| bounds.contain(*n)).collect();
            let number = if fine.is_empty() { 1.0 } else { *self.one(&fine) };
            return Some(Value::Float(number));
        }
        if has("boolean") {
            return Some(Value::Boolean(self.chance(50)));
        }
        if has("array") {
            let each = schema.get("items")?;
            let n = *self.one(&[0, 1, 1, 2, 2, 3]);
            let items = (0..n).map(|_| self.value(root, key, each));
            return Some(Value::Array(items.collect::<Option<_>>()?));
        }
        if has("object") {
            return Some(Value::Table(self.object(root, schema)));
        }
        (key == "layer").then(|| (*self.one(&LAYERS)).into())
    }
}

/// The least whole number that a schema allows.
fn bounds_least(schema: &Json, otherwise: i64) -> i64 {
    schema
        .get("minimum")
        .and_then(Json::as_f64)
        .map_or(otherwise.max(1), |least| least as i64)
}

fn resolve<'j>(root: &'j Json, schema: &'j Json) -> &'j Json {
    let target = schema.get("$ref").and_then(Json::as_str);
    let target = target
        .and_then(|r| r.strip_prefix("#/"))
        .and_then(|path| path.split('/').try_fold(root, |at, key| at.get(key)));
    target.unwrap_or(schema)
}

fn types(schema: &Json) -> Vec<&str> {
    match schema.get("type") {
        Some(Json::String(one)) => vec![one.as_str()],
        Some(Json::Array(several)) => several.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    }
}
