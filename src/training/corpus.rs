//! Labelled sentences from CSV files.
//!
//! Every row is read or named in an error; labels are taken as they stand, trimmed of white space.

use std::collections::BTreeMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::report::Warning;
use crate::error::{Error, Result};
use crate::text::line_at;

/// Which columns hold what.
#[derive(Debug, Clone)]
pub struct Columns {
    /// The sentences; defaults to `text`.
    pub text: String,
    /// The label columns; where empty, those of [`Columns::usual`] that are there.
    pub labels: Vec<String>,
    /// The label columns that are looked for where none is named; defaults to [`DEFAULT_LABELS`].
    pub usual: Vec<String>,
}

impl Default for Columns {
    fn default() -> Self {
        Self {
            text: "text".into(),
            labels: Vec::new(),
            usual: DEFAULT_LABELS.map(str::to_owned).into(),
        }
    }
}

/// The label columns that are looked for where none is named.
pub const DEFAULT_LABELS: [&str; 2] = ["stance", "sentiment"];

/// One labelled sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The sentence.
    pub text: String,
    /// For each head the number of its label, `None` where the cell is empty.
    pub labels: Vec<Option<u32>>,
    /// Rows of one group are never parted in cross-validation; rows without one stand alone.
    pub group: Option<String>,
    /// Which slice of the data the row belongs to, where a column `source` says so.
    pub source: Option<String>,
    /// How much the row counts, above 0; 1 where there is no such column.
    pub weight: f64,
    /// For each head how much the row counts there beside its weight: the column `<head>_weight`, 1
    /// where there is none.
    pub head_weights: Vec<f64>,
    /// File and line of the row.
    pub place: Place,
}

/// Where a row stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Number of the file in the corpus.
    pub file: usize,
    /// Line on which the row begins, from 1.
    pub line: u64,
}

/// Labelled sentences with their heads.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// The files, as they were named.
    pub files: Vec<String>,
    /// SHA-256 of each file, in hexadecimal.
    pub sha256: Vec<String>,
    /// For each head its name and its labels, ascending.
    pub heads: Vec<(String, Vec<String>)>,
    /// The rows in the order of the files.
    pub examples: Vec<Example>,
    /// What is allowed but looks like a slip.
    pub warnings: Vec<Warning>,
}

impl Corpus {
    /// Reads files that share their label columns.
    ///
    /// # Errors
    /// Where a file cannot be read, is empty, lacks a column (the message says which there are), or
    /// has a row with too few fields, an empty text, or a weight that is not above 0.
    pub fn read(paths: &[impl AsRef<Path>], columns: &Columns) -> Result<Self> {
        let files = paths
            .iter()
            .map(|path| Ok((path.as_ref().display().to_string(), read_table(path.as_ref())?)))
            .collect::<Result<Vec<_>>>()?;
        Self::parse(&files, columns)
    }

    /// Reads files that are in memory: `(name, content)`.
    ///
    /// # Errors
    /// As [`Corpus::read`].
    pub fn parse(files: &[(String, Vec<u8>)], columns: &Columns) -> Result<Self> {
        let mut corpus = Self {
            files: files.iter().map(|(name, _)| name.clone()).collect(),
            sha256: files.iter().map(|(_, bytes)| hexadecimal(&Sha256::digest(bytes))).collect(),
            heads: Vec::new(),
            examples: Vec::new(),
            warnings: Vec::new(),
        };
        let mut rows: Vec<(Vec<String>, Example)> = Vec::new();
        let mut heads: Option<Vec<String>> = None;
        for (file, (name, bytes)) in files.iter().enumerate() {
            let found = read_file(file, name, bytes, columns, &mut rows)?;
            match &heads {
                Some(known) if *known != found => {
                    return Err(Error::table(
                        name,
                        format!(
                            "has the label columns {}, but the files before it have {}; name the \
                             ones to use with --label",
                            list(&found),
                            list(known)
                        ),
                    ));
                }
                _ => heads = Some(found),
            }
        }
        let heads = heads.unwrap_or_default();
        corpus.number_labels(&heads, rows);
        Ok(corpus)
    }

    fn number_labels(&mut self, heads: &[String], rows: Vec<(Vec<String>, Example)>) {
        for (at, head) in heads.iter().enumerate() {
            let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
            for (labels, _) in &rows {
                if !labels[at].is_empty() {
                    *counts.entry(&labels[at]).or_default() += 1;
                }
            }
            let mut folded: BTreeMap<String, &str> = BTreeMap::new();
            for (&label, &count) in &counts {
                let plain = label.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
                if let Some(other) = folded.insert(plain, label) {
                    self.warnings.push(Warning::SimilarLabels {
                        head: head.clone(),
                        first: other.to_owned(),
                        second: label.to_owned(),
                    });
                }
                if count == 1 {
                    let (head, label) = (head.clone(), label.to_owned());
                    self.warnings.push(Warning::LoneLabel { head, label });
                }
            }
            let labels: Vec<String> = counts.keys().map(|&label| label.to_owned()).collect();
            let empty = rows.iter().filter(|(cells, _)| cells[at].is_empty()).count();
            if empty > 0 {
                self.warnings.push(Warning::Unlabelled { head: head.clone(), rows: empty });
            }
            self.heads.push((head.clone(), labels));
        }
        self.examples = rows
            .into_iter()
            .map(|(cells, mut example)| {
                example.labels = cells
                    .iter()
                    .zip(&self.heads)
                    .map(|(cell, (_, labels))| {
                        labels.binary_search(cell).ok().and_then(|at| u32::try_from(at).ok())
                    })
                    .collect();
                example
            })
            .collect();
    }

    /// `file:line` of a row.
    pub fn place(&self, example: &Example) -> String {
        format!("{}:{}", self.files[example.place.file], example.place.line)
    }

    /// The rows named by `keep`, with the same heads.
    #[must_use]
    pub fn select(&self, keep: &[usize]) -> Self {
        Self {
            examples: keep.iter().map(|&at| self.examples[at].clone()).collect(),
            ..self.without_examples()
        }
    }

    fn without_examples(&self) -> Self {
        Self {
            files: self.files.clone(),
            sha256: self.sha256.clone(),
            heads: self.heads.clone(),
            examples: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// The bytes of a table, for [`Corpus::parse`].
///
/// # Errors
/// Where the file cannot be read or is a folder.
pub fn read_table(path: &Path) -> Result<Vec<u8>> {
    let failed = |source| Error::File { action: "read", path: path.to_owned(), source };
    if path.is_dir() {
        return Err(failed(std::io::Error::other("is a folder; name the tables in it")));
    }
    std::fs::read(path).map_err(failed)
}

fn read_file(
    file: usize,
    name: &str,
    bytes: &[u8],
    columns: &Columns,
    rows: &mut Vec<(Vec<String>, Example)>,
) -> Result<Vec<String>> {
    let text = decode(name, bytes)?;
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let header = reader.headers().map_err(|e| table_error(name, text, &e))?.clone();
    let header = Header { name, cells: header.iter().map(str::trim).collect() };
    let text_at = header.need(&[&columns.text], "--text")?;
    let mut heads = columns.labels.clone();
    if heads.is_empty() {
        for usual in &columns.usual {
            heads.extend(header.find(usual)?.map(|_| usual.clone()));
        }
    }
    if heads.is_empty() {
        header.need(&columns.usual.iter().map(String::as_str).collect::<Vec<_>>(), "--label")?;
    }
    let label_at: Vec<usize> =
        heads.iter().map(|head| header.need(&[head], "--label")).collect::<Result<_>>()?;
    let (group_at, weight_at, source_at) =
        (header.find("group")?, header.find("weight")?, header.find("source")?);
    let head_weight_at: Vec<Option<usize>> =
        heads.iter().map(|head| header.find(&format!("{head}_weight"))).collect::<Result<_>>()?;

    let before = rows.len();
    for record in reader.records() {
        let record = record.map_err(|e| table_error(name, text, &e))?;
        let line = record.position().map_or(0, |position| line_of(text, position));
        let fault = |message: String| Error::table(format!("{name}:{line}"), message);
        let cell = |at: Option<usize>| {
            at.and_then(|at| record.get(at)).map(str::trim).filter(|cell| !cell.is_empty())
        };
        let sentence = cell(Some(text_at)).ok_or_else(|| {
            fault(format!("the column `{}` is empty; fill it or drop the row", columns.text))
        })?;
        let weight = |at| match cell(at) {
            None => Ok(1.0),
            Some(cell) => {
                cell.parse::<f64>().ok().filter(|w| w.is_finite() && *w > 0.0).ok_or_else(|| {
                    fault(format!("weight must be a number above 0, but is `{cell}`"))
                })
            }
        };
        let labels =
            label_at.iter().map(|&at| cell(Some(at)).unwrap_or_default().to_owned()).collect();
        rows.push((
            labels,
            Example {
                text: sentence.to_owned(),
                labels: Vec::new(),
                group: cell(group_at).map(str::to_owned),
                source: cell(source_at).map(str::to_owned),
                weight: weight(weight_at)?,
                head_weights: head_weight_at.iter().map(|&at| weight(at)).collect::<Result<_>>()?,
                place: Place { file, line },
            },
        ));
    }
    if rows.len() == before {
        return Err(Error::table(name, "has a header, but no rows"));
    }
    Ok(heads)
}

/// The file as text, without a byte-order mark.
fn decode<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str> {
    const MARK: &[u8] = b"\xEF\xBB\xBF";
    let content = bytes.strip_prefix(MARK).unwrap_or(bytes);
    if content.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::table(name, "is empty; expected a header and labelled rows"));
    }
    let fault = |at: usize, what: &str| {
        Error::table(
            format!("{name}:{}", line_at(content, at)),
            format!("{what} at byte {}; save the file as UTF-8", bytes.len() - content.len() + at),
        )
    };
    let text = std::str::from_utf8(content).map_err(|e| fault(e.valid_up_to(), "is not UTF-8"))?;
    match text.find('\0') {
        Some(at) => Err(fault(at, "has a NUL")),
        None => Ok(text),
    }
}

/// The first line of a file.
struct Header<'a> {
    name: &'a str,
    cells: Vec<&'a str>,
}

impl Header<'_> {
    /// The place of a column, if it is there.
    fn find(&self, column: &str) -> Result<Option<usize>> {
        let mut places = (0..self.cells.len()).filter(|&at| self.cells[at] == column);
        let first = places.next();
        match places.next() {
            Some(_) => Err(Error::table(
                format!("{}:1", self.name),
                format!("the column `{column}` stands twice; rename one"),
            )),
            None => Ok(first),
        }
    }

    /// The place of the first of `columns`, which must be there.
    fn need(&self, columns: &[&str], flag: &str) -> Result<usize> {
        for column in columns {
            if let Some(at) = self.find(column)? {
                return Ok(at);
            }
        }
        let wanted: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
        let there: Vec<String> = self.cells.iter().map(|cell| shortened(cell)).collect();
        Err(Error::table(
            format!("{}:1", self.name),
            format!(
                "no column {} in the header, which has {}; name the column with {flag}",
                wanted.join(" or "),
                list(&there)
            ),
        ))
    }
}

/// At most 40 characters: where the header is missing, its cells are sentences.
fn shortened(cell: &str) -> String {
    match cell.char_indices().nth(40) {
        Some((end, _)) => format!("{} …", cell[..end].trim_end()),
        None => cell.to_owned(),
    }
}

/// The line on which a record begins: its position is that of the blank lines before it.
fn line_of(text: &str, position: &csv::Position) -> u64 {
    let skipped = usize::try_from(position.byte()).ok().and_then(|byte| text.get(byte..));
    let blank = skipped.unwrap_or_default().bytes().take_while(|b| matches!(b, b'\r' | b'\n'));
    position.line() + blank.map(|byte| u64::from(byte == b'\n')).sum::<u64>()
}

fn table_error(name: &str, text: &str, error: &csv::Error) -> Error {
    let line = error.position().map(|position| line_of(text, position));
    let place = line.map_or_else(|| name.to_owned(), |line| format!("{name}:{line}"));
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } if len < expected_len => {
            format!("expected {expected_len} fields, got {len}; fill in the missing ones")
        }
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("expected {expected_len} fields, got {len}; quote texts that hold a comma")
        }
        _ => error.to_string(),
    };
    Error::table(place, message)
}

fn list(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(content: &str) -> Result<Corpus> {
        Corpus::parse(&[("rows.csv".into(), content.into())], &Columns::default())
    }

    fn message(content: &str) -> String {
        parse(content).unwrap_err().to_string()
    }

    #[test]
    fn labels_are_numbered_in_ascending_order_and_trimmed() {
        let corpus = parse("stance,text\n neutral ,a\nhawkish,b\n,c\ndiplomatic,d\n").unwrap();
        let (name, labels) = &corpus.heads[0];
        assert_eq!(name, "stance");
        assert_eq!(*labels, ["diplomatic", "hawkish", "neutral"]);
        let numbers: Vec<Option<u32>> = corpus.examples.iter().map(|e| e.labels[0]).collect();
        assert_eq!(numbers, [Some(2), Some(1), None, Some(0)]);
    }

    #[test]
    fn a_head_can_have_weights_of_its_own() {
        let corpus = parse("text,stance,sentiment,sentiment_weight\na,x,p,0.5\nb,y,q,\n").unwrap();
        assert_eq!(corpus.examples[0].head_weights, [1.0, 0.5]);
        assert_eq!(corpus.examples[1].head_weights, [1.0, 1.0]);
    }

    #[test]
    fn group_source_and_weight_are_read_where_they_are() {
        let corpus = parse("text,stance,group,source,weight\na,x,g,wire,0.5\nb,y,,,\n").unwrap();
        let (first, second) = (&corpus.examples[0], &corpus.examples[1]);
        assert_eq!((first.group.as_deref(), first.source.as_deref()), (Some("g"), Some("wire")));
        assert_eq!((&second.group, &second.source), (&None, &None));
        assert!((first.weight - 0.5).abs() < 1e-12 && (second.weight - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_row_is_placed_at_the_line_where_it_begins() {
        let corpus = parse("text,stance\n\"two\nlines\",x\n\nb,y\n").unwrap();
        assert_eq!(corpus.place(&corpus.examples[0]), "rows.csv:2");
        assert_eq!(corpus.place(&corpus.examples[1]), "rows.csv:5");
        let crlf = parse("text,stance\r\n\r\na,x\r\nb,y\r\n").unwrap();
        assert_eq!(crlf.place(&crlf.examples[0]), "rows.csv:3");
        assert_eq!(crlf.place(&crlf.examples[1]), "rows.csv:4");
        let short = message("text,stance\n\n\na\n");
        assert_eq!(short, "rows.csv:4: expected 2 fields, got 1; fill in the missing ones");
    }

    #[test]
    fn usual_columns_are_taken_where_they_are_and_named_ones_must_be() {
        let columns = |labels: &[&str]| Columns {
            labels: labels.iter().map(|&label| label.to_owned()).collect(),
            ..Columns::default()
        };
        let files = [("rows.csv".to_owned(), b"text,sentiment,side\na,sad,x\n".to_vec())];
        let heads = |labels| {
            let corpus = Corpus::parse(&files, &columns(labels)).unwrap();
            corpus.heads.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(heads(&[]), ["sentiment"]);
        assert_eq!(heads(&["side"]), ["side"]);
        assert_eq!(heads(&["side", "sentiment"]), ["side", "sentiment"]);
        let missing = Corpus::parse(&files, &columns(&["stance"])).unwrap_err().to_string();
        assert_eq!(
            missing,
            "rows.csv:1: no column `stance` in the header, which has `text`, `sentiment`, `side`; name \
             the column with --label"
        );
    }

    #[test]
    fn a_nul_is_named_by_line_and_byte_also_after_a_byte_order_mark() {
        assert_eq!(
            message("text,stance\na,x\nb\0,y\n"),
            "rows.csv:3: has a NUL at byte 17; save the file as UTF-8"
        );
        assert_eq!(
            message("\u{feff}text,stance\n\0,y\n"),
            "rows.csv:2: has a NUL at byte 15; save the file as UTF-8"
        );
    }

    #[test]
    fn slips_are_warned_of() {
        let corpus = parse("text,stance\na,war hawk\nb,War  Hawk\nc,dove\nd,dove\ne,\n").unwrap();
        let (head, label) = ("stance".to_owned(), |label: &str| label.to_owned());
        assert_eq!(
            corpus.warnings,
            [
                Warning::LoneLabel { head: head.clone(), label: label("War  Hawk") },
                Warning::SimilarLabels {
                    head: head.clone(),
                    first: label("War  Hawk"),
                    second: label("war hawk"),
                },
                Warning::LoneLabel { head: head.clone(), label: label("war hawk") },
                Warning::Unlabelled { head, rows: 1 },
            ]
        );
    }

    #[test]
    fn the_hash_is_that_of_the_file() {
        let corpus = parse("text,stance\na,x\n").unwrap();
        // printf 'text,stance\na,x\n' | sha256sum
        assert_eq!(
            corpus.sha256,
            ["08dd160739c9898b482ff8599c4f8eb433ccc7f6bf7b2b3b4e3699fc574fe5df"]
        );
    }

    #[test]
    fn selected_rows_keep_heads_and_label_numbers() {
        let corpus = parse("text,stance\na,x\nb,y\nc,z\n").unwrap();
        let part = corpus.select(&[2]);
        assert_eq!(part.heads, corpus.heads);
        assert_eq!(part.examples, [corpus.examples[2].clone()]);
    }
}
