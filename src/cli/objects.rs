//! Reads lines of JSON: takes the text out of an object and keeps the object as it was written.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::rows::{Format, Rows};

/// The text of an object's field; empty where it is null. `kept` becomes the object's own cells.
/// The error says what is wrong with the line.
pub(crate) fn keep<'a>(
    line: &'a str,
    field: &str,
    rows: &Rows,
    kept: &mut Vec<u8>,
) -> Result<Cow<'a, str>, String> {
    kept.clear();
    match rows.format() {
        Format::Json | Format::Jsonl => keep_object(line, field, rows, kept),
        Format::Csv | Format::Table => keep_cells(line, field, rows, kept),
    }
}

/// The names of an object's fields, in their order.
pub(crate) fn names(line: &str, field: &str) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    let text = read(line, field, |name| {
        found.push(name.to_owned());
        Ok(())
    })?;
    text.map(|_| found).ok_or_else(|| missing(field))
}

fn keep_object<'a>(
    line: &'a str,
    field: &str,
    rows: &Rows,
    kept: &mut Vec<u8>,
) -> Result<Cow<'a, str>, String> {
    let text = read(line, field, |name| {
        if rows.own().iter().any(|own| own == name) {
            return Err(format!(
                "the field `{name}`, which the first line lacks, is called like a column of the \
                 results"
            ));
        }
        Ok(())
    })?;
    let inner = line.trim();
    let inner = inner.strip_prefix('{').unwrap_or(inner);
    let inner = inner.strip_suffix('}').unwrap_or(inner).trim();
    if !inner.is_empty() {
        kept.extend_from_slice(inner.as_bytes());
        kept.push(b',');
    }
    text.ok_or_else(|| missing(field))
}

/// As cells of the columns that the first line has.
fn keep_cells<'a>(
    line: &'a str,
    field: &str,
    rows: &Rows,
    kept: &mut Vec<u8>,
) -> Result<Cow<'a, str>, String> {
    let text = read(line, field, |_| Ok(()))?;
    let object: Map<String, Value> = serde_json::from_str(line).map_err(|e| wrong(field, &e))?;
    if let Some(name) = object.keys().find(|name| !rows.kept().contains(name)) {
        return Err(format!(
            "has a field `{name}`, which the first line lacks; use --format jsonl to keep it"
        ));
    }
    for (column, name) in rows.kept().iter().enumerate() {
        let cell = match object.get(name) {
            None | Some(Value::Null) => Cow::Borrowed(""),
            Some(Value::String(text)) => Cow::Borrowed(text.as_str()),
            Some(other) => Cow::Owned(other.to_string()),
        };
        rows.keep_cell(kept, column, &cell);
    }
    text.ok_or_else(|| missing(field))
}

fn missing(field: &str) -> String {
    format!("has no field `{field}`")
}

fn wrong(field: &str, error: &serde_json::Error) -> String {
    // The line within the line is always 1.
    let error = error.to_string().replace(" at line 1 column ", " at column ");
    format!("expected an object with text in `{field}`: {error}")
}

/// Reads an object for the text of one field; `see` is shown the names of all.
fn read<'a>(
    line: &'a str,
    field: &str,
    see: impl FnMut(&str) -> Result<(), String>,
) -> Result<Option<Cow<'a, str>>, String> {
    let mut reader = serde_json::Deserializer::from_str(line);
    let text = reader.deserialize_map(Fields { field, see }).map_err(|e| wrong(field, &e))?;
    reader.end().map_err(|e| wrong(field, &e))?;
    Ok(text)
}

struct Fields<'f, F> {
    field: &'f str,
    see: F,
}

impl<'a, F: FnMut(&str) -> Result<(), String>> Visitor<'a> for Fields<'_, F> {
    type Value = Option<Cow<'a, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'a>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut text = None;
        while let Some(Text(name)) = map.next_key()? {
            (self.see)(&name).map_err(A::Error::custom)?;
            if name == self.field {
                text = Some(map.next_value::<Text<'a>>()?.0);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(text)
    }
}

/// A string, or null for an empty one; borrowed where it has no escapes.
struct Text<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor).map(Text)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text or null")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(""))
    }
}
