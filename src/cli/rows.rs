//! Writes rows: one a sentence, with what the model says of it.
//!
//! The columns are `document, sentence, start, end`, then for each head its label, confidence and a
//! probability a label, and last `text`; scripts rely on them. Reasons, where they are asked for, stand
//! before `text`, a column a head. Columns of a table that was read stand
//! before these, and one of ours that is called like one of those gets `predicted_` before its
//! name. Rows are bytes that can be put one behind the other; nothing is allocated for one.

use std::ops::Range;

use clap::ValueEnum;
use stance::model::{Classifier, Prediction, UNCERTAIN};

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated values after RFC 4180
    Csv,
    /// One JSON object a line
    Jsonl,
    /// One JSON array
    Json,
    /// For people to read
    Table,
}

impl Format {
    /// The ending of a file's name.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Jsonl => "jsonl",
            Self::Json => "json",
            Self::Table => "txt",
        }
    }
}

/// What is written of one sentence.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// The row's columns of the input, by [`Rows::keep_cell`] or taken from a JSON object.
    pub(crate) kept: &'a [u8],
    /// The input's name, by [`Rows::cell`].
    pub(crate) document: &'a [u8],
    /// Number of the sentence, from 1; `None` where there is no sentence.
    pub(crate) number: Option<u64>,
    /// Where it stands.
    pub(crate) place: Range<u64>,
    /// What the model says; `None` where it is blank.
    pub(crate) said: Option<&'a Prediction>,
    /// One a head, where they are asked for.
    pub(crate) reasons: &'a [String],
    /// The sentence.
    pub(crate) text: &'a str,
}

/// The columns and how they are written.
#[derive(Debug)]
pub(crate) struct Rows {
    format: Format,
    kept: Vec<String>,
    own: Vec<String>,
    /// The part of a JSON row that comes before each of our cells.
    keys: Vec<Vec<u8>>,
    /// Each head's labels, written.
    labels: Vec<Vec<Vec<u8>>>,
    /// What is written for labels below the confidence.
    uncertain: Vec<u8>,
    min_confidence: Option<f32>,
}

impl Rows {
    /// The rows of a model, behind columns of the input. Labels below a confidence are not written,
    /// where one is given; `reasons` says whether there are such columns.
    pub(crate) fn new(
        model: &Classifier,
        format: Format,
        kept: Vec<String>,
        min_confidence: Option<f32>,
        reasons: bool,
    ) -> Self {
        let mut own = columns(model, reasons);
        for name in &mut own {
            while kept.contains(name) {
                name.insert_str(0, "predicted_");
            }
        }
        let keys = own.iter().enumerate().map(|(at, name)| {
            let mut key = Vec::new();
            if at > 0 {
                key.push(b',');
            }
            write_json(&mut key, name);
            key.push(b':');
            key
        });
        let keys = keys.collect();
        let mut out = Self {
            format,
            kept,
            own,
            keys,
            labels: Vec::new(),
            uncertain: Vec::new(),
            min_confidence,
        };
        let labels = model.heads.iter().map(|head| {
            head.labels
                .iter()
                .map(|label| {
                    let mut cell = Vec::new();
                    out.cell(&mut cell, label);
                    cell
                })
                .collect()
        });
        out.labels = labels.collect();
        let mut uncertain = Vec::new();
        out.cell(&mut uncertain, UNCERTAIN);
        out.uncertain = uncertain;
        out
    }

    /// The format.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Our columns.
    pub(crate) fn own(&self) -> &[String] {
        &self.own
    }

    /// The columns of the input that stand before ours.
    pub(crate) fn kept(&self) -> &[String] {
        &self.kept
    }

    /// What stands before the first row.
    pub(crate) fn head(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match self.format {
            Format::Csv => {
                for (at, name) in self.kept.iter().chain(&self.own).enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    write_csv(&mut out, name);
                }
                out.push(b'\n');
            }
            Format::Json => out.extend_from_slice(b"[\n"),
            Format::Jsonl | Format::Table => {}
        }
        out
    }

    /// What stands between two rows, beside what ends every one.
    pub(crate) fn between(&self) -> &'static [u8] {
        if self.format == Format::Json { b",\n" } else { b"" }
    }

    /// Whether a head's label is not written.
    pub(crate) fn is_uncertain(&self, said: &Prediction, head: usize) -> bool {
        self.min_confidence.is_some_and(|least| said.is_uncertain(head, least))
    }

    /// The label of a head as a cell.
    fn label(&self, said: &Prediction, head: usize) -> &[u8] {
        if self.is_uncertain(said, head) {
            &self.uncertain
        } else {
            &self.labels[head][said.heads[head].label]
        }
    }

    /// Writes a text as one cell.
    pub(crate) fn cell(&self, out: &mut Vec<u8>, text: &str) {
        match self.format {
            Format::Csv | Format::Table => write_csv(out, text),
            Format::Jsonl | Format::Json => write_json(out, text),
        }
    }

    /// Writes the cell of a column of the input, for [`Row::kept`].
    pub(crate) fn keep_cell(&self, out: &mut Vec<u8>, column: usize, text: &str) {
        if matches!(self.format, Format::Jsonl | Format::Json) {
            write_json(out, &self.kept[column]);
            out.push(b':');
        }
        self.cell(out, text);
        out.push(b',');
    }

    /// Writes a row; returns where in `out` the sentence's number stands.
    pub(crate) fn row(&self, out: &mut Vec<u8>, row: &Row<'_>) -> usize {
        match self.format {
            Format::Csv | Format::Table => self.csv_row(out, row),
            Format::Json | Format::Jsonl => self.json_row(out, row),
        }
    }

    fn csv_row(&self, out: &mut Vec<u8>, row: &Row<'_>) -> usize {
        let mut digits = itoa::Buffer::new();
        out.extend_from_slice(row.kept);
        out.extend_from_slice(row.document);
        out.push(b',');
        let number_at = out.len();
        if let Some(number) = row.number {
            out.extend_from_slice(digits.format(number).as_bytes());
            out.push(b',');
            out.extend_from_slice(digits.format(row.place.start).as_bytes());
            out.push(b',');
            out.extend_from_slice(digits.format(row.place.end).as_bytes());
            out.push(b',');
        } else {
            out.extend_from_slice(b",,,");
        }
        match row.said {
            Some(said) => {
                for (at, head) in said.heads.iter().enumerate() {
                    out.extend_from_slice(self.label(said, at));
                    out.push(b',');
                    write_probability(out, head.confidence());
                    out.push(b',');
                    for &p in &head.probabilities {
                        write_probability(out, p);
                        out.push(b',');
                    }
                }
            }
            None => out.resize(out.len() + self.own.len() - 5, b','),
        }
        for reasons in row.said.map_or(&[][..], |_| row.reasons) {
            write_csv(out, reasons);
            out.push(b',');
        }
        write_csv(out, row.text);
        out.push(b'\n');
        number_at
    }

    fn json_row(&self, out: &mut Vec<u8>, row: &Row<'_>) -> usize {
        let mut digits = itoa::Buffer::new();
        let mut keys = self.keys.iter();
        let mut key = |out: &mut Vec<u8>| {
            if let Some(key) = keys.next() {
                out.extend_from_slice(key);
            }
        };
        if self.format == Format::Json && !out.is_empty() {
            out.extend_from_slice(self.between());
        }
        out.push(b'{');
        out.extend_from_slice(row.kept);
        key(out);
        out.extend_from_slice(row.document);
        key(out);
        let number_at = out.len();
        if let Some(number) = row.number {
            out.extend_from_slice(digits.format(number).as_bytes());
            for place in [row.place.start, row.place.end] {
                key(out);
                out.extend_from_slice(digits.format(place).as_bytes());
            }
        } else {
            out.extend_from_slice(NULL);
            for _ in 0..2 {
                key(out);
                out.extend_from_slice(NULL);
            }
        }
        match row.said {
            Some(said) => {
                for (at, head) in said.heads.iter().enumerate() {
                    key(out);
                    out.extend_from_slice(self.label(said, at));
                    key(out);
                    write_probability(out, head.confidence());
                    for &p in &head.probabilities {
                        key(out);
                        write_probability(out, p);
                    }
                }
            }
            None => {
                for _ in 0..self.own.len() - 5 {
                    key(out);
                    out.extend_from_slice(NULL);
                }
            }
        }
        for reasons in row.said.map_or(&[][..], |_| row.reasons) {
            key(out);
            write_json(out, reasons);
        }
        key(out);
        write_json(out, row.text);
        out.push(b'}');
        if self.format == Format::Jsonl {
            out.push(b'\n');
        }
        number_at
    }
}

const NULL: &[u8] = b"null";

/// Our columns: the places, a few a head, the reasons and the text.
fn columns(model: &Classifier, reasons: bool) -> Vec<String> {
    let mut columns: Vec<String> =
        ["document", "sentence", "start", "end"].map(str::to_owned).into();
    for (at, head) in model.heads.iter().enumerate() {
        columns.push(head.name.clone());
        columns.push(if at == 0 {
            "confidence".into()
        } else {
            format!("{}_confidence", head.name)
        });
        for label in &head.labels {
            columns.push(if at == 0 && !columns.contains(label) && label != "text" {
                label.clone()
            } else {
                format!("{}_{label}", head.name)
            });
        }
    }
    for (at, head) in model.heads.iter().enumerate().filter(|_| reasons) {
        columns.push(if at == 0 { "reasons".into() } else { format!("{}_reasons", head.name) });
    }
    columns.push("text".into());
    columns
}

/// Writes a field as RFC 4180 wants it.
fn write_csv(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let special = memchr::memchr3(b',', b'"', b'\n', bytes).is_some()
        || memchr::memchr(b'\r', bytes).is_some();
    if !special {
        out.extend_from_slice(bytes);
        return;
    }
    out.push(b'"');
    let mut start = 0;
    for at in memchr::memchr_iter(b'"', bytes) {
        out.extend_from_slice(&bytes[start..=at]);
        out.push(b'"');
        start = at + 1;
    }
    out.extend_from_slice(&bytes[start..]);
    out.push(b'"');
}

/// Writes a string as JSON.
fn write_json(out: &mut Vec<u8>, text: &str) {
    // Writing to memory cannot fail, and a string can always be written.
    let _ = serde_json::to_writer(out, text);
}

/// Writes a number between 0 and 1 with four decimals, as `{:.4}` does.
fn write_probability(out: &mut Vec<u8>, p: f32) {
    // The product is exact: 24 and 14 bits go into 53.
    let scaled = (f64::from(p) * 10_000.0).round_ties_even();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a probability is between 0 and 1"
    )]
    let scaled = scaled as u32;
    let digit = |of: u32| b'0' + u8::try_from(of % 10).unwrap_or_default();
    out.extend_from_slice(&[
        digit(scaled / 10_000),
        b'.',
        digit(scaled / 1000),
        digit(scaled / 100),
        digit(scaled / 10),
        digit(scaled),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probabilities_are_written_as_the_standard_library_does() {
        let mut values: Vec<f32> = (0..=100_000u32).map(|n| n as f32 / 1e5).collect();
        // Exact ties between two decimals, and neighbours of them.
        for n in 0..=4096u16 {
            let tie = f32::from(n) / 4096.0;
            values.extend([tie, tie.next_up().min(1.0), tie.next_down().max(0.0)]);
        }
        for p in values {
            let mut out = Vec::new();
            write_probability(&mut out, p);
            assert_eq!(String::from_utf8(out).unwrap(), format!("{p:.4}"));
        }
    }

    #[test]
    fn csv_fields_are_quoted_where_they_must_be() {
        for (text, expected) in [
            ("", ""),
            ("plain “text”", "plain “text”"),
            ("a, b", "\"a, b\""),
            ("\"no\"", "\"\"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("old\rmac", "\"old\rmac\""),
        ] {
            let mut out = Vec::new();
            write_csv(&mut out, text);
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
