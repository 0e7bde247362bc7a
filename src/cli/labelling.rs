//! Labels one block of an input: its sentences, lines or records become rows.
//!
//! Nothing here depends on other blocks, so that blocks can be worked on in any order. Bytes that are
//! not UTF-8, and records that are broken, are faults with their place.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use stance::features::Extractor;
use stance::model::{Classifier, Labeler};
use stance::report::read_sentence;
use stance::text::sentences;

use super::blocks::Bytes;
use super::objects;
use super::rows::{Format, Row, Rows};

/// What the text of an input is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Running text.
    Article,
    /// A sentence a line.
    Lines,
    /// Records with the text in that column.
    Csv(usize),
    /// An object a line with the text in that field.
    Jsonl(String),
}

/// What is known of an input beforehand.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) name: String,
    /// The name as a cell.
    pub(crate) document: Vec<u8>,
    pub(crate) kind: Kind,
    /// Whether a cell is labelled as one sentence.
    pub(crate) whole: bool,
    /// Whether bytes that are not UTF-8 are replaced.
    pub(crate) lossy: bool,
    /// Whether faults are passed over.
    pub(crate) skip: bool,
    pub(crate) rows: Arc<Rows>,
}

/// Something that could not be labelled.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// `file:line`.
    pub(crate) place: String,
    pub(crate) message: String,
}

/// A row for people to read.
#[derive(Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) number: Option<u64>,
    /// For each head the label's place, if it is certain, and its probability.
    pub(crate) labels: Vec<(Option<usize>, f32)>,
    /// One a head, where they are asked for.
    pub(crate) reasons: Vec<String>,
    pub(crate) text: String,
}

/// What becomes of a block.
#[derive(Debug, Default)]
pub(crate) struct Labelled {
    /// The rows, written.
    pub(crate) out: Vec<u8>,
    /// Where in `out` sentence numbers stand that count from the block's start.
    pub(crate) numbers: Vec<usize>,
    /// The rows, for people.
    pub(crate) lines: Vec<Line>,
    /// Number of rows.
    pub(crate) count: u64,
    /// Number of rows with labels.
    pub(crate) labelled: u64,
    /// Of these, how many have hardly a word that the model knows.
    pub(crate) hardly_known: u64,
    pub(crate) faults: Vec<Fault>,
}

impl Labelled {
    /// Empties it, to be used again.
    pub(crate) fn clear(&mut self) {
        self.out.clear();
        if self.out.capacity() > 8 << 20 {
            self.out = Vec::new();
        }
        self.numbers.clear();
        self.lines.clear();
        self.count = 0;
        self.labelled = 0;
        self.hardly_known = 0;
        self.faults.clear();
    }
}

/// What one thread labels with; clone one for every thread.
#[derive(Debug, Clone)]
pub(crate) struct Worker<'m> {
    labeler: Labeler<'m>,
    reasons: Option<Reasons<'m>>,
}

impl<'m> Worker<'m> {
    /// Labels with a model, and, where `reasons` are asked for, says that many of each sentence.
    pub(crate) fn new(model: &'m Classifier, reasons: Option<usize>) -> Self {
        Self {
            labeler: Labeler::new(model),
            reasons: reasons.map(|most| Reasons {
                model,
                extractor: model.extractor(),
                most,
                of_last: Vec::new(),
            }),
        }
    }

    /// Labels a sentence.
    fn label(&mut self, sentence: &str) {
        self.labeler.label(sentence);
        if let Some(reasons) = &mut self.reasons {
            reasons.read(sentence);
        }
    }

    /// The reasons of the last sentence, one text a head; none where they are not asked for.
    fn reasons(&self) -> &[String] {
        self.reasons.as_ref().map_or(&[], |reasons| &reasons.of_last)
    }
}

/// Takes sentences apart: the slow path.
#[derive(Debug, Clone)]
struct Reasons<'m> {
    model: &'m Classifier,
    extractor: Extractor,
    most: usize,
    of_last: Vec<String>,
}

impl Reasons<'_> {
    fn read(&mut self, sentence: &str) {
        let reading = read_sentence(self.model, &mut self.extractor, sentence, usize::MAX);
        self.of_last.clear();
        self.of_last.extend(reading.heads.iter().map(|said| said.in_short(self.most)));
    }
}

/// Labels a block.
pub(crate) fn label(worker: &mut Worker<'_>, facts: &Facts, bytes: &Bytes, out: &mut Labelled) {
    let mut block = Block { worker, facts, bytes, out, kept: Vec::new() };
    match &facts.kind {
        Kind::Article => block.article(),
        Kind::Lines => block.lines(),
        Kind::Csv(column) => block.records(*column),
        Kind::Jsonl(field) => block.objects(field),
    }
}

struct Block<'a, 'm> {
    worker: &'a mut Worker<'m>,
    facts: &'a Facts,
    bytes: &'a Bytes,
    out: &'a mut Labelled,
    /// The record's own cells, written.
    kept: Vec<u8>,
}

impl Block<'_, '_> {
    fn article(&mut self) {
        let text = Decoded::new(self.bytes.get());
        let mut number = 0;
        for range in sentences(&text.text) {
            if !self.facts.lossy
                && let Some(at) = text.replaced_within(&range)
            {
                if !self.not_utf8(at) {
                    return;
                }
                continue;
            }
            number += 1;
            self.sentence(number, &text, range, true);
        }
    }

    fn lines(&mut self) {
        let text = Decoded::new(self.bytes.get());
        let mut start = 0;
        let mut number = self.bytes.line - 1;
        while start < text.text.len() {
            let rest = &text.text[start..];
            let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            let range = start..start + rest[..length].trim_end_matches('\r').len();
            start += length + 1;
            number += 1;
            let bad = if self.facts.lossy { None } else { text.replaced_within(&range) };
            if let Some(at) = bad {
                if !self.not_utf8(at) {
                    return;
                }
                // A row a line is what readers of the output count on.
                self.row(number, &text, range, false);
                continue;
            }
            self.sentence(number, &text, range, false);
        }
    }

    /// Labels and writes a sentence at a place of the block.
    fn sentence(&mut self, number: u64, text: &Decoded<'_>, range: Range<usize>, counted: bool) {
        let sentence = &text.text[range.clone()];
        let blank =
            sentence.bytes().all(|byte| byte.is_ascii_whitespace()) || sentence.trim().is_empty();
        if !blank {
            self.worker.label(sentence);
        }
        let at = self.write(number, text, range, !blank);
        if counted {
            self.out.numbers.push(at);
        }
    }

    /// Writes a sentence without labels.
    fn row(&mut self, number: u64, text: &Decoded<'_>, range: Range<usize>, said: bool) {
        self.write(number, text, range, said);
    }

    fn write(&mut self, number: u64, text: &Decoded<'_>, range: Range<usize>, said: bool) -> usize {
        let offset = self.bytes.offset;
        let place = offset + text.place(range.start)..offset + text.place(range.end);
        let row = Row {
            kept: &[],
            document: &self.facts.document,
            number: Some(number),
            place,
            said: said.then(|| self.worker.labeler.said()),
            reasons: self.worker.reasons(),
            text: &text.text[range],
        };
        write(self.out, &self.facts.rows, &row)
    }

    fn records(&mut self, column: usize) {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(self.bytes.get());
        let width = self.facts.rows.kept().len();
        let mut record = csv::ByteRecord::new();
        // Reading from memory does not fail, and records may be of any length.
        while reader.read_byte_record(&mut record).unwrap_or(false) {
            let at = record.position().map_or(0, csv::Position::byte);
            if record.len() != width {
                let message = format!(
                    "expected {width} fields, got {}; quote cells that hold a comma",
                    record.len()
                );
                if !self.record_fault(at, message) {
                    return;
                }
                continue;
            }
            let cells: Vec<Cow<'_, str>> = record.iter().map(String::from_utf8_lossy).collect();
            if !self.facts.lossy && record.iter().any(|cell| std::str::from_utf8(cell).is_err()) {
                if !self.record_fault(at, NOT_UTF8.into()) {
                    return;
                }
                continue;
            }
            self.kept.clear();
            for (at, cell) in cells.iter().enumerate() {
                self.facts.rows.keep_cell(&mut self.kept, at, cell);
            }
            self.cell(&cells[column]);
        }
    }

    fn objects(&mut self, field: &str) {
        let lines = self.bytes.get().split(|&byte| byte == b'\n');
        for (at, bytes) in (self.bytes.line..).zip(lines) {
            if bytes.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let text = String::from_utf8_lossy(bytes);
            if !self.facts.lossy && matches!(text, Cow::Owned(_)) {
                if !self.fault(at, NOT_UTF8.into()) {
                    return;
                }
                continue;
            }
            let cell = objects::keep(&text, field, &self.facts.rows, &mut self.kept);
            match cell {
                Ok(cell) => self.cell(&cell),
                Err(message) => {
                    if !self.fault(at, message) {
                        return;
                    }
                }
            }
        }
    }

    /// Labels a cell, whole or sentence by sentence; a blank one keeps its row.
    fn cell(&mut self, cell: &str) {
        let mut ranges = if self.facts.whole {
            std::iter::once(0..cell.len()).collect()
        } else {
            sentences(cell)
        };
        if cell.trim().is_empty() {
            ranges.clear();
            let row = Row {
                kept: &self.kept,
                document: &self.facts.document,
                number: None,
                place: 0..0,
                said: None,
                reasons: &[],
                text: "",
            };
            write(self.out, &self.facts.rows, &row);
        }
        for (number, range) in (1..).zip(ranges) {
            let text = &cell[range.clone()];
            self.worker.label(text);
            let row = Row {
                kept: &self.kept,
                document: &self.facts.document,
                number: Some(number),
                place: range.start as u64..range.end as u64,
                said: Some(self.worker.labeler.said()),
                reasons: self.worker.reasons(),
                text,
            };
            write(self.out, &self.facts.rows, &row);
        }
    }

    fn not_utf8(&mut self, at: usize) -> bool {
        let line =
            self.bytes.line + memchr::memchr_iter(b'\n', &self.bytes.get()[..at]).count() as u64;
        let message = format!(
            "is not UTF-8 at byte {}; save it as UTF-8 or use --lossy",
            self.bytes.offset + at as u64
        );
        self.fault(line, message)
    }

    /// Notes a fault of the record behind the one that ends at byte `at`.
    fn record_fault(&mut self, at: u64, message: String) -> bool {
        let at = usize::try_from(at).unwrap_or(usize::MAX);
        let (before, from) = self.bytes.get().split_at(at);
        let blank = from.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let breaks = memchr::memchr_iter(b'\n', before).count()
            + memchr::memchr_iter(b'\n', &from[..blank]).count();
        self.fault(self.bytes.line + breaks as u64, message)
    }

    /// Notes a fault; says whether to go on.
    fn fault(&mut self, line: u64, message: String) -> bool {
        self.out.faults.push(Fault { place: format!("{}:{line}", self.facts.name), message });
        self.facts.skip
    }
}

const NOT_UTF8: &str = "is not UTF-8; save it as UTF-8 or use --lossy";

fn write(out: &mut Labelled, rows: &Rows, row: &Row<'_>) -> usize {
    out.count += 1;
    if let Some(said) = row.said {
        out.labelled += 1;
        out.hardly_known += u64::from(said.is_hardly_known());
    }
    if rows.format() == Format::Table {
        out.lines.push(Line {
            number: row.number,
            labels: row.said.map_or_else(Vec::new, |said| {
                let heads = said.heads.iter().enumerate();
                let certain = |at, label| (!rows.is_uncertain(said, at)).then_some(label);
                heads.map(|(at, head)| (certain(at, head.label), head.confidence())).collect()
            }),
            reasons: row.said.map_or(&[][..], |_| row.reasons).to_vec(),
            text: row.text.to_owned(),
        });
        return 0;
    }
    rows.row(&mut out.out, row)
}

/// Bytes as text, with what is not UTF-8 replaced.
struct Decoded<'a> {
    text: Cow<'a, str>,
    replaced: Vec<Replaced>,
}

/// A place where [`char::REPLACEMENT_CHARACTER`] stands for other bytes.
struct Replaced {
    /// Where it stands in the text.
    at: usize,
    /// What it stands for.
    bytes: Range<usize>,
}

impl<'a> Decoded<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self { text: Cow::Borrowed(text), replaced: Vec::new() };
        }
        let (mut text, mut replaced, mut at) = (String::new(), Vec::new(), 0);
        for chunk in bytes.utf8_chunks() {
            text.push_str(chunk.valid());
            at += chunk.valid().len();
            let length = chunk.invalid().len();
            if length > 0 {
                replaced.push(Replaced { at: text.len(), bytes: at..at + length });
                text.push(char::REPLACEMENT_CHARACTER);
                at += length;
            }
        }
        Self { text: Cow::Owned(text), replaced }
    }

    /// Where a place of the text is in the bytes.
    fn place(&self, at: usize) -> u64 {
        let before = self.replaced.partition_point(|replaced| replaced.at < at);
        let place = match before.checked_sub(1).map(|last| &self.replaced[last]) {
            None => at,
            Some(last) => at - last.at - char::REPLACEMENT_CHARACTER.len_utf8() + last.bytes.end,
        };
        place as u64
    }

    /// Where in the bytes the first replaced ones of a range of the text are.
    fn replaced_within(&self, range: &Range<usize>) -> Option<usize> {
        let first = self.replaced.partition_point(|replaced| replaced.at < range.start);
        self.replaced.get(first).filter(|r| r.at < range.end).map(|r| r.bytes.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_bytes_where_some_were_replaced() {
        let bytes = b"a\xffb\xe2\x82c\xc3\xa9";
        let decoded = Decoded::new(bytes);
        assert_eq!(decoded.text, "a\u{fffd}b\u{fffd}cé");
        let places: Vec<u64> =
            decoded.text.char_indices().map(|(at, _)| decoded.place(at)).collect();
        assert_eq!(places, [0, 1, 2, 3, 5, 6]);
        assert_eq!(decoded.place(decoded.text.len()), bytes.len() as u64);
        assert_eq!(decoded.replaced_within(&(0..1)), None);
        assert_eq!(decoded.replaced_within(&(4..9)), Some(3));
    }
}
