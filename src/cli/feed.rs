//! Opens one input after the other and hands out their blocks.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::{Context as _, Result, bail};
use stance::model::Classifier;

use super::blocks::{Blocks, Bytes, Whole};
use super::folder::Folder;
use super::labelling::{Facts, Fault, Kind, Labelled};
use super::objects;
use super::rows::{Format, Rows};
use super::source::Source;
use super::walk::{Input, Walk};

/// How inputs are to be read; see [`Kind`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reading {
    Articles,
    Lines,
    /// The column with the text.
    Csv(String),
    /// The field with the text.
    Jsonl(String),
}

/// What becomes of a run where a row is broken or a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum OnError {
    /// Stop at the first
    Fail,
    /// Leave them out, name them and count them
    Skip,
}

/// What a run was asked for.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) reading: Reading,
    pub(crate) format: Format,
    /// Whether a cell is one sentence.
    pub(crate) whole: bool,
    pub(crate) lossy: bool,
    pub(crate) on_error: OnError,
    /// Labels below this confidence are left out.
    pub(crate) min_confidence: Option<f32>,
    /// Reasons of each sentence that are written.
    pub(crate) reasons: Option<usize>,
    /// Most bytes that come out of a compressed input.
    pub(crate) most: u64,
    /// Whether inputs whose results are there are passed over.
    pub(crate) resume: bool,
}

/// One block on its way from the input to the results.
#[derive(Debug, Default)]
pub(crate) struct Job {
    /// The input; none where it could not be opened.
    pub(crate) facts: Option<Arc<Facts>>,
    /// The file for its results, where each input has one.
    pub(crate) target: Option<PathBuf>,
    pub(crate) bytes: Bytes,
    /// Whether it is the input's first block.
    pub(crate) first: bool,
    /// Whether it is the input's last block.
    pub(crate) last: bool,
    /// Whether the input broke off here.
    pub(crate) broken: bool,
    pub(crate) labelled: Labelled,
}

/// The inputs of a run.
#[derive(Debug)]
pub(crate) struct Feed<'a> {
    model: &'a Classifier,
    wanted: &'a Wanted,
    folder: Option<&'a Folder>,
    walk: Walk,
    read: Arc<AtomicU64>,
    now: Option<Open>,
    /// How the rows of the inputs so far look; with one file for all results they must be alike.
    rows: Option<(String, Arc<Rows>)>,
    /// Inputs whose results were there.
    pub(crate) passed: u64,
}

#[derive(Debug)]
struct Open {
    facts: Arc<Facts>,
    target: Option<PathBuf>,
    blocks: Blocks,
    begun: bool,
}

impl<'a> Feed<'a> {
    /// The inputs of a walk; `read` counts the bytes that are read.
    pub(crate) fn new(
        model: &'a Classifier,
        wanted: &'a Wanted,
        folder: Option<&'a Folder>,
        walk: Walk,
        read: Arc<AtomicU64>,
    ) -> Self {
        Self { model, wanted, folder, walk, read, now: None, rows: None, passed: 0 }
    }

    /// Fills a job with the next block; says whether there was one.
    pub(crate) fn fill(&mut self, job: &mut Job) -> Result<bool> {
        job.labelled.clear();
        job.broken = false;
        loop {
            let Some(open) = &mut self.now else {
                let Some(input) = self.next_input()? else { return Ok(false) };
                match self.open(&input) {
                    Ok(open) => self.now = Some(open),
                    Err(error) if self.wanted.on_error == OnError::Skip => {
                        self.give_up(job, &input.path.display().to_string(), &error);
                        job.facts = None;
                        return Ok(true);
                    }
                    Err(error) => return Err(error),
                }
                continue;
            };
            job.facts = Some(Arc::clone(&open.facts));
            job.target.clone_from(&open.target);
            job.first = !std::mem::replace(&mut open.begun, true);
            match open.blocks.next(&mut job.bytes) {
                Ok(any) => job.last = !any || open.blocks.is_done(),
                Err(error) if self.wanted.on_error == OnError::Skip => {
                    let name = open.facts.name.clone();
                    self.give_up(job, &name, &error);
                }
                Err(error) => return Err(error),
            }
            if job.last {
                self.now = None;
            }
            return Ok(true);
        }
    }

    fn next_input(&mut self) -> Result<Option<Input>> {
        while let Some(input) = self.walk.next()? {
            let done = self.wanted.resume
                && self.folder.is_some_and(|folder| folder.target(&input).exists());
            if !done {
                return Ok(Some(input));
            }
            self.passed += 1;
        }
        Ok(None)
    }

    fn give_up(&mut self, job: &mut Job, name: &str, error: &anyhow::Error) {
        self.now = None;
        job.bytes = Bytes::default();
        job.first = false;
        job.last = true;
        job.broken = true;
        let message = format!("{error:#}; the rest of it is left out");
        job.labelled.faults.push(Fault { place: name.to_owned(), message });
    }

    fn open(&mut self, input: &Input) -> Result<Open> {
        let source = Source::open(&input.path, self.wanted.most, &self.read)?;
        let whole = match self.wanted.reading {
            Reading::Articles => Whole::Paragraphs,
            Reading::Lines | Reading::Jsonl(_) => Whole::Lines,
            Reading::Csv(_) => Whole::Records,
        };
        let mut blocks = Blocks::new(source, whole)?;
        let (kind, kept) = match &self.wanted.reading {
            Reading::Articles => (Kind::Article, Vec::new()),
            Reading::Lines => (Kind::Lines, Vec::new()),
            Reading::Csv(column) => {
                let header = blocks.header()?;
                let names = header_names(&header, blocks.name())?;
                let at = find(&names, column, blocks.name())?;
                (Kind::Csv(at), names)
            }
            Reading::Jsonl(field) => {
                let first = blocks.first_line()?;
                let text = String::from_utf8_lossy(&first);
                let names = if text.trim().is_empty() {
                    Vec::new()
                } else {
                    match objects::names(&text, field) {
                        Ok(names) => names,
                        // The line is read again, and its fault is then one of many.
                        Err(_) if self.wanted.on_error == OnError::Skip => Vec::new(),
                        Err(fault) => bail!("{}: the first line {fault}", blocks.name()),
                    }
                };
                (Kind::Jsonl(field.clone()), names)
            }
        };
        let name = blocks.name().to_owned();
        let rows = self.rows(&name, kept)?;
        let mut document = Vec::new();
        rows.cell(&mut document, &name);
        let facts = Facts {
            name,
            document,
            kind,
            whole: self.wanted.whole,
            lossy: self.wanted.lossy,
            skip: self.wanted.on_error == OnError::Skip,
            rows,
        };
        let target = self.folder.map(|folder| folder.target(input));
        Ok(Open { facts: Arc::new(facts), target, blocks, begun: false })
    }

    /// How rows look behind those columns of an input.
    fn rows(&mut self, name: &str, kept: Vec<String>) -> Result<Arc<Rows>> {
        let (first, known) = match &self.rows {
            Some((first, rows)) if *rows.kept() == *kept => return Ok(Arc::clone(rows)),
            Some((first, _)) => (first.clone(), true),
            None => (name.to_owned(), false),
        };
        // Objects bring their names with them.
        let named = matches!(self.wanted.reading, Reading::Jsonl(_))
            && matches!(self.wanted.format, Format::Json | Format::Jsonl);
        if known && self.folder.is_none() && !named && self.wanted.format != Format::Table {
            bail!(
                "{name} has other columns than {first}; label them in two runs or use --output-dir"
            );
        }
        let Wanted { format, min_confidence, reasons, .. } = *self.wanted;
        let rows = Arc::new(Rows::new(self.model, format, kept, min_confidence, reasons.is_some()));
        self.rows = Some((first, Arc::clone(&rows)));
        Ok(rows)
    }
}

fn header_names(header: &[u8], name: &str) -> Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(header);
    let mut record = csv::StringRecord::new();
    let any = reader
        .read_record(&mut record)
        .with_context(|| format!("{name}:1: the header is not UTF-8"))?;
    if !any {
        bail!("{name} is empty; expected a header and rows");
    }
    Ok(record.iter().map(str::to_owned).collect())
}

fn find(names: &[String], column: &str, place: &str) -> Result<usize> {
    let mut places = names.iter().enumerate().filter(|(_, name)| *name == column);
    match (places.next(), places.next()) {
        (Some((at, _)), None) => Ok(at),
        (Some(_), Some(_)) => bail!("{place}:1: two columns are called `{column}`; rename one"),
        (None, _) => {
            // A table can have thousands.
            let known: Vec<String> = names.iter().take(30).map(|n| format!("`{n}`")).collect();
            let more = if names.len() > known.len() { " …" } else { "" };
            bail!("{place}:1: no column `{column}`; there are {}{more}", known.join(", "))
        }
    }
}
