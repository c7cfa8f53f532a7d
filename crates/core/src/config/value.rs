//! A value as the tree that serde serialises it to. JSON would lose the difference of single and double precision, and non-finite floats.

use serde::ser::{self, Serialize, Serializer};
use std::fmt;

/// A value of any type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Nothing,
    Truth(bool),
    Whole(i128),
    Single(f32),
    Double(f64),
    Text(String),
    List(Vec<Value>),
    Table(Vec<(String, Value)>),
}

impl Value {
    /// The entry of a table.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Table(entries) => entries.iter().find(|(k, _)| k == key).map(|(_, value)| value),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing => f.write_str("nothing"),
            Self::Truth(value) => write!(f, "{value}"),
            Self::Whole(value) => write!(f, "{value}"),
            Self::Single(value) => write!(f, "{value}"),
            Self::Double(value) => write!(f, "{value}"),
            Self::Text(value) => write!(f, "{value:?}"),
            Self::List(items) if items.is_empty() => f.write_str("empty"),
            Self::List(items) => write!(f, "a list of {}", items.len()),
            Self::Table(_) => f.write_str("a table"),
        }
    }
}

/// Converts a value to its tree.
pub(super) fn of<T: Serialize + ?Sized>(value: &T) -> Result<Value, serde_json::Error> {
    value.serialize(Tree)
}

type Told = Result<Value, serde_json::Error>;

struct Tree;

/// The items of a list, under the name of a variant where there is one.
struct Items {
    variant: Option<&'static str>,
    items: Vec<Value>,
}

/// The entries of a table, under the name of a variant where there is one.
struct Entries {
    variant: Option<&'static str>,
    key: Option<String>,
    entries: Vec<(String, Value)>,
}

fn behind(variant: Option<&'static str>, value: Value) -> Told {
    Ok(match variant {
        Some(variant) => Value::Table(vec![(variant.into(), value)]),
        None => value,
    })
}

impl Items {
    fn new(variant: Option<&'static str>) -> Self {
        Self {
            variant,
            items: Vec::new(),
        }
    }

    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), serde_json::Error> {
        self.items.push(of(value)?);
        Ok(())
    }
}

impl Entries {
    fn new(variant: Option<&'static str>) -> Self {
        Self {
            variant,
            key: None,
            entries: Vec::new(),
        }
    }

    fn push<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), serde_json::Error> {
        self.entries.push((key.into(), of(value)?));
        Ok(())
    }
}

macro_rules! whole {
    ($($method:ident $type:ty),*) => {
        $(fn $method(self, v: $type) -> Told {
            Ok(Value::Whole(i128::from(v)))
        })*
    };
}

impl Serializer for Tree {
    type Ok = Value;
    type Error = serde_json::Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    whole!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64);
    whole!(serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);

    fn serialize_bool(self, v: bool) -> Told {
        Ok(Value::Truth(v))
    }
    fn serialize_f32(self, v: f32) -> Told {
        Ok(Value::Single(v))
    }
    fn serialize_f64(self, v: f64) -> Told {
        Ok(Value::Double(v))
    }
    fn serialize_char(self, v: char) -> Told {
        Ok(Value::Text(v.into()))
    }
    fn serialize_str(self, v: &str) -> Told {
        Ok(Value::Text(v.into()))
    }
    fn serialize_bytes(self, v: &[u8]) -> Told {
        Ok(Value::List(v.iter().map(|&b| Value::Whole(b.into())).collect()))
    }
    fn serialize_none(self) -> Told {
        Ok(Value::Nothing)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Told {
        of(value)
    }
    fn serialize_unit(self) -> Told {
        Ok(Value::Nothing)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Told {
        Ok(Value::Nothing)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Told {
        Ok(Value::Text(variant.into()))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Told {
        of(value)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Told {
        behind(Some(variant), of(value)?)
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Self::Error> {
        Ok(Items::new(None))
    }
    fn serialize_tuple(self, _: usize) -> Result<Items, Self::Error> {
        Ok(Items::new(None))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Items, Self::Error> {
        Ok(Items::new(None))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Items, Self::Error> {
        Ok(Items::new(Some(variant)))
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Entries, Self::Error> {
        Ok(Entries::new(None))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries, Self::Error> {
        Ok(Entries::new(None))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Entries, Self::Error> {
        Ok(Entries::new(Some(variant)))
    }
}

macro_rules! items {
    ($($trait:ident $method:ident),*) => {
        $(impl ser::$trait for Items {
            type Ok = Value;
            type Error = serde_json::Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
                self.push(value)
            }
            fn end(self) -> Told {
                behind(self.variant, Value::List(self.items))
            }
        })*
    };
}
items!(
    SerializeSeq serialize_element,
    SerializeTuple serialize_element,
    SerializeTupleStruct serialize_field,
    SerializeTupleVariant serialize_field
);

macro_rules! entries {
    ($($trait:ident),*) => {
        $(impl ser::$trait for Entries {
            type Ok = Value;
            type Error = serde_json::Error;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Self::Error> {
                self.push(key, value)
            }
            fn end(self) -> Told {
                behind(self.variant, Value::Table(self.entries))
            }
        })*
    };
}
entries!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Entries {
    type Ok = Value;
    type Error = serde_json::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Self::Error> {
        self.key = Some(match of(key)? {
            Value::Text(key) => key,
            other => other.to_string(),
        });
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Self::Error> {
        let key = self.key.take();
        let key = key.ok_or_else(|| <Self::Error as ser::Error>::custom("a value without a key"))?;
        self.push(&key, value)
    }

    fn end(self) -> Told {
        behind(self.variant, Value::Table(self.entries))
    }
}
