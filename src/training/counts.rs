//! How often terms stand in sentences of each label: what texts teach, without the texts.
//!
//! A table of counts is made from labelled sentences ([`Counts::of`]) and given to training as a
//! prior ([`Counts::log_odds`]). Terms met in fewer than [`LEAST`] sentences are left out, so that no
//! sentence can be put together again. Terms are in the order of their names.

use std::io::Write;

use rustc_hash::FxHashMap;

use super::corpus::Corpus;
use super::selection::Counted;
use crate::error::{Error, Result};
use crate::features::{Extractor, Key};

/// Sentences that a term must stand in to be counted.
pub const LEAST: u32 = 3;

/// The row that holds how many sentences there are of each label.
const TOTAL: &str = "*";

/// Sentences that are added to each cell of a term's table before its odds are taken.
const SMOOTHING: f64 = 1.0;

/// Label counts of terms.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Counts {
    /// For each head its name and its labels, ascending.
    heads: Vec<(String, Vec<String>)>,
    /// Sentences of each label, all heads' labels one after the other.
    totals: Vec<u32>,
    names: Vec<String>,
    /// `counts[term * width + column]`, with a column for each label of each head.
    counts: Vec<u32>,
    numbers: FxHashMap<Key, u32>,
}

impl Counts {
    /// Counts the terms of a corpus.
    pub fn of(corpus: &Corpus, extractor: &Extractor) -> Self {
        let counted = Counted::read(corpus, extractor);
        let frequencies = counted.document_frequencies();
        let wanted: Vec<u32> = (0..u32::try_from(frequencies.len()).unwrap_or(u32::MAX))
            .filter(|&n| frequencies[n as usize] >= LEAST)
            .collect();
        let mut named: Vec<(String, u32)> =
            counted.names(&wanted, corpus, extractor).into_iter().zip(wanted).collect();
        named.sort_unstable();
        let mut row_of = vec![usize::MAX; frequencies.len()];
        for (row, (_, number)) in named.iter().enumerate() {
            row_of[*number as usize] = row;
        }
        let width = corpus.heads.iter().map(|(_, labels)| labels.len()).sum();
        let mut out = Self {
            heads: corpus.heads.clone(),
            totals: vec![0; width],
            counts: vec![0; named.len() * width],
            ..Self::default()
        };
        for (sentence, example) in counted.sentences.iter().zip(&corpus.examples) {
            let mut offset = 0;
            for (label, (_, labels)) in example.labels.iter().zip(&corpus.heads) {
                if let Some(label) = label {
                    let column = offset + *label as usize;
                    out.totals[column] += 1;
                    for (number, _) in sentence {
                        let row = row_of[*number as usize];
                        if row != usize::MAX {
                            out.counts[row * width + column] += 1;
                        }
                    }
                }
                offset += labels.len();
            }
        }
        out.set_names(named.into_iter().map(|(name, _)| name).collect());
        out
    }

    fn set_names(&mut self, names: Vec<String>) {
        for (number, name) in names.iter().enumerate() {
            if let (Some(key), Ok(number)) = (Key::of_name(name), u32::try_from(number)) {
                self.numbers.insert(key, number);
            }
        }
        self.names = names;
    }

    /// Number of terms.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no term.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The terms, ascending.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// How many sentences were counted for the head with the most.
    pub fn sentences(&self) -> u32 {
        let mut offset = 0;
        let sums = self.heads.iter().map(|(_, labels)| {
            let sum = self.totals[offset..offset + labels.len()].iter().sum();
            offset += labels.len();
            sum
        });
        sums.max().unwrap_or(0)
    }

    /// The term's number.
    pub fn number(&self, key: Key) -> Option<u32> {
        self.numbers.get(&key).copied()
    }

    /// For a head's labels, in the order given, how many sentences of each hold the term and how
    /// many there are; `None` where the table lacks the head.
    pub fn observed(
        &self,
        head: &str,
        labels: &[String],
        term: u32,
    ) -> Option<(Vec<u32>, Vec<u32>)> {
        let mut offset = 0;
        for (name, known) in &self.heads {
            if name == head {
                let column = |label: &String| known.binary_search(label).ok().map(|at| offset + at);
                let width = self.totals.len();
                let row = &self.counts[term as usize * width..][..width];
                let take = |from: &[u32]| {
                    labels.iter().map(|label| column(label).map_or(0, |at| from[at])).collect()
                };
                return Some((take(row), take(&self.totals)));
            }
            offset += known.len();
        }
        None
    }

    /// Reads the table that [`Counts::write`] writes; `place` is the file's name for messages.
    ///
    /// # Errors
    /// Where the header is not `term` and `head:label` columns, a name is no feature's, stands twice,
    /// or a count is no whole number.
    pub fn from_csv(text: &str, place: &str) -> Result<Self> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let fault = |line: u64, message: String| Error::table(format!("{place}:{line}"), message);
        let header = reader.headers().map_err(|e| fault(1, e.to_string()))?.clone();
        let mut out = Self::default();
        for (at, column) in header.iter().enumerate() {
            if at == 0 {
                if column != "term" {
                    return Err(fault(
                        1,
                        format!("the first column must be `term`, is `{column}`"),
                    ));
                }
                continue;
            }
            let (head, label) = column.split_once(':').ok_or_else(|| {
                fault(1, format!("expected a column `head:label`, got `{column}`"))
            })?;
            match out.heads.last_mut() {
                Some((name, labels)) if name == head => labels.push(label.to_owned()),
                _ => out.heads.push((head.to_owned(), vec![label.to_owned()])),
            }
        }
        if out.heads.iter().any(|(_, labels)| labels.windows(2).any(|p| p[0] >= p[1])) {
            return Err(fault(1, "the labels of a head must stand in ascending order".into()));
        }
        let mut names: Vec<String> = Vec::new();
        for record in reader.records() {
            let record = record
                .map_err(|e| fault(e.position().map_or(0, csv::Position::line), e.to_string()))?;
            let line = record.position().map_or(0, csv::Position::line);
            let name = record.get(0).unwrap_or_default();
            let mut row = Vec::with_capacity(header.len() - 1);
            for cell in record.iter().skip(1) {
                row.push(
                    cell.parse::<u32>().map_err(|_| {
                        fault(line, format!("expected a whole number, got `{cell}`"))
                    })?,
                );
            }
            if name == TOTAL {
                out.totals = row;
                continue;
            }
            if Key::of_name(name).is_none() {
                return Err(fault(line, format!("`{name}` is not a term of this program")));
            }
            if names.last().is_some_and(|last| last.as_str() >= name) {
                return Err(fault(line, format!("term `{name}` stands twice or out of order")));
            }
            names.push(name.to_owned());
            out.counts.extend(row);
        }
        if out.totals.is_empty() {
            return Err(fault(1, format!("no row `{TOTAL}` with the sentences of each label")));
        }
        out.set_names(names);
        Ok(out)
    }

    /// Writes the table as CSV: a column `term`, then one `head:label` for each label; the first row,
    /// `*`, holds how many sentences there are of each label.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, out: impl Write) -> std::result::Result<(), csv::Error> {
        let mut writer = csv::Writer::from_writer(out);
        let columns = self
            .heads
            .iter()
            .flat_map(|(head, labels)| labels.iter().map(move |label| format!("{head}:{label}")));
        writer.write_record(std::iter::once("term".to_owned()).chain(columns))?;
        let width = self.totals.len();
        let row = |name: &str, counts: &[u32]| {
            std::iter::once(name.to_owned())
                .chain(counts.iter().map(u32::to_string))
                .collect::<Vec<_>>()
        };
        writer.write_record(row(TOTAL, &self.totals))?;
        for (name, counts) in self.names.iter().zip(self.counts.chunks(width.max(1))) {
            writer.write_record(row(name, counts))?;
        }
        writer.flush()?;
        Ok(())
    }
}

/// The counts of `data/term-counts.csv`, which are compiled in.
///
/// # Errors
/// Never in a released program: a test reads them.
pub fn builtin_counts() -> Result<Counts> {
    Counts::from_csv(include_str!("../../data/term-counts.csv"), "data/term-counts.csv")
}

/// The naive-Bayes log-odds of each label for a sentence that holds a term,
///
/// ```text
/// ln (c_k + a) / (n_k + 2a)  −  ln (c_¬k + a) / (n_¬k + 2a)
/// ```
///
/// with `c_k` of the `n_k` sentences of label k holding it, ¬k all other labels, and a = 1.
pub(super) fn log_odds(holding: &[u32], of_label: &[u32]) -> Vec<f64> {
    let (all_holding, all): (u32, u32) = (holding.iter().sum(), of_label.iter().sum());
    let rate =
        |c: u32, n: u32| ((f64::from(c) + SMOOTHING) / (f64::from(n) + 2.0 * SMOOTHING)).ln();
    holding
        .iter()
        .zip(of_label)
        .map(|(&c, &n)| rate(c, n) - rate(all_holding - c, all - n))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::{Families, Family, Resources};
    use crate::training::Columns;

    const TABLE: &str = "\
term,stance:diplomatic,stance:hawkish
*,5,4
word:talk,3,1
word:war,0,4
";

    fn read(table: &str) -> Result<Counts> {
        Counts::from_csv(table, "counts.csv")
    }

    #[test]
    fn a_table_is_written_as_it_was_read() {
        let mut written = Vec::new();
        read(TABLE).unwrap().write(&mut written).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), TABLE);
    }

    #[test]
    fn terms_are_counted_once_a_sentence_and_from_three_sentences_on() {
        let rows = "text,stance\ntalks on talks,diplomatic\ntalks,diplomatic\ntalks now,hawkish\n\
                    war,hawkish\nwar,hawkish\n";
        let corpus = Corpus::parse(&[("rows.csv".into(), rows.into())], &Columns::default());
        let extractor = Extractor::new(Families::none().with(Family::Word), Resources::default());
        let mut written = Vec::new();
        Counts::of(&corpus.unwrap(), &extractor).write(&mut written).unwrap();
        let expected = "term,stance:diplomatic,stance:hawkish\n*,2,3\nword:talk,2,1\n";
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }

    #[test]
    fn labels_are_looked_up_by_name_and_those_that_were_not_counted_are_zero() {
        let counts = read(TABLE).unwrap();
        let labels = ["hawkish", "neutral", "diplomatic"].map(str::to_owned);
        assert_eq!(counts.observed("stance", &labels, 0), Some((vec![1, 0, 3], vec![4, 0, 5])));
        assert_eq!(counts.observed("sentiment", &labels, 0), None);
        assert_eq!((counts.len(), counts.sentences()), (2, 9));
    }

    #[test]
    fn log_odds_are_those_of_smoothed_naive_bayes() {
        let odds = log_odds(&[3, 1], &[5, 4]);
        let expected = (4.0f64 / 7.0).ln() - (2.0f64 / 6.0).ln();
        assert!((odds[0] - expected).abs() < 1e-12 && (odds[1] + expected).abs() < 1e-12);
        let even = log_odds(&[2, 2], &[4, 4]);
        assert!(even.iter().all(|odd| odd.abs() < 1e-12), "{even:?}");
    }

    #[test]
    fn a_table_that_is_not_one_is_refused_by_line() {
        for (table, expected) in [
            ("word,stance:x\n", "counts.csv:1: the first column must be `term`, is `word`"),
            ("term,stance\n", "counts.csv:1: expected a column `head:label`, got `stance`"),
            (
                "term,s:b,s:a\n*,1,1\n",
                "counts.csv:1: the labels of a head must stand in ascending order",
            ),
            ("term,s:a\nword:x,1\n", "counts.csv:1: no row `*` with the sentences of each label"),
            ("term,s:a\n*,1\nword:x,-1\n", "counts.csv:3: expected a whole number, got `-1`"),
            ("term,s:a\n*,1\nx,1\n", "counts.csv:3: `x` is not a term of this program"),
            (
                "term,s:a\n*,1\nword:b,1\nword:a,1\n",
                "counts.csv:4: term `word:a` stands twice or out of order",
            ),
        ] {
            assert_eq!(read(table).unwrap_err().to_string(), expected);
        }
    }
}
