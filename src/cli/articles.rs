//! Articles as the reading commands take them: files or rows of a table, cut into sentences or lines.

use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use stance::text::sentences;

use super::input::{self, Document};

/// Articles and how they are cut.
#[derive(Debug, clap::Args)]
pub(crate) struct ArticleArguments {
    /// Articles, `-` for standard input
    #[arg(default_value = "-", value_name = "INPUT")]
    pub(crate) inputs: Vec<PathBuf>,

    /// Take each line, or each row of a table, as one sentence
    #[arg(long)]
    pub(crate) lines: bool,

    /// Read tables: each row is an article whose text stands in this column
    #[arg(long, value_name = "COLUMN")]
    pub(crate) csv: Option<String>,

    /// Replace bytes that are not UTF-8 instead of failing
    #[arg(long)]
    pub(crate) lossy: bool,
}

/// An article with the places of its sentences, blank ones left out.
#[derive(Debug)]
pub(crate) struct Article {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) sentences: Vec<Range<usize>>,
}

impl ArticleArguments {
    /// Reads the inputs one after the other: an article each, or the rows of a table. The first is read
    /// at once, so that a command fails before it writes where it cannot be.
    pub(crate) fn read(&self) -> Result<impl Iterator<Item = Result<Article>>> {
        let (first, others) = self.inputs.split_at(1.min(self.inputs.len()));
        let first: Vec<Vec<Article>> =
            first.iter().map(|path| self.articles(path)).collect::<Result<_>>()?;
        let others = others.iter().flat_map(|path| match self.articles(path) {
            Ok(articles) => articles.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        });
        Ok(first.into_iter().flatten().map(Ok).chain(others))
    }

    fn articles(&self, path: &Path) -> Result<Vec<Article>> {
        let document = input::document(path, self.lossy)?;
        match &self.csv {
            None => Ok(vec![self.cut(document.name, document.text)]),
            Some(column) => {
                let table = Table::read(&document, "--csv", column, &[])?;
                Ok(table.rows.into_iter().map(|row| self.cut(row.place, row.text)).collect())
            }
        }
    }

    /// Cuts an article.
    pub(crate) fn cut(&self, name: String, text: String) -> Article {
        let mut sentences: Vec<Range<usize>> = match (self.lines, &self.csv) {
            (true, None) => lines(&text),
            (true, Some(_)) => std::iter::once(0..text.len()).collect(),
            (false, _) => sentences(&text),
        };
        // A byte-order mark alone is no sentence either.
        let blank = |c: char| c.is_whitespace() || c == '\u{feff}';
        sentences.retain(|place| !text[place.clone()].chars().all(blank));
        Article { name, text, sentences }
    }
}

fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    text.split_inclusive('\n')
        .map(|line| {
            let begin = start;
            start += line.len();
            begin..begin + line.trim_end_matches(['\n', '\r']).len()
        })
        .collect()
}

/// The columns of a table that a command needs.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
}

/// A row of a table.
#[derive(Debug)]
pub(crate) struct Row {
    /// `file:line`.
    pub(crate) place: String,
    pub(crate) text: String,
    /// The cells of the other columns that were asked for.
    pub(crate) others: Vec<String>,
}

impl Table {
    /// Takes the column of the text, that `flag` names, and other columns, each with its flag, from a
    /// table with a header.
    pub(crate) fn read(
        document: &Document,
        flag: &str,
        column: &str,
        others: &[(&str, &str)],
    ) -> Result<Self> {
        let name = &document.name;
        let text = document.text.strip_prefix('\u{feff}').unwrap_or(&document.text);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().with_context(|| format!("cannot read {name}"))?.clone();
        let find = |flag: &str, column: &str| {
            if let Some(at) = header.iter().position(|n| n.trim() == column) {
                return Ok(at);
            }
            let there: Vec<&str> = header.iter().map(str::trim).collect();
            bail!(
                "{name}: no column `{column}`; there are {}: name one with {flag}",
                there.join(", ")
            )
        };
        let text_at = find(flag, column)?;
        let others: Vec<usize> =
            others.iter().map(|(flag, column)| find(flag, column)).collect::<Result<_>>()?;
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.with_context(|| format!("cannot read {name}"))?;
            let line = record.position().map_or(0, csv::Position::line);
            let cell = |at: usize| record.get(at).unwrap_or_default().to_owned();
            rows.push(Row {
                place: format!("{name}:{line}"),
                text: cell(text_at),
                others: others.iter().map(|&at| cell(at)).collect(),
            });
        }
        Ok(Self { rows })
    }
}
